"""Tokens to hashed features: word 1-2-grams, character 2-5-grams, words under negation.

Every feature belongs to one word or one pair, so a text is the sum of its tokens' features.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from feedback.sentiment import tokens

BITS = 19
SIZE = 1 << BITS
NEGATION_SCOPE = 3  # words
WORD, CHARACTERS, PAIR = 1.0, 0.3, 0.4  # how loudly each kind of feature speaks
_NEGATORS = """не ни нет без нельзя никогда никак ничего
not no never none nothing without cannot hardly
dont didnt doesnt isnt wasnt arent cant couldnt wont wouldnt shouldnt"""
_SCOPE_ENDS = ". , ! ? ; : .. !! ?? ) ( )) (( но а зато but however"
NEGATORS, SCOPE_ENDS = frozenset(_NEGATORS.split()), frozenset(_SCOPE_ENDS.split())

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Encoded:
    """Some texts as integers. T tokens (breaks included), V different words, N texts."""

    vocabulary: list[str]  # V different words in lower case, the break first
    words: Integers  # T: each token's place among the V words; 0 is the break that ends a text
    hashes: Integers  # V: each word as a whole
    grams: Integers  # G: hashed features of the V words, one word after the other
    gram_starts: Integers  # V: where each word's features begin

    @cached_property
    def gram_bounds(self) -> Integers:
        """V + 1: where each word's features begin, and where the last one's end."""
        return np.append(self.gram_starts, len(self.grams))

    @cached_property
    def starts(self) -> Integers:
        """N: where each text's tokens begin."""
        return np.concatenate(([0], np.flatnonzero(self.words == 0) + 1))[:-1]

    @cached_property
    def text(self) -> Integers:
        """T: the text a token belongs to; a break belongs to the text it ends."""
        return text_of(self.words)

    @cached_property
    def scale(self) -> Floats:
        """N: 1 / sqrt(tokens), so that a long text does not shout."""
        texts = np.count_nonzero(self.words == 0)
        return np.maximum(np.bincount(self.text[self.words != 0], minlength=texts), 1) ** -0.5

    @cached_property
    def pairs(self) -> Integers:
        """T: each token and the one before it, hashed; before the first stands a break."""
        after = self.hashes[self.words]
        before = np.concatenate((self.hashes[:1], after[:-1]))
        return (before * 0x9E37 + after * 31 + 7) % 0xFFFFFFFB % SIZE

    @cached_property
    def negated(self) -> NDArray[np.bool_]:
        """T: whether a negation stands shortly before."""
        return _negated(self.words, self.vocabulary)

    @property
    def negated_grams(self) -> Integers:
        """G: the features that stand for the same words under negation."""
        return (self.grams * 7919 + 12345) % SIZE


def encode(texts: Sequence[str]) -> Encoded:
    """Read texts into integers; the cost is one dictionary look-up per token."""
    places: dict[str, int] = {tokens.BREAK: 0}
    words = np.array([places.setdefault(t, len(places)) for t in tokens.split(texts)], np.int64)
    grams = [_grams(word) for word in places]
    sizes = np.array([len(g) for g in grams])
    return Encoded(
        vocabulary=list(places),
        words=words[1:],
        hashes=np.array([g[0] for g in grams], np.int64),
        grams=np.concatenate(grams).astype(np.int64) % SIZE,
        gram_starts=np.concatenate(([0], np.cumsum(sizes)[:-1])),
    )


def text_of(words: Integers) -> Integers:
    """T places of words, 0 being the break that ends a text, to the T texts they stand in."""
    breaks = words == 0
    return np.asarray(np.cumsum(breaks) - breaks)


def _negated(words: Integers, vocabulary: list[str]) -> NDArray[np.bool_]:
    negators = np.array([w in NEGATORS or w.endswith("n't") for w in vocabulary])
    ends = np.array([w in SCOPE_ENDS or w == tokens.BREAK for w in vocabulary])
    at = np.arange(len(words))
    last_negator = np.maximum.accumulate(np.where(negators[words], at, -NEGATION_SCOPE - 1))
    last_end = np.maximum.accumulate(np.where(ends[words], at, -1))
    # A negator does not negate itself, so its own place is never counted.
    before = np.concatenate(([-NEGATION_SCOPE - 1], last_negator[:-1]))
    return (before > last_end) & (at - before <= NEGATION_SCOPE)


@lru_cache(maxsize=1 << 14)
def _grams(token: str) -> NDArray[np.uint32]:
    """The hash of the token, then of its character 2-5-grams with the word's edges marked."""
    word = tokens.shape(token)
    found = [zlib.crc32(f"w{word}".encode())]
    if word[0].isalpha():
        edged = f"<{word[:40]}>"
        last = len(edged)
        found += [
            zlib.crc32(edged[i : i + n].encode())
            for n in range(2, 6)
            for i in range(last - n + 1)
            if n < last
        ]
    return np.array(found, np.uint32)
