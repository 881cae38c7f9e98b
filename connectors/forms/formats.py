"""Which file ending is which format, and the formats that libraries read for us.

Only the CSV reader knows how many cells a row has; the others leave out empty ones at its end.
"""

import csv
import json
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.forms.delimited import delimited
from connectors.forms.encodings import encoding_of
from connectors.forms.rows import Asked, Row, Table, blank, listed, names, row
from connectors.forms.rows import without_trailing_blanks as trimmed
from feedback.errors import Changed

PEEKED = 1000  # rows of a JSONL file from which its columns are known
DAMAGED = (
    *(csv.Error, zipfile.BadZipFile, ParseError, zlib.error, pa.ArrowException),
    *(UnicodeError, OverflowError),
)


@contextmanager
def workbook(path: Path, asked: Asked) -> Iterator[Table]:
    with path.open("rb") as file:
        book = _loaded(file)
        if asked.sheet is not None and asked.sheet not in book.sheetnames:
            raise Changed(f"has no sheet {asked.sheet!r}. It has: {listed(book.sheetnames)}")
        sheet = book.worksheets[0] if asked.sheet is None else book[asked.sheet]
        sheet.reset_dimensions()  # some programs write a wrong size, and rows would be lost
        cells = sheet.iter_rows(values_only=True)
        columns = names(next(cells, ()))
        yield Table(columns, trimmed(row(n, c, columns) for n, c in enumerate(cells, start=2)))


def _loaded(file: BinaryIO) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles, which are not read
        try:
            return openpyxl.load_workbook(file, read_only=True, data_only=True)
        except (KeyError, ValueError):
            raise Changed("is not an XLSX workbook") from None


@contextmanager
def json_lines(path: Path, asked: Asked) -> Iterator[Table]:
    with path.open(encoding=asked.encoding or encoding_of(path), errors="surrogateescape") as file:
        rows = trimmed(_json_row(number, line) for number, line in enumerate(file, start=1))
        first = list(islice(rows, PEEKED))
        columns = dict.fromkeys(chain.from_iterable(_dotted(row.cells) for row in first))
        yield Table(tuple(columns), chain(first, rows), sparse=True)


@contextmanager
def parquet(path: Path, asked: Asked) -> Iterator[Table]:
    del asked  # it says all of itself
    with pq.ParquetFile(path) as file:
        columns = names(file.schema_arrow.names)
        cells = chain.from_iterable(
            zip(*(column.to_pylist() for column in batch.columns), strict=True)
            for batch in file.iter_batches(batch_size=1000)
        )
        rows = (row(number, values, columns) for number, values in enumerate(cells, start=2))
        yield Table((*columns, *_nested(file.schema_arrow)), rows)


FORMATS: dict[str, Callable[[Path, Asked], AbstractContextManager[Table]]] = {
    ".csv": delimited,
    ".tsv": delimited,
    ".txt": delimited,
    ".xlsx": workbook,
    ".xlsm": workbook,
    ".jsonl": json_lines,
    ".ndjson": json_lines,
    ".parquet": parquet,
}


def _json_row(number: int, line: str) -> Row:
    if not line.strip():
        return Row(number, {}, "is empty")
    try:
        line.encode()
        value = json.loads(line)
    except UnicodeEncodeError:
        return Row(number, {"line": ascii(line)}, "has bytes that its encoding does not know")
    except (ValueError, RecursionError):
        return Row(number, {"line": line}, "is not JSON")
    if not isinstance(value, dict):
        return Row(number, {"line": line}, "is not a JSON object")
    value = _without_half_signs(value, line)
    filled = {unicodedata.normalize("NFC", k): v for k, v in value.items() if not blank(v)}
    return Row(number, filled, "" if filled else "is empty")


def _without_half_signs(value: Any, line: str) -> Any:
    r"""A text cut in the middle of an emoji ends in "\ud83d", which cannot be stored."""
    if "\\ud" not in line and "\\uD" not in line:
        return value
    whole = json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass")
    return json.loads(whole.decode("utf-16", "replace"))


def _dotted(value: dict[str, Any], above: str = "") -> Iterator[str]:
    """{"account": {"acct": ...}} has the columns account and account.acct."""
    for name, inner in value.items():
        yield above + name
        if isinstance(inner, dict):
            yield from _dotted(inner, f"{above}{name}.")


def _nested(fields: Iterable[Any], above: str = "") -> Iterator[str]:
    for field in fields:
        if above:
            yield above + field.name
        if pa.types.is_struct(field.type):
            yield from _nested(field.type, f"{above}{field.name}.")
