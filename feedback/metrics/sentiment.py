"""What each voice adds to the shares of negative and of positive texts.

The share is of *judged* texts: where the model was unsure or there was no text, nobody is counted.
"""

import numpy as np
import pandas as pd

from feedback.metrics.intervals import Floats

JUDGED = ("negative", "neutral", "positive")


def negative(items: pd.DataFrame) -> Floats:
    """1 for a text judged negative, 0 for one judged otherwise, NaN for one not judged."""
    return _share_of("negative", items)


def positive(items: pd.DataFrame) -> Floats:
    """1 for a text judged positive, 0 for one judged otherwise, NaN for one not judged."""
    return _share_of("positive", items)


def judged(items: pd.DataFrame) -> Floats:
    """1 for a text that was judged, 0 for one that nobody was sure of, NaN where there is none."""
    labels = items["sentiment"].astype("category")
    known = labels.notna().to_numpy(dtype=bool)
    return np.where(known, labels.isin(JUDGED).to_numpy(dtype=bool), np.nan)


def _share_of(label: str, items: pd.DataFrame) -> Floats:
    labels = items["sentiment"].astype("category")
    judged = labels.isin(JUDGED).to_numpy(dtype=bool)
    return np.where(judged, labels.eq(label).fillna(False).to_numpy(dtype=bool), np.nan)
