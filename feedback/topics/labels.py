"""What a theme is called: the words that tell it from all other texts, as people wrote them.

The words are chosen by their dictionary forms and shown as most people said them; of two terms that
share a word only one is shown.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback.topics.passages import Term

MOST = 4  # terms of a label
HALF = 0.5  # of a word's passages: from there on a pair with it stands in its place
PART = 0.1  # of a theme's passages: what is rarer is no word for it
Floats = NDArray[np.float64]


def class_tf_idf(counts: Any, totals: Any) -> Floats:
    """K x V: how well each term tells a class from the rest; higher is better.

    `counts` is K x V, how often each class says a term; `totals` V, how often it is said by all,
    those of no class included, who count as one class more. Of a term said f times by a class
    and F times in all, where a class says A terms on average: f * log(1 + A / F).
    Source: M. Grootendorst, "BERTopic: neural topic modeling with a class-based TF-IDF procedure",
    arXiv 2203.05794 (2022).
    """
    said, all_said = np.asarray(counts, np.float64), np.asarray(totals, np.float64)
    mean = all_said.sum() / (len(said) + 1)
    return np.asarray(said * np.log(1 + mean / np.maximum(all_said, 1)))


def choose(
    names: Sequence[str], weights: Iterable[float], counts: Iterable[float], size: int
) -> list[str]:
    """At most MOST of a theme's terms, best first, no two of which share a word.

    `counts` says in how many of its `size` passages each is said.
    """
    said = dict(zip(names, counts, strict=True))
    worth = dict(zip(names, weights, strict=True))
    ranked = dict[str, float]()
    for name, n in said.items():
        own = name.split(" ")
        stands_for = [word for word in own if n >= HALF * said.get(word, n)]
        if n >= max(2, PART * size) and stands_for:
            ranked[name] = max(worth.get(word, 0.0) for word in (name, *stands_for))
    chosen, words = list[str](), set[str]()
    for name in sorted(
        ranked, key=lambda one: (-ranked[one], -len(one.split(" ")), -worth[one], one)
    ):
        if not words & set(name.split(" ")):
            chosen.append(name)
            words |= set(name.split(" "))
    return chosen[:MOST]


def as_said(chosen: Sequence[str], said: Iterable[tuple[str, Sequence[Term]]]) -> list[str]:
    """The most frequent form of each chosen term in the passages of (text, its terms).

    A term that is in none of them is left out.
    """
    forms = {name: Counter[str]() for name in chosen}
    for text, terms in said:
        for term in terms:
            if term.name in forms:
                forms[term.name][" ".join(text[term.start : term.end].lower().split())] += 1
    heard = [forms[name] for name in chosen if forms[name]]
    return [min(one, key=lambda form: (-one[form], form)) for one in heard]
