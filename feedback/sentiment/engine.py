"""What every engine of sentiment promises, and what one that costs something remembers.

The shipped model is one of them; a text that is put off has no label, and a later run asks again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from feedback.sentiment.model import Floats, state

SHIPPED = "shipped"
Chances = tuple[float, float, float]
"""p_negative, p_neutral, p_positive: each 0 to 1, together 1."""


class Engine(Protocol):
    """Judges texts. `name` and `version` are stored beside all that it judged, and published.

    `judge` returns one row per text, same order, with the columns of `model.COLUMNS`: `unsure`
    without numbers where it has no opinion, and no label at all (NA) where it did not come to the
    text this time. Raises ValueError if the sequences differ in length, else errors of ours.
    """

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> pd.DataFrame: ...


class Memory(Protocol):
    """What was answered before, and what that cost. `who` is (engine, its version).

    `keep` without answers keeps the tokens that an unusable answer cost.
    """

    def recall(self, who: tuple[str, str], texts: Sequence[str]) -> dict[str, Chances]: ...
    def keep(self, who: tuple[str, str], answers: Mapping[str, Chances], tokens: int) -> None: ...
    def spent_today(self, engine: str) -> int: ...


class Forgetful:
    """A memory for one question: it remembers nothing and counts nothing."""

    def recall(self, who: tuple[str, str], texts: Sequence[str]) -> dict[str, Chances]:
        del who, texts
        return {}

    def keep(self, who: tuple[str, str], answers: Mapping[str, Chances], tokens: int) -> None:
        del who, answers, tokens

    def spent_today(self, engine: str) -> int:
        del engine
        return 0


@dataclass(frozen=True, slots=True)
class Around:
    """What an engine finds around it: a memory, and the other engines of the settings by name."""

    memory: Memory
    other: Callable[[str], Engine]


def stated(chances: Floats, threshold: float, put_off: Sequence[int] = ()) -> pd.DataFrame:
    """N x 3 probabilities (NaN: no opinion) to the rows that `judge` promises.

    `put_off` are the rows that the engine did not come to.
    """
    rows = state(chances, np.full(len(chances), threshold)).astype({"label": object})
    rows.loc[list(put_off), "label"] = None
    return rows


def digest(*parts: Any) -> str:
    """Twelve hex digits that change with anything among the parts."""
    told = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:12]
