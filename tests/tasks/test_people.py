import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from feedback.sentiment import model as sentiment
from feedback.warehouse import current
from feedback.warehouse.engine import hold
from flows.cli import app
from tasks import runs
from tasks.collect import collect
from tasks.opening import opened
from tasks.refine import refine
from tasks.understand import understand
from tests.samples import HEADER, rows, world, write_answers

PHONE, RECEPTION = "+7 912 345-67-89", "+7 495 100-20-30"
FATHER = ["1", "2026-09-01 10:00", "9", "Everything was fine", "pavel@x.example", PHONE]
SON = ["2", "2026-09-02 10:00", "2", "The box was broken", "oleg@x.example", PHONE]
STRANGER = ["3", "2026-09-03 10:00", "5", "It came late", "bo@x.example", ""]


@pytest.fixture
def empty(tmp_path: Path, database_url: str) -> Path:
    """Settings of a form with phones, and nothing collected."""
    path = Path(world(tmp_path, database_url))
    mapped = path.read_text().replace('email = "mail"', 'email = "mail", phone = "phone"')
    path.write_text(mapped)
    return path


@pytest.fixture
def house(empty: Path) -> Path:
    """The same with three answers, understood; two of them with one phone."""
    refined(empty, FATHER, SON, STRANGER)
    return empty


def test_somebody_is_found_by_each_identity_and_nothing_readable_is_shown(house: Path) -> None:
    for option in (f"--phone '{PHONE}'", "--phone 89123456789", "--email Pavel@X.example"):
        told = ask(f"people show {option}", house)
        assert told.exit_code == 0
        assert told.output.count("the same phone number") == 1
        assert "x.example" not in told.output.lower()
        assert "912" not in told.output
    assert "People: none" in ask("people show --email nobody@x.example", house).output


def test_two_are_parted_and_told_what_follows(house: Path) -> None:
    one, other = merged(house)
    told = ask(f"people undo {one} {other} --why 'father and son'", house)
    assert told.exit_code == 0
    assert "Parted" in told.output
    assert "father and son" in ask("people merges --status undone", house).output
    assert "Merges: none" in ask("people merges --status active", house).output
    assert ask(f"people undo {other} {one} --why again", house).exit_code == 1
    assert ask(f"people redo {other} {one}", house).exit_code == 0
    assert merged(house) == (one, other)


def test_nobody_is_parted_while_another_run_refines(house: Path) -> None:
    one, other = merged(house)
    with opened(str(house)) as found, hold(found.engine, "refining"):
        assert ask(f"people undo {one} {other} --why x", house).exit_code == 75
        assert ask(f"people redo {one} {other}", house).exit_code == 75
    assert merged(house) == (one, other)


def test_two_who_are_still_one_through_a_third_are_told_through_whom(house: Path) -> None:
    one, other = merged(house)
    refined(house, ["4", "2026-09-04 10:00", "5", "hm", "", PHONE])
    told = ask(f"people undo {one} {other} --why no", house)
    assert "still one through others" in told.output
    assert one in told.output
    again = ask(f"people undo {one} {other} --why no", house)
    assert again.exit_code == 1
    assert "still one through others" in again.output


def test_a_refusal_takes_words_out_of_the_numbers_until_it_is_taken_back(house: Path) -> None:
    assert ask("consent withdraw --email pavel@x.example --purpose analysis", house).exit_code == 0
    assert counted(house) == {"3"}  # the son is one with him
    assert ask(f"consent give --phone '{PHONE}' --purpose analysis", house).exit_code == 0
    assert counted(house) == {"1", "2", "3"}


def test_who_refuses_before_they_are_met_is_left_out_from_the_start(house: Path) -> None:
    told = ask("consent withdraw --phone 89160000001 --purpose analysis", house)
    assert "not met before" in told.output
    refined(house, ["5", "2026-09-05 10:00", "5", "hm hm", "eva@x.example", "+79160000001"])
    assert counted(house) == {"1", "2", "3"}


def test_by_a_shared_number_one_refuses_for_all_and_allows_for_nobody(house: Path) -> None:
    answers = [
        [str(n), "2026-09-05 10:00", "5", f"hm {n}", f"p{n}@x.example", RECEPTION]
        for n in range(10, 16)
    ]
    refined(house, *answers)
    told = ask(f"consent withdraw --phone '{RECEPTION}' --purpose analysis", house)
    assert "6 people" in told.output
    assert counted(house) == {"1", "2", "3"}
    told = ask(f"consent give --phone '{RECEPTION}' --purpose analysis", house)
    assert told.exit_code == 1
    assert "cannot allow it for the others" in told.output
    assert counted(house) == {"1", "2", "3"}


@pytest.mark.parametrize("options", ["", "--handle anna", "--id 7", "--email none"])
def test_who_cannot_be_told_apart_is_asked_for_again(empty: Path, options: str) -> None:
    told = ask(f"consent withdraw {options} --purpose crm", empty)
    assert told.exit_code == 1
    assert "Nothing was" in told.output
    assert rows(str(empty), "consent") == []


def test_one_of_two_identities_is_not_chosen_silently(empty: Path) -> None:
    both = f"--email pavel@x.example --phone '{PHONE}'"
    assert ask(f"consent withdraw {both} --purpose crm", empty).exit_code == 1


def refined(house: Path, *answers: list[str]) -> None:
    """Collect, refine and understand these answers beside those of before."""
    write_answers(house.parent, list(answers), [*HEADER, "phone"])
    run = runs.begin(str(house))
    collect.fn(str(house), run.id, "survey")
    refine.fn(str(house), run.id)
    understand.fn(str(house), run.id)


def merged(house: Path) -> tuple[Any, Any]:
    ((one, other, _),) = [
        row for row in rows(str(house), "person_merge", "person_a", "person_b", "status")
        if row[2] == "active"
    ]  # fmt: skip
    return one, other


def counted(house: Path) -> set[str]:
    """The refs of the items that are counted."""
    refs = dict(rows(str(house), "feedback_item", "item_id", "ref"))
    with opened(str(house)) as found:
        model = sentiment.load()
        since, until = current.first_said(found.engine), current.last_said(found.engine)
        assert since
        assert until
        until = until.replace(year=until.year + 1)
        frame = current.items(found.engine, (model.name, model.version), since, until)
    return {str(refs[one]) for one in frame["item_id"]}


def ask(line: str, house: Path) -> Result:
    return CliRunner().invoke(app, [*shlex.split(line), "--settings", str(house)])
