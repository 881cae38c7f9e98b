"""Weights of our own model that `feedback model train` wrote, in place of the shipped ones.

They carry their own version.
"""

import zlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from feedback.errors import Refused
from feedback.sentiment import model
from feedback.sentiment.engine import Around


class TrainedEngine:
    """Weights that `feedback model train` wrote."""

    name = model.NAME

    class Settings(BaseModel):
        model_config = ConfigDict(extra="forbid", frozen=True)

        kind: str
        path: Path = Field(description="The file of weights, .npz.")

    def __init__(self, name: str, settings: Settings, around: Around) -> None:
        del around
        self.table, self.settings = name, settings

    @property
    def version(self) -> str:
        return self._model.version

    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> pd.DataFrame:
        return self._model.judge(texts, languages)

    @cached_property
    def _model(self) -> model.SentimentModel:
        return read(self.settings.path)


def read(path: Path) -> model.SentimentModel:
    """The model of a file of weights. Raises `Refused` when it is none."""
    if not path.exists():
        raise Refused(f"There is no file {path}. Nothing was judged. Name another.")
    try:
        return model.read(path)
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error):
        raise Refused(
            f"{path} holds no weights that `feedback model train` of this version wrote. Nothing "
            "was judged. Name another file, or train anew."
        ) from None
