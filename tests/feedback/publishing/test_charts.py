"""Where things are drawn, and when a change is called a change.

The interval of a difference is held against a published example, not against our own sums.
"""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.publishing.cards import difference
from feedback.publishing.charts.axis import Axis, Slots, bounds, ticks
from feedback.publishing.charts.bars import bar_chart, shortened
from feedback.publishing.charts.lines import Frame, Series, line_chart, missing
from feedback.publishing.snapshot import Row

MONDAY = date(2026, 9, 7)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_round_few_and_enclose_the_values(low: float, width: float) -> None:
    marks = ticks(low, low + width)
    assert marks[0] <= low + width * 1e-6
    assert marks[-1] >= (low + width) - width * 1e-6
    assert 2 <= len(marks) <= 8


@pytest.mark.parametrize(
    ("values", "unit", "span"),
    [
        ([3, 9], "count", (0, 9)),
        ([0, 0], "count", (0, 1)),
        ([0.1, 0.4], "share", (0, 0.4)),
        ([0.8, 0.95], "share", (0.8, 0.95)),
        ([1.0, 1.0], "share", (0.9, 1.0)),
        ([-20, 30], "points", (-20, 30)),
    ],
)
def test_an_axis_starts_at_zero_unless_all_values_are_far_from_it(
    values: list[float], unit: str, span: tuple[float, float]
) -> None:
    assert bounds(values, unit) == pytest.approx(span)


def test_a_value_off_the_axis_is_held_inside_the_drawing() -> None:
    assert Axis(0, 10, 100, 0).at(99) == 0


def test_labels_of_days_have_room_beside_each_other() -> None:
    slots = Slots(MONDAY, MONDAY + timedelta(days=364), 1, 40, 350)
    places = [slots.at(when) for when in slots.labels()]
    assert all(b - a >= 50 for a, b in itertools.pairwise(places))
    assert len(places) >= 2


def test_missing_days_are_joined_into_stretches() -> None:
    week = [MONDAY + timedelta(days=k) for k in range(7)]
    gaps = missing(week, {week[0], week[3], week[6]}, 1)
    assert gaps == [(week[1], week[2]), (week[4], week[5])]


def test_a_line_never_crosses_a_missing_or_hidden_day() -> None:
    rows = [row(0, 1.0), row(1, 2.0), row(2, None), row(3, 3.0), row(5, 4.0)]
    chart = line_chart([Series("plain", "x", rows)], frame())
    assert chart is not None
    curve = chart.curves[0]
    assert curve.solid.count("M") == 1  # only the first two days are neighbours
    assert [mark.alone for mark in curve.marks] == [False, False, True, True]
    assert len(curve.few) == 1
    assert len(chart.gaps) == 2  # the day of too few answers is no gap


def test_values_that_are_not_joined_have_whiskers_and_no_line() -> None:
    rows = [row(0, 1.0), row(1, 2.0)]
    chart = line_chart([Series("plain", "x", rows)], replace(frame(), joined=False))
    assert chart is not None
    curve = chart.curves[0]
    assert (curve.solid, curve.dashed, curve.bands) == ("", "", [])
    assert all(mark.alone for mark in curve.marks)


def test_nothing_is_drawn_of_nothing() -> None:
    assert line_chart([Series("plain", "x", [])], frame()) is None
    assert line_chart([Series("plain", "x", [row(0, None)])], frame()) is None
    assert bar_chart([], "plain") is None


def test_bars_start_at_zero_on_both_sides() -> None:
    chart = bar_chart([("a", "", row(0, -50.0)), ("b", "", row(0, 50.0))], "plain")
    assert chart is not None
    left, right = chart.bars
    assert left.x is not None
    assert left.x + left.width == pytest.approx(chart.zero)
    assert right.x == pytest.approx(chart.zero)


def test_a_long_name_is_cut_to_its_room() -> None:
    assert shortened("x" * 99).endswith("…")
    assert len(shortened("x" * 99)) == 26


def test_the_interval_of_a_difference_follows_zou_and_donner() -> None:
    """Newcombe's hybrid score interval for 56/70 - 48/80: 0.0524 to 0.3339 (his table II, a)."""
    now = replace(row(0, 56 / 70), low=0.6919, high=0.8770)
    before = replace(row(0, 48 / 80), low=0.4904, high=0.7004)
    moved, low, high = difference(now, before)
    assert moved == pytest.approx(0.2)
    assert low == pytest.approx(0.0524, abs=2e-3)
    assert high == pytest.approx(0.3339, abs=2e-3)


def test_a_difference_without_intervals_has_none() -> None:
    bare = replace(row(0, 5.0), low=None, high=None)
    assert difference(bare, row(0, 3.0)) == (2.0, None, None)


def row(offset: int, value: float | None) -> Row:
    spread = (None, None) if value is None else (value - 0.5, value + 0.5)
    when = MONDAY + timedelta(days=offset)
    status = "few" if value is None else "ok"
    return Row("x", "day", when, "", "", value, 9, *spread, status)


def frame() -> Frame:
    return Frame(
        first=MONDAY,
        last=MONDAY + timedelta(days=6),
        step=1,
        unit="count",
        tick=lambda value, step: str(value),
        day=str,
        hint=lambda row: str(row.period),
        partial=lambda when: False,
    )
