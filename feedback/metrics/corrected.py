"""The shares of negative and positive texts, corrected by what people found when they read some.

They are of all texts, those on which the model was unsure included, and their interval holds the
model's errors: a wide interval over a true share instead of a narrow one beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback.metrics import intervals
from feedback.metrics.catalogue import CORRECTED
from feedback.metrics.compute import COLUMNS
from feedback.metrics.sentiment import JUDGED

ENOUGH = 50  # labelled texts
ENOUGH_OF_EACH = 5  # in every stratum that is not small
SMALL = 0.02  # of all texts
LANGUAGES = ("ru", "en")
SHARES = {"negative_share_corrected": "negative", "positive_share_corrected": "positive"}


@dataclass(frozen=True)
class Labels:
    """How many texts there are, how many of them people labelled, and how many labels lack.

    `most` is where: the language and what the model said; None where any text would do.
    """

    texts: int
    labelled: int
    missing: int
    most: tuple[str, str] | None = None


def measure(items: pd.DataFrame, *, timezone: str) -> tuple[pd.DataFrame, Labels]:
    """The corrected shares as rows of the metric table, and what they rest on.

    Reads said_at, language, model_label, drawn_label and duplicate_of. There is a row per share
    for the whole period, and for each week that has labels enough; n is the labelled texts. Where
    labels lack, status is "few", n is 0 and there is no number.
    """
    local = items["said_at"].dt.tz_convert(timezone).dt.tz_localize(None)
    days = local.to_numpy().astype("datetime64[D]").astype("datetime64[s]")
    texts = items.assign(day=days)[items["duplicate_of"].isna() & items["model_label"].notna()]
    whole = strata(texts)
    rows = [] if items.empty else list(_rows("period", days.min(), whole))
    weeks = texts["day"] - pd.to_timedelta(texts["day"].dt.day_of_week, unit="D")
    for week, own in texts.groupby(weeks):
        rows += [row for row in _rows("week", week, strata(own)) if row["n"]]
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"value": float, "n": "int64"})
    table["period"] = pd.to_datetime(table["period"]).dt.date
    totals = whole[["texts", "labelled"]].sum().astype(int)
    return table, Labels(totals["texts"], totals["labelled"], missing(whole), most(whole))


def strata(texts: pd.DataFrame) -> pd.DataFrame:
    """Texts by what the model said, in each language: how many, and what the labelled ones are.

    Columns: language ("ru", "en", "other"), said, texts, labelled, negative, positive.
    """
    labels = texts["drawn_label"]
    counted = pd.DataFrame(
        {
            "language": texts["language"].where(texts["language"].isin(LANGUAGES), "other"),
            "said": texts["model_label"],
            "texts": 1,
            "labelled": labels.isin(JUDGED).astype(int),
            "negative": labels.eq("negative").fillna(False).astype(int),
            "positive": labels.eq("positive").fillna(False).astype(int),
        }
    ).astype({"language": object, "said": object})
    return counted.groupby(["language", "said"], as_index=False).sum()


def missing(counted: pd.DataFrame) -> int:
    """How many more labels are needed at least; 0 when there are enough of `strata`."""
    lacking = int(_lacking(counted).sum())
    return max(lacking, ENOUGH - int(counted["labelled"].sum()), 0)


def most(counted: pd.DataFrame) -> tuple[str, str] | None:
    """The stratum that lacks most labels, as (language, said), of equals the one of more texts.

    None where each has enough to speak for itself, even if all together have not.
    """
    lacking = counted.assign(lacking=_lacking(counted)).query("lacking > 0")
    if lacking.empty:
        return None
    worst = lacking.sort_values(["lacking", "texts"], ascending=False, kind="stable").iloc[0]
    return str(worst["language"]), str(worst["said"])


def share(counted: pd.DataFrame, label: str) -> tuple[float, float, float]:
    """The share of all texts that are `label`, with its 95 % interval; needs labels enough.

    Post-stratification by what the model said. With W the share of the texts in a stratum (a
    language and what the model said), m of them labelled, and p the share of these that people
    called `label`, an estimate of P(true | said):

        share    = sum(W p)
        variance = sum(W^2 p (1 - p) / m) + sum(W (p - share)^2) / N

    the first term for not knowing the model's error, the second for the N texts being a sample of
    what customers might have said. It holds however many labels each stratum got, as long as
    chance chose them within it: W, not the number read, weighs a stratum. So strata of which more
    was read, as the unsure, do not bend it. Source: W. G. Cochran, "Sampling Techniques", 3rd ed.,
    Wiley 1977, sections 5A.9 (post-stratification) and 12.2 (double sampling for stratification).
    It needs no error rates from elsewhere, as W. J. Rogan and B. Gladen, "Estimating prevalence
    from the results of a screening test", American Journal of Epidemiology 107 (1978) 71-76, do.

    In the variance p is (labelled so + 1) / (m + 2), or a stratum of five that agree would pass
    for certain. The bounds are Wilson's for as many simple answers as would be as sure: E. L. Korn
    and B. I. Graubard, "Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data", Survey Methodology 24 (1998) 193-201.
    """
    joined = _joined(counted)
    texts, m, so = (joined[name].to_numpy(np.float64) for name in ("texts", "labelled", label))
    weight = texts / texts.sum()
    value = float(weight @ (so / m))
    p = (so + 1) / (m + 2)
    centre = weight @ p
    variance = weight**2 @ (p * (1 - p) / m) + weight @ (p - centre) ** 2 / texts.sum()
    size = centre * (1 - centre) / variance
    low, high = intervals.wilson(value * size, size)
    return value, float(low), float(high)


def _joined(counted: pd.DataFrame) -> pd.DataFrame:
    """Strata too thin to speak for themselves, with the largest of the same label, else of all.

    All of them are small: `missing` sees to that.
    """
    thick = counted[counted["labelled"] >= _wanted(counted)]
    thick = thick.sort_values("texts", ascending=False)
    homes = []
    for place, said in counted["said"].items():
        own = thick[thick["said"] == said]
        home = (own if len(own) else thick).index[0]
        homes.append(place if place in thick.index else home)
    return counted[["texts", "labelled", "negative", "positive"]].groupby(homes).sum()


def _wanted(counted: pd.DataFrame) -> "pd.Series[int]":
    """How many labels a stratum needs to speak for itself: all, where it has few texts."""
    return counted["texts"].clip(upper=ENOUGH_OF_EACH)


def _lacking(counted: pd.DataFrame) -> "pd.Series[int]":
    """How many labels each stratum lacks that is not small."""
    large = counted[counted["texts"] > SMALL * counted["texts"].sum()]
    return (_wanted(large) - large["labelled"]).clip(lower=0)


def _rows(grain: str, period: object, counted: pd.DataFrame) -> Iterator[dict[str, object]]:
    enough = missing(counted) == 0
    for metric in CORRECTED:
        found = share(counted, SHARES[metric.name]) if enough else (np.nan,) * 3
        key = {"metric": metric.name, "grain": grain, "period": period}
        yield key | {
            "channel": "",
            "product": "",
            **dict(zip(("value", "low", "high"), found, strict=True)),
            "n": int(counted["labelled"].sum()) if enough else 0,
            "status": "ok" if enough else "few",
        }
