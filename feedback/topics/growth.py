"""Whether a theme grows: how often it is spoken of in the later half against the half before.

Many themes are looked at on one day, so a theme grows only where that outlasts the correction for
many looks; a day's total that grows makes no theme grow.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from feedback.metrics.intervals import wilson

LEVEL = 0.05  # of the themes said to grow or shrink, the share that may be chance
FEWEST = 100  # texts in either half, or nothing is said

Integers = NDArray[np.int64]
Trend = Literal["growing", "shrinking", "steady", "unknown"]


class Growth(NamedTuple):
    """The later rate over the earlier one with its 95 % interval; `high` may be infinite."""

    ratio: float
    low: float
    high: float
    trend: Trend


def growth(
    later: Sequence[int], before: Sequence[int], texts: int, texts_before: int
) -> list[Growth]:
    """One for each theme: it has `later` of `texts` and had `before` of `texts_before`.

    Of two Poisson counts a and b at m and n texts, a is binomial in a + b with p = r m / (r m + n),
    r the ratio of rates: Wilson's interval of a / (a + b) gives that of r, and r = 1 is tested
    exactly. Source: J. Przyborowski and H. Wilenski, Biometrika 31 (1940) 313-323.
    """
    if min(texts, texts_before) < FEWEST:
        return [Growth(np.nan, np.nan, np.nan, "unknown")] * len(later)
    a, b = np.asarray(later), np.asarray(before)
    low, high = wilson(a, a + b)
    scale = texts_before / texts
    with np.errstate(divide="ignore"):
        ratios = [np.divide(p, 1.0 - p) * scale for p in (a / (a + b), low, high)]
    sure = discoveries(_chances(a, b, texts / (texts + texts_before)))
    return [
        Growth(float(ratio), float(least), float(most), _trend(least, most, is_sure))
        for ratio, least, most, is_sure in zip(*ratios, sure, strict=True)
    ]


def discoveries(chances: Sequence[float], level: float = LEVEL) -> list[bool]:
    """Which p-values stand when `level` of those that do may be false.

    Source: Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995)
    289-300.
    """
    order = np.argsort(chances, kind="stable")
    ranks = np.arange(1, len(order) + 1)
    below = np.flatnonzero(np.asarray(chances)[order] <= level * ranks / len(order))
    stands = np.zeros(len(order), dtype=bool)
    stands[order[: below[-1] + 1 if len(below) else 0]] = True
    return [bool(one) for one in stands]


def _chances(a: Integers, b: Integers, share: float) -> list[float]:
    from scipy.stats import binomtest  # slow to import: only when used

    return [float(binomtest(int(x), int(x + y), share).pvalue) for x, y in zip(a, b, strict=True)]


def _trend(low: float, high: float, is_sure: bool) -> Trend:
    if is_sure and low > 1:
        return "growing"
    return "shrinking" if is_sure and high < 1 else "steady"
