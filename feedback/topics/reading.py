"""Texts of one language as rows of weighted words and pairs of words, one for each passage.

What a passage says twice counts once; a term that next to nobody or a third of all say is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from feedback.topics import passages
from feedback.topics.passages import Term
from feedback.topics.same_themes import Middle

RARE, RARE_SHARE = 3, 0.0001  # passages with a term, or it is not looked at
FREQUENT = 0.3  # of the passages with a term, or it tells nothing
TERMS = 50  # of a middle; the rest is left out

Sparse = Any  # scipy has no type stubs
Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Read:
    """U passages as rows of length 1; `text` says whose they are."""

    rows: Sparse
    text: Integers
    terms: list[list[Term]]
    vocabulary: list[str]
    is_word: NDArray[np.bool_]  # of each term: a word, not a pair


def read_all(texts: Sequence[str]) -> Read:
    """Each row is TF-IDF with a count of 0 or 1, of length 1."""
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


def middles_of(sums: Sparse) -> Floats:
    """K x V rows of length 1 with their TERMS heaviest terms."""
    dense = sums.toarray()
    if dense.shape[1] > TERMS:
        least = -np.partition(-dense, TERMS - 1, axis=1)[:, [TERMS - 1]]
        dense = np.where(dense >= least, dense, 0)
    length = np.linalg.norm(dense, axis=1, keepdims=True)
    made: Floats = (dense / np.where(length > 0, length, 1)).astype(np.float32)
    return made


def in_vocabulary(read: Read, earlier: Sequence[Middle]) -> Floats:
    """Earlier middles in this vocabulary; words that nobody says any more are dropped."""
    places = {name: i for i, name in enumerate(read.vocabulary)}
    found = np.zeros((len(earlier), len(places)), np.float32)
    for row, middle in zip(found, earlier, strict=True):
        for name, weight in middle.items():
            if name in places:
                row[places[name]] = weight
    length = np.linalg.norm(found, axis=1)
    kept: Floats = found[length > 0] / length[length > 0][:, None]
    return kept.astype(np.float32)


def by_name(read: Read, middles: Floats) -> list[Middle]:
    """Rows as {term: weight}, which is the same on every day."""
    return [{read.vocabulary[i]: float(row[i]) for i in np.flatnonzero(row)} for row in middles]


def _unit(rows: Sparse) -> Sparse:
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sparse.diags((1 / np.where(length > 0, length, 1)).astype(np.float32)) @ rows
