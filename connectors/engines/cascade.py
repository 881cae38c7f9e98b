"""A fast engine first, a strong one only for what the fast one is unsure of.

When the strong one puts a text off, the fast one's own answer stands.
"""

from collections.abc import Sequence
from functools import cached_property

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from feedback.sentiment.engine import SHIPPED, Around, Engine
from feedback.sentiment.model import UNSURE


class CascadeEngine:
    """A fast engine first, a strong one only for what the fast one is unsure of."""

    class Settings(BaseModel):
        model_config = ConfigDict(extra="forbid", frozen=True)

        kind: str
        fast: str = Field(SHIPPED, description="The engine that is asked about every text.")
        strong: str = Field(description="The engine that is asked where the fast one is unsure.")

    def __init__(self, name: str, settings: Settings, around: Around) -> None:
        del name
        self._settings, self._around = settings, around

    @cached_property
    def parts(self) -> tuple[Engine, Engine]:
        return self._around.other(self._settings.fast), self._around.other(self._settings.strong)

    @property
    def name(self) -> str:
        return "+".join(part.name for part in self.parts)

    @property
    def version(self) -> str:
        return "+".join(part.version for part in self.parts)

    @property
    def sends_out(self) -> bool:
        return any(getattr(part, "sends_out", False) for part in self.parts)

    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> pd.DataFrame:
        fast, strong = self.parts
        rows = fast.judge(texts, languages).astype({"label": object})
        doubted = [row for row, label in enumerate(rows["label"]) if label == UNSURE]
        if not doubted:
            return rows
        again = strong.judge([texts[row] for row in doubted], [languages[row] for row in doubted])
        again.index = pd.Index(doubted)
        told = again[again["label"].notna() & again["confidence"].notna()]
        rows.loc[told.index, told.columns] = told
        return rows
