"""The metric table: every metric by day, ISO week and whole period, for every segment.

Items are read once, into sums per local day, channel and product; all else is sums of those sums.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from feedback.metrics.catalogue import METRICS, Metric, Tally

KEY = ["metric", "grain", "period", "channel", "product"]
COLUMNS = [*KEY, "value", "n", "low", "high", "status"]
FEW = 5  # voices; the number of a smaller group is never shown
CELL = ["day", "channel", "product"]
SEGMENTS: tuple[tuple[str, ...], ...] = ((), ("channel",), ("product",), ("channel", "product"))


def compute(items: pd.DataFrame, *, timezone: str, min_n: int = FEW) -> pd.DataFrame:
    """The long metric table of `items`, one row per metric, grain, period and segment, sorted.

    Reads item_id, said_at (UTC), channel, product, survey, rating, scale_low, scale_high,
    sentiment, duplicate_of and answer_of; each metric leaves out what repeats in its own `once`.
    Returns COLUMNS: grain
    "day", "week" (Monday to Sunday) or "period" (all of it), period the first day of it in
    `timezone`, channel and product "" for all of them, value and bounds in the metric's unit.
    Below `min_n` voices the status is "few" and value, low and high are NaN. No voices, no row;
    but every metric has its row for the whole period. Raises ValueError where said_at is missing.
    """
    if items["said_at"].isna().any():
        raise ValueError("said_at is missing in some items: validate them before measuring")
    cells = _cells(items, timezone)
    return _table([_measure(m, sums, min_n) for sums in _groupings(cells) for m in METRICS])


def _cells(items: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """One row per local day, channel and product ("" for none), with each metric's three sums."""
    local = items["said_at"].dt.tz_convert(timezone).dt.tz_localize(None)
    cells: dict[str, object] = {
        "day": local.to_numpy().astype("datetime64[D]").astype("datetime64[s]"),
        "channel": items["channel"].astype("category"),
        "product": items["product"].fillna("").astype("category"),
    }
    for metric in METRICS:
        score = metric.score(items)
        part = ~np.isnan(score)
        if metric.once:
            part &= items[metric.once].isna().to_numpy()
        known = np.where(part, score, 0.0)
        cells |= {f"{metric.name}.n": part.astype(float)}
        cells |= {f"{metric.name}.total": known, f"{metric.name}.squares": known**2}
    summed = pd.DataFrame(cells).groupby(CELL, observed=True, sort=False).sum().reset_index()
    return summed.astype({"channel": object, "product": object})


def _groupings(cells: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The sums of each grain and segment, with grain, period, channel and product as columns."""
    days = cells["day"]
    periods = {
        "day": days,
        "week": days - pd.to_timedelta(days.dt.day_of_week, unit="D"),
        "period": pd.Series(days.min(), index=cells.index),
    }
    for grain, period in periods.items():
        for segment in SEGMENTS:
            known = cells.assign(period=period).drop(columns="day")
            if "product" in segment:
                known = known[known["product"] != ""]
            blank = {name: "" for name in ("channel", "product") if name not in segment}
            known = known.assign(**blank)
            sums = known.groupby(["period", "channel", "product"], sort=False).sum()
            yield sums.reset_index().assign(grain=grain)


def _measure(metric: Metric, sums: pd.DataFrame, min_n: int) -> pd.DataFrame:
    whole = (sums["grain"] == "period") & (sums["channel"] == "") & (sums["product"] == "")
    rows = sums[(sums[f"{metric.name}.n"] > 0) | whole]
    n, total, squares = (
        rows[f"{metric.name}.{part}"].to_numpy() for part in ("n", "total", "squares")
    )
    found = metric.estimate(Tally(n, total, squares))
    enough = (n >= min_n) & (n > 0)
    return rows[["grain", "period", "channel", "product"]].assign(
        metric=metric.name,
        value=np.where(enough, found.value, np.nan),
        n=n.astype(np.int64),
        low=np.where(enough, found.low, np.nan),
        high=np.where(enough, found.high, np.nan),
        status=np.where(enough, "ok", "few"),
    )


def _table(parts: list[pd.DataFrame]) -> pd.DataFrame:
    table = pd.concat(parts, ignore_index=True).sort_values(KEY, ignore_index=True)
    return table.assign(period=table["period"].dt.date)[COLUMNS]
