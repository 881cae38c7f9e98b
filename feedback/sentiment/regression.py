"""Multinomial logistic regression on factored features, trained with L-BFGS to convergence.

A text's features are its words' features, so texts x features is kept as two small sparse
factors. What word vectors teach is a sum over words as well, so it ends in the words' own weights.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from feedback.sentiment import features
from feedback.sentiment.sources import LABELS
from feedback.sentiment.vectors import WIDTH, WordVectors

PENALTY = 3e-5  # L2, on the mean loss
RARELY = 3  # a feature in fewer texts is left out
ITERATIONS = 300
MEANING = 0.1  # how loudly a word's vector speaks beside its features

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Sparse = Any  # scipy has no type stubs


@dataclass(frozen=True)
class Design:
    """N texts as (N x V words) (V x F features), under negation the same, and N x F pairs.

    `meaning` holds the V words' vectors.
    """

    words: Sparse
    word_features: Sparse
    negated: Sparse
    negated_features: Sparse
    pairs: Sparse
    meaning: Floats

    def rows(self, chosen: NDArray[np.bool_]) -> "Design":
        """The same features for some of the texts (a mask of length N)."""
        return Design(
            self.words[chosen],
            self.word_features,
            self.negated[chosen],
            self.negated_features,
            self.pairs[chosen],
            self.meaning,
        )

    def columns(self, chosen: Integers) -> "Design":
        """The same texts with some of the features."""
        return Design(
            self.words,
            self.word_features[:, chosen],
            self.negated,
            self.negated_features[:, chosen],
            self.pairs[:, chosen],
            self.meaning,
        )

    def meant(self) -> Floats:
        """N x 2 WIDTH: the vectors of a text's words added up, said and under negation."""
        return MEANING * np.hstack([self.words @ self.meaning, self.negated @ self.meaning])

    def counts(self) -> Integers:
        """F: in how many tokens or pairs each feature occurs."""
        found = np.bincount(self.pairs.indices, minlength=self.pairs.shape[1])
        for left, right in self._factors():
            tokens = np.bincount(left.indices, minlength=left.shape[1])
            found = found + (right != 0).T @ tokens
        return np.asarray(found, np.int64)

    def logits(self, weights: Floats) -> Floats:
        """N x 3 from (F + 1) x 3 weights, the bias in the last row."""
        total = self.pairs @ weights[:-1] + weights[-1]
        for left, right in self._factors():
            total += left @ (right @ weights[:-1])
        return np.asarray(total)

    def gradient(self, errors: Floats) -> Floats:
        """(F + 1) x 3 from N x 3: the transpose of `logits`."""
        total = self.pairs.T @ errors
        for left, right in self._factors():
            total += right.T @ (left.T @ errors)
        return np.vstack([total, errors.sum(axis=0)])

    def _factors(self) -> list[tuple[Sparse, Sparse]]:
        return [(self.words, self.word_features), (self.negated, self.negated_features)]


def design(texts: list[str], vectors: WordVectors) -> Design:
    """The texts' features with the same loudness as `model.Head` gives them."""
    read = features.encode(texts)
    n, v = len(texts), len(read.gram_starts)
    ends = np.append(read.gram_starts[1:], len(read.grams))
    owner = np.repeat(np.arange(v), ends - read.gram_starts)
    loud = np.full(len(read.grams), features.CHARACTERS)
    loud[read.gram_starts] = features.WORD
    said = read.words != 0
    under = read.negated & said
    scale = read.scale
    return Design(
        _matrix(scale[read.text[said]], read.text[said], read.words[said], (n, v)),
        _matrix(loud, owner, read.grams, (v, features.SIZE)),
        _matrix(scale[read.text[under]], read.text[under], read.words[under], (n, v)),
        _matrix(loud, owner, read.negated_grams, (v, features.SIZE)),
        _matrix(features.PAIR * scale[read.text], read.text, read.pairs, (n, features.SIZE)),
        vectors.of(read.vocabulary),
    )


def fit(texts: Design, labels: Integers, importance: Floats, vectors: WordVectors) -> Floats:
    """(features.SIZE + 1) x 3 weights, the bias in the last row.

    `labels` are places in LABELS, `importance` weighs each text. Every word of `vectors` gets
    weights, met in a text or not. Deterministic.
    """
    kept = np.flatnonzero(texts.counts() >= RARELY)
    small, meant = texts.columns(kept), texts.meant()
    share, rows = importance / importance.sum(), np.arange(len(labels))
    own = len(kept) + 1
    penalty = np.full(own + 2 * WIDTH, PENALTY)
    penalty[own - 1] = 0  # the bias

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(-1, len(LABELS))
        chances = softmax(small.logits(weights[:own]) + meant @ weights[own:])
        value = -(share * np.log(chances[rows, labels] + 1e-12)).sum()
        chances[rows, labels] -= 1
        errors = chances * share[:, None]
        slope = np.vstack([small.gradient(errors), meant.T @ errors])
        slope += penalty[:, None] * weights
        return float(value + (penalty[:, None] * weights**2).sum() / 2), slope.ravel()

    start, limits = np.zeros(len(penalty) * len(LABELS)), {"maxiter": ITERATIONS, "ftol": 1e-8}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=limits)
    learned = found.x.reshape(-1, len(LABELS))
    weights = np.zeros((features.SIZE + 1, len(LABELS)))
    weights[np.append(kept, features.SIZE)] = learned[:own]
    return _spread(weights, learned[own:], vectors)


def _spread(weights: Floats, taught: Floats, vectors: WordVectors) -> Floats:
    """`weights` with what was taught by 2 WIDTH x 3 added to the words' own."""
    for places, part in zip(features.own_places(vectors.words), np.split(taught, 2), strict=True):
        np.add.at(weights, places, MEANING / features.WORD * (vectors.values @ part))
    return weights


def softmax(logits: Floats) -> Floats:
    """N x 3 probabilities."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _matrix(values: Floats, rows: Integers, columns: Integers, shape: tuple[int, int]) -> Sparse:
    return sparse.csr_matrix((values, (rows, columns)), shape=shape)
