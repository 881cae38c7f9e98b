"""How well topics and intents are found in industries the model never saw, in Markdown.

Each text is judged by a model trained without its industry, and by thresholds set on the texts of
other industries (the models tried on those knew this one). Phrases, the model, and both stand side
by side.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feedback.metrics.intervals import wilson
from feedback.sentiment.sources import LANGUAGES
from feedback.topics import taxonomy, train
from feedback.topics.matching import Matcher
from feedback.topics.words import words

Marks = NDArray[np.bool_]


def report(data: Path) -> str:
    """Markdown, the same for the same data; takes minutes, for it trains again."""
    return "\n\n".join(_language(data, language) for language in LANGUAGES)


def _language(data: Path, language: str) -> str:
    rows = train.labelled(data, language)
    texts, names = rows["text"].tolist(), train.labels()
    truth, parts = train.marks(rows, names), train.folds(rows["industry"].tolist())
    chances = train.unseen(train.design(texts), truth, parts)
    return table(
        language, names, truth > 0, phrased(texts, names), stated(chances, truth, parts, names)
    )


def stated(
    chances: train.Floats, truth: train.Floats, parts: train.Integers, names: list[str]
) -> Marks:
    """N x K: what the model states, each part by thresholds set on the other parts."""
    found = np.zeros(chances.shape, bool)
    for part in np.unique(parts):
        out = parts == part
        found[out] = chances[out] >= train.thresholds(chances[~out], truth[~out], names)
    return found


def phrased(texts: list[str], names: list[str]) -> Marks:
    """N x K: what a phrase is found for."""
    topics, intents = Matcher(taxonomy.topics()), Matcher(taxonomy.intents(), denials=True)
    found = np.zeros((len(texts), len(names)), bool)
    for row, text in zip(found, texts, strict=True):
        read = words(text)
        own = {f"topic:{key}" for key in topics.find(read)}
        own |= {f"intent:{key}" for key in intents.find(read)}
        row[:] = [name in own for name in names]
    return found


def table(language: str, names: list[str], truth: Marks, by_phrase: Marks, by_model: Marks) -> str:
    """One line per label and way: precision and recall with Wilson's 95 % interval, F1."""
    head = (
        f"{language}, {len(truth):,} texts\n\n| | by | labelled | found | precision | recall | F1 |"
    )
    ways = {"phrases": by_phrase, "model": by_model, "both": by_phrase | by_model}
    lines = [head, "| --- " * 7 + "|"]
    for way, found in ways.items():
        ways[way] = _without_lonely(names, found)
    for k, name in enumerate(names):
        lines += [_line(name, way, truth[:, k], found[:, k]) for way, found in ways.items()]
    return "\n".join([*lines, *_means(names, truth, ways)])


def _without_lonely(names: list[str], found: Marks) -> Marks:
    """A topic that counts alone is taken from texts where another was found."""
    alone = np.array([n == "topic:praise" for n in names])
    others = np.array([n.startswith("topic:") for n in names]) & ~alone
    spoken = np.asarray(found[:, others].any(axis=1))
    return np.asarray(found & ~np.outer(spoken, alone))


def _line(name: str, way: str, truth: Marks, found: Marks) -> str:
    hits = int((truth & found).sum())
    cells = [
        _share(hits, int(found.sum())),
        _share(hits, int(truth.sum())),
        f"{f1(truth, found):.2f}",
    ]
    return f"| {name} | {way} | {truth.sum()} | {found.sum()} | {' | '.join(cells)} |"


def _means(names: list[str], truth: Marks, ways: dict[str, Marks]) -> Iterator[str]:
    for kind in ("topic", "intent"):
        own = [k for k, name in enumerate(names) if name.startswith(kind)]
        for way, found in ways.items():
            mean = np.mean([f1(truth[:, k], found[:, k]) for k in own])
            yield f"| mean of {kind}s | {way} | | | | | {mean:.2f} |"


def f1(truth: Marks, found: Marks) -> float:
    """2 hits / (labelled + found); 0 where nothing is labelled and nothing found."""
    return float(2 * (truth & found).sum() / max(truth.sum() + found.sum(), 1))


def _share(hits: int, n: int) -> str:
    if not n:
        return "–"
    low, high = wilson(hits, n)
    return f"{hits / n:.2f} ({float(low):.2f}–{float(high):.2f})"
