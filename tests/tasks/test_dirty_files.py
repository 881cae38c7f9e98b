"""One dirty file in three formats: each row ends stored, doubled or set aside with its reason."""

import json
from pathlib import Path

import openpyxl
import pytest

from tasks import runs
from tasks.collect import collect
from tasks.refine import refine
from tests.samples import HEADER, rows, world, write_answers

DIRTY = [
    ["good", "2026-09-01 10:00", "9", "The courier was kind", ""],
    ["bad date", "2026-13-45", "5", "Somebody typed a month thirteen", ""],
    ["dots", "01.09.2026", "5", "This day is the first of September", ""],
    ["slashes", "01/09/2026", "5", "This day is one of two", ""],
    ["short year", "01.09.26", "5", "This century is not said", ""],
    ["eleven", "2026-09-01", "eleven", "A word where a number should be", ""],
    ["off", "2026-09-01", "99", "A number that nobody could choose", ""],
    ["future", "2036-09-01", "5", "Ten years too soon", ""],
    ["past", "1996-09-01", "5", "Thirty years too late", ""],
    ["undated", "", "5", "Nobody knows when", ""],
    ["mute", "2026-09-01", "", "", ""],
    ["rated", "2026-09-01", "7", "", ""],
    ["first of a pair", "2026-09-02", "8", "Twice the same words", ""],
    ["second of a pair", "2026-09-02", "8", "Twice the same words", ""],
    ["good", "2026-09-01 10:00", "9", "The courier was kind", ""],
    ["good", "2026-09-01 10:00", "3", "The courier was not that kind", ""],
    ["", "2026-09-01", "5", "Nobody, without an id", ""],
]
STORED = [
    ("dots", 1, 5.0),
    ("first of a pair", 1, 8.0),
    ("good", 1, 9.0),
    ("good", 2, 3.0),
    ("rated", 1, 7.0),
    ("second of a pair", 1, 8.0),
]
ASIDE = {
    "bad date": "the date or the time of day does not exist",
    "eleven": "text where a number was expected as the rating",
    "future": "its date is in the future",
    "mute": "neither text nor rating",
    "off": "the rating lies off the scale from 0 to 10",
    "past": "the date lies before 2000",
    "short year": "the year has two digits only: declare two_digit_years",
    "slashes": "day and month cannot be told apart: declare date_order",
    "undated": "the date is empty",
}
SUMS = ("fetched", "new", "changed", "duplicate", "set_aside", "skipped", "written")


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "jsonl"])
def test_every_row_of_a_dirty_file_is_stored_doubled_or_set_aside_with_its_reason(
    tmp_path: Path, suffix: str
) -> None:
    settings = dirty_world(tmp_path, suffix)
    go(settings)
    assert rows(settings, "feedback_item", "ref", "version", "rating") == STORED
    refined = rows(settings, "set_aside WHERE stage = 'refine'", "ref", "reason", "status")
    assert refined == sorted((ref, reason, "open") for ref, reason in ASIDE.items())
    ((reason,),) = rows(settings, "set_aside WHERE stage = 'collect'", "reason")
    row = 17 if suffix == "jsonl" else 18  # no header
    assert reason == f"row {row} of answers.{suffix} has no id"
    where = "run_ledger WHERE source = 'survey' AND status = 'done'"
    assert rows(settings, where, "stage", *SUMS) == [
        ("collect", 17, 14, 1, 1, 1, 0, 15),
        ("refine", 15, 5, 1, 0, 9, 0, 6),
    ]


def test_a_dirty_file_read_again_changes_no_row(tmp_path: Path, database_url: str) -> None:
    settings = dirty_world(tmp_path, "csv", database_url)
    go(settings)
    before = said(settings)
    write_answers(tmp_path, [*DIRTY, DIRTY[0]])
    go(settings)
    assert said(settings) == before
    again = rows(settings, "run_ledger WHERE duplicate = 18", "stage", *SUMS)
    assert again == [("collect", 18, 0, 0, 18, 0, 0, 0)]


def test_the_words_of_a_dirty_row_stand_in_no_reason(tmp_path: Path) -> None:
    settings = dirty_world(tmp_path, "csv")
    go(settings)
    told = repr(rows(settings, "set_aside", "reason"))
    told += repr(rows(settings, "run_ledger", "reasons", "problem"))
    for row in DIRTY:
        assert not row[3] or row[3] not in told
    assert "eleven" not in told
    assert "99" not in told


# What the tests above are made of


def dirty_world(folder: Path, suffix: str, database: str = "sqlite:///feedback.db") -> str:
    settings = world(folder, database)
    path = Path(settings)
    path.write_text(path.read_text("utf-8").replace("answers.csv", f"answers.{suffix}"), "utf-8")
    if suffix == "csv":
        write_answers(folder, DIRTY)
    elif suffix == "xlsx":
        write_workbook(folder / "answers.xlsx")
    else:
        lines = [json.dumps(dict(zip(HEADER, row, strict=True))) for row in DIRTY]
        (folder / "answers.jsonl").write_text("\n".join(lines), "utf-8")
    return settings


def write_workbook(path: Path) -> None:
    """Numbers as numbers, as a workbook has them."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in [HEADER, *DIRTY]:
        book.active.append([int(cell) if cell.isdecimal() else cell or None for cell in row])
    book.save(path)


def said(settings: str) -> list[list[tuple[object, ...]]]:
    kept = ("raw_item", "feedback_item", "person", "person_identity")
    aside = rows(settings, "set_aside", "stage", "ref", "version", "reason", "status", "first_seen")
    return [*(rows(settings, table) for table in kept), aside]


def go(settings: str) -> None:
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
