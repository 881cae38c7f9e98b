"""The intervals: published values, the extremes, and how often they cover the truth."""

import numpy as np
import pytest
from scipy.special import pdtr

from feedback.metrics.intervals import garwood, net_promoter, wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [  # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_a_share_has_the_published_wilson_interval(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("k", "low", "high"),
    [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (10, 4.7954, 18.3904)],
)
def test_a_count_has_the_published_exact_poisson_interval(k: int, low: float, high: float) -> None:
    assert garwood(k) == pytest.approx((low, high), abs=5e-5)


def test_a_count_at_the_edge_of_its_interval_is_a_chance_of_one_in_forty() -> None:
    k = np.array([1, 5, 100, 10_000])
    low, high = garwood(k)
    assert 1 - pdtr(k - 1, low) == pytest.approx(0.025)
    assert pdtr(k, high) == pytest.approx(0.025)


def test_nps_adds_three_answers_before_it_computes_its_variance() -> None:
    promoters, detractors, n = 15, 6, 36
    p, d = 15.75 / 39, 6.75 / 39
    spread = 1.959964 * ((p + d - (p - d) ** 2) / 39) ** 0.5
    expected = (100 * (p - d - spread), 100 * (p - d + spread))
    assert net_promoter(promoters, detractors, n) == pytest.approx(expected)


@pytest.mark.parametrize("n", [1, 2, 10, 100_000])
def test_when_all_agree_the_interval_still_has_a_width_and_holds_the_value(n: int) -> None:
    for low, high, value in (
        (*wilson(n, n), 1),
        (*wilson(0, n), 0),
        (*net_promoter(n, 0, n), 100),
        (*net_promoter(0, n, n), -100),
        (*net_promoter(0, 0, n), 0),
    ):
        assert low <= value <= high
        assert low < high


def test_no_interval_leaves_the_possible_range() -> None:
    n = np.arange(1, 200)
    for k in (np.zeros_like(n), n // 2, n):
        assert all(((bound >= 0) & (bound <= 1)).all() for bound in wilson(k, n))
        assert all((abs(bound) <= 100).all() for bound in net_promoter(k, n - k, n))


def test_nobody_asked_gives_no_interval() -> None:
    assert np.isnan(wilson([0], [0])).all()
    assert np.isnan(net_promoter([0], [0], [0])).all()


def test_a_table_of_groups_is_measured_in_one_call() -> None:
    low, high = wilson([[1, 2], [3, 4]], [[5, 5], [5, 5]])
    assert low.shape == high.shape == (2, 2)
    assert low[1, 0] == wilson(3, 5)[0]


@pytest.mark.parametrize("n", [5, 20, 100])
def test_shares_are_covered_in_nineteen_cases_of_twenty(n: int) -> None:
    truth = np.random.default_rng(7).uniform(size=20_000)
    low, high = wilson(np.random.default_rng(8).binomial(n, truth), n)
    assert 0.945 < ((low <= truth) & (truth <= high)).mean() < 0.96


@pytest.mark.parametrize("n", [5, 20, 100])
def test_nps_is_covered_in_nineteen_cases_of_twenty(n: int) -> None:
    shares = np.random.default_rng(7).dirichlet([1, 1, 1], size=20_000)
    seen = np.random.default_rng(8).multinomial(n, shares)
    low, high = net_promoter(seen[:, 0], seen[:, 1], np.full(len(seen), n))
    truth = 100 * (shares[:, 0] - shares[:, 1])
    assert 0.945 < ((low <= truth) & (truth <= high)).mean() < 0.965


def test_counts_are_covered_in_at_least_nineteen_cases_of_twenty() -> None:
    mean = np.random.default_rng(7).uniform(0.5, 50, size=20_000)
    low, high = garwood(np.random.default_rng(8).poisson(mean))
    assert 0.95 < ((low <= mean) & (mean <= high)).mean() < 0.98
