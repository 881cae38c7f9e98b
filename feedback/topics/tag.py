"""What each text speaks of and wants: topics with their sentiment, intents, urgency, key phrases.

A topic or intent is found by a declared phrase or by the trained model, and says which; either way
it names the places of the words that led to it, so that a person can look.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any, Protocol

import numpy as np
import pandas as pd

from feedback.topics import model, taxonomy
from feedback.topics.key_phrases import key_phrases
from feedback.topics.matching import Matcher, Place
from feedback.topics.sentences import clauses
from feedback.topics.words import Word, words

NAME = "feedback-topics"
READERS = ("pymorphy3", "pymorphy3-dicts-ru", "simplemma")  # other dictionaries, other tags
CODE = 1  # raised with every change of the code that changes what is found
TOLD = 3  # words named for what the model found
PHRASE, MODEL = "phrase", "model"
Places = list[Place]


class Judge(Protocol):
    """Any sentiment model."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> pd.DataFrame:
        """One row per text with at least label and score."""
        ...


@dataclass(frozen=True)
class Found:
    """One topic of a text: by what it was found, where, and how the writer feels about it."""

    by: str  # PHRASE | MODEL
    places: Places
    sentiment: str
    score: float | None


@dataclass(frozen=True)
class Tags:
    """What was found in one text; places are [start, end) in it."""

    topics: dict[str, Found]
    intents: dict[str, Places]
    urgency: str  # high | normal
    key_phrases: Places

    def row(self) -> dict[str, Any]:
        """The columns of `topic_inference` that it fills."""
        return asdict(self)


class Tagger:
    """Declared topics and intents, the trained model and a judge of sentiment, made ready.

    `method` is a name and a version that any edit of one of them changes.
    """

    def __init__(self, topics: taxonomy.Taxonomy, judge: Judge) -> None:
        intents = taxonomy.intents()
        self.topics, self.judge, self.model = topics, judge, model.load()
        self._alone = {key for key, one in topics.items() if one.alone}
        self._topics, self._intents = Matcher(topics), Matcher(intents, denials=True)
        self._keys = {f"topic:{key}" for key in topics} | {f"intent:{key}" for key in intents}
        parts = [CODE, *map(version, READERS), self.model.version, judge.name, judge.version]
        parts += [
            [(key, one.model_dump()) for key, one in told.items()] for told in (topics, intents)
        ]
        self.method = f"{NAME}.{hashlib.sha256(repr(parts).encode()).hexdigest()[:8]}"

    def tag(self, texts: Sequence[str], languages: Sequence[str]) -> list[Tags]:
        """One `Tags` per text, same order; `languages` as in `SentimentModel.judge`."""
        read = [words(text) for text in texts]
        learned = self._learned(texts, read, languages)
        found = []
        for own, modelled in zip(read, learned, strict=True):
            topics = _joined(self._topics.find(own), _of("topic", modelled))
            intents = _joined(self._intents.find(own), _of("intent", modelled))
            found.append((self._without_lonely(topics), intents))
        felt = self._felt(texts, languages, [topics for topics, _ in found])
        return [
            Tags(
                {key: Found(by, places, *felt[i, key]) for key, (by, places) in topics.items()},
                {key: places for key, (_, places) in intents.items()},
                "high" if "urgent" in intents else "normal",
                key_phrases(own),
            )
            for i, (own, (topics, intents)) in enumerate(zip(read, found, strict=True))
        ]

    def _learned(
        self, texts: Sequence[str], read: Sequence[Sequence[Word]], languages: Sequence[str]
    ) -> list[dict[str, Places]]:
        """{label: places of the words that speak loudest for it} of what the model states."""
        heads = [model.route(*one) for one in zip(texts, languages, strict=True)]
        stated = self.model.stated(self.model.probabilities(texts, heads), heads)
        found: list[dict[str, Places]] = [{} for _ in texts]
        for language in self.model.heads:
            rows = [i for i in range(len(texts)) if heads[i] == language and stated[i].any()]
            forms = {word.form: None for i in rows for word in read[i]}
            places = {form: n for n, form in enumerate(forms)}
            loud = self.model.heads[language].logits(list(forms)) if forms else np.zeros((0, 0))
            for i in rows:
                own = loud[[places[word.form] for word in read[i]]]
                for k in np.flatnonzero(stated[i]):
                    if (label := self.model.labels[k]) in self._keys and len(own):
                        found[i][label] = _loudest(read[i], own[:, k])
        return found

    def _without_lonely(
        self, topics: dict[str, tuple[str, Places]]
    ) -> dict[str, tuple[str, Places]]:
        others = topics.keys() - self._alone
        return {key: one for key, one in topics.items() if not others or key in others}

    def _felt(
        self,
        texts: Sequence[str],
        languages: Sequence[str],
        topics: Sequence[dict[str, tuple[str, Places]]],
    ) -> dict[tuple[int, str], tuple[str, float | None]]:
        """{(text, topic): label and score} of the clauses that speak of the topic."""
        keys, parts, spoken = [], [], []
        for i, (text, found) in enumerate(zip(texts, topics, strict=True)):
            pieces = clauses(text) if found else []
            for key, (by, places) in found.items():
                keys.append((i, key))
                heard = places if by == PHRASE else places[:1]  # the others may lie anywhere
                parts.append(_about(text, pieces, heard))
                spoken.append(languages[i])
        judged = self.judge.judge(parts, spoken)
        scores = [None if pd.isna(score) else round(float(score), 4) for score in judged["score"]]
        return dict(zip(keys, zip(judged["label"], scores, strict=True), strict=True))


def _of(kind: str, modelled: dict[str, Places]) -> dict[str, Places]:
    prefix = f"{kind}:"
    return {k.removeprefix(prefix): v for k, v in modelled.items() if k.startswith(prefix)}


def _joined(
    phrased: dict[str, Places], modelled: dict[str, Places]
) -> dict[str, tuple[str, Places]]:
    """What a person declared goes before what was learned: it is easier to explain."""
    return {key: (MODEL, places) for key, places in modelled.items()} | {
        key: (PHRASE, places) for key, places in phrased.items()
    }


def _loudest(read: Sequence[Word], weights: model.Floats) -> Places:
    """The places of the words that speak for it most, the loudest first; one at least."""
    best = sorted(range(len(read)), key=lambda n: (-weights[n], n))[:TOLD]
    kept = [n for n in best if weights[n] > 0] or best[:1]
    return [(read[n].start, read[n].end) for n in kept]


def _about(text: str, pieces: Sequence[Place], places: Places) -> str:
    """The clauses that hold one of the places, as one text."""
    held = [p for p in pieces if any(p[0] < end and start < p[1] for start, end in places)]
    return " ".join(text[start:end] for start, end in held) or text
