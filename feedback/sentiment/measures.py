"""How good a judgement is against labels, each measure with its 95 % interval.

Polarity is measured on texts that truly have one; calling an opinion neutral costs coverage there.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback.metrics.intervals import wilson
from feedback.sentiment.model import certainty
from feedback.sentiment.sources import LABELS

RESAMPLES = 200
BINS = 10
POLAR = ("negative", "positive")
NEUTRAL = LABELS.index("neutral")

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Measure:
    """A value with its interval; NaN where nothing could be measured."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        if np.isnan(self.value):
            return "–"
        return f"{self.value:.3f} ({self.low:.3f}–{self.high:.3f})"


def measure(truth: "pd.Series[str]", judged: pd.DataFrame) -> dict[str, Measure]:
    """All measures of one test set.

    `truth` holds N labels as in LABELS, `judged` N rows with the columns of `judge`. A row without
    numbers is never right, has no lean, and is left out of ECE.
    """
    true = np.array([LABELS.index(label) for label in truth])
    chances = judged[["p_negative", "p_neutral", "p_positive"]].to_numpy(np.float64)
    best = np.where(np.isnan(chances).any(axis=1), -1, chances.argmax(axis=1))
    polar = truth.isin(POLAR).to_numpy()
    stated = judged["label"].isin(POLAR).to_numpy()
    right = judged["label"].to_numpy() == truth.to_numpy()
    known = judged["label"].to_numpy() != "unsure"
    confidence = judged["confidence"].to_numpy(np.float64)
    return {
        "accuracy": _share(true == best),
        "macro-F1": _resampled(lambda rows: macro_f1(true[rows], best[rows]), len(true)),
        "neutral F1": _resampled(lambda rows: f1(true[rows], best[rows], NEUTRAL), len(true)),
        "polarity accuracy": _share(_same_side(true, chances)[polar]),
        "coverage of opinions": _share(stated[polar]),
        "polarity precision": _share(right[polar & stated]),
        "judged": _share(known),
        "right where judged": _share(right[known]),
        "ECE": _resampled(
            lambda rows: calibration_error(confidence[rows], (true == best)[rows]), len(true)
        ),
    }


def precision_at(truth: "pd.Series[str]", judged: pd.DataFrame, coverage: float) -> Measure:
    """How many of the `coverage` surest polarities, of texts that have one, are right."""
    polar = truth.isin(POLAR).to_numpy()
    chances = judged[["p_negative", "p_neutral", "p_positive"]].to_numpy(np.float64)[polar]
    true = np.array([LABELS.index(label) for label in truth[polar]], dtype=np.int64)
    surest = np.argsort(-np.nan_to_num(certainty(chances)), kind="stable")
    return _share(_same_side(true, chances)[surest[: round(coverage * len(true))]])


def macro_f1(true: Integers, guessed: Integers) -> float:
    """Mean F1 over the classes that occur in `true`; NaN if only one does."""
    classes = np.unique(true)
    scores = [f1(true, guessed, one) for one in classes]
    return float(np.mean(scores)) if len(classes) > 1 else float("nan")


def f1(true: Integers, guessed: Integers, one: int) -> float:
    """F1 of one class; NaN if it does not occur in `true`."""
    said, meant = guessed == one, true == one
    return float(2 * (said & meant).sum() / (said.sum() + meant.sum())) if meant.any() else np.nan


def calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """Expected calibration error in ten equal bins (Naeini et al. 2015), where there is one."""
    known = ~np.isnan(confidence)
    confidence, right = confidence[known], right[known]
    if not known.any():
        return float("nan")
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, confidence - right, BINS)
    return float(np.abs(gaps).sum() / len(confidence))


def _same_side(true: Integers, chances: Floats) -> Floats:
    """1 where the likelier polarity is the true one, a half where neither is likelier."""
    lean = np.nan_to_num(np.sign(chances[:, 2] - chances[:, 0]))
    return np.asarray((1 + lean * np.where(true == LABELS.index("positive"), 1, -1)) / 2)


def _share(hits: NDArray[np.generic]) -> Measure:
    n = len(hits)
    if n == 0:
        return Measure(np.nan, np.nan, np.nan)
    low, high = wilson(float(hits.astype(float).sum()), n)
    return Measure(float(hits.astype(float).mean()), float(low), float(high))


def _resampled(score: Callable[[Integers], float], n: int) -> Measure:
    """The percentile bootstrap; always the same resamples."""
    dice = np.random.default_rng(0)
    scores = np.array([score(dice.integers(0, n, n)) for _ in range(RESAMPLES)])
    if np.isnan(scores).all():
        return Measure(score(np.arange(n)), np.nan, np.nan)
    low, high = np.nanquantile(scores, [0.025, 0.975])
    return Measure(score(np.arange(n)), float(low), float(high))
