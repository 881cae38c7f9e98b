from pathlib import Path
from typing import Any

import pytest

from feedback.errors import Busy, Refused
from feedback.records import SetAsideStatus
from feedback.warehouse.aside import Chosen
from feedback.warehouse.engine import hold
from tasks import aside, runs
from tasks.collect import collect
from tasks.opening import opened
from tasks.refine import refine
from tests.samples import ANSWERS, HEADER, rows, world, write_answers

NO_DATE = ["4", "no date", "5", "secret words", ""]
SHIFTED = ["5", "2026-09-04 10:00", "5", "cells", "", "too many"]
NO_ID = ["", "2026-09-04 10:00", "5", "nobody's", ""]
MENDED = b'{"id": "4", "when": "2026-09-04 10:00", "score": "5", "words": "secret words"}'


def test_what_was_set_aside_is_read_again_after_the_settings_were_mended(
    tmp_path: Path, database_url: str
) -> None:
    settings = broken(tmp_path, ["4", "03/09/2026 10:00", "5", "hm", ""], database=database_url)
    assert rows(settings, "set_aside", "status") == [("open",)]
    declare(settings, 'date_order = "dmy"')
    told = aside.replay(settings, Chosen(source="survey"), "the order is declared")
    assert told.startswith("To be read again: 1.")
    go(settings)
    assert ("4",) in rows(settings, "feedback_item", "ref")
    assert rows(settings, "set_aside", "status") == [("replayed",)]
    assert log(settings) == [("replay", "the order is declared")]


def test_a_mended_record_is_a_further_version_and_becomes_an_item(
    tmp_path: Path, database_url: str
) -> None:
    settings = broken(tmp_path, NO_DATE, database=database_url)
    aside.fix(settings, only(settings), MENDED, "asked the customer")
    go(settings)
    assert ("4", 2, "secret words") in rows(settings, "feedback_item", "ref", "version", "text")
    assert rows(settings, "set_aside", "version", "status") == [(1, "replayed")]
    assert log(settings) == [("fix", "asked the customer")]


def test_a_mended_record_stays_mended_when_the_broken_one_comes_again(
    tmp_path: Path, database_url: str
) -> None:
    settings = broken(tmp_path, NO_DATE, database=database_url)
    aside.fix(settings, only(settings), MENDED, "")
    go(settings)
    before = rows(settings, "feedback_item"), rows(settings, "raw_item", "ref", "version")
    write_answers(tmp_path, [*ANSWERS, NO_DATE, ["6", "2026-09-07", "5", "new", ""]])
    go(settings)
    assert rows(settings, "set_aside", "status") == [("replayed",)]
    assert [row for row in rows(settings, "feedback_item") if row[3] != "6"] == before[0]
    assert len(rows(settings, "raw_item", "ref")) == len(before[1]) + 1


def test_an_old_record_is_not_mended_over_a_newer_one(tmp_path: Path, database_url: str) -> None:
    settings = broken(tmp_path, NO_DATE, database=database_url)
    write_answers(tmp_path, [*ANSWERS, ["4", "2026-09-05 10:00", "5", "said anew", ""]])
    go(settings)
    before = rows(settings, "raw_item"), rows(settings, "set_aside")
    with pytest.raises(Refused, match="newer version"):
        aside.fix(settings, only(settings), MENDED, "")
    assert (rows(settings, "raw_item"), rows(settings, "set_aside")) == before
    assert ("4", 2, "said anew") in rows(settings, "feedback_item", "ref", "version", "text")


def test_a_record_that_still_cannot_be_read_is_refused_and_nothing_changes(
    tmp_path: Path, database_url: str
) -> None:
    settings = broken(tmp_path, NO_DATE, database=database_url)
    before = rows(settings, "set_aside"), rows(settings, "raw_item")
    still = MENDED.replace(b"2026-09-04 10:00", b"31.31.2026")
    with pytest.raises(Refused, match="cannot be read") as told:
        aside.fix(settings, only(settings), still, "")
    assert "secret" not in str(told.value)
    assert (rows(settings, "set_aside"), rows(settings, "raw_item")) == before
    assert log(settings) == []


def test_the_broken_record_itself_is_no_mended_one(tmp_path: Path) -> None:
    settings = broken(tmp_path, ["4", "03/09/2026 10:00", "5", "hm", ""])
    declare(settings, 'date_order = "dmy"')
    _, payload = aside.show(settings, only(settings))
    with pytest.raises(Refused, match="as it came"):
        aside.fix(settings, only(settings), payload, "")
    assert rows(settings, "set_aside", "status") == [("open",)]


