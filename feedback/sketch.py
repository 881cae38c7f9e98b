"""A text as 48 numbers: two texts that share one of them, at its place, say nearly the same.

How surely follows from J, the share of the three-letter pieces that both have (Jaccard): they share
a number in 0.01 of cases at J 0.6, 0.14 at 0.7, 0.72 at 0.8, 0.96 at 0.85, all at 0.9.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from feedback.text.normalise import folded

Keys = NDArray[np.uint64]
METHOD = "rminhash-256 1"  # a new version compares all texts anew
ROWS = 16
# 256 minima in a square. A band is a row of it, or a diagonal: each minimum serves three bands, and
# two bands share two at most, so that 48 are nearly as good as if 768 minima had been taken.
_PLACES = np.array(
    [
        [(k + step * i) % ROWS * ROWS + i for i in range(ROWS)]
        for step in (0, 1, 3)
        for k in range(ROWS)
    ]
)
BANDS = len(_PLACES)
PIECE = 3  # letters: longer pieces, and whole words, lose more of a text with two typing mistakes
SHORTEST = 40  # letters and digits: people who never met say shorter texts in equal words
VARIED = 8  # different letters: "!!!!" and "hahahaha" say nothing, however long
SEED = 42
CHUNK = 1_000  # texts: the library hands over lists of numbers, 10 kB for each text
ODD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 divided by the golden ratio


def sketch(texts: Sequence[str]) -> Keys:
    """One row of `BANDS` numbers for each text, zeros for one too short or too plain.

    Texts of one fingerprint have one sketch. MinHash: A. Z. Broder, "On the resemblance and
    containment of documents" (1997); bands: Leskovec, Rajaraman and Ullman, "Mining of Massive
    Datasets", chapter 3.
    """
    words = [folded(text) for text in texts]
    found = np.zeros((len(words), BANDS), np.uint64)
    told = [n for n, w in enumerate(words) if len(w) >= SHORTEST and len(set(w)) >= VARIED]
    for some in _chunks(told):
        found[some] = _bands(_digests(*_pieces([words[n] for n in some])))
    return found


def packed(keys: Keys) -> bytes | None:
    """A row of numbers as it is stored; None for zeros."""
    return keys.astype("<u8").tobytes() if keys.any() else None


def unpacked(stored: Sequence[bytes | None]) -> Keys:
    """The rows that `packed` made."""
    nothing = bytes(8 * BANDS)
    joined = b"".join([row or nothing for row in stored])
    return np.frombuffer(joined, "<u8").reshape(-1, BANDS).astype(np.uint64, copy=False)


def mixed(keys: Keys) -> Keys:
    """Numbers without the order of those given, equal where they were equal; never 0.

    The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
    """
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.maximum(keys ^ (keys >> np.uint64(31)), np.uint64(1))


def _pieces(words: list[str]) -> tuple[Keys, Keys]:
    """Every `PIECE` letters in a row of all texts, as one number each, and where each text ends."""
    codes = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), "<u4")
    codes = codes.astype(np.uint64)
    three = codes[:-2] | codes[1:-1] << np.uint64(21) | codes[2:] << np.uint64(42)
    ends = np.cumsum([len(text) for text in words])
    own = np.ones(len(codes), bool)
    own[ends - 1] = own[ends - 2] = False  # those that begin in one text and end in the next
    counts = np.cumsum([0, *(len(text) - PIECE + 1 for text in words)])
    return mixed(three[own[: len(three)]]), counts.astype(np.uint64)


def _digests(pieces: Keys, bounds: Keys) -> Keys:
    made: Any = RMinHash.digest_matrix_from_flat_token_hashes(pieces, bounds, ROWS * ROWS, SEED)
    return np.array(made.to_rows(), np.uint64)


def _bands(digests: Keys) -> Keys:
    weights = mixed(ODD * np.arange(1, ROWS + 1, dtype=np.uint64))
    return mixed((digests[:, _PLACES] * weights).sum(axis=2, dtype=np.uint64))


def _chunks(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), CHUNK):
        yield numbers[start : start + CHUNK]
