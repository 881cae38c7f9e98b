"""Temperature and threshold."""

import numpy as np

from feedback.sentiment import calibrate
from feedback.sentiment.reader import softmax


def test_an_overconfident_model_is_cooled_by_what_it_overstates() -> None:
    dice = np.random.default_rng(0)
    honest = dice.normal(size=(20_000, 3)) * 1.5
    labels = (softmax(honest).cumsum(axis=1) < dice.random((20_000, 1))).sum(axis=1)

    assert abs(calibrate.temperature(honest * 2.5, labels, np.ones(20_000)) - 2.5) < 0.1


def test_from_the_threshold_on_the_stated_polarities_reach_the_precision() -> None:
    sure = np.linspace(0.5, 1, 5000)
    labels = np.where(np.random.default_rng(0).random(5000) < sure, 2, 0)
    least = calibrate.threshold(polar(sure), labels)

    assert 0.88 < least < 0.92  # above it the mean certainty is .95
    assert (labels[sure >= least] == 2).mean() >= calibrate.PRECISION
    assert (labels[sure >= least - 0.02] == 2).mean() < calibrate.PRECISION


def test_neutral_texts_have_no_say_in_the_threshold() -> None:
    sure = np.linspace(0.6, 1, 100)
    labels = np.where(np.arange(100) % 2, 1, 2)

    assert calibrate.threshold(polar(sure), labels) == sure[0]


def test_a_model_that_is_never_right_states_nothing() -> None:
    sure = np.linspace(0.6, 0.9, 100)

    assert calibrate.threshold(polar(sure), np.zeros(100, int)) == 1.0


def polar(sure: np.ndarray) -> np.ndarray:
    """Probabilities that lean to positive by that much, hardly neutral."""
    return np.stack([0.99 * (1 - sure), np.full(len(sure), 0.01), 0.99 * sure], axis=1)
