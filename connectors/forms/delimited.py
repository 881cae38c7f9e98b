"""CSV as people export it: any common delimiter, any common encoding, line breaks in quotes.

The delimiter is the one with which the wanted columns are found; nothing is guessed from the data.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from connectors.forms.encodings import encoding_of
from connectors.forms.rows import Asked, Row, Table, names, row, without_trailing_blanks

csv.field_size_limit(2**24)  # a long answer may pass the module's 128 KB
DELIMITERS = ",;\t|"
LONG = 100  # lines in one row that has too few cells: somebody forgot to close a quote


@contextmanager
def delimited(path: Path, asked: Asked) -> Iterator[Table]:
    encoding = asked.encoding or encoding_of(path)
    # newline="": the csv module itself keeps line breaks inside quotes
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        head = file.read(2**16)
        hint = _excel_hint(head)
        file.seek(0)
        if hint:
            file.readline()
        reader = csv.reader(file, delimiter=hint or _delimiter(head, asked.wanted))
        columns = names(next(reader, []))

        def rows() -> Iterator[Row]:
            before = reader.line_num
            for number, cells in enumerate(reader, start=2):
                lines, before = reader.line_num - before, reader.line_num
                yield _told(row(number, cells, columns, padded=False), lines)

        yield Table(columns, without_trailing_blanks(rows()))


def _told(found: Row, lines: int) -> Row:
    if not found.wrong or lines < LONG:
        return found
    return replace(found, wrong=f"{found.wrong}, over {lines} lines: a quote is not closed")


def _delimiter(head: str, wanted: frozenset[str]) -> str:
    """The one that finds most of the columns we want; then the one that finds most columns."""

    def found(delimiter: str) -> tuple[int, int]:
        columns = names(next(csv.reader(head.splitlines(keepends=True), delimiter=delimiter), []))
        return len(wanted & set(columns)), len(columns)

    return max(DELIMITERS, key=found)


def _excel_hint(head: str) -> str:
    """Excel's own first line, `sep=;`, names the delimiter."""
    line = head[:10].splitlines()[0] if head.startswith("sep=") else ""
    return line[4] if len(line) == 5 else ""
