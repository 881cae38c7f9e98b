"""Which of today's themes is which of the day before, so that a theme keeps its id.

Two are one when their middles are near; each has at most one counterpart, and of all ways to pair
them the nearest as a whole is taken.
"""

import hashlib
import json
import zlib
from collections.abc import Collection, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

Middle = dict[str, float]  # {term: weight}, of length 1: the same words on every day
LEAST = 0.5  # cosine of the middles of one theme on two days
NAMED_BY = 10  # terms


def counterparts(found: Sequence[Middle], earlier: Sequence[Middle]) -> list[int | None]:
    """For each of `found` the place of the one it was in `earlier`; None for what is new.

    Source: D. F. Crouse, "On implementing 2D rectangular assignment algorithms", IEEE TAES 52
    (2016), as SciPy does it.
    """
    from scipy.optimize import linear_sum_assignment  # slow to import: only when used

    places = {name: i for i, name in enumerate(sorted({t for m in [*found, *earlier] for t in m}))}
    cosine = _dense(found, places) @ _dense(earlier, places).T
    pairs = zip(*linear_sum_assignment(np.where(cosine >= LEAST, cosine, 0), True), strict=True)
    same = {int(i): int(j) for i, j in pairs if cosine[i, j] >= LEAST}
    return [same.get(i) for i in range(len(found))]


def new_id(day: date, language: str, middle: Middle, taken: Collection[str]) -> str:
    """16 hex digits that follow from the day and the words alone, another than those `taken`."""
    said = sorted(sorted(middle, key=lambda term: (-round(middle[term], 4), term))[:NAMED_BY])
    for again in range(len(taken) + 1):
        content = json.dumps([day.isoformat(), language, said, again])
        theme_id = hashlib.blake2b(content.encode(), digest_size=8).hexdigest()
        if theme_id not in taken:
            break
    return theme_id


def packed(middle: Middle) -> bytes:
    """A middle as it is stored."""
    rounded = {term: round(middle[term], 4) for term in sorted(middle)}
    return zlib.compress(json.dumps(rounded, ensure_ascii=False).encode())


def unpacked(stored: bytes) -> Middle:
    """What `packed` made, to four digits."""
    middle: Middle = json.loads(zlib.decompress(stored))
    return middle


def _dense(middles: Sequence[Middle], places: dict[str, int]) -> NDArray[np.float64]:
    rows = np.zeros((len(middles), len(places)))
    for row, middle in zip(rows, middles, strict=True):
        for term, weight in middle.items():
            row[places[term]] = weight
    return rows
