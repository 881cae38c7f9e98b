"""What would change if another model judged: labels, and every published number of sentiment.

Both are held to the same items, so that nothing but the model makes a difference.
"""

import pandas as pd

from feedback.metrics.compute import KEY, compute
from feedback.metrics.intervals import wilson
from feedback.metrics.sentiment import JUDGED

OF_SENTIMENT = ("negative_share", "positive_share")
NUMBERS = ["value", "n", "low", "high", "status"]


def summary(before: pd.Series, after: pd.Series) -> pd.DataFrame:
    """What, how many of how many, the share with its 95 % interval (Wilson).

    Both hold a label for each text: one of JUDGED, or `unsure`.
    """
    both = before.isin(JUDGED) & after.isin(JUDGED)
    same = before == after
    rows = [
        ("judged before", int(before.isin(JUDGED).sum()), len(before)),
        ("judged after", int(after.isin(JUDGED).sum()), len(after)),
        ("same label", int(same.sum()), len(before)),
        ("same label, where both judged", int((same & both).sum()), int(both.sum())),
    ]
    return pd.DataFrame([_share(*row) for row in rows])


def changes(before: pd.Series, after: pd.Series) -> pd.DataFrame:
    """Labels that change, the most frequent change first: before, after, texts."""
    pairs = pd.DataFrame({"before": before, "after": after})
    counted = pairs[before != after].value_counts().rename("texts").reset_index()
    return counted.sort_values(["texts", "before", "after"], ascending=[False, True, True])


def numbers(items: pd.DataFrame, after: pd.Series, timezone: str) -> pd.DataFrame:
    """Each share of sentiment by whole period, week and channel, as before and as after.

    `items` is what `feedback.metrics.compute` reads. Columns: metric, grain, period, channel, then
    value, n, low, high and status with `_before` and `_after`; NaN where a group is too small.
    """
    old, new = (
        _shares(compute(frame, timezone=timezone))
        for frame in (items, items.assign(sentiment=after.to_numpy()))
    )
    return old.merge(new, on=KEY, how="outer", suffixes=("_before", "_after")).drop(
        columns="product"
    )


def _shares(values: pd.DataFrame) -> pd.DataFrame:
    shown = values["metric"].isin(OF_SENTIMENT) & values["grain"].isin(["period", "week"])
    shares = values[shown & (values["product"] == "")].copy()
    few = (shares["status"] == "few") & (shares["n"] > 0)
    return shares.assign(n=shares["n"].astype("Int64").mask(few))


def _share(what: str, n: int, of: int) -> dict[str, object]:
    if not of:
        return {"what": what, "texts": n, "of": of, "share": None, "low": None, "high": None}
    low, high = wilson(n, of)
    return {"what": what, "texts": n, "of": of, "share": n / of, "low": low, "high": high}
