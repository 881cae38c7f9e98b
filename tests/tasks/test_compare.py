from pathlib import Path

import pytest

from feedback.errors import Busy
from feedback.warehouse.engine import hold
from tasks import runs
from tasks.collect import collect
from tasks.compare import compare
from tasks.opening import opened
from tasks.refine import refine
from tests.samples import rows, world, write_answers

WORDS = "Курьер опоздал на три часа и даже не извинился"


def test_a_repeated_text_is_marked_and_kept(tmp_path: Path, database_url: str) -> None:
    settings = world(tmp_path, database_url)
    first = ["a", "2026-09-05 10:00", "2", WORDS, "anna@example.com"]
    again = ["b", "2026-09-06 10:00", "2", WORDS, "anna@example.com"]
    other = ["c", "2026-09-06 10:00", "2", WORDS, "boris@example.com"]
    assert marks(settings, tmp_path, [[again, first, other]]) == {"b": "a"}


def test_what_was_found_is_said_in_one_line_without_anybodys_words(tmp_path: Path) -> None:
    settings = world(tmp_path)
    answers = [[f"{n}", "2026-09-05 10:00", "2", WORDS, "anna@example.com"] for n in range(12)]
    write_answers(tmp_path, answers)
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
    told = "repeats 11, groups of near-equal texts 0, flagged as campaign 0, as flood 12"
    assert compare.fn(settings, run.id) == f"stored so far: {told}"


def test_nothing_is_compared_while_another_run_refines(tmp_path: Path, database_url: str) -> None:
    settings = world(tmp_path, database_url)
    with opened(settings) as house, hold(house.engine, "refining"), pytest.raises(Busy):
        compare.fn(settings, runs.begin(settings).id)


def test_an_earlier_twin_that_arrives_late_becomes_the_original(
    tmp_path: Path, database_url: str
) -> None:
    settings = world(tmp_path, database_url)
    late = ["b", "2026-09-06 10:00", "2", WORDS, "anna@example.com"]
    early = ["a", "2026-09-05 10:00", "2", WORDS, "anna@example.com"]
    assert marks(settings, tmp_path, [[late], [late, early]]) == {"b": "a"}


def test_an_edit_that_takes_the_words_back_takes_the_mark_away(
    tmp_path: Path, database_url: str
) -> None:
    settings = world(tmp_path, database_url)
    first = ["a", "2026-09-05 10:00", "2", WORDS, "anna@example.com"]
    again = ["b", "2026-09-06 10:00", "2", WORDS, "anna@example.com"]
    edited = ["a", "2026-09-05 10:00", "2", "Совсем другие слова об оплате", "anna@example.com"]
    assert marks(settings, tmp_path, [[first, again]]) == {"b": "a"}
    assert marks(settings, tmp_path, [[edited, again]]) == {}


def test_a_month_later_a_short_ok_is_said_anew(tmp_path: Path) -> None:
    settings = world(tmp_path)
    september = ["a", "2026-09-05 10:00", "9", "ok", "anna@example.com"]
    october = ["b", "2026-10-05 10:00", "9", "ok", "anna@example.com"]
    assert marks(settings, tmp_path, [[september, october]]) == {}


def marks(settings: str, folder: Path, exports: list[list[list[str]]]) -> dict[object, object]:
    """{ref: ref of its original} after each export was taken in; of the newest versions."""
    for answers in exports:
        write_answers(folder, answers)
        run = runs.begin(settings)
        collect.fn(settings, run.id, "survey")
        refine.fn(settings, run.id)
        compare.fn(settings, run.id)
    refs = dict(rows(settings, "feedback_item", "item_id", "ref"))
    newest: dict[object, tuple[object, object]] = {}
    for item, version, twin in rows(settings, "resemblance", "item_id", "version", "duplicate_of"):
        newest[item] = max(newest.get(item, (0, None)), (version, twin), key=lambda v: v[0])  # type: ignore[arg-type, return-value]
    return {refs[item]: refs[twin] for item, (_, twin) in newest.items() if twin}
