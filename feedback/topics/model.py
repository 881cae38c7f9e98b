"""The trained part: how likely a text speaks of each topic and has each intent.

One logistic regression per label over the sentiment model's hashed features, one head per language;
it knows our own keys only, so a topic of a user's own is found by its phrases alone.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feedback.sentiment import features

WEIGHTS = Path(__file__).parent / "weights.npz"
LONGEST = 10_000  # characters read of one text
BUCKETS = 1 << 15  # the features are folded into so many: an eighth of those of sentiment
NEVER = 2.0  # a threshold that no probability reaches
_BATCH = 200  # texts scored at once: bounds the memory
_CYRILLIC, _LATIN = re.compile("[а-яё]", re.IGNORECASE), re.compile("[a-z]", re.IGNORECASE)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Head:
    """One language: BUCKETS x K weights, K biases, and from which probability each label counts."""

    table: NDArray[np.float32]
    bias: Floats
    thresholds: Floats

    def logits(self, texts: Sequence[str]) -> Floats:
        """N x K, without the bias. A word by itself is a text of one word."""
        read = features.encode(texts)
        words = self._words(read.grams, read.gram_starts)
        denied = self._words(read.negated_grams, read.gram_starts)
        tokens = words[read.words] + features.PAIR * self.table[read.pairs % BUCKETS]
        tokens[read.negated] += denied[read.words[read.negated]]
        return np.asarray(np.add.reduceat(tokens, read.starts) * read.scale[:, None], np.float64)

    def _words(self, grams: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.float32]:
        rows = self.table[grams % BUCKETS]
        whole, parts = rows[starts], np.add.reduceat(rows, starts)
        words = features.WORD * whole + features.CHARACTERS * (parts - whole)
        words[0] = 0  # the break between texts says nothing by itself
        return np.asarray(words, np.float32)


@dataclass(frozen=True)
class TopicModel:
    """Heads by language. `labels` are "topic:<key>" and "intent:<key>", K of them."""

    version: str
    labels: tuple[str, ...]
    heads: dict[str, Head]

    def probabilities(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """N x K; zeros for a text in a language that has no head."""
        chances, told = np.zeros((len(texts), len(self.labels))), np.array(languages)
        for language, head in self.heads.items():
            rows = np.flatnonzero(told == language)
            for start in range(0, len(rows), _BATCH):
                some = rows[start : start + _BATCH]
                logits = head.logits([texts[i][:LONGEST] for i in some]) + head.bias
                chances[some] = 1 / (1 + np.exp(-logits))
        return chances

    def stated(self, chances: Floats, languages: Sequence[str]) -> NDArray[np.bool_]:
        """N x K: which labels are likely enough to be stated."""
        never = np.full(len(self.labels), NEVER)
        known = {language: head.thresholds for language, head in self.heads.items()}
        least = np.array([known.get(language, never) for language in languages])
        return np.asarray(chances >= least.reshape(chances.shape))

    def weight(self, words: Sequence[str], language: str, label: str) -> Floats:
        """N: how loudly each word, taken by itself, speaks for a label."""
        return self.heads[language].logits(words)[:, self.labels.index(label)]


def route(text: str, language: str) -> str:
    """The head for a text: its language if that is known, else by its script."""
    if language != "unknown":
        return language
    return "ru" if len(_CYRILLIC.findall(text)) > len(_LATIN.findall(text)) else "en"


@cache
def load() -> TopicModel:
    """The model shipped beside this file, read once."""
    return read(WEIGHTS)


def read(path: Path) -> TopicModel:
    """A model from a file that `feedback.topics.train` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        meta = json.loads(str(stored["meta"]))
        heads = {}
        for language, thresholds in meta["thresholds"].items():
            values, scale = stored[f"{language}_values"], stored[f"{language}_scale"]
            table = np.zeros((BUCKETS, len(meta["labels"])), np.float32)
            table[stored[f"{language}_places"]] = values * scale
            heads[language] = Head(table, stored[f"{language}_bias"], np.array(thresholds))
        return TopicModel(str(stored["version"]), tuple(meta["labels"]), heads)
