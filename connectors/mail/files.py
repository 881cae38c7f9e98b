"""Mail from files: an mbox, a Maildir, a folder of .eml, or a glob of any of these.

Nothing is locked, moved or written; a mail program may go on using them.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import Field

from connectors.contract import Cursor, Page
from connectors.mail.files_walk import Walk, is_maildir
from connectors.mail.parse import MailSettings, read_message
from feedback.errors import Refused, Unavailable, Unreadable
from feedback.records import RawItem, Skipped, Utterance

_PAGE_BYTES = 50_000_000
_ENDINGS = (".eml", ".mbox")


class MailFilesSettings(MailSettings):
    """`[sources.<name>]` with kind = "mail-files"."""

    path: str = Field(min_length=1, description="mbox file, Maildir, folder of .eml, or a glob.")


class MailFilesSource:
    """Every message of the files. Those that did not change are not read again.

    `clock` gives seconds since the epoch: it tells which mbox is still being written.
    """

    Settings = MailFilesSettings

    def __init__(
        self,
        name: str,
        settings: MailFilesSettings,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.name = name
        self.channel = settings.channel
        self.settings = settings
        self._clock = clock

    def check(self) -> str:
        """Count the files; none is opened."""
        return f"{self.name}: {len(self._files())} mail files at {self.settings.path}."

    def pull(self, since: Cursor | None) -> Iterator[Page]:
        """Pages in the order of file names; a page is cut short at 50 MB."""
        walk = Walk(since or {}, self._files(), self.settings.max_bytes, self._clock)
        records: list[RawItem | Unreadable] = []
        size = 0
        try:
            for record in walk.records():
                records.append(record)
                size += len(record.payload)
                if len(records) == self.settings.page_size or size > _PAGE_BYTES:
                    yield Page(records, walk.cursor())
                    records, size = [], 0
            if records:
                yield Page(records, walk.cursor())
        except OSError as error:
            raise Unavailable(
                f"{self.name}: reading {self.settings.path} failed ({error.strerror}). What was "
                "handed out before is complete; the rest comes with the next run. Check the disk."
            ) from None

    def read(self, payload: bytes) -> Utterance | Skipped:
        """See `read_message`."""
        return read_message(payload, self.settings)

    def _files(self) -> list[Path]:
        path = Path(self.settings.path)
        root = Path(path.anchor)
        places = [path] if path.exists() else sorted(root.glob(str(path.relative_to(root))))
        if not places:
            raise Refused(
                f"{self.name}: there is nothing at {self.settings.path}. Nothing was read. Correct "
                "`path`: an mbox file, a Maildir, a folder of .eml files, or a glob of these."
            )
        found = [file for place in places for file in _mail_files(place)]
        if not found and not any(is_maildir(place) for place in places):
            raise Refused(
                f"{self.name}: {self.settings.path} holds no mail. Nothing was read. Correct "
                "`path`: a folder has to be a Maildir, or to hold files named *.eml or *.mbox."
            )
        return found


def _mail_files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    if is_maildir(place):
        delivered = [file for part in ("new", "cur") for file in place.joinpath(part).glob("[!.]*")]
        return sorted(delivered, key=lambda file: file.name)
    found = (file for file in place.rglob("*") if file.suffix.lower() in _ENDINGS)
    return sorted(file for file in found if not file.is_dir())
