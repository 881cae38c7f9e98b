"""Two well-known English lexicon methods, behind the same `judge`, to be measured beside ours.

Neither abstains nor gives probabilities: theirs are made up so that the likeliest label is theirs.
"""

from collections.abc import Callable, Sequence
from importlib.metadata import version
from importlib.util import find_spec

import numpy as np
import pandas as pd

from feedback.sentiment import model
from feedback.sentiment.sources import LABELS

VADER_LIMIT = 0.05  # its authors' own: from this compound score on a text has a polarity
LANGUAGES = ("en",)


class Lexicon:
    """A method that scores one text from -1 to 1; below `limit` it is called neutral."""

    def __init__(self, name: str, score: Callable[[str], float], limit: float) -> None:
        self.name, self.version = name, version(name)
        self._score, self._limit = score, limit

    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> pd.DataFrame:
        """As `SentimentModel.judge`, for English; other texts are `unsure` with NaN.

        Where the language is unknown the script decides, as it does there.
        """
        routes = [model.route(*pair) for pair in zip(texts, languages, strict=True)]
        known = np.array([one in LANGUAGES for one in routes], dtype=bool)
        score = np.array([self._score(text) for text in texts], dtype=float)
        neutral = np.where(np.abs(score) < self._limit, 2.0, 0.0)  # always the largest there
        chances = np.stack([np.maximum(-score, 0), neutral, np.maximum(score, 0)], axis=1)
        chances[~known] = np.nan
        labels = np.where(known, np.array(LABELS)[chances.argmax(axis=1)], model.UNSURE)
        nothing = np.full(len(labels), np.nan)
        columns = [labels, np.where(known, score, np.nan), nothing, *chances.T]
        return pd.DataFrame(dict(zip(model.COLUMNS, columns, strict=True)))


def installed() -> list[Lexicon]:
    """Those of VADER and TextBlob that are installed here."""
    return [make() for name, make in _MAKERS.items() if find_spec(name)]


def _vader() -> Lexicon:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    scores = SentimentIntensityAnalyzer().polarity_scores
    return Lexicon("vaderSentiment", lambda text: float(scores(text)["compound"]), VADER_LIMIT)


def _textblob() -> Lexicon:
    from textblob import TextBlob

    # Its polarity is 0 exactly where no word of its lexicon was found.
    return Lexicon("textblob", lambda text: float(TextBlob(text).sentiment.polarity), 1e-9)


_MAKERS = {"vaderSentiment": _vader, "textblob": _textblob}
NAMES = tuple(_MAKERS)
