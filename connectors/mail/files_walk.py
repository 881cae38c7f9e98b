"""One walk through mail files, with a cursor that is right after every record it hands out.

A file is known by its size and time; a Maildir message by its name, whatever its flags.
"""

import errno
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from connectors.contract import Cursor
from connectors.mail.mbox import Progress, cuts
from connectors.mail.parse import raw_item
from feedback.errors import Unreadable
from feedback.records import RawItem

_ONLY_THIS_FILE = (errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENOENT)
_SETTLED = 300  # seconds after which nobody is still writing a message
_TOO_LARGE = "The message has {} bytes, more than `max_bytes` allows."


class Walk:
    """The records of these files that `known`, a cursor of an earlier walk, does not cover."""

    def __init__(
        self, known: Cursor, files: list[Path], max_bytes: int, clock: Callable[[], float]
    ) -> None:
        self._files = files
        self._max_bytes = max_bytes
        self._clock = clock
        self._seen: set[str] = set(known.get("seen", ()))
        self._boxes: dict[str, Any] = dict(known.get("mboxes", {}))
        self._open: tuple[str, Progress] | None = None

    def cursor(self) -> Cursor:
        """{"seen": marks of files done, "mboxes": {path: how far}}."""
        if self._open:
            box, progress = self._open
            self._boxes[box] = progress.as_json()
        return {"seen": sorted(self._seen), "mboxes": dict(self._boxes)}

    def records(self) -> Iterator[RawItem | Unreadable]:
        """In the order of the files. Raises OSError where more than one file is concerned."""
        self._forget_what_is_gone()
        for path in self._files:
            try:
                yield from self._of(path)
            except OSError as error:
                if error.errno not in _ONLY_THIS_FILE:
                    raise
                yield from self._closed(path, error)

    def _forget_what_is_gone(self) -> None:
        self._seen &= {mark for path in self._files for mark in (_mark(path), _closed_mark(path))}
        there = set(map(str, self._files))
        self._boxes = {box: known for box, known in self._boxes.items() if box in there}

    def _of(self, path: Path) -> Iterator[RawItem | Unreadable]:
        mark = _mark(path)
        if mark in self._seen or _closed_mark(path) in self._seen:
            return
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if file.read(5) == b"From ":
                yield from self._of_mbox(path, file, size, mark)
                return
            self._seen.add(mark)
            if size > self._max_bytes:
                yield Unreadable(_TOO_LARGE.format(size), ref=str(path))
            elif size or path.suffix.lower() == ".eml":
                file.seek(0)
                yield raw_item(file.read())

    def _of_mbox(
        self, path: Path, file: BinaryIO, size: int, mark: str
    ) -> Iterator[RawItem | Unreadable]:
        progress = Progress(path, self._boxes.get(str(path)))
        self._open = str(path), progress
        for cut in cuts(file, progress, self._max_bytes):
            if not cut.ended and self._is_being_written(file):
                break  # the next walk finds it whole
            progress.done(cut)
            if cut.end >= size:
                self._seen.add(mark)
            if cut.payload is None:
                reason = _TOO_LARGE.format(cut.end - cut.start)
                yield Unreadable(reason, ref=f"{path}:{cut.start}")
            else:
                yield raw_item(cut.payload)
        self._boxes[str(path)] = progress.as_json()
        self._open = None

    def _is_being_written(self, file: BinaryIO) -> bool:
        """A time far in the future is a wrong clock, which must not hold a message back."""
        return abs(self._clock() - os.fstat(file.fileno()).st_mtime) < _SETTLED

    def _closed(self, path: Path, error: OSError) -> Iterator[Unreadable]:
        if path.is_symlink() or path.exists():  # else it got another name: the next walk finds it
            self._seen.add(_closed_mark(path))
            reason = f"The file cannot be opened ({error.strerror}). Allow it to be read."
            yield Unreadable(reason, ref=str(path))


def is_maildir(folder: Path) -> bool:
    """By its parts, as https://cr.yp.to/proto/maildir.html has them."""
    return folder.joinpath("cur").is_dir() and folder.joinpath("new").is_dir()


def _mark(path: Path) -> str:
    """16 hex digits that stay the same for as long as the file's content does."""
    if path.parent.name in ("new", "cur") and is_maildir(path.parent.parent):
        return _digest(path.parent.parent, path.name.partition(":2,")[0])
    try:
        stat = path.stat()
    except OSError:
        return ""
    return _digest(path, stat.st_size, stat.st_mtime_ns)


def _closed_mark(path: Path) -> str:
    """Also of the rights, so that a file is tried again when they change."""
    try:
        stat = path.lstat()
    except OSError:
        return ""
    return _digest(path, "closed", stat.st_ctime_ns)


def _digest(*parts: object) -> str:
    return sha256("\0".join(map(str, parts)).encode("utf-8", "surrogateescape")).hexdigest()[:16]
