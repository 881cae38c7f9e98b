"""One page of messages from an IMAP folder.

A message that cannot be had becomes an `Unreadable`; it costs neither the others nor the run.
"""

from itertools import pairwise

from connectors.mail.imap_folder import Folder
from connectors.mail.parse import raw_item
from feedback.errors import Unreadable
from feedback.records import RawItem

_PAGE_BYTES = 50_000_000


class FetchedPage:
    """Messages fetched together; each becomes a record, or is gone from the server."""

    def __init__(self, folder: Folder, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self.records: list[RawItem | Unreadable] = []

    def take(self, uids: list[int]) -> int:
        """Fetch as many of these UIDs, at least one, as fit into a page; returns how many."""
        sizes = self._folder.fetch(uids, "RFC822.SIZE")
        uids = self._fitting(uids, sizes)
        wanted = [uid for uid in uids if uid in sizes and sizes[uid] <= self._max_bytes]
        bodies = self._folder.fetch(wanted, "BODY.PEEK[]") if wanted else {}
        for uid in uids:
            if uid in bodies:
                self.records.append(raw_item(bodies[uid]))
            else:
                self._ask_alone(uid)
        return len(uids)

    def _fitting(self, uids: list[int], sizes: dict[int, int]) -> list[int]:
        fitting, total = uids[:1], 0
        for uid, after in pairwise(uids):
            total += min(sizes.get(uid, 0), self._max_bytes)
            if total + min(sizes.get(after, 0), self._max_bytes) > _PAGE_BYTES:
                break
            fitting.append(after)
        return fitting

    def _ask_alone(self, uid: int) -> None:
        """Once more: one message that the server cannot give must not cost the others."""
        size = self._folder.fetch([uid], "RFC822.SIZE").get(uid)
        if size is not None and size > self._max_bytes:
            self._set_aside(uid, f"The message has {size} bytes, more than `max_bytes` allows.")
            return
        body = self._folder.fetch([uid], "BODY.PEEK[]").get(uid) if size is not None else None
        if body is not None:
            self.records.append(raw_item(body))
        elif self._folder.lists(uid):
            self._set_aside(uid, "The server lists this message but, asked twice, gives nothing.")

    def _set_aside(self, uid: int, reason: str) -> None:
        # two folders may have one UIDVALIDITY: it is often the second in which they were made
        ref = f"{self._folder.name}/{self._folder.uidvalidity}/{uid}"
        self.records.append(Unreadable(reason, ref=ref))
