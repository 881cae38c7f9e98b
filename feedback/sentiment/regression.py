"""Multinomial logistic regression on factored features, trained with L-BFGS to convergence.

A text's features are its words' features, so texts x features is kept as two small sparse
factors. It is half of the sentiment model's teacher; the topic model shares its features.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from feedback.sentiment import features
from feedback.sentiment.reader import softmax
from feedback.sentiment.sources import LABELS

PENALTY = 3e-5  # L2, on the mean loss
RARELY = 3  # a feature in fewer texts is left out
ITERATIONS = 300

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Sparse = Any  # scipy has no type stubs


@dataclass(frozen=True)
class Design:
    """N texts as (N x V words) (V x F features), under negation the same, and N x F pairs."""

    words: Sparse
    word_features: Sparse
    negated: Sparse
    negated_features: Sparse
    pairs: Sparse

    def rows(self, chosen: Integers) -> "Design":
        """The same features for some of the texts (places among the N)."""
        return Design(
            self.words[chosen],
            self.word_features,
            self.negated[chosen],
            self.negated_features,
            self.pairs[chosen],
        )

    def columns(self, chosen: Integers) -> "Design":
        """The same texts with some of the features."""
        return Design(
            self.words,
            self.word_features[:, chosen],
            self.negated,
            self.negated_features[:, chosen],
            self.pairs[:, chosen],
        )

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


def design(texts: list[str]) -> Design:
    """The texts' features, each as loud as `features` says."""
    read = features.encode(texts)
    n, v = len(texts), len(read.gram_starts)
    owner = np.repeat(np.arange(v), np.diff(read.gram_bounds))
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
    )


def fit(texts: Design, labels: Integers, importance: Floats) -> Floats:
    """(features.SIZE + 1) x 3 weights, the bias in the last row.

    `labels` are places in LABELS, `importance` weighs each text. Deterministic.
    """
    kept = np.flatnonzero(texts.counts() >= RARELY)
    small = texts.columns(kept)
    share, rows = importance / importance.sum(), np.arange(len(labels))
    penalty = np.full(len(kept) + 1, PENALTY)
    penalty[-1] = 0  # the bias

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(-1, len(LABELS))
        chances = softmax(small.logits(weights))
        value = -(share * np.log(chances[rows, labels] + 1e-12)).sum()
        chances[rows, labels] -= 1
        slope = small.gradient(chances * share[:, None]) + penalty[:, None] * weights
        return float(value + (penalty[:, None] * weights**2).sum() / 2), slope.ravel()

    start, limits = np.zeros(len(penalty) * len(LABELS)), {"maxiter": ITERATIONS, "ftol": 1e-8}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=limits)
    weights = np.zeros((features.SIZE + 1, len(LABELS)))
    weights[np.append(kept, features.SIZE)] = found.x.reshape(-1, len(LABELS))
    return weights


def _matrix(values: Floats, rows: Integers, columns: Integers, shape: tuple[int, int]) -> Sparse:
    return sparse.csr_matrix((values, (rows, columns)), shape=shape)
