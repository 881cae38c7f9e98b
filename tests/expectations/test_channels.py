"""The rules of one channel: each has a row that breaks it, and sound rows pass."""

from typing import Any, get_args

import pytest

from expectations import channels as suites
from expectations.verdict import Verdict, judge
from feedback.records import Channel
from tests.expectations import factories
from tests.expectations.guard import idle

SOUND: dict[Channel, list[dict[str, Any]]] = {
    "mail": [{"rating": None, "text": "a > b\n-> c"}],
    "form": [
        {"rating": None},
        {"rating": 0},
        {"rating": 10},
        {"text": None},
        {"text": "none of it"},
    ],
    "social": [{"url": "http://example.com/a?b=c"}, {"url": None}, {"person_id": None}],
}
ODD: list[tuple[Channel, dict[str, Any], str]] = [
    ("mail", {"rating": None, "thread_ref": None}, "the mail has no thread"),
    ("mail", {"rating": None, "person_id": None}, "the mail has no sender"),
    ("mail", {"rating": None, "text": "Да\n> Вам помочь?"}, "the mail still quotes"),
    ("mail", {"rating": 5}, "a mail has a rating"),
    ("form", {"rating": 4.5}, "its rating is not a whole number"),
    ("form", {"rating": 1_700_000_000}, "its rating is not a whole number"),
    ("form", {"text": "NaN"}, "its text is only what a program writes for nothing"),
    ("form", {"text": " #N/A "}, "its text is only what a program writes for nothing"),
    ("social", {"url": "ftp://example.com"}, "its url is not one of the web"),
    ("social", {"url": "see above"}, "its url is not one of the web"),
    ("social", {"url": None, "person_id": None}, "it has neither a url nor an author"),
]


@pytest.mark.parametrize("channel", get_args(Channel))
def test_sound_rows_pass_without_a_word(channel: Channel) -> None:
    frame = factories.channel(*SOUND[channel]).iloc[1:]
    assert judge(frame, suites.suite(channel), "item_id") == Verdict()


@pytest.mark.parametrize(("channel", "odd", "reason"), ODD)
def test_an_odd_row_is_counted_and_goes_on(
    channel: Channel, odd: dict[str, Any], reason: str
) -> None:
    found = judge(factories.channel(odd).iloc[1:], suites.suite(channel), "item_id")
    assert found.ok
    assert [warning.startswith(f"1 of 1 rows: {reason}") for warning in found.warnings] == [True]


@pytest.mark.parametrize("channel", get_args(Channel))
def test_no_expectation_is_without_a_row_that_breaks_it(channel: Channel) -> None:
    odd = [row for name, row, _ in ODD if name == channel]
    assert idle(suites.suite(channel), "item_id", factories.channel(*odd)) == []
