"""One IMAP folder, opened read-only, on a connection that is opened again when it is lost.

Dovecot hangs up on a message whose file is damaged, so losing the line does not end a pull.
"""

from collections.abc import Iterator
from typing import Any

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from connectors.mail.imap_session import Session, waits
from feedback.errors import Changed, Refused, Unavailable

_WINDOW = 50_000  # UIDs asked for at once: imaplib refuses answer lines of over a million bytes
_PATIENCE = 5


class Folder:
    """An examined folder; `uidvalidity` and `count` are as the server says."""

    def __init__(self, session: Session, name: str) -> None:
        self.name = name
        self._session = session
        self._hung_up = 0
        seen = self._examine()
        self.uidvalidity = int(seen[b"UIDVALIDITY"])
        self.count = int(seen[b"EXISTS"])
        self._uidnext: int | None = seen.get(b"UIDNEXT")

    def uids_after(self, last: int) -> Iterator[list[int]]:
        """UIDs above `last`, ascending. `n:*` always names the last message, even one below n."""
        until = self._uidnext
        for first in range(last + 1, until, _WINDOW) if until else [last + 1]:
            end = str(min(first + _WINDOW, until) - 1) if until else "*"
            found = self._session.client.search(["UID", f"{first}:{end}"])
            yield sorted(uid for uid in found if uid >= first)

    def lists(self, uid: int) -> bool:
        """Whether the message is still there."""
        return uid in self._session.client.search(["UID", str(uid)])

    def fetch(self, uids: list[int], what: str) -> dict[int, Any]:
        """What the server gives of these messages, by UID; nothing where it refuses or hangs up."""
        try:
            got = self._session.client.fetch(uids, [what])
        except (IMAPClientAbortError, OSError):
            self._open_again()
            return {}
        except IMAPClientError as error:
            if waits(error):
                raise
            return {}
        key = what.replace(".PEEK", "").encode()
        if key == b"BODY[]" and got:  # sizes come from an index: they prove nothing of the files
            self._hung_up = 0
        return {uid: parts[key] for uid, parts in got.items() if parts.get(key) is not None}

    def _open_again(self) -> None:
        self._hung_up += 1
        if self._hung_up >= _PATIENCE:
            raise Unavailable(
                f"{self._session.name}: the server hung up {_PATIENCE} times in a row while "
                f"messages of {self.name!r} were fetched. What was handed out before is complete; "
                "the rest comes with the next run. Wait; if it stays so, show it to the server's "
                "administrator."
            )
        self._session.reopen()
        if int(self._examine()[b"UIDVALIDITY"]) != self.uidvalidity:
            raise Unavailable(
                f"{self._session.name}: the folder {self.name!r} was made anew meanwhile. What was "
                "handed out before is complete; the rest comes with the next run."
            )

    def _examine(self) -> dict[bytes, Any]:
        client = self._session.client
        try:
            seen: dict[bytes, Any] = client.select_folder(self.name, readonly=True)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            if waits(error):
                raise
            there = ", ".join(sorted(name for _, _, name in client.list_folders()))
            raise Refused(
                f"{self._session.name}: the folder {self.name!r} cannot be opened. Nothing of it "
                f"was read. Change `folders`; this account has: {there}."
            ) from None
        if b"UIDVALIDITY" not in seen:
            raise Changed(
                f"{self._session.name}: the server gives no UIDVALIDITY for {self.name!r}, so "
                "nothing can be resumed there. Nothing of it was read. Use a server that follows "
                "RFC 3501."
            )
        return seen
