"""Word vectors: which English words mean alike, learned elsewhere; for training only.

The shipped weights hold what was learned from them, so judging a text needs none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WIDTH = 64
_FOLDER = Path(__file__).parent / "data"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WordVectors:
    """W different words in lower case, and W x WIDTH numbers, their mean square 1."""

    words: tuple[str, ...]
    values: Floats

    def of(self, words: Sequence[str]) -> Floats:
        """N x WIDTH for N words; zeros where a word is not known."""
        row = {word: i for i, word in enumerate(self.words)}
        padded = np.vstack([self.values, np.zeros(WIDTH)])
        return padded[[row.get(word, -1) for word in words]]


NONE = WordVectors((), np.zeros((0, WIDTH)))


@cache
def read(language: str) -> WordVectors:
    """The vectors kept in this repository for a language; none where they did not help."""
    if not _path(language).exists():
        return NONE
    with np.load(_path(language), allow_pickle=False) as stored:
        words = tuple(bytes(stored["words"]).decode().split("\n"))
        return WordVectors(words, stored["values"].astype(np.float64) * float(stored["step"]))


def write(language: str, words: Sequence[str], embedded: Floats) -> None:
    """Keep N words with their N x M embeddings, most frequent first, in WIDTH directions.

    The directions are the principal ones; numbers are rounded to 255 steps.
    """
    centred = embedded - embedded.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)  # in ascending order
    values = centred @ directions[:, ::-1][:, :WIDTH]
    values /= np.sqrt((values**2).mean())
    step = np.abs(values).max() / 127
    np.savez_compressed(
        _path(language),
        allow_pickle=False,
        words=np.frombuffer("\n".join(words).encode(), np.uint8),
        values=np.rint(values / step).astype(np.int8),
        step=np.array(step),
    )


def _path(language: str) -> Path:
    return _FOLDER / f"vectors_{language}.npz"
