"""The shipped sentiment model: texts to negative, neutral, positive, or honestly `unsure`.

Runs on numpy alone; each different word is looked up once per batch.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback.sentiment import features
from feedback.sentiment.reader import Reader, softmax
from feedback.sentiment.sources import LABELS

NAME = "feedback-sentiment"
WEIGHTS = Path(__file__).parent / "weights.npz"
COLUMNS = ["label", "score", "confidence", "p_negative", "p_neutral", "p_positive"]
UNSURE = "unsure"
UNKNOWN = "unknown"
LONGEST = 10_000  # characters read of one text
LIKELIER_THAN_NOT = 0.5
_BATCH = 6_000  # characters scored at once: bounds the memory

_CYRILLIC, _LATIN = re.compile("[а-яё]", re.IGNORECASE), re.compile("[a-z]", re.IGNORECASE)
_SPEAKS = re.compile(r"[^\W\d_]|[\u2600-\u27bf\U0001f000-\U0001faff]|[:;=]['-]?[)(]|\)\)|\(\(|<3")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Head:
    """One language's reader with its calibration."""

    reader: Reader
    temperature: float
    threshold: float  # a polarity is stated from this certainty on

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """N x 3 calibrated probabilities."""
        return softmax(self.reader.logits(features.encode(texts)) / self.temperature)


@dataclass(frozen=True)
class SentimentModel:
    """Heads by language. `meta` says with what and how they were trained."""

    version: str
    heads: dict[str, Head]
    meta: dict[str, object]
    name: str = NAME

    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> pd.DataFrame:
        """One row per text, same order, RangeIndex, columns as in COLUMNS.

        `languages` holds ISO 639-1 codes or "unknown"; the script then decides (Cyrillic: ru,
        else en) and only half the doubt is allowed. `confidence` is the calibrated probability
        of the likeliest label, `score` is p_positive - p_negative.

        A label is stated if it is likelier than not and, for a polarity, if its share of
        p_negative + p_positive reaches the language's threshold; else it is `unsure` with its
        numbers. A text in another language, or without a letter, emoji or emoticon, is `unsure`
        with NaN everywhere else.

        A text's numbers do not depend on the texts judged beside it, not in their last bits either.
        Raises ValueError if the two sequences differ in length; no text makes it raise.
        """
        clean = [text[:LONGEST] if isinstance(text, str) else "" for text in texts]
        routes = np.array([route(*pair) for pair in zip(clean, languages, strict=True)], dtype="U8")
        chances = np.full((len(clean), len(LABELS)), np.nan)
        threshold = np.ones(len(clean))
        for language, head in self.heads.items():
            rows = np.flatnonzero(routes == language)
            threshold[rows] = head.threshold
            for batch in _batches(rows, clean):
                chances[batch] = head.probabilities([clean[i] for i in batch])
        guessed = np.array([language == UNKNOWN for language in languages], dtype=bool)
        threshold[guessed] = (1 + threshold[guessed]) / 2
        return state(chances, threshold)


@cache
def load() -> SentimentModel:
    """The model shipped beside this file, read once."""
    return read(WEIGHTS)


def read(path: Path) -> SentimentModel:
    """A model from a file that `feedback.sentiment.train` wrote."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        meta, heads = json.loads(str(stored["meta"])), dict[str, Head]()
        for language, about in meta["heads"].items():
            start = f"{language}_"
            arrays = {
                name.removeprefix(start): stored[name] for name in stored if name.startswith(start)
            }
            heads[language] = Head(Reader.of(arrays), about["temperature"], about["threshold"])
        return SentimentModel(version=str(stored["version"]), heads=heads, meta=meta)


def route(text: str, language: str) -> str:
    """The language whose head judges a text; "" where nothing in it speaks."""
    if not _SPEAKS.search(text):
        return ""
    if language != UNKNOWN:
        return language
    return "ru" if len(_CYRILLIC.findall(text)) > len(_LATIN.findall(text)) else "en"


def _batches(rows: NDArray[np.int64], texts: Sequence[str]) -> Iterator[NDArray[np.int64]]:
    sizes = np.cumsum([len(texts[row]) + 1 for row in rows])
    cuts = np.flatnonzero(np.diff(sizes // _BATCH)) + 1
    yield from (batch for batch in np.split(rows, cuts) if len(batch))


def state(chances: Floats, threshold: Floats) -> pd.DataFrame:
    """N x 3 probabilities and N thresholds to the N rows that `judge` promises."""
    negative, neutral, positive = chances.T
    confidence = chances.max(axis=1)
    best = np.nan_to_num(chances, nan=0.0).argmax(axis=1)
    sure = (neutral >= confidence) | (certainty(chances) >= threshold)
    stated = sure & (confidence >= LIKELIER_THAN_NOT)
    label = np.where(stated, np.array(LABELS)[best], UNSURE)
    columns = [label, positive - negative, confidence, negative, neutral, positive]
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def certainty(chances: Floats) -> Floats:
    """N x 3 probabilities to N: the likelier polarity's share of the two, 0.5 to 1."""
    negative, _, positive = chances.T
    return np.asarray(np.maximum(negative, positive) / np.maximum(negative + positive, 1e-12))
