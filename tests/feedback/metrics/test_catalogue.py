"""The declarations: complete in both languages, and named where people read about them."""

from pathlib import Path

import pytest

from feedback.metrics.catalogue import METRICS, Metric

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "metrics.md"


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_metric_says_what_it_means_in_both_languages(metric: Metric) -> None:
    for words in (metric.title, metric.question, metric.caveat):
        assert set(words) == {"ru", "en"}
        assert all(text.strip() == text != "" for text in words.values())
    assert all(text.endswith("?") for text in metric.question.values())
    assert metric.owner


def test_no_two_metrics_have_one_name() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_the_explanation_names_the_metric(metric: Metric) -> None:
    assert f"`{metric.name}`" in PAGE.read_text(encoding="utf-8")
