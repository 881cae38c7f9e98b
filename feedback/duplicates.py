"""Who says what again: one person's repeats, and groups of people who say nearly the same.

Nobody is merged on a guess: short words of unknown people are never twins, however equal, and a
short "ok" of a known person is a twin within one day (UTC) only, for it may be said again later.
"""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pandas as pd

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

    `items` has item_id, fingerprint, person_id (NA: unknown), rating (NaN: none), said_at, length
    in characters of the clean text, and duplicate_of (what was found before, which stands). Twins
    were said within `WINDOW` by one person with one rating, in the same words or nearly so; short
    ones on one day. Unknown people count as one person, for the same words of `LONG_ENOUGH` only.
    Empty texts are never twins. The row order does not matter; the index is kept.
    """
    stored = coded(items["duplicate_of"].fillna(items["item_id"]))
    links = [(stored, EVER), (_exactly(items), WINDOW)]
    first = earliest(items, [*links, *((keys, WINDOW) for keys in _nearly(items, sketches))])
    return first.where(first != items["item_id"], pd.NA).rename("duplicate_of")


def _exactly(items: pd.DataFrame) -> Keys:
    """A number for the words and all else that twins in the same words share; 0 where none may."""
    long, known = items["length"] >= LONG_ENOUGH, items["person_id"].notna()
    day = items["said_at"].dt.floor("D").astype("int64").where(~long, 0)
    keys = mixed(coded(items["fingerprint"]) + mixed(day.to_numpy(np.int64).astype(np.uint64)))
    keys = mixed(keys + _speaker(items))
    return np.where((long | known) & (items["length"] > 0), keys, np.uint64(0))


def _nearly(items: pd.DataFrame, sketches: Keys) -> Iterator[Keys]:
    """The numbers of the sketches, each only of one known person with one rating."""
    speaker, known = _speaker(items), items["person_id"].notna().to_numpy()
    for keys in sketches.T:
        yield np.where(known & (keys > 0), mixed(keys + speaker), np.uint64(0))


def _speaker(items: pd.DataFrame) -> Keys:
    """A number for the person (unknown people are one) and the rating."""
    rating = items["rating"].to_numpy(np.float64) + 0.0  # both zeros alike
    bits = np.where(np.isnan(rating), np.nan, rating).view(np.uint64)
    return mixed(coded(items["person_id"]) + mixed(bits))
