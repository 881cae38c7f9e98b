"""How sure a number is: 95 % intervals for shares, counts and the Net Promoter Score.

None of them is symmetric about its value, and all of them hold at n = 1 and at "everybody".
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bounds = tuple[Floats, Floats]

Z95 = 1.959963984540054  # the 97.5 % point of the standard normal distribution
TAIL95 = 0.025


def wilson(successes: ArrayLike, n: ArrayLike) -> Bounds:
    """Score interval of a share, 0..1, for counts of any shape; NaN where n is 0.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
    inference", JASA 22 (1927) 209-212; recommended for small n by Brown, Cai and DasGupta,
    "Interval estimation for a binomial proportion", Statistical Science 16 (2001) 101-133.
    """
    k, size = _counts(successes, n)
    share = k / size
    centre = (share + Z95**2 / (2 * size)) / (1 + Z95**2 / size)
    root = np.sqrt(share * (1 - share) / size + Z95**2 / (4 * size**2))
    spread = Z95 * root / (1 + Z95**2 / size)
    return _around(share, centre - spread, centre + spread, floor=0.0, ceiling=1.0)


def garwood(count: ArrayLike) -> Bounds:
    """Exact interval of a Poisson mean, in events, for one observed count or an array of them.

    Source: F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936)
    437-442. "Exact" means: it covers the mean in at least 95 % of samples, often in more.
    """
    from scipy.special import gammaincinv  # a third of a second to import: only when used

    k = np.asarray(count, dtype=np.float64)
    low = np.where(k > 0, gammaincinv(np.maximum(k, 1), TAIL95), 0.0)
    return np.minimum(low, k), np.maximum(gammaincinv(k + 1, 1 - TAIL95), k)


def net_promoter(promoters: ArrayLike, detractors: ArrayLike, n: ArrayLike) -> Bounds:
    """Adjusted Wald interval of the Net Promoter Score, in points -100..100; NaN where n is 0.

    Three answers are added to the n that were given: 3/4 promoter, 3/4 detractor and 3/2
    passive. With p and d the adjusted shares and s = p - d, the bounds are
    s -+ 1.96 * sqrt((p + d - s**2) / (n + 3)), cut at -100 and 100. The added answers pull the
    centre towards 0, so at the extremes (all promoters, n = 1) a bound is moved out to the value.
    Source: B. Rocks, "Interval estimation for the Net Promoter Score", The American Statistician
    70 (2016) 365-372.
    """
    up, size = _counts(promoters, n)
    down, _ = _counts(detractors, n)
    p, d = (up + 0.75) / (size + 3), (down + 0.75) / (size + 3)
    spread = Z95 * np.sqrt((p + d - (p - d) ** 2) / (size + 3))
    low, high = _around((up - down) / size, p - d - spread, p - d + spread, floor=-1.0, ceiling=1.0)
    return 100 * low, 100 * high


def _counts(part: ArrayLike, whole: ArrayLike) -> tuple[Floats, Floats]:
    size = np.asarray(whole, dtype=np.float64)
    return np.asarray(part, dtype=np.float64), np.where(size > 0, size, np.nan)


def _around(value: Floats, low: Floats, high: Floats, *, floor: float, ceiling: float) -> Bounds:
    """Cut to the possible range, and hold the value inside against rounding and shrinking."""
    return np.clip(np.minimum(low, value), floor, ceiling), np.clip(
        np.maximum(high, value), floor, ceiling
    )
