"""What text classifiers that run on this machine have in common, whatever runs them.

Their files are opened at the first text; the version is a hash of them and of what is set.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from feedback.errors import Refused
from feedback.sentiment.engine import digest, stated
from feedback.sentiment.labels import gathered, meanings
from feedback.sentiment.model import LONGEST, Floats

BATCH = 32  # texts scored at once


class ClassifierSettings(BaseModel):
    """What can be said of every classifier; each kind adds its own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    labels: dict[str, Literal["negative", "neutral", "positive"]] = Field(
        {}, description="What the model's labels mean, where their names do not say it."
    )
    languages: list[str] = Field(
        [], description="ISO 639-1 codes that the model reads (`unknown` too); others: `unsure`."
    )
    threshold: float = Field(
        0.5,
        ge=0.5,
        le=1,
        description="A polarity is stated from this share of negative + positive on.",
    )
    max_tokens: int = Field(512, ge=8, description="Tokens read of one text; the rest is cut off.")
    threads: int = Field(1, ge=1, description="Processor threads that it may use.")


class Classifier(ABC):
    """An `Engine` of probabilities over labels; a kind says where they come from."""

    def __init__(self, name: str, settings: ClassifierSettings) -> None:
        self.table, self.settings = name, settings

    @property
    @abstractmethod
    def name(self) -> str:
        """What is published beside the numbers."""

    @abstractmethod
    def made_of(self) -> str:
        """What the model is, as a hash or a commit."""

    @abstractmethod
    def labels(self) -> list[str]:
        """The names of its outputs, in order."""

    @abstractmethod
    def outputs(self, texts: Sequence[str]) -> Floats:
        """N texts to N x K probabilities over `labels`."""

    @cached_property
    def version(self) -> str:
        told = self.settings.model_dump(include={"labels", "languages", "threshold", "max_tokens"})
        return digest(self.made_of(), told)

    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> pd.DataFrame:
        chances = np.full((len(texts), 3), np.nan)
        rows = [
            row
            for row, (text, language) in enumerate(zip(texts, languages, strict=True))
            if text.strip() and (not self.settings.languages or language in self.settings.languages)
        ]
        rows.sort(key=lambda row: len(texts[row]))  # alike in length, so that little is padded
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            clean = [texts[row][:LONGEST].encode(errors="replace").decode() for row in some]
            chances[some] = gathered(self.outputs(clean), self._meanings)
        return stated(chances, self.settings.threshold)

    @cached_property
    def _meanings(self) -> list[str]:
        return meanings(self.labels(), self.settings.labels, f"engines.{self.table}.labels")

    def refused(self, why: str) -> Refused:
        """An error that names the table of this engine."""
        return Refused(f"[engines.{self.table}] cannot be used: {why}. Nothing was judged.")


def hashed(files: Iterable[Path]) -> str:
    """One hash of the names and contents of files."""
    whole = hashlib.sha256()
    for path in sorted(files):
        with path.open("rb") as file:
            whole.update(f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}".encode())
    return whole.hexdigest()
