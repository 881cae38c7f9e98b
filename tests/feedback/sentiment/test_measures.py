"""The measures, on judgements small enough to count by hand."""

import numpy as np
import pandas as pd
import pytest

from feedback.sentiment import measures, model
from feedback.sentiment.sources import LABELS


def test_each_measure_is_what_a_hand_count_gives() -> None:
    #        truth      negative neutral positive  stated at certainty .7
    rows = [
        ("negative", (0.80, 0.10, 0.10)),  # right
        ("negative", (0.10, 0.10, 0.80)),  # wrong side, stated
        ("negative", (0.45, 0.30, 0.25)),  # right side, unsure
        ("positive", (0.10, 0.60, 0.30)),  # right side, but called neutral
        ("neutral", (0.10, 0.70, 0.20)),  # right
        ("neutral", (0.10, 0.10, 0.80)),  # stated, but there was no polarity to be right about
        ("negative", (np.nan, np.nan, np.nan)),  # no numbers: never right, no lean
    ]
    found = measures.measure(*answers(rows))

    assert found["accuracy"].value == pytest.approx(3 / 7)
    assert found["polarity accuracy"].value == pytest.approx(3.5 / 5)
    assert found["coverage of opinions"].value == pytest.approx(2 / 5)
    assert found["polarity precision"].value == pytest.approx(1 / 2)
    assert found["judged"].value == pytest.approx(5 / 7)
    assert found["right where judged"].value == pytest.approx(2 / 5)
    assert found["macro-F1"].value == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)
    assert found["neutral F1"].value == pytest.approx(1 / 2)


def test_every_interval_holds_its_value_and_narrows_with_n() -> None:
    rows = [("negative", (0.8, 0.1, 0.1)), ("positive", (0.6, 0.1, 0.3))] * 20
    rows += [("neutral", (0.1, 0.8, 0.1)), ("neutral", (0.4, 0.3, 0.3))] * 20
    few, many = measures.measure(*answers(rows)), measures.measure(*answers(rows * 20))

    for name, one in few.items():
        assert one.low <= one.value <= one.high, name
    assert width(many["accuracy"]) < width(few["accuracy"]) / 3
    assert width(many["macro-F1"]) < width(few["macro-F1"]) / 3


def test_precision_at_a_coverage_counts_the_surest_opinions_only() -> None:
    truth, judged = answers(
        [
            ("negative", (0.90, 0.05, 0.05)),  # right, surest
            ("positive", (0.05, 0.15, 0.80)),  # right
            ("positive", (0.50, 0.10, 0.40)),  # wrong, least sure
            ("negative", (0.20, 0.10, 0.70)),  # wrong
            ("neutral", (0.99, 0.00, 0.01)),  # no opinion to be right about
        ]
    )

    assert measures.precision_at(truth, judged, 0.5).value == 1
    assert measures.precision_at(truth, judged, 0.75).value == pytest.approx(2 / 3)
    assert measures.precision_at(truth, judged, 1).value == pytest.approx(2 / 4)


def test_an_honest_confidence_has_no_calibration_error() -> None:
    right = np.array([True] * 8 + [False] * 2)

    assert measures.calibration_error(np.full(10, 0.8), right) == pytest.approx(0)
    assert measures.calibration_error(np.full(10, 0.95), right) == pytest.approx(0.15)
    without = measures.calibration_error(np.append(np.full(10, 0.8), np.nan), np.append(right, 0))
    assert without == pytest.approx(0)


def test_what_cannot_be_measured_is_a_dash() -> None:
    found = measures.measure(*answers([("neutral", (0.1, 0.8, 0.1))] * 3))

    assert str(found["polarity accuracy"]) == str(found["macro-F1"]) == "–"


def test_a_text_without_lean_is_half_right() -> None:
    found = measures.measure(*answers([("negative", (0.0, 2.0, 0.0))]))

    assert found["polarity accuracy"].value == 0.5


def answers(
    rows: list[tuple[str, tuple[float, float, float]]],
) -> tuple["pd.Series[str]", pd.DataFrame]:
    assert {truth for truth, _ in rows} <= set(LABELS)
    chances = np.array([chance for _, chance in rows])
    judged = model.state(chances, np.full(len(rows), 0.7))
    return pd.Series([truth for truth, _ in rows]), judged


def width(one: measures.Measure) -> float:
    return one.high - one.low
