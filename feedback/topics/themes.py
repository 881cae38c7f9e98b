"""Themes that nobody declared: groups of texts that share several words which others do not.

A theme starts from two words that are said together far more often than by chance, or from what it
was the day before; a text may belong to none, and most small talk does. The order of the texts
changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from feedback.topics import labels, passages
from feedback.topics.passages import Term
from feedback.topics.same_themes import Middle

FEWEST_TEXTS = 100  # of a language, or no theme is looked for
FEWEST, FEWEST_SHARE = 10, 0.0003  # texts of a theme: at least so many, and so much of all
RARE, RARE_SHARE = 3, 0.0001  # passages with a term, or it is not looked at
FREQUENT = 0.3  # of the passages with a term, or it tells nothing
TOGETHER = 0.25  # NPMI of two words that may start a theme
STARTS = 1_500  # pairs of words that themes are started from, at most
ROUNDS = 5
BELONGS = 0.4  # cosine of a passage and the middle of its theme
EQUAL = 0.5  # cosine of two middles that are one theme
COHERENT = 0.33  # mean cosine of two passages of a theme
WORDS = 2  # known words that a passage needs
TERMS = 50  # of a middle; the rest is left out
AT_ONCE = 10_000  # passages compared at once
ONCE_KNOWN = 0.8  # of what a new theme needs, for one to stay: else it comes and goes

Sparse = Any  # scipy has no type stubs
Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Found:
    """K themes of N texts. `theme` and `likeness` are of length N: a place in `middles` or -1."""

    middles: list[Middle]
    terms: list[list[str]]  # K: the words that tell each from the others, best first
    theme: Integers
    likeness: Floats  # cosine of the text's nearest passage and its theme's middle
    nearest: list[list[Term]]  # N: the terms of that passage


@dataclass(frozen=True)
class Read:
    """U passages as rows of length 1; `text` says whose they are."""

    rows: Sparse
    text: Integers
    terms: list[list[Term]]
    vocabulary: list[str]
    is_word: NDArray[np.bool_]  # of each term: a word, not a pair


def find(texts: Sequence[str], earlier: Sequence[Middle] = ()) -> Found:
    """The themes of texts in one language; those of `earlier` that still hold come first."""
    order = sorted(range(len(texts)), key=texts.__getitem__)
    read = read_all([texts[i] for i in order])
    fewest = max(FEWEST, round(FEWEST_SHARE * len(texts)))
    middles = _settled(read, _known(read, earlier), fewest)
    place, likeness = _assigned(read, middles)
    theme, near, nearest = _of_texts(read, place, likeness, len(texts))
    back = np.argsort(order, kind="stable")
    told = _told(read, place, len(middles))
    return Found(_named(read, middles), told, theme[back], near[back], [nearest[i] for i in back])


def read_all(texts: Sequence[str]) -> Read:
    """TF-IDF rows: 1 + log of nothing, a passage says a term or it does not."""
    own = [(i, passage) for i, text in enumerate(texts) for passage in passages.passages(text)]
    names = [sorted({term.name for term in passage}) for _, passage in own]
    flat = [name for some in names for name in some]
    vocabulary, codes = np.unique(np.array(flat, dtype=object), return_inverse=True)
    counts = np.bincount(codes, minlength=len(vocabulary))
    least = max(RARE, RARE_SHARE * len(own))
    kept = np.flatnonzero((counts >= least) & (counts <= max(least, FREQUENT * len(own))))
    ends = np.cumsum([0, *map(len, names)])
    shape = (len(own), len(vocabulary))
    rows = sparse.csr_matrix((np.ones(len(flat), np.float32), codes, ends), shape=shape)[:, kept]
    weights = np.log(max(len(own), 1) / counts[kept]).astype(np.float32)
    kept_names = [str(name) for name in vocabulary[kept]]
    return Read(
        _unit(rows @ sparse.diags(weights)),
        np.array([i for i, _ in own], dtype=np.int64),
        [passage for _, passage in own],
        kept_names,
        np.array([" " not in name for name in kept_names], dtype=bool),
    )


def _settled(read: Read, known: Floats, fewest: int) -> Floats:
    """K x V middles, near-equal ones merged, the small and the incoherent dropped."""
    place, _ = _assigned(read, known)
    starts = _starts(read, place < 0, max(fewest // 2, 5))
    middles, first = _apart(np.vstack([known, starts]), len(known))
    for _ in range(ROUNDS):
        place, _ = _assigned(read, middles)
        large = _voices(read, place, len(middles)) >= fewest * _bars(len(middles), first)
        sums = _membership(place, len(middles))[large] @ read.rows
        middles, first = _apart(_middles(sums), int(large[:first].sum()))
    return _sound(read, middles, first, fewest)


def _sound(read: Read, middles: Floats, first: int, fewest: int) -> Floats:
    """Without the small and incoherent: what these leave behind may belong to others."""
    while True:
        place, _ = _assigned(read, middles)
        bars = _bars(len(middles), first)
        good = _voices(read, place, len(middles)) >= fewest * bars
        good &= _coherence(read, place, len(middles)) >= COHERENT * bars
        if good.all():
            return middles
        middles, first = middles[good], int(good[:first].sum())


def _bars(size: int, first: int) -> Floats:
    return np.where(np.arange(size) < first, ONCE_KNOWN, 1.0).astype(np.float32)


def _starts(read: Read, free: NDArray[np.bool_], fewest: int) -> Floats:
    """Middles of the free passages that say two words together: those with the most to tell.

    NPMI: G. Bouma, "Normalized (pointwise) mutual information in collocation extraction" (2009).
    """
    rows, words = read.rows[free], np.flatnonzero(read.is_word)
    if not len(words) or not rows.shape[0]:
        return np.zeros((0, len(read.vocabulary)), np.float32)
    said = (rows[:, words] > 0).astype(np.float32).tocsc()
    pairs = sparse.triu(said.T @ said, 1).tocoo()
    often = pairs.data >= fewest
    one, other, together = pairs.row[often], pairs.col[often], pairs.data[often] / len(rows.indptr)
    share = np.asarray(said.sum(axis=0)).ravel() / len(rows.indptr)
    information = np.log(together / (share[one] * share[other]))
    likely = np.flatnonzero(information >= TOGETHER * -np.log(together))
    gain = (together * information)[likely]
    chosen = likely[np.lexsort((other[likely], one[likely], -gain))][:STARTS]
    return _middles(said[:, one[chosen]].multiply(said[:, other[chosen]]).T.tocsr() @ rows)


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


def _middles(sums: Sparse) -> Floats:
    """K x V rows of length 1 with their TERMS heaviest terms."""
    dense = sums.toarray()
    if dense.shape[1] > TERMS:
        least = -np.partition(-dense, TERMS - 1, axis=1)[:, [TERMS - 1]]
        dense = np.where(dense >= least, dense, 0)
    length = np.linalg.norm(dense, axis=1, keepdims=True)
    return (dense / np.where(length > 0, length, 1)).astype(np.float32)


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


def _known(read: Read, earlier: Sequence[Middle]) -> Floats:
    """Earlier middles in this vocabulary; words that nobody says any more are dropped."""
    places = {name: i for i, name in enumerate(read.vocabulary)}
    found = np.zeros((len(earlier), len(places)), np.float32)
    for row, middle in zip(found, earlier, strict=True):
        for name, weight in middle.items():
            if name in places:
                row[places[name]] = weight
    length = np.linalg.norm(found, axis=1)
    return (found[length > 0] / length[length > 0][:, None]).astype(np.float32)


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


def _named(read: Read, middles: Floats) -> list[Middle]:
    return [{read.vocabulary[i]: float(row[i]) for i in np.flatnonzero(row)} for row in middles]


def _unit(rows: Sparse) -> Sparse:
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sparse.diags((1 / np.where(length > 0, length, 1)).astype(np.float32)) @ rows
