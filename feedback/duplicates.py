"""The same words said twice by the same person: which item repeats which.

Nobody is merged on a guess: short words of unknown people are never twins, however equal.
"""

import pandas as pd

LONG_ENOUGH = 40  # characters: equal words of unknown people are no coincidence from here on


def mark_exact(items: pd.DataFrame) -> pd.Series:
    """For each row the item_id of its earliest twin, NA for an original; the index is `items`'.

    `items` has item_id, fingerprint, person_id (NA: unknown), said_at, and length in characters
    of the clean text. Twins share fingerprint and person; unknown people count as one person,
    for texts of `LONG_ENOUGH` only. Empty texts are never twins. The row order does not matter.
    """
    ordered = items.sort_values(["said_at", "item_id"], kind="stable")
    known = ordered["person_id"].notna()
    enough = (ordered["length"] >= LONG_ENOUGH) | (known & (ordered["length"] > 0))
    first = ordered.groupby(["fingerprint", "person_id"], dropna=False, sort=False)[
        "item_id"
    ].transform("first")
    twin = enough & (first != ordered["item_id"])
    return first.where(twin, pd.NA).reindex(items.index).rename("duplicate_of")
