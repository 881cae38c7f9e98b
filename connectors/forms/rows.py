"""A table file as column names and rows, whatever its format; rows come one by one, never all.

A row keeps only its filled cells, so that a new empty column does not make every row another one.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """`number` as a spreadsheet counts, the header being row 1. `wrong` says why it is bad."""

    number: int
    cells: dict[str, Any]
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` as found. `sparse`: a column that is nowhere filled may be missing (JSONL)."""

    columns: tuple[str, ...]
    rows: Iterator[Row]
    sparse: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What the settings say of a file: `wanted` columns help to find the delimiter."""

    wanted: frozenset[str]
    sheet: str | None = None
    encoding: str | None = None


def row(number: int, cells: Sequence[Any], columns: Sequence[str], *, padded: bool = True) -> Row:
    """Cells by column. `padded`: the format leaves out empty cells at the end of a row."""
    filled = {name: cell for name, cell in zip(columns, cells, strict=False) if not blank(cell)}
    if len(cells) == len(columns):
        return Row(number, filled, "" if filled else "is empty")
    surplus = [cell for cell in cells[len(columns) :] if not blank(cell)]
    if surplus or (filled and len(cells) < len(columns) and not padded):
        filled |= {f"surplus {i}": cell for i, cell in enumerate(surplus, 1)}
        return Row(number, filled, f"has {len(cells)} cells, the header {len(columns)}")
    return Row(number, filled, "" if filled else "is empty")


def without_trailing_blanks(rows: Iterable[Row]) -> Iterator[Row]:
    """A blank row counts only when a filled one follows."""
    held: list[Row] = []
    for found in rows:
        if not found.cells:
            held.append(found)
            continue
        if held:
            yield from held
            held.clear()
        yield found


def names(header: Iterable[Any]) -> tuple[str, ...]:
    """Column names, trimmed and composed (й is one letter).

    One without a name, or whose name was there before, is numbered: "column (3)", "Score (7)".
    """
    found: list[str] = []
    for number, cell in enumerate(header, 1):
        name = "" if blank(cell) else unicodedata.normalize("NFC", str(cell).strip())
        found.append(f"{name or 'column'} ({number})" if not name or name in found else name)
    return tuple(found)


def blank(cell: Any) -> bool:
    """None, only white space, or NaN, which is how some tables write nothing."""
    if isinstance(cell, str):
        return not cell or cell.isspace()
    return cell is None or bool(cell != cell)


def listed(found: Sequence[str]) -> str:
    """Names for a message; what looks like data, as in a file without a header, is hidden."""
    shown = ["…" if "@" in name or _digits(name) > 6 else name[:80] for name in found[:20]]
    more = f" and {len(found) - 20} more" if len(found) > 20 else ""
    return ", ".join(map(repr, shown)) + more if found else "nothing at all"


def _digits(text: str) -> int:
    return sum(sign.isdigit() for sign in text)
