"""Shares of topics and intents: who is counted, among whom, and what is not shown."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from feedback.metrics.intervals import wilson
from feedback.metrics.topics import COLUMNS, compute

START = date(2026, 9, 1)  # a Tuesday
Told = dict[str, str]


def test_the_share_of_a_topic_is_of_all_tagged_voices_with_wilsons_interval() -> None:
    found = number(voices([{"delivery": "negative"}] * 6 + [{}] * 14), "topic_share", "delivery")
    assert (found["value"], found["n"], found["status"]) == (0.3, 20, "ok")
    assert (found["low"], found["high"]) == pytest.approx(tuple(map(float, wilson(6, 20))))


def test_a_voice_about_two_topics_counts_in_both() -> None:
    some = voices([{"delivery": "neutral", "price": "neutral"}] * 10)
    assert number(some, "topic_share", "delivery")["value"] == 1
    assert number(some, "topic_share", "price")["value"] == 1


def test_the_sentiment_of_a_topic_is_told_among_judged_mentions_only() -> None:
    told = [{"delivery": felt} for felt in ["negative"] * 4 + ["positive"] * 4 + ["unsure"] * 9]
    found = number(voices([*told, {}, {}]), "topic_negative_share", "delivery")
    assert (found["value"], found["n"]) == (0.5, 8)


def test_of_one_topic_the_sentiment_says_nothing_about_another() -> None:
    some = voices([{"delivery": "negative", "price": "positive"}] * 10)
    assert number(some, "topic_negative_share", "delivery")["value"] == 1
    assert number(some, "topic_negative_share", "price")["value"] == 0


@pytest.mark.parametrize(("speak", "status"), [(0, "ok"), (1, "few"), (4, "few"), (5, "ok")])
def test_a_topic_of_fewer_than_five_voices_has_no_number_but_none_is_a_number(
    speak: int, status: str
) -> None:
    some = voices([{"delivery": "neutral"}] * speak + [{}] * 100)
    found = number(some, "topic_share", "delivery")
    assert found["status"] == status
    assert np.isnan(found["value"]) == (status == "few") == np.isnan(found["high"])


def test_with_fewer_than_five_voices_nothing_has_a_number() -> None:
    table = measured(voices([{"delivery": "negative"}] * 4))
    assert set(table["status"]) == {"few"}
    assert table["value"].isna().all()


def test_a_voice_that_was_not_tagged_is_in_no_denominator() -> None:
    some = voices([{"delivery": "neutral"}] * 5 + [None] * 95)
    assert number(some, "topic_share", "delivery")["n"] == 5


def test_without_tagged_voices_the_table_is_empty_and_keeps_its_columns() -> None:
    for some in (voices([None]), voices([])):
        table = measured(some)
        assert list(table.columns) == COLUMNS
        assert table.empty


def test_intents_are_shares_of_voices_too() -> None:
    some = voices([{}] * 10, intents=[{"churn": ""}] * 5 + [{}] * 5)
    assert number(some, "intent_share", "churn")["value"] == 0.5
    assert number(some, "intent_share", "risk")["value"] == 0


def test_a_week_begins_on_monday_where_the_customers_live() -> None:
    sunday_in_london = ["2026-09-06T22:30Z"] * 5  # Monday in Moscow
    some = voices([{"delivery": "neutral"}] * 5, said_at=sunday_in_london)
    table = measured(some)
    assert set(table.loc[table["grain"] == "week", "period"]) == {date(2026, 9, 7)}
    assert set(table.loc[table["grain"] == "period", "period"]) == {START}


def test_every_declared_topic_has_its_row_in_every_week_with_voices() -> None:
    days = ["2026-09-02T10:00Z"] * 5 + ["2026-09-16T10:00Z"] * 5
    table = measured(voices([{"delivery": "neutral"}] * 10, said_at=days))
    weeks = table[(table["metric"] == "topic_share") & (table["grain"] == "week")]
    assert sorted(zip(weeks["topic"], weeks["period"], weeks["value"], strict=True)) == [
        ("delivery", date(2026, 8, 31), 1),
        ("delivery", date(2026, 9, 14), 1),
        ("price", date(2026, 8, 31), 0),
        ("price", date(2026, 9, 14), 0),
    ]


def voices(
    topics: list[Told | None],
    intents: list[Told] | None = None,
    said_at: list[str] | None = None,
) -> pd.DataFrame:
    """Voices as the warehouse gives them; without tags where the topics are None."""
    wants = intents or [None if one is None else {} for one in topics]
    moments = said_at or ["2026-09-02T10:00Z"] * len(topics)
    return pd.DataFrame(
        {
            "said_at": pd.to_datetime(pd.Series(moments, dtype=object), utc=True),
            "topics": pd.Series(topics, dtype=object),
            "intents": pd.Series(wants, dtype=object),
        }
    )


def measured(some: pd.DataFrame) -> pd.DataFrame:
    return compute(
        some,
        topics=["price", "delivery"],
        intents=["churn", "risk"],
        timezone="Europe/Moscow",
        start=START,
    )


def number(some: pd.DataFrame, metric: str, topic: str) -> dict[str, Any]:
    """The row of the whole period."""
    table = measured(some)
    own = (table["metric"] == metric) & (table["topic"] == topic) & (table["grain"] == "period")
    [row] = table[own].to_dict("records")
    return row
