"""Honest probabilities, and the certainty from which on a polarity may be stated.

Both are set on texts of sources the fitted model had never seen: set on random rows of known
sources, the model would look surer than it is anywhere else.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from feedback.sentiment.model import LIKELIER_THAN_NOT, certainty
from feedback.sentiment.reader import softmax
from feedback.sentiment.sources import LABELS

PRECISION = 0.95  # of the polarities stated about texts that have one
NEUTRAL = LABELS.index("neutral")

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def temperature(logits: Floats, labels: Integers, importance: Floats) -> float:
    """What to divide the logits by so that the weighted log loss is least (Guo et al. 2017)."""
    share, rows = importance / importance.sum(), np.arange(len(labels))

    def loss(heat: float) -> float:
        return float(-(share * np.log(softmax(logits / heat)[rows, labels] + 1e-12)).sum())

    return float(minimize_scalar(loss, bounds=(0.2, 10), method="bounded").x)


def threshold(chances: Floats, labels: Integers) -> float:
    """The least certainty from which on PRECISION of the stated polarities are right.

    Counted over texts that truly have a polarity and for which one is stated. 1.0 if none will do.
    """
    likely = chances.max(axis=1) >= LIKELIER_THAN_NOT
    stated = (labels != NEUTRAL) & (chances.argmax(axis=1) != NEUTRAL) & likely
    sure = certainty(chances[stated])
    order = np.argsort(-sure, kind="stable")
    right = (chances[stated].argmax(axis=1) == labels[stated])[order]
    precise = np.cumsum(right) / np.arange(1, len(right) + 1) >= PRECISION
    return float(sure[order][np.flatnonzero(precise)[-1]]) if precise.any() else 1.0
