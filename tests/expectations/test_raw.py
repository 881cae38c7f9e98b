"""The raw suite: each expectation has a row that breaks it, and sound rows pass.

Judging a suite is slow, so the broken rows are judged together.
"""

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from expectations import raw as suites
from expectations.raw import COLUMNS
from expectations.verdict import Verdict, judge
from tests.expectations import factories
from tests.expectations.factories import NOW
from tests.expectations.guard import idle

UNRATED = {"rating": None, "scale_low": None, "scale_high": None, "survey": None}

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"source": None}, "it has no source"),
    ({"ref": None}, "it has no ref"),
    ({"said_at": None}, "it has no readable date"),
    ({"said_at": "1999-12-31T09:59Z"}, "its date is before the year 2000"),
    ({"said_at": "2026-03-21T12:01Z"}, "its date is in the future"),
    ({**UNRATED, "text": None}, "it has neither a text nor a rating"),
    ({**UNRATED, "text": ""}, "it has neither a text nor a rating"),
    ({**UNRATED, "text": " \n\t"}, "it has neither a text nor a rating"),
    ({"scale_low": None}, "its rating has no scale"),
    ({"scale_high": None}, "its rating has no scale"),
    ({"rating": 0}, "its rating is below its scale"),
    ({"rating": 6}, "its rating is above its scale"),
    ({"scale_low": 4, "scale_high": 4}, "its scale does not go from low to high"),
    ({"channel": None}, "it has no channel"),
    ({"channel": "pigeon"}, "its channel is not known"),
    ({"channel": "other"}, "its channel is not known"),
    ({"survey": "horoscope"}, "its survey is not known"),
]
WARNED: list[tuple[dict[str, Any], str]] = [
    ({"text": "я" * 100_001}, "the text is longer than 100,000 characters"),
    ({"survey": "nps", "scale_high": 10}, "the recommendation scale is not 0 to 10"),
    ({"survey": "nps", "scale_low": 0}, "the recommendation scale is not 0 to 10"),
]
SOUND: list[dict[str, Any]] = [
    {"text": None},
    {"text": ""},
    UNRATED,
    {"said_at": "2026-03-21T12:00Z"},
    {"said_at": "2000-01-01T00:00Z"},
    {"text": "я" * 100_000},
    {"survey": "nps", "rating": 0, "scale_low": 0, "scale_high": 10},
    {"survey": "ces", "rating": 7, "scale_high": 7},
    {"survey": None, "rating": 1},
    {**UNRATED, "survey": "goal", "channel": "social"},
    {**UNRATED, "survey": "nps", "channel": "mail"},
]


def test_each_broken_row_is_refused_for_its_own_reason_and_no_sound_row_is() -> None:
    found = verdict(factories.raw(*(row for row, _ in REFUSED)))
    assert found.refused == {f"broken-{i}": [reason] for i, (_, reason) in enumerate(REFUSED)}
    assert found.stopped == []


@pytest.mark.parametrize(("odd", "reason"), WARNED)
def test_an_odd_row_is_counted_and_goes_on(odd: dict[str, Any], reason: str) -> None:
    found = verdict(factories.raw(odd))
    assert found.ok
    assert [warning.startswith(f"1 of 2 rows: {reason}") for warning in found.warnings] == [True]


def test_sound_rows_pass_without_a_word() -> None:
    assert verdict(factories.raw(*SOUND)) == Verdict()


def test_no_expectation_is_without_a_row_that_breaks_it() -> None:
    broken = factories.raw(*(row for row, _ in REFUSED + WARNED), {"key": "sound"})
    assert idle(suites.suite(now=NOW), "key", broken) == []


def test_rows_that_share_a_key_are_refused_together() -> None:
    found = verdict(factories.raw({"key": "twin"}, {"key": "twin"}))
    assert found == Verdict(refused={"twin": ["another row has the same key"]})


def test_a_renamed_column_stops_and_is_named_beside_those_found() -> None:
    found = verdict(factories.raw().rename(columns={"text": "comment"}))
    assert found.stopped == [
        "a column is missing: wanted text, found "
        "channel, comment, key, rating, ref, said_at, scale_high, scale_low, source, survey"
    ]


def test_every_column_is_asked_for() -> None:
    found = verdict(factories.raw().rename(columns=str.upper))
    assert found.stopped[0].startswith(f"a column is missing: wanted {', '.join(sorted(COLUMNS))}")
    assert len(found.stopped) == 1


def test_an_empty_frame_stops() -> None:
    assert verdict(factories.raw().iloc[:0]).stopped == ["the table is empty"]
    assert verdict(pd.DataFrame(columns=[*COLUMNS])).stopped == ["the table is empty"]


def test_how_far_ahead_a_clock_may_be_can_be_set() -> None:
    frame = factories.raw({"said_at": "2026-03-20T12:30Z"})
    strict = suites.suite(now=NOW, ahead=timedelta(minutes=5))
    assert judge(frame, strict, "key").refused == {"broken-0": ["its date is in the future"]}


def verdict(frame: pd.DataFrame) -> Verdict:
    return judge(frame, suites.suite(now=NOW), "key")
