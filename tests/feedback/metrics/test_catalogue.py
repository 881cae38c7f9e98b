"""The declarations: complete in both languages, and named where people read about them."""

from pathlib import Path

import numpy as np
import pytest

from feedback.metrics import intervals
from feedback.metrics.catalogue import DECLARED, Declared, Tally, count, net_score, share

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "metrics.md"


@pytest.mark.parametrize("metric", DECLARED, ids=lambda metric: metric.name)
def test_a_metric_says_what_it_means_in_both_languages(metric: Declared) -> None:
    for words in (metric.title, metric.question, metric.caveat):
        assert set(words) == {"ru", "en"}
        assert all(text.strip() == text != "" for text in words.values())
    assert all(text.endswith("?") for text in metric.question.values())
    assert metric.owner


def test_an_nps_is_estimated_from_sums_as_from_its_promoters_and_detractors() -> None:
    scores = np.array([1.0] * 7 + [0.0] * 4 + [-1.0] * 2)
    found = net_score(Tally(np.array(13.0), scores.sum(), (scores**2).sum()))
    assert found.value == pytest.approx(100 * (7 - 2) / 13)
    assert (found.low, found.high) == intervals.net_promoter(7, 2, 13)


def test_a_share_and_a_count_stand_inside_their_own_intervals() -> None:
    n = np.array([5.0, 50.0])
    found = share(Tally(n, np.array([1.0, 30.0]), np.array([1.0, 30.0])))
    np.testing.assert_array_equal([found.low, found.high], intervals.wilson([1, 30], n))
    counted = count(Tally(n, n, n))
    np.testing.assert_array_equal(counted.value, n)
    np.testing.assert_array_equal([counted.low, counted.high], intervals.garwood(n))


def test_no_two_metrics_have_one_name() -> None:
    assert len({metric.name for metric in DECLARED}) == len(DECLARED)


@pytest.mark.parametrize("metric", DECLARED, ids=lambda metric: metric.name)
def test_the_explanation_names_the_metric(metric: Declared) -> None:
    assert f"`{metric.name}`" in PAGE.read_text(encoding="utf-8")
