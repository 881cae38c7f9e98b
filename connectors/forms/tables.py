"""Form answers, or any export, in table files: CSV, XLSX, JSONL, Parquet.

A column that is not in a file stops that file with `Changed`: reading nothing is never a success.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from connectors.contract import Cursor, Page
from connectors.forms.answers import TableSettings, read_answer
from connectors.forms.formats import DAMAGED, FORMATS
from connectors.forms.refs import Refs, as_payload, plain
from connectors.forms.rows import Asked, Row, Table, listed
from feedback.errors import Changed, Refused, Unavailable, Unreadable
from feedback.records import RawItem, Skipped, Utterance

NAME = re.compile("[A-Za-z][A-Za-z0-9_]*")  # of a column, when all are so; no answers look like it


class TableSource:
    """Cursor: {"files": {name: {"stamp", "rows": how many are stored, "done"}}}."""

    Settings = TableSettings

    def __init__(self, name: str, settings: TableSettings) -> None:
        self.name, self.channel, self.settings = name, settings.channel, settings
        self._columns = settings.columns.mapped()

    def check(self) -> str:
        files = self._files()
        for path in files.values():
            with self._sorted_errors(path), self._opened(path):
                pass
        return f"{len(files)} file(s) with the columns {listed(list(self._columns.values()))}."

    def pull(self, since: Cursor | None) -> Iterator[Page]:
        """A file with other columns is left out, and raised once all the others are through."""
        files = self._files()
        known = since["files"] if since else {}
        done = {name: known[name] for name in files if name in known}
        changed: list[Changed] = []
        for name, path in files.items():
            try:
                for records, progress in self._pages(path, done.get(name)):
                    done[name] = progress
                    yield Page(records, {"files": dict(done)})
            except Changed as error:
                changed.append(error)
        if changed:
            raise changed[0]

    def read(self, payload: bytes) -> Utterance | Skipped:
        return read_answer(payload, self.settings)

    def _files(self) -> dict[str, Path]:
        """{name below the folder without wildcards: path}, in order of name."""
        path = Path(self.settings.path)
        folder = _fixed_part(path)
        found = [path] if path.exists() else folder.glob(str(path.relative_to(folder)))
        files = sorted(f for f in found if not f.name.startswith(("~$", ".")))
        odd = [file.name for file in files if file.suffix.lower() not in FORMATS]
        if odd or not files:
            raise Refused(
                f"{self.name}: {f'cannot read {listed(odd)}' if odd else 'there is no such file'}. "
                f"Nothing was read. Change path in [sources.{self.name}] to files that end in "
                f"{', '.join(FORMATS)}, or put them there."
            )
        return {file.relative_to(folder).as_posix(): file for file in files}

    def _pages(
        self, path: Path, known: Mapping[str, Any] | None
    ) -> Iterator[tuple[list[RawItem | Unreadable], dict[str, Any]]]:
        """The file's pages, from where an earlier run stopped if it is still the same file."""
        with self._sorted_errors(path):
            stamp = self._stamp(path)
            place = known if known and known["stamp"] == stamp else {"rows": 0, "done": False}
            if place["done"]:
                return
            rows = place["rows"]
            refs = Refs(self._columns.get("id"))
            with self._opened(path) as table:
                for row in islice(table.rows, rows):
                    refs.pass_over(row)
                for batch, last in _batches(table.rows, self.settings.page_size):
                    rows += len(batch)
                    records = [_record(row, path.name, refs) for row in batch]
                    yield records, {"stamp": stamp, "rows": rows, "done": last}

    def _stamp(self, path: Path) -> str:
        """Another file or another way to read it: then its columns have to be proved again."""
        stat, how = path.stat(), self.settings
        way = as_payload([self._columns, how.sheet, how.encoding])
        return f"{stat.st_size}-{stat.st_mtime_ns}-{hashlib.sha256(way).hexdigest()[:8]}"

    @contextmanager
    def _opened(self, path: Path) -> Iterator[Table]:
        wanted = frozenset(self._columns.values())
        asked = Asked(wanted, self.settings.sheet, self.settings.encoding)
        with FORMATS[path.suffix.lower()](path, asked) as table:
            self._prove_columns(table)
            yield table

    @contextmanager
    def _sorted_errors(self, path: Path) -> Iterator[None]:
        try:
            yield
        except Changed as error:
            raise self._changed(path, str(error)) from None
        except DAMAGED:
            raise self._changed(path, "is damaged or not what its name says") from None
        except (PermissionError, IsADirectoryError) as error:
            raise Refused(
                f"{self.name}: {path.name} cannot be read ({error.strerror}). Nothing of it was "
                "read. Give the permission to read it, or name a file."
            ) from None
        except OSError as error:
            raise Unavailable(
                f"{self.name}: {path.name} cannot be read ({error.strerror}). What was read of it "
                "before is kept, the rest was not read. Try again later."
            ) from None

    def _changed(self, path: Path, what: str) -> Changed:
        return Changed(
            f"{self.name}: {path.name} {what}. What was read of it before is kept, the rest was "
            f"not read. Set [sources.{self.name}] to what the file has now, or export it as before."
        )

    def _prove_columns(self, table: Table) -> None:
        always = {"id", "said_at", "text", "rating", "consent"}
        needed = always if table.sparse else set(self._columns)
        for field, column in self._columns.items():
            if field in needed and column not in table.columns:
                raise Changed(
                    f"has no column {column!r}, which columns.{field} names. "
                    f"{self._what_is_there(table.columns)}"
                )

    def _what_is_there(self, columns: Sequence[str]) -> str:
        """Names only where they are names: a file without a header has an answer in its place."""
        named = all(NAME.fullmatch(column) for column in columns)
        if named or set(columns) & set(self._columns.values()):
            return f"It has: {listed(columns)}"
        return (
            f"None of its {len(columns)} column(s) is among the wanted ones. Does the file have a "
            "header? Its first row has to hold the column names"
        )


def _record(row: Row, file: str, refs: Refs) -> RawItem | Unreadable:
    where, wrong = f"row {row.number} of {file}", row.wrong
    try:
        payload = as_payload(row.cells)
        if not wrong:
            return RawItem(refs.ref(row, payload), payload)
    except UnicodeEncodeError:
        payload = json.dumps(row.cells, default=plain).encode()
        wrong = wrong or "has bytes that its encoding does not know"
    except Unreadable as error:
        wrong = error.reason
    ref = f"{file} {hashlib.sha256(payload).hexdigest()[:16]}"  # rows move, their cells do not
    return Unreadable(f"{where} {wrong}", ref=ref, payload=payload)


def _batches(rows: Iterable[Row], size: int) -> Iterator[tuple[list[Row], bool]]:
    """Batches, each with whether it is the last one."""
    walk = iter(rows)
    batch = list(islice(walk, size))
    while batch:
        following = list(islice(walk, size))
        yield batch, not following
        batch = following


def _fixed_part(path: Path) -> Path:
    """The folder above the first wildcard."""
    path = path.parent if path.exists() else path
    while path != path.parent and not path.is_dir():
        path = path.parent
    return path
