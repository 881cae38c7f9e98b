"""Messages of an mbox file (RFC 4155), one at a time and without a lock.

Whatever looks like a separator line counts as one only if a header follows it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, BinaryIO

_LINE = 1_000_000
_BLANK = (b"\n", b"\r\n")
_DATED = re.compile(rb"From .*\d\d:\d\d.*\d{4}")
_HEADER = re.compile(rb"(>From |[!-9;-~]+[ \t]*:)")
_QUOTED = re.compile(rb"^>(?=>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cut:
    """One message from byte `start` up to `end`; no payload where it is larger than allowed.

    `ended`: another message or the blank line of RFC 4155 follows; else it may be half written.
    """

    start: int
    end: int
    payload: bytes | None
    ended: bool = True


class Progress:
    """How far a file was read: `offset`, where its last message began, a hash of all before.

    The hash tells whether the file only grew. It is computed when asked for.
    """

    def __init__(self, path: Path, known: dict[str, Any] | None) -> None:
        self._path = path
        self._hash, self._hashed = sha256(), 0
        self.offset, self.last = 0, 0
        if known and self._hash_up_to(known["offset"]) == known["sha256"]:
            self.offset, self.last = known["offset"], known["last"]
        else:
            self._hash, self._hashed = sha256(), 0

    def done(self, cut: Cut) -> None:
        self.last, self.offset = cut.start, cut.end

    def as_json(self) -> dict[str, Any]:
        mark = self._hash_up_to(self.offset)
        return {"offset": self.offset, "last": self.last, "sha256": mark}

    def _hash_up_to(self, offset: int) -> str:
        with self._path.open("rb") as file:
            file.seek(self._hashed)
            while piece := file.read(min(1 << 20, offset - self._hashed)):
                self._hash.update(piece)
                self._hashed += len(piece)
        return self._hash.hexdigest()


def cuts(file: BinaryIO, progress: Progress, max_bytes: int) -> Iterator[Cut]:
    """The messages after `progress`; the last one again if it was still being written then."""
    file.seek(progress.offset)
    start = progress.offset if _at_separator(file) else progress.last
    file.seek(start)
    kept: list[bytes] = []
    size, blanks, before = 0, 0, b"\n"
    for (offset, line), (_, after) in pairwise(chain(_lines(file, start), [(0, b"")])):
        if offset > start and _separates(before, line, after):
            yield _cut(start, offset, size, kept, max_bytes)
            start, kept, size, blanks = offset, [], 0, 0
        size += len(line)
        blanks += line in _BLANK
        if size <= max_bytes:
            kept.append(line)
        before = line
    if size:
        ended = blanks > 1 and before in _BLANK  # the first blank line ends the header
        yield replace(_cut(start, start + size, size, kept, max_bytes), ended=ended)


def _at_separator(file: BinaryIO) -> bool:
    line = file.readline(_LINE)
    while line in _BLANK:
        line = file.readline(_LINE)
    return not line or line.startswith(b"From ")


def _lines(file: BinaryIO, offset: int) -> Iterator[tuple[int, bytes]]:
    while line := file.readline(_LINE):
        yield offset, line
        offset += len(line)


def _separates(before: bytes, line: bytes, after: bytes) -> bool:
    return (
        line.startswith(b"From ")
        and (before in _BLANK or (before.endswith(b"\n") and bool(_DATED.match(line))))
        and bool(_HEADER.match(after))
    )


def _cut(start: int, end: int, size: int, kept: list[bytes], max_bytes: int) -> Cut:
    if size > max_bytes:
        return Cut(start, end, None)
    text = b"".join(kept).lstrip(b"\r\n")
    return Cut(start, end, _QUOTED.sub(b"", text.partition(b"\n")[2]))
