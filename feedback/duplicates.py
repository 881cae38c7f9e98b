"""The same words said twice by the same person: which item repeats which.

Nobody is merged on a guess: short words of unknown people are never twins, however equal, and a
short "ok" of a known person is a twin within one day (UTC) only, for it may be said again later.
"""

import pandas as pd

LONG_ENOUGH = 40  # characters: longer words are not said twice by chance


def mark_exact(items: pd.DataFrame) -> pd.Series:
    """For each row the item_id of its earliest twin, NA for an original; the index is `items`'.

    `items` has item_id, fingerprint, person_id (NA: unknown), rating (NaN: none), said_at, and
    length in characters of the clean text. Twins share fingerprint, rating and person, and short
    ones the day; unknown people count as one person, for texts of `LONG_ENOUGH` only. Empty texts
    are never twins. The row order does not matter.
    """
    if items.empty:
        return pd.Series(pd.NA, index=items.index, dtype="str", name="duplicate_of")
    ordered = items.sort_values(["said_at", "item_id"], kind="stable")
    long = ordered["length"] >= LONG_ENOUGH
    day = ordered["said_at"].dt.floor("D").mask(long)
    keys = [ordered["fingerprint"], ordered["person_id"], ordered["rating"], day]
    first = ordered.groupby(keys, dropna=False, sort=False)["item_id"].transform("first")
    known = ordered["person_id"].notna() & (ordered["length"] > 0)
    twin = (long | known) & (first != ordered["item_id"])
    return first.where(twin, pd.NA).reindex(items.index).rename("duplicate_of")