def test_what_could_not_be_collected_is_mended_under_its_own_ref(
    tmp_path: Path, database_url: str
) -> None:
    settings = broken(tmp_path, SHIFTED, database=database_url)
    ((number, ref),) = rows(settings, "set_aside", "id", "ref")
    aside.fix(settings, number, MENDED, "")  # type: ignore[arg-type]
    go(settings)
    assert (ref, 1) in rows(settings, "raw_item", "ref", "version")
    assert (ref, "secret words") in rows(settings, "feedback_item", "ref", "text")
    write_answers(tmp_path, [*ANSWERS, ["6", "2026-09-07", "5", "new", ""], SHIFTED])
    go(settings)
    assert rows(settings, "set_aside", "status") == [("replayed",)]


def test_a_row_of_too_many_cells_is_never_replayed_by_the_dozen(tmp_path: Path) -> None:
    settings = broken(tmp_path, SHIFTED)
    told = aside.replay(settings, Chosen(source="survey"), "")
    assert told.startswith("To be read again: 0.")
    assert "Left as they are: 1" in told
    assert rows(settings, "set_aside", "status") == [("open",)]


def test_what_could_not_be_collected_is_replayed_by_its_number_once_it_can_be_read(
    tmp_path: Path, database_url: str
) -> None:
    settings = broken(tmp_path, NO_ID, database=database_url)
    told = aside.replay(settings, Chosen(ids=(only(settings),)), "nobody will name it")
    assert told.startswith("To be read again: 1.")
    go(settings)
    assert len(rows(settings, "feedback_item", "ref")) == len(ANSWERS) + 1
    assert log(settings) == [("replay", "nobody will name it")]


def test_what_cannot_be_read_yet_stays_open_when_it_is_replayed_by_its_number(
    tmp_path: Path,
) -> None:
    settings = broken(tmp_path, ["", "no date", "5", "hm", ""])
    told = aside.replay(settings, Chosen(ids=(only(settings),)), "")
    assert told.startswith("To be read again: 0.")
    assert rows(settings, "set_aside", "status") == [("open",)]
    assert len(rows(settings, "raw_item")) == len(ANSWERS)


def test_what_was_dropped_stays_dropped_when_it_comes_again(
    tmp_path: Path, database_url: str
) -> None:
    settings = broken(tmp_path, NO_DATE, SHIFTED, database=database_url)
    assert aside.drop(settings, Chosen(source="survey"), "tests of ours").startswith("Dropped: 2.")
    more = [["6", "2026-09-07", "5", "new", ""], SHIFTED, NO_DATE]
    write_answers(tmp_path, [*ANSWERS, *more])
    go(settings)
    assert rows(settings, "set_aside", "status") == [("dropped",), ("dropped",)]
    assert len(rows(settings, "feedback_item")) == len(ANSWERS) + 1
    assert log(settings) == [("drop", "tests of ours")] * 2


def test_nothing_is_dropped_unless_somebody_says_which(tmp_path: Path) -> None:
    settings = broken(tmp_path, NO_DATE)
    with pytest.raises(Refused, match="Say which"):
        aside.drop(settings, Chosen(), "all of them")
    assert rows(settings, "set_aside", "status") == [("open",)]


@pytest.mark.parametrize(
    ("which", "count"),
    [
        ({}, 2),
        ({"source": "survey"}, 2),
        ({"source": "other"}, 0),
        ({"reason": "CELLS"}, 1),
        ({"reason": "%"}, 0),
        ({"older_than": "1h"}, 0),
        ({"older_than": "0d"}, 2),
        ({"status": SetAsideStatus.DROPPED}, 0),
        ({"ids": [1, 99]}, 1),
    ],
)
def test_records_are_chosen_by_all_that_is_given(
    tmp_path: Path, which: dict[str, object], count: int
) -> None:
    settings = broken(tmp_path, NO_DATE, SHIFTED)
    given = {"status": SetAsideStatus.OPEN, "source": "", "reason": "", "older_than": "", "ids": []}
    assert len(aside.listed(settings, aside.choose(**given | which))) == count  # type: ignore[arg-type]


