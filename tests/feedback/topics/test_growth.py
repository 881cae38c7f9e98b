from math import inf, isclose, nan

import pytest

from feedback.metrics.intervals import wilson
from feedback.topics.growth import discoveries, growth


def test_a_theme_said_three_times_as_often_grows() -> None:
    (one,) = growth([60], [20], 1000, 1000)
    assert isclose(one.ratio, 3)
    assert one.trend == "growing"


def test_the_interval_is_that_of_the_split_counted_by_hand() -> None:
    (one,) = growth([30], [10], 1000, 500)
    low, high = wilson(30, 40)
    assert isclose(one.ratio, 30 / 1000 / (10 / 500))
    assert isclose(one.low, low / (1 - low) / 2)
    assert isclose(one.high, high / (1 - high) / 2)


def test_a_theme_that_grows_as_all_texts_do_is_steady() -> None:
    (one,) = growth([200], [100], 2000, 1000)
    assert isclose(one.ratio, 1)
    assert one.trend == "steady"


def test_a_theme_that_was_not_there_before_grows_without_an_upper_bound() -> None:
    (one,) = growth([30], [0], 1000, 1000)
    assert (one.ratio, one.high, one.trend) == (inf, inf, "growing")


def test_a_theme_that_is_gone_shrinks() -> None:
    (one,) = growth([0], [30], 1000, 1000)
    assert (one.ratio, one.low, one.trend) == (0, 0, "shrinking")


def test_what_one_look_would_call_growth_is_steady_among_a_hundred_looks() -> None:
    assert growth([33], [17], 1000, 1000)[0].trend == "growing"
    many = growth([33] + [25] * 99, [17] + [25] * 99, 1000, 1000)
    assert {one.trend for one in many} == {"steady"}


def test_without_texts_before_nothing_is_said_of_growth() -> None:
    (one,) = growth([30], [5], 1000, 50)
    assert one.trend == "unknown"
    assert str(one.ratio) == str(nan)


@pytest.mark.parametrize(
    ("chances", "stand"),
    [
        # Ten ordered p-values against 0.005, 0.010, ... 0.050, by hand
        ([0.001, 0.009, 0.02, 0.019, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], [True] * 4 + [False] * 6),
        ([0.03, 0.04], [True, True]),
        ([0.06, 0.01], [False, True]),
        ([], []),
    ],
)
def test_false_discoveries_are_held_down_as_by_hand(
    chances: list[float], stand: list[bool]
) -> None:
    assert discoveries(chances) == stand
