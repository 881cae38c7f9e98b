"""Reads a text: pieces of words to words, three convolutions over their neighbours, three logits.

A word's vector is the sum of the vectors of the word and of its character 2-5-grams, hashed to
BUCKETS places. Texts follow each other in one row of tokens with a break after each; a break is
zero in every layer, so no text hears another.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from feedback.sentiment.features import Encoded
from feedback.sentiment.sources import LABELS

BUCKETS = 1 << 16
WIDTH = 64  # numbers of a piece's vector
CHANNELS = 128  # of a word's, in and after every convolution
LAYERS = 3
_BLOCK = 256  # rows multiplied at once

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Parameters = dict[str, Floats]

SHAPES: dict[str, tuple[int, ...]] = {
    "table": (BUCKETS, WIDTH),
    "up": (WIDTH, CHANNELS),
    "up_bias": (CHANNELS,),
    "out": (2 * CHANNELS, len(LABELS)),
    "out_bias": (len(LABELS),),
}
for _layer in range(LAYERS):
    SHAPES |= {f"layer{_layer}": (CHANNELS, 3 * CHANNELS), f"bias{_layer}": (CHANNELS,)}

_THREADS, _TURN = ThreadpoolController(), RLock()


@contextmanager
def on_one_core() -> Iterator[None]:
    """Keep numpy's products to one core: a second one costs more than it gives.

    It also keeps what is learned the same, however many cores there are. The limit is that of the
    process, so threads take turns.
    """
    with _TURN, _THREADS.limit(limits=1, user_api="blas"):
        yield


@dataclass(frozen=True)
class Reading:
    """What was computed on the way: N texts, T tokens, breaks included."""

    share: Floats  # N x 1: what one of the tokens heard adds to a text's mean
    heard: Floats  # T x 1: 0 for breaks and for tokens left out, else 1
    inputs: list[Floats]  # LAYERS of T x CHANNELS: what a convolution saw, rectified
    outputs: list[Floats]  # LAYERS of T x CHANNELS: what it added
    last: Floats  # T x CHANNELS
    loudest: Floats  # N x CHANNELS: the maximum over a text's tokens
    pooled: Floats  # N x 2 CHANNELS: loudest and mean, rectified
    logits: Floats  # N x 3


@dataclass(frozen=True)
class Reader:
    """`table` in steps of one size, to keep it small; the rest as it was learned."""

    table: NDArray[np.int8]  # BUCKETS x WIDTH
    step: np.float32
    parameters: Parameters

    @classmethod
    def of(cls, stored: dict[str, NDArray[Any]]) -> "Reader":
        """The reader of what `stored` made. Raises ValueError if something is missing or wrong."""
        for name, shape in SHAPES.items():
            if name not in stored or stored[name].shape != shape:
                raise ValueError(f"The array {name} is missing or has another shape.")
            if not np.isfinite(stored[name]).all():
                raise ValueError(f"The array {name} holds numbers that are none.")
        table, step = stored["table"], np.float32(stored["step"])
        small = {name: one for name, one in stored.items() if name not in ("table", "step")}
        return cls(table, step, {name: one.astype(np.float32) for name, one in small.items()})

    def logits(self, texts: Encoded) -> NDArray[np.float64]:
        """N x 3."""
        pieces = self.table[texts.grams % BUCKETS].astype(np.float32)
        loud = loudness(texts) * self.step
        # One product a word: np.add.reduceat takes four times as long.
        with on_one_core():
            vectors = np.array([loud[a:b] @ pieces[a:b] for a, b in pairwise(texts.gram_bounds)])
            found = read(self.parameters, vectors, texts.words, texts.starts, product=in_blocks)
        return found.logits.astype(np.float64)


def stored(parameters: Parameters) -> dict[str, NDArray[Any]]:
    """Learned parameters in a tenth of their bytes: the table in steps, the rest in halves."""
    table = parameters["table"]
    step = np.float32(np.abs(table).max() / 127)
    small = {name: one.astype(np.float16) for name, one in parameters.items()}
    return small | {"table": np.rint(table / step).astype(np.int8), "step": np.array(step)}


def loudness(texts: Encoded) -> Floats:
    """G: 1 for a word as a whole, 1 / sqrt(n) for each of its n character n-grams."""
    sizes = np.diff(texts.gram_bounds)
    loud = np.repeat(1 / np.sqrt(np.maximum(sizes - 1, 1)), sizes)
    loud[texts.gram_starts] = 1
    return np.asarray(loud, np.float32)


def read(
    parameters: Parameters,
    vectors: Floats,
    words: Integers,
    starts: Integers,
    kept: NDArray[np.bool_] | None = None,
    product: Callable[[Floats, Floats], Floats] = np.matmul,
) -> Reading:
    """V x WIDTH vectors and T places among them (0: a break) to N readings.

    `starts`: N places among the T tokens. `kept`: T; a token not kept is not heard.
    """
    said = words != 0 if kept is None else (words != 0) & kept
    heard = said[:, None].astype(np.float32)
    state = (product(vectors, parameters["up"]) + parameters["up_bias"])[words] * heard
    inputs, outputs = list[Floats](), list[Floats]()
    for layer in range(LAYERS):
        inputs.append(np.maximum(state, 0))
        seen = product(inputs[-1], parameters[f"layer{layer}"])
        before, own, after = np.split(seen, 3, axis=1)
        total = own + parameters[f"bias{layer}"]
        total[1:] += before[:-1]
        total[:-1] += after[1:]
        outputs.append(np.maximum(total, 0) * heard)
        state = state + outputs[-1]
    loudest = np.maximum.reduceat(state, starts)
    share = np.asarray(1 / np.maximum(np.add.reduceat(heard, starts), 1), np.float32)
    pooled = np.maximum(np.hstack([loudest, np.add.reduceat(state, starts) * share]), 0)
    logits = product(pooled, parameters["out"]) + parameters["out_bias"]
    return Reading(share, heard, inputs, outputs, state, loudest, pooled, logits)


def in_blocks(rows: Floats, matrix: Floats) -> Floats:
    """`rows @ matrix`, each row to the last bit the same whatever stands beside it.

    The library takes other ways for other sizes, so all blocks have one.
    """
    blocks = np.zeros((-(-len(rows) // _BLOCK), _BLOCK, rows.shape[1]), np.float32)
    blocks.reshape(-1, rows.shape[1])[: len(rows)] = rows
    return np.asarray((blocks @ matrix).reshape(-1, matrix.shape[1])[: len(rows)])


def random(seed: int) -> Parameters:
    """Parameters to begin with, `table` included: noise, and biases of 0."""
    dice = np.random.default_rng(seed)
    loud = {"table": 0.1, "up": WIDTH**-0.5, "out": 0.5 * (2 * CHANNELS) ** -0.5}
    parameters = {name: np.zeros(shape, np.float32) for name, shape in SHAPES.items()}
    for name, one in parameters.items():
        if one.ndim > 1:
            size = loud.get(name, 0.7 * (3 * CHANNELS) ** -0.5)
            one[:] = size * dice.standard_normal(one.shape)
    return parameters


def softmax(logits: NDArray[Any]) -> NDArray[Any]:
    """N x 3 probabilities."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))
