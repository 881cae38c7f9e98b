"""Themes that nobody declared: groups of texts that share several words which others do not.

A theme starts from two words that are said together far more often than by chance, or from what it
was the day before; a text may belong to none, and most small talk does. The order of the texts
changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from feedback.topics import labels
from feedback.topics.passages import Term
from feedback.topics.reading import (
    Floats,
    Integers,
    Read,
    Sparse,
    by_name,
    in_vocabulary,
    middles_of,
    read_all,
)
from feedback.topics.same_themes import Middle
from feedback.topics.starts import starts

FEWEST_TEXTS = 100  # of a language, or no theme is looked for
FEWEST, FEWEST_SHARE = 10, 0.0003  # texts of a theme: at least so many, and so much of all
SEARCHES, ROUNDS = 6, 5
BELONGS = 0.4  # cosine of a passage and the middle of its theme
EQUAL = 0.5  # cosine of two middles that are one theme
COHERENT = 0.33  # mean cosine of two passages of a theme
ONCE_KNOWN = 0.8  # of what a new theme needs, for one to stay: else it comes and goes
WORDS = 2  # known words that a passage needs
AT_ONCE = 10_000  # passages compared at once


@dataclass(frozen=True)
class Found:
    """K themes of N texts. `theme` and `likeness` are of length N: a place in `middles` or -1."""

    middles: list[Middle]
    terms: list[list[str]]  # K: the words that tell each from the others, best first
    theme: Integers
    likeness: Floats  # cosine of the text's nearest passage and its theme's middle
    nearest: list[list[Term]]  # N: the terms of that passage


def find(texts: Sequence[str], earlier: Sequence[Middle] = ()) -> Found:
    """The themes of texts in one language; those of `earlier` that still hold come first."""
    order = sorted(range(len(texts)), key=texts.__getitem__)
    read = read_all([texts[i] for i in order])
    fewest = max(FEWEST, round(FEWEST_SHARE * len(texts)))
    middles = _settled(read, in_vocabulary(read, earlier), fewest)
    place, likeness = _assigned(read, middles)
    theme, near, nearest = _of_texts(read, place, likeness, len(texts))
    back = np.argsort(order, kind="stable")
    told = _told(read, place, len(middles))
    return Found(by_name(read, middles), told, theme[back], near[back], [nearest[i] for i in back])


def _settled(read: Read, known: Floats, fewest: int) -> Floats:
    """K x V middles: the known ones that still hold, and new ones until no more are found.

    What is found on one day alone is thus nearly what is found after another day.
    """
    middles, first = known, len(known)
    for _ in range(SEARCHES):
        place, _ = _assigned(read, middles)
        begun = np.vstack([middles, starts(read, place < 0, max(fewest // 2, 5))])
        size = len(middles)
        middles, first = _sound(read, *_moved(read, begun, first, fewest), fewest)
        if len(middles) <= size:
            break
    return middles


def _moved(read: Read, middles: Floats, first: int, fewest: int) -> tuple[Floats, int]:
    """k-means on the sphere, where what is far from all belongs to none and the small vanish."""
    middles, first = _apart(middles, first)
    for _ in range(ROUNDS):
        place, _ = _assigned(read, middles)
        large = _voices(read, place, len(middles)) >= fewest * _bars(len(middles), first)
        sums = _membership(place, len(middles))[large] @ read.rows
        middles, first = _apart(middles_of(sums), int(large[:first].sum()))
    return middles, first


def _sound(read: Read, middles: Floats, first: int, fewest: int) -> tuple[Floats, int]:
    """Without the small and incoherent: what these leave behind may belong to others."""
    while True:
        place, _ = _assigned(read, middles)
        bars = _bars(len(middles), first)
        good = _voices(read, place, len(middles)) >= fewest * bars
        good &= _coherence(read, place, len(middles)) >= COHERENT * bars
        if good.all():
            return middles, first
        middles, first = middles[good], int(good[:first].sum())


def _bars(size: int, first: int) -> Floats:
    return np.where(np.arange(size) < first, ONCE_KNOWN, 1.0).astype(np.float32)


def _assigned(read: Read, middles: Floats) -> tuple[Integers, Floats]:
    """Each passage's nearest middle, -1 where none is near enough, and its cosine."""
    size = read.rows.shape[0]
    place, likeness = np.full(size, -1, np.int64), np.zeros(size, np.float32)
    if not len(middles):
        return place, likeness
    turned = np.ascontiguousarray(middles.T)
    for start in range(0, size, AT_ONCE):
        some = slice(start, start + AT_ONCE)
        cosine = read.rows[some] @ turned
        place[some], likeness[some] = cosine.argmax(axis=1), cosine.max(axis=1)
    told = (read.rows[:, np.flatnonzero(read.is_word)] > 0).sum(axis=1)
    near = (likeness >= BELONGS) & (np.asarray(told).ravel() >= WORDS)
    return np.where(near, place, -1), likeness


def _apart(middles: Floats, first: int) -> tuple[Floats, int]:
    """Without those near an earlier one, and how many of the `first`, which go before, are left."""
    cosine, kept = middles @ middles.T, list[int]()
    for i in range(len(middles)):
        if not kept or cosine[i, kept].max() < EQUAL:
            kept.append(i)
    return middles[kept], sum(i < first for i in kept)


def _membership(place: Integers, size: int) -> Sparse:
    inside = np.flatnonzero(place >= 0)
    ones = np.ones(len(inside), np.float32)
    return sparse.csr_matrix((ones, (place[inside], inside)), shape=(size, len(place)))


def _voices(read: Read, place: Integers, size: int) -> Integers:
    """How many texts have a passage in each theme."""
    inside = np.flatnonzero(place >= 0)
    once = np.unique(np.column_stack([place[inside], read.text[inside]]), axis=0)
    return np.bincount(once[:, 0], minlength=size)


def _coherence(read: Read, place: Integers, size: int) -> Floats:
    """Mean cosine of two different passages of each theme; 0 of less than two."""
    own = _membership(place, size)
    n = np.diff(own.indptr)
    sums = own @ read.rows
    squares = np.asarray(sums.multiply(sums).sum(axis=1)).ravel()
    return np.where(n > 1, (squares - n) / np.maximum(n * (n - 1), 1), 0)


def _of_texts(
    read: Read, place: Integers, likeness: Floats, size: int
) -> tuple[Integers, Floats, list[list[Term]]]:
    """The theme of a text is that of its nearest passage."""
    score = np.where(place >= 0, likeness, -1)
    theme, near = np.full(size, -1, np.int64), np.zeros(size, np.float32)
    nearest: list[list[Term]] = [[] for _ in range(size)]
    for i in np.lexsort((np.arange(len(place)), -score))[::-1]:  # the best comes last, and stays
        if place[i] >= 0:
            text = read.text[i]
            theme[text], near[text], nearest[text] = place[i], likeness[i], read.terms[i]
    return theme, near, nearest


def _told(read: Read, place: Integers, size: int) -> list[list[str]]:
    own = _membership(place, size)
    said = (read.rows > 0).astype(np.float32)
    counts, totals = (own @ said).toarray(), np.asarray(said.sum(axis=0)).ravel()
    worth, found = labels.class_tf_idf(counts, totals), list[list[str]]()
    for row, weights, n in zip(counts, worth, np.diff(own.indptr), strict=True):
        some = np.flatnonzero(row)
        names = [read.vocabulary[i] for i in some]
        found.append(labels.choose(names, weights[some], row[some], int(n)))
    return found
