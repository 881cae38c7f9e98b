"""By what a row of a table file is known: its id, or a digest of all its cells.

Without an id, rows alike in every cell are told apart by which of them they are in their file.
"""

import hashlib
import json
from collections import Counter
from datetime import date
from typing import Any

from connectors.forms.answers import as_text, cell
from connectors.forms.rows import Row
from feedback.errors import Unreadable


class Refs:
    """The refs of one file's rows, asked for in the order of the file.

    Of rows alike in every cell the first has the bare digest and the k-th the digest and "#k", so
    that thirty equal ratings are thirty answers, and a file that only grew keeps all its refs.
    """

    def __init__(self, id_column: str | None) -> None:
        self._id_column = id_column
        self._seen: Counter[bytes] = Counter()  # by 8 bytes, as a large file has many rows

    def pass_over(self, row: Row) -> None:
        """Count a row that an earlier run has stored."""
        if self._id_column is None and not row.wrong:
            try:
                self._occurrence(hashlib.sha256(as_payload(row.cells)))
            except UnicodeEncodeError:
                return  # it was set aside, without a ref

    def ref(self, row: Row, payload: bytes) -> str:
        """Raises `Unreadable` for a row without its id."""
        if self._id_column is None:
            digest = hashlib.sha256(payload)
            k = self._occurrence(digest)
            return f"row {digest.hexdigest()[:32]}{f'#{k}' if k > 1 else ''}"
        ref = as_text(cell(row.cells, self._id_column))
        if not ref:
            raise Unreadable("has no id")
        if len(ref) <= 200 and ref.isprintable():
            return ref
        return f"id {hashlib.sha256(ref.encode()).hexdigest()[:32]}"

    def _occurrence(self, digest: "hashlib._Hash") -> int:
        key = digest.digest()[:8]
        self._seen[key] += 1
        return self._seen[key]


def as_payload(cells: Any) -> bytes:
    """As JSON. Raises UnicodeEncodeError for bytes that the file's encoding does not know."""
    return _json(cells).encode()


def plain(value: object) -> str:
    """Dates and times in ISO 8601; what else a workbook or Parquet may hold as it prints."""
    return value.isoformat() if isinstance(value, date) else str(value)


_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=plain).encode
