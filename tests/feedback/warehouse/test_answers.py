"""What engines answered: found again by the text, never readable, and counted by the day."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from feedback.vault import Vault
from feedback.warehouse.answers import Answers
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import engine_answer

ONE, OTHER = ("gpt", "1"), ("gpt", "2")
BAD, GOOD = (0.9, 0.1, 0.0), (0.0, 0.1, 0.9)


@pytest.fixture
def answers(engine: Engine, vault: Vault) -> Answers:
    return Answers(engine, vault)


def test_an_answer_is_recalled_by_its_text_and_its_version(answers: Answers) -> None:
    answers.keep(ONE, {"плохо": BAD, "good \ud800": GOOD}, 10)
    assert answers.recall(ONE, ["плохо", "good \ud800", "new"]) == {
        "плохо": BAD,
        "good \ud800": GOOD,
    }
    assert answers.recall(OTHER, ["плохо"]) == {}


def test_no_text_is_stored_and_no_other_key_finds_it(answers: Answers, engine: Engine) -> None:
    answers.keep(ONE, {"плохо": BAD}, 10)
    with engine.connect() as connection:
        [row] = connection.execute(select(engine_answer)).all()
    assert "плохо" not in str(row)
    assert len(row.text_hash) == 64
    assert Answers(engine, Vault(bytes(range(1, 33)))).recall(ONE, ["плохо"]) == {}


def test_the_tokens_of_all_versions_of_a_day_are_counted_to_the_last(answers: Answers) -> None:
    answers.keep(ONE, {"a": BAD, "b": BAD, "c": GOOD}, 100)
    answers.keep(OTHER, {"a": BAD}, 7)
    answers.keep(("else", "1"), {"a": BAD}, 1000)
    assert answers.spent_today("gpt") == 107
    assert answers.spent_today("nobody") == 0


def test_answers_of_no_use_are_counted_and_found_by_no_text(answers: Answers) -> None:
    answers.keep(ONE, {}, 50)
    answers.keep(ONE, {}, 50)
    assert answers.spent_today("gpt") == 100
    assert answers.recall(ONE, ["", "unusable"]) == {}


def test_tomorrow_begins_at_nothing_and_remembers_all(answers: Answers, engine: Engine) -> None:
    answers.keep(ONE, {"a": BAD}, 100)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with writing(engine) as connection:
        connection.execute(update(engine_answer).values(made_at=yesterday))
    assert answers.spent_today("gpt") == 0
    assert answers.recall(ONE, ["a"]) == {"a": BAD}
