"""The same words said twice by the same person: which item repeats which.

Nobody is merged on a guess: short words of unknown people are never twins, however equal, and a
short "ok" of a known person is a twin within a day only, for it may be said again next month.
"""

import pandas as pd

LONG_ENOUGH = 40  # characters: longer words are not said twice by chance
SOON = pd.Timedelta(days=1)


def mark_exact(items: pd.DataFrame) -> pd.Series:
    """For each row the item_id of its earliest twin, NA for an original; the index is `items`'.

    `items` has item_id, fingerprint, person_id (NA: unknown), rating (NaN: none), said_at, and
    length in characters of the clean text. Twins share fingerprint, rating and person; unknown
    people count as one person, for texts of `LONG_ENOUGH` only. Empty texts are never twins. The
    row order does not matter.
    """
    ordered = items.sort_values(["said_at", "item_id"], kind="stable")
    same = ordered.groupby(["fingerprint", "person_id", "rating"], dropna=False, sort=False)
    first, first_said = same["item_id"].transform("first"), same["said_at"].transform("first")
    known = ordered["person_id"].notna() & (ordered["length"] > 0)
    soon = ordered["said_at"] - first_said <= SOON
    twin = (ordered["length"] >= LONG_ENOUGH) | (known & soon)
    return (
        first.where(twin & (first != ordered["item_id"]), pd.NA)
        .reindex(items.index)
        .rename("duplicate_of")
    )
