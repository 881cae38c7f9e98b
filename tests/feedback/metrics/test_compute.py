"""The metric table: days, weeks, segments, small groups, and a slow reading that must agree."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from feedback.metrics.catalogue import METRICS
from feedback.metrics.compute import COLUMNS, KEY, compute
from tests.feedback.metrics.factories import items

NAMES = sorted(metric.name for metric in METRICS)


def test_the_table_agrees_with_a_slow_reading_of_every_group() -> None:
    frame = some(400)
    table = compute(frame, timezone="Asia/Yekaterinburg", min_n=3)
    seen = {tuple(row[:5]): (row[5], row[6]) for row in table.itertuples(index=False)}
    assert len(seen) == len(table)
    expected = slowly(frame, ZoneInfo("Asia/Yekaterinburg"), min_n=3)
    assert seen.keys() == expected.keys()
    for key, (value, n) in expected.items():
        assert seen[key] == (pytest.approx(value, nan_ok=True), n), key


def test_the_table_has_its_columns_in_order_and_is_sorted_by_key() -> None:
    table = compute(some(200), timezone="UTC")
    assert list(table.columns) == COLUMNS
    assert list(table[KEY].itertuples(index=False)) == sorted(
        table[KEY].itertuples(index=False), key=tuple
    )
    assert table["n"].dtype == np.int64
    assert table["value"].dtype == table["low"].dtype == table["high"].dtype == np.float64
    assert type(table["period"].iloc[0]) is date


def test_the_order_of_the_items_does_not_matter() -> None:
    frame = some(300)
    shuffled = frame.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(compute(frame, timezone="UTC"), compute(shuffled, timezone="UTC"))


def test_a_day_is_a_day_of_the_given_timezone() -> None:
    late = items({"said_at": "2026-03-01T21:30Z"})
    assert days(compute(late, timezone="UTC", min_n=1)) == [date(2026, 3, 1)]
    assert days(compute(late, timezone="Europe/Moscow", min_n=1)) == [date(2026, 3, 2)]


def test_a_clock_change_neither_loses_nor_doubles_a_voice() -> None:
    hours = pd.date_range("2026-10-24T00:00Z", "2026-10-26T23:00Z", freq="h")
    frame = items(*({"said_at": hour.isoformat()} for hour in hours))
    table = compute(frame, timezone="Europe/Berlin", min_n=1)
    by_day = table[(table.grain == "day") & (table.metric == "volume") & (table.channel == "")]
    assert by_day.set_index("period")["n"].to_dict() == {
        date(2026, 10, 24): 22,
        date(2026, 10, 25): 25,
        date(2026, 10, 26): 24,
        date(2026, 10, 27): 1,
    }


def test_a_week_starts_on_monday_even_across_the_new_year() -> None:
    frame = items({"said_at": "2026-12-31T12:00Z"}, {"said_at": "2027-01-03T12:00Z"})
    table = compute(frame, timezone="UTC", min_n=1)
    weeks = table[(table.grain == "week") & (table.channel == "") & (table.metric == "volume")]
    assert list(zip(weeks.period, weeks.n, strict=True)) == [(date(2026, 12, 28), 2)]


def test_days_and_weeks_without_voices_have_no_row() -> None:
    frame = items({"said_at": "2026-03-02T12:00Z"}, {"said_at": "2026-03-20T12:00Z"})
    table = compute(frame, timezone="UTC", min_n=1)
    assert days(table) == [date(2026, 3, 2), date(2026, 3, 20)]
    assert set(table[table.grain == "week"].period) == {date(2026, 3, 2), date(2026, 3, 16)}


def test_the_period_starts_on_the_first_local_day() -> None:
    frame = items({"said_at": "2026-03-09T23:00Z"}, {"said_at": "2026-03-05T23:00Z"})
    table = compute(frame, timezone="Europe/Moscow")
    assert set(table[table.grain == "period"].period) == {date(2026, 3, 6)}


def test_every_metric_has_a_row_for_the_whole_even_when_nobody_answered() -> None:
    table = compute(items({}), timezone="UTC", min_n=1)
    whole = table[(table.grain == "period") & (table.channel == "") & (table["product"] == "")]
    assert list(whole.metric) == NAMES
    assert {row.metric for row in whole.itertuples() if row.n} == {"messages", "volume"}
    known = whole[whole.status == "ok"]
    assert list(known.metric) == ["messages", "volume"]


def test_repeats_count_as_messages_and_nowhere_else() -> None:
    answer = {"survey": "csat", "rating": 5, "scale_low": 1, "scale_high": 5}
    double = answer | {"sentiment": "positive", "duplicate_of": "item-0", "answer_of": "item-0"}
    table = compute(items(answer, double), timezone="UTC", min_n=1)
    assert whole(table, "volume").n == whole(table, "csat").n == 1
    assert whole(table, "positive_share").n == 0
    assert whole(table, "messages").n == 2


def test_a_rating_in_words_that_were_said_before_is_still_an_answer() -> None:
    mail = {"sentiment": "negative"}
    asked = {"survey": "nps", "scale_low": 0, "scale_high": 10, "duplicate_of": "item-0"} | mail
    rated = [asked | {"rating": 3}, asked | {"rating": 9}, asked | {"rating": 3}]
    table = compute(items(mail, *rated[:2], rated[2] | {"answer_of": "item-1"}), timezone="UTC",
                    min_n=1)  # fmt: skip
    assert whole(table, "volume").n == whole(table, "negative_share").n == 1
    assert (whole(table, "nps").n, whole(table, "nps").value) == (2, 0)
    assert whole(table, "messages").n == 4


def test_a_small_group_shows_how_many_but_no_number() -> None:
    table = compute(items(*[{}] * 4), timezone="UTC")
    row = whole(table, "volume")
    assert (row.n, row.status) == (4, "few")
    assert table[["value", "low", "high"]].isna().all(axis=None)
    assert whole(compute(items(*[{}] * 5), timezone="UTC"), "volume").value == 5


def test_scales_are_never_mixed_in_an_average() -> None:
    frame = items(
        {"survey": "csat", "rating": 5, "scale_low": 1, "scale_high": 5},
        {"survey": "csat", "rating": 5, "scale_low": 1, "scale_high": 10},
        {"survey": "nps", "rating": 10, "scale_low": 0, "scale_high": 10},
    )
    table = compute(frame, timezone="UTC", min_n=1)
    assert (whole(table, "csat").value, whole(table, "csat").n) == (0.5, 2)
    assert (whole(table, "nps").value, whole(table, "nps").n) == (100, 1)


def test_a_voice_without_a_product_counts_in_all_but_in_no_product() -> None:
    table = compute(items({"product": None}, {"product": "app"}), timezone="UTC", min_n=1)
    volume = table[(table.metric == "volume") & (table.grain == "period")]
    assert dict(
        zip(zip(volume.channel, volume["product"], strict=True), volume.n, strict=True)
    ) == {
        ("", ""): 2,
        ("", "app"): 1,
        ("mail", ""): 2,
        ("mail", "app"): 1,
    }


def test_no_items_give_an_empty_table_with_its_columns() -> None:
    assert list(compute(items(), timezone="UTC").columns) == COLUMNS
    assert compute(items(), timezone="UTC").empty


def test_a_day_of_nothing_but_repeats_has_messages_and_no_voices() -> None:
    table = compute(items({"duplicate_of": "other"}), timezone="UTC", min_n=1)
    assert set(table[table.grain == "day"].metric) == {"messages"}
    assert (whole(table, "volume").n, whole(table, "messages").n) == (0, 1)


def test_an_item_without_a_time_is_an_error_and_not_left_out() -> None:
    with pytest.raises(ValueError, match="said_at"):
        compute(items({}, {"said_at": None}), timezone="UTC")


def days(table: pd.DataFrame) -> list[date]:
    return sorted(set(table[table.grain == "day"].period))


def whole(table: pd.DataFrame, metric: str) -> pd.Series:
    rows = table[(table.metric == metric) & (table.grain == "period")]
    return rows[(rows.channel == "") & (rows["product"] == "")].iloc[0]


def slowly(
    frame: pd.DataFrame, zone: ZoneInfo, min_n: int
) -> dict[tuple[str, str, date, str, str], tuple[float, int]]:
    """The definition, word for word: one loop over items, one list of scores for each key."""
    first = min(moment.astimezone(zone).date() for moment in frame["said_at"].dt.to_pydatetime())
    scores: dict[tuple[str, str, date, str, str], list[float]] = {}
    for metric in METRICS:
        once = {"messages": None, "csat": "answer_of", "nps": "answer_of"}
        column = once.get(metric.name, "duplicate_of")
        kept = frame[frame[column].isna()] if column else frame
        today = [moment.astimezone(zone).date() for moment in kept["said_at"].dt.to_pydatetime()]
        scores[metric.name, "period", first, "", ""] = []
        by_item = zip(today, kept["channel"], kept["product"], metric.score(kept), strict=True)
        for day, channel, product, score in by_item:
            monday = day - timedelta(days=day.weekday())
            for grain, period in (("day", day), ("week", monday), ("period", first)):
                for place in {("", ""), (channel, "")} | (
                    set() if pd.isna(product) else {("", product), (channel, product)}
                ):
                    if not np.isnan(score):
                        scores.setdefault((metric.name, grain, period, *place), []).append(score)
    factor = {"volume": len, "messages": len, "nps": lambda found: 100 * sum(found) / len(found)}
    return {
        key: (
            factor.get(key[0], lambda found: sum(found) / len(found))(found)
            if len(found) >= min_n
            else np.nan,
            len(found),
        )
        for key, found in scores.items()
    }


def some(n: int) -> pd.DataFrame:
    """n items over 24 days, seeded: every survey, scale, sentiment and kind of gap."""
    draw = np.random.default_rng(20260302)
    surveys = [("nps", 0, 10), ("csat", 1, 5), ("csat", 1, 7), ("ces", 1, 7), (None, None, None)]
    start = pd.Timestamp("2026-02-20T00:00Z")
    rows = []
    for _ in range(n):
        survey, low, high = surveys[draw.integers(5)]
        rows.append(
            {
                "said_at": (
                    start + pd.Timedelta(minutes=int(draw.integers(24 * 1440)))
                ).isoformat(),
                "channel": str(draw.choice(["mail", "form", "social"])),
                "product": [None, "app", "card"][draw.integers(3)],
                "survey": survey,
                "scale_low": low,
                "scale_high": high,
                "rating": None if low is None else int(draw.integers(low, high + 1)),
                "sentiment": ["negative", "neutral", "positive", "unsure", None][draw.integers(5)],
                "duplicate_of": "item-0" if draw.random() < 0.1 else None,
                "answer_of": "item-0" if draw.random() < 0.1 else None,
            }
        )
    return items(*rows)
