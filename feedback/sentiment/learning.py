"""Teaches the reader: the slopes of its loss by hand, and Adam (Kingma and Ba 2015) down them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from feedback.sentiment import features, reader
from feedback.sentiment.reader import (
    BUCKETS,
    CHANNELS,
    LAYERS,
    Floats,
    Integers,
    Parameters,
    softmax,
)

EPOCHS = 8
BATCH = 128  # texts
RATE = 2e-3
WARMING = 0.05  # share of the steps until the full rate; then it falls in a straight line to 0
UNHEARD = 0.1  # share of tokens not heard in training, so that no word carries a text alone
_MOMENTUM, _SQUARES, _TINY = 0.9, 0.999, 1e-8

Sparse = Any  # scipy has no type stubs


@dataclass(frozen=True)
class Lesson:
    """N texts: V words as weighted pieces, T tokens with a break after each text."""

    pieces: Sparse  # V x BUCKETS
    words: Integers  # T
    starts: Integers  # N

    @cached_property
    def columns(self) -> Integers:
        """The pieces that occur, in ascending order."""
        return np.unique(self.pieces.indices)

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Lesson":
        """Read texts."""
        found = features.encode(texts)
        shape = (len(found.gram_starts), BUCKETS)
        loud = reader.loudness(found)
        pieces = sparse.csr_matrix((loud, found.grams % BUCKETS, found.gram_bounds), shape=shape)
        return cls(pieces, found.words, found.starts)

    def some(self, chosen: Integers) -> "Lesson":
        """The chosen texts, with only the words that occur in them."""
        sizes = np.diff(np.append(self.starts, len(self.words)))[chosen]
        starts = np.cumsum(sizes) - sizes
        places = np.arange(sizes.sum()) + np.repeat(self.starts[chosen] - starts, sizes)
        known, words = np.unique(self.words[places], return_inverse=True)  # 0 is always there
        return Lesson(self.pieces[known], words, starts)


def fit(texts: Sequence[str], targets: Floats, importance: Floats, seed: int) -> Parameters:
    """Parameters, `table` included, that give N texts their N x 3 target probabilities.

    `importance` (N) weighs the texts. The same input gives the same parameters on one platform.
    """
    dice, parameters, known = np.random.default_rng(seed), reader.random(seed), Lesson.of(texts)
    descent = Adam(parameters, EPOCHS * -(-len(texts) // BATCH))
    with reader.on_one_core():
        for _ in range(EPOCHS):
            order = dice.permutation(len(texts))
            for chosen in np.split(order, range(BATCH, len(order), BATCH)):
                some = known.some(chosen)
                kept = dice.random(len(some.words)) >= UNHEARD
                found = slopes(parameters, some, targets[chosen], importance[chosen], kept)
                descent.step(found, some.columns)
    return parameters


def slopes(
    parameters: Parameters,
    texts: Lesson,
    targets: Floats,
    importance: Floats,
    kept: NDArray[np.bool_] | None = None,
) -> Parameters:
    """How the mean of the weighted cross-entropies of N texts changes with each parameter.

    That of `table` holds only its rows `texts.columns`.
    """
    pieces = texts.pieces[:, texts.columns]
    vectors = pieces @ parameters["table"][texts.columns]
    seen = reader.read(parameters, vectors, texts.words, texts.starts, kept)
    error = (softmax(seen.logits) - targets) * (importance / len(importance))[:, None]
    found = {"out": seen.pooled.T @ error, "out_bias": error.sum(axis=0)}

    pooled = (error @ parameters["out"].T) * (seen.pooled > 0)
    text = features.text_of(texts.words)
    loudest = (seen.last == seen.loudest[text]).astype(seen.last.dtype)
    loudest /= np.add.reduceat(loudest, texts.starts)[text]  # equals share
    state = loudest * pooled[text, :CHANNELS] + (pooled[:, CHANNELS:] * seen.share)[text]
    for layer in reversed(range(LAYERS)):
        added = state * (seen.outputs[layer] > 0)
        before, after = np.zeros_like(added), np.zeros_like(added)
        before[:-1], after[1:] = added[1:], added[:-1]
        spread = np.hstack([before, added, after])
        found[f"layer{layer}"] = seen.inputs[layer].T @ spread
        found[f"bias{layer}"] = added.sum(axis=0)
        state = state + (spread @ parameters[f"layer{layer}"].T) * (seen.inputs[layer] > 0)

    state = state * seen.heard
    tokens = np.arange(len(texts.words))
    shape = (len(vectors), len(tokens))
    uses = sparse.csr_matrix(
        (np.ones(len(tokens), state.dtype), (texts.words, tokens)), shape=shape
    )
    words = uses @ state
    found |= {"up": vectors.T @ words, "up_bias": words.sum(axis=0)}
    found["table"] = pieces.T @ (words @ parameters["up"].T)
    return found


class Adam:
    """Changes parameters in place, step by step; of the table only the rows that were used."""

    def __init__(self, parameters: Parameters, steps: int) -> None:
        self.parameters, self.steps, self.done = parameters, steps, 0
        self.means = {name: np.zeros_like(one) for name, one in parameters.items()}
        self.squares = {name: np.zeros_like(one) for name, one in parameters.items()}

    def step(self, slopes: Parameters, rows: Integers) -> None:
        """One step; `rows` are those of the table that `slopes` speaks of."""
        self.done += 1
        share = self.done / self.steps
        rate = RATE * min(1, share / WARMING) * (1 - share + 1 / self.steps)
        for name, slope in slopes.items():
            at: Any = rows if name == "table" else slice(None)
            mean = _MOMENTUM * self.means[name][at] + (1 - _MOMENTUM) * slope
            square = _SQUARES * self.squares[name][at] + (1 - _SQUARES) * slope**2
            self.means[name][at], self.squares[name][at] = mean, square
            steep = np.sqrt(square / (1 - _SQUARES**self.done)) + _TINY
            self.parameters[name][at] -= rate * mean / (1 - _MOMENTUM**self.done) / steep
