"""What each answer to a survey adds to CSAT and to the Net Promoter Score.

A rating is only ever read on its own scale; NaN means "this voice takes no part in the metric".
"""

import numpy as np
import pandas as pd

from feedback.metrics.intervals import Floats

FINEST_STEPS = 10  # an 11-point scale; two boxes out of more say nothing about satisfaction


def csat(items: pd.DataFrame) -> Floats:
    """1 for a satisfied answer to survey "csat", 0 for another, NaN for everything else.

    Satisfied is one of the two highest points of the answer's own scale (the "top-two-box" share,
    4 and 5 out of 5), or the highest alone where the scale has only two or three points. Ratings
    off their scale and scales of more than 11 points take no part.
    """
    rating, low, high = (_floats(items, name) for name in ("rating", "scale_low", "scale_high"))
    steps = high - low
    counts = _asked(items, "csat") & (rating >= low) & (rating <= high)
    counts &= (steps >= 1) & (steps <= FINEST_STEPS)
    boxes = np.where(steps <= 2, 1, 2)
    return np.where(counts, rating > high - boxes, np.nan)


def net_promoter(items: pd.DataFrame) -> Floats:
    """1 for a promoter (9-10), -1 for a detractor (0-6), 0 for a passive; NaN for others.

    Only survey "nps" on its own scale, 0 to 10, takes part: F. Reichheld, "The one number you
    need to grow", Harvard Business Review 81 (2003) 46-54.
    """
    rating, low, high = (_floats(items, name) for name in ("rating", "scale_low", "scale_high"))
    counts = _asked(items, "nps") & (low == 0) & (high == 10) & (rating >= 0) & (rating <= 10)
    return np.where(counts, (rating >= 9).astype(float) - (rating < 7), np.nan)


def disagreement(items: pd.DataFrame) -> Floats:
    """1 where a rating contradicts the words that came with it, 0 where not, NaN for others.

    Takes part: a rating on its scale, of two points or more, with a text judged negative or
    positive. A rating in the lowest third of its scale is bad (1 and 2 of 5, 0 to 3 of 10), one in
    the highest third is good; one between them contradicts nothing.
    """
    rating, low, high = (_floats(items, name) for name in ("rating", "scale_low", "scale_high"))
    labels = items["sentiment"].astype("string").fillna("")
    negative, positive = (labels.eq(one).to_numpy(dtype=bool) for one in ("negative", "positive"))
    counts = (rating >= low) & (rating <= high) & (high > low) & (negative | positive)
    third = (high - low) / 3
    bad, good = rating <= low + third, rating >= high - third
    return np.where(counts, (bad & positive) | (good & negative), np.nan)


def _floats(items: pd.DataFrame, name: str) -> Floats:
    return items[name].to_numpy(dtype=np.float64, na_value=np.nan)


def _asked(items: pd.DataFrame, survey: str) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    return items["survey"].eq(survey).fillna(False).to_numpy(dtype=bool)
