"""Who says what again: one person's repeats, and groups of people who say nearly the same.

Nobody is merged on a guess: short words of unknown people are never twins, however equal, and a
short "ok" of a known person is a twin within one day (UTC) only, for it may be said again later.
"""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pandas as pd

from feedback.floods import FLOOD_SPAN
from feedback.linking import EVER, coded, earliest
from feedback.sketch import Keys, mixed

LONG_ENOUGH = 40  # characters: longer words are not said twice by chance
WINDOW = timedelta(days=28)  # who says the same more than four weeks later speaks anew


def groups(items: pd.DataFrame, sketches: Keys) -> pd.Series:
    """For each row the item_id of the earliest of those who say nearly the same, NA if alone.

    `items` has item_id, said_at and group_id (what was found before, which stands); `sketches` is
    as `feedback.sketch.sketch` makes it. Linked are items that share a number of their sketches
    and were said within `WINDOW`. The row order does not matter; the index is kept.
    """
    links = [(coded(items["group_id"]), EVER), *((keys, WINDOW) for keys in sketches.T)]
    first = earliest(items, links)
    together = first.duplicated(keep=False) | items["group_id"].notna()
    return first.where(together, pd.NA).rename("group_id")


def twins(items: pd.DataFrame, sketches: Keys) -> pd.Series:
    """For each row the item_id of the earliest that it repeats, NA for an original.

    `items` has item_id, fingerprint, person_id (NA: unknown), survey, rating (NaN: none), said_at,
    length in characters of the clean text, redacted (something was taken out of it), particulars
    (see there), flood, and duplicate_of (what was found before, which stands). Twins were said
    within `WINDOW` by one person, in the same words or nearly so with the same particulars,
    whatever their ratings; or are of one flood. Short ones were said on one day with one rating.
    Unknown people count as one person, for the same words of `LONG_ENOUGH` with one rating only,
    and none of them redacted: who gave the same name and another number is another.
    Empty texts are never twins outside a flood. The row order does not matter; the index is kept.
    """
    long, known = items["length"] >= LONG_ENOUGH, items["person_id"].notna()
    person = coded(items["person_id"])
    who = np.where(long & known, person, _with_rating(items))
    return _repeats(items, sketches, who, person, "duplicate_of")


def answers(items: pd.DataFrame, sketches: Keys) -> pd.Series:
    """For each row the item_id of the earliest twin with the same rating in the same survey.

    NA for the first answer, and for what has no rating. `items` as for `twins`, with answer_of
    (what was found before, which stands). So a rating counts once, and with a repeat that gives
    another rating, or gives one where there was none, nothing is lost.
    """
    rated = items["rating"].notna().to_numpy()
    some = items[rated]
    who = _with_rating(some)
    found = _repeats(some, sketches[rated], who, who, "answer_of")
    return found.reindex(items.index)


def _repeats(
    items: pd.DataFrame, sketches: Keys, who: Keys, in_flood: Keys, name: str
) -> pd.Series:
    """`who` is a number for the speaker, and `in_flood` for the speaker of a flood."""
    stored = coded(items[name].fillna(items["item_id"]))
    flooding = np.where(items["flood"], in_flood, np.uint64(0))
    links = [(stored, EVER), (_exactly(items, who), WINDOW), (flooding, FLOOD_SPAN)]
    first = earliest(items, [*links, *((keys, WINDOW) for keys in _nearly(items, sketches, who))])
    return first.where(first != items["item_id"], pd.NA).rename(name)


def _exactly(items: pd.DataFrame, who: Keys) -> Keys:
    """A number for the words and all else that twins in the same words share; 0 where none may."""
    long, known = items["length"] >= LONG_ENOUGH, items["person_id"].notna()
    day = items["said_at"].dt.floor("D").astype("int64").where(~long, 0)
    keys = mixed(coded(items["fingerprint"]) + mixed(day.to_numpy(np.int64).astype(np.uint64)))
    may = known | (long & ~items["redacted"])
    return np.where(may & (items["length"] > 0), mixed(keys + who), np.uint64(0))


def _nearly(items: pd.DataFrame, sketches: Keys, who: Keys) -> Iterator[Keys]:
    """The numbers of the sketches, each only of one known person with the same particulars."""
    known = items["person_id"].notna().to_numpy()
    own = mixed(who + coded(items["particulars"]))
    for keys in sketches.T:
        yield np.where(known & (keys > 0), mixed(keys + own), np.uint64(0))


def _with_rating(items: pd.DataFrame) -> Keys:
    """A number for the person (unknown people are one), the survey and the rating."""
    rating = items["rating"].to_numpy(np.float64) + 0.0  # both zeros alike
    bits = np.where(np.isnan(rating), np.nan, rating).view(np.uint64)
    return mixed(coded(items["person_id"]) + mixed(coded(items["survey"]) + mixed(bits)))