@pytest.mark.parametrize("age", ["soon", "7", "-1d", "7 d", "999999d"])
def test_an_age_that_is_none_is_said_in_words(age: str) -> None:
    with pytest.raises(Refused, match="no age such as"):
        aside.choose(SetAsideStatus.OPEN, "", "", age, [])


def test_equal_reasons_are_counted_whatever_row_they_name(tmp_path: Path) -> None:
    settings = broken(tmp_path, SHIFTED, [*SHIFTED[:3], "others", "", "too many"], NO_DATE)
    declare(settings, 'owner = "anna"')
    counts = aside.counted(aside.listed(settings, Chosen()))
    assert counts["count"].tolist() == [2, 1] or counts["count"].tolist() == [1, 2]
    assert set(counts["owner"]) == {"anna"}
    assert "row … of answers.csv has 6 cells, the header 5" in counts["reason"].tolist()


def test_a_source_without_an_owner_shows_a_dash(tmp_path: Path) -> None:
    settings = broken(tmp_path, NO_DATE)
    assert aside.listed(settings, Chosen())["owner"].tolist() == ["-"]


def test_the_record_is_shown_as_it_came_with_what_was_done(tmp_path: Path) -> None:
    settings = broken(tmp_path, NO_DATE, SHIFTED)
    number = only(settings, "refine")
    aside.drop(settings, Chosen(ids=(number,)), "no date to be had")
    told, payload = aside.show(settings, number)
    assert b"secret words" in payload
    assert "secret words" not in repr(told)
    assert dict(told)["status"] == "dropped"
    assert dict(told)["drop"].endswith("no date to be had")
    assert b"too many" in aside.show(settings, only(settings, "collect"))[1]


def test_a_saved_record_is_for_its_owner_and_replaces_no_file(tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    aside.save(b"words", file)
    assert file.read_bytes() == b"words"
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refused, match="new"):
        aside.save(b"other", file)
    assert file.read_bytes() == b"words"


def test_nothing_is_decided_while_another_run_refines(tmp_path: Path, database_url: str) -> None:
    settings = broken(tmp_path, NO_DATE, database=database_url)
    with opened(settings) as house, hold(house.engine, "refining"):
        for act in (
            lambda: aside.replay(settings, Chosen(), ""),
            lambda: aside.drop(settings, Chosen(source="survey"), "x"),
            lambda: aside.fix(settings, only(settings), MENDED, ""),
        ):
            with pytest.raises(Busy):
                act()
    assert rows(settings, "set_aside", "status") == [("open",)]


def test_a_source_that_left_the_settings_keeps_its_records_open(tmp_path: Path) -> None:
    settings = broken(tmp_path, NO_DATE)
    path = Path(settings)
    path.write_text(path.read_text().replace("[sources.survey]", "[sources.poll]"))
    assert aside.replay(settings, Chosen(), "").startswith("To be read again: 0.")
    with pytest.raises(Refused, match=r"sources\.survey"):
        aside.fix(settings, only(settings), MENDED, "")
    assert rows(settings, "set_aside", "status") == [("open",)]


def test_a_number_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="the number 7"):
        aside.show(world(tmp_path), 7)


@pytest.mark.parametrize("close", [aside.drop, aside.replay])
def test_a_number_that_is_not_open_is_no_silent_success(tmp_path: Path, close: Any) -> None:
    settings = broken(tmp_path, SHIFTED)
    with pytest.raises(Refused, match=r"has the number 999\. Nothing was changed"):
        close(settings, Chosen(ids=(only(settings), 999)), "why")
    assert rows(settings, "set_aside", "status") == [("open",)]


def broken(folder: Path, *answers: list[str], database: str = "sqlite:///feedback.db") -> str:
    """A world whose answers, and these, were collected and refined; the settings' path."""
    settings = world(folder, database)
    write_answers(folder, [*ANSWERS, *answers], HEADER)
    go(settings)
    return settings


def go(settings: str) -> None:
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)


def declare(settings: str, line: str) -> None:
    path = Path(settings)
    path.write_text(path.read_text().replace("survey =", f"{line}\nsurvey ="))


def only(settings: str, stage: str = "") -> int:
    found = [n for n, own in rows(settings, "set_aside", "id", "stage") if stage in str(own)]
    assert len(found) == 1
    return int(str(found[0]))


def log(settings: str) -> list[tuple[object, ...]]:
    return rows(settings, "set_aside_log", "action", "why")
