"""What a larger model thinks of the training texts: probabilities, looked up by a checksum.

They were made once by `make_teacher`, for the model trained on all sets and for those trained
without some, so that a source that is left out stays unseen.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from feedback.errors import Changed
from feedback.sentiment import tokens

ALL = "all"  # the name of what was learned from all sets
LONGEST_WORD = 30  # letters
WORDS_OF_CLAUSE = range(3, 21)
ONE_IN = 3  # clauses asked about: each takes the larger model 20 ms
_FOLDER = Path(__file__).parent / "data"
_STEPS = 255
_MAKE = "Run python -m feedback.sentiment.make_teacher DIR with the folder of tables."
_JOINTS = re.compile(
    r"(?<=[.!?;,:)(])\s+|\s+[—–-]\s+"
    r"|\s+(?=(?:но|а|and|but|потому|because|when|если|чтобы|which|что)\s)"
)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Teacher:
    """M texts by their keys; M x 2 bytes, negative and positive, by the fold or set left out."""

    keys: NDArray[np.uint64]  # in ascending order
    opinions: dict[str, NDArray[np.uint8]]

    def of(self, texts: Sequence[str], labels: Sequence[str], without: str = "") -> Floats:
        """N x 3 probabilities by a teacher that saw no label of the fold or set `without`.

        NaN for a text that the teacher was not asked about, or not with that label ("": none).
        Raises Changed if it was not made without that fold.
        """
        if (without or ALL) not in self.opinions:
            raise Changed(f"No teacher was made without {without}; nothing was trained. {_MAKE}")
        asked = np.array([key(*one) for one in zip(texts, labels, strict=True)], np.uint64)
        place = np.minimum(np.searchsorted(self.keys, asked), len(self.keys) - 1)
        negative, positive = self.opinions[without or ALL][place].T.astype(int)
        neutral = np.maximum(_STEPS - negative - positive, 0)
        chances = np.column_stack([negative, neutral, positive]) / _STEPS
        chances[self.keys[place] != asked] = np.nan
        return chances


@cache
def read(language: str) -> Teacher:
    """The one kept in this repository for a language. Raises Changed if there is none."""
    if not _path(language).exists():
        raise Changed(f"There is no {_path(language).name}; nothing was trained. {_MAKE}")
    with np.load(_path(language), allow_pickle=False) as stored:
        opinions = {one: stored[one] for one in stored.files if one != "keys"}
        return Teacher(stored["keys"], opinions)


def write(language: str, asked: Sequence[tuple[str, str]], chances: dict[str, Floats]) -> None:
    """Keep N x 3 probabilities by the fold or set left out ("": none).

    `asked`: N different pairs of a text and its label ("": none).
    """
    keys = np.array([key(*one) for one in asked], np.uint64)
    order = np.argsort(keys)
    kept = {
        without or ALL: np.rint(values[order][:, [0, 2]] * _STEPS).astype(np.uint8)
        for without, values in chances.items()
    }
    np.savez_compressed(_path(language), allow_pickle=False, keys=keys[order], **kept)


def key(text: str, label: str = "") -> int:
    """64 bits that stand for a text with its label, so that a mended label is learned as such."""
    said = f"{label}\n{text}" if label else text
    digest = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def clauses(texts: Iterable[str]) -> list[str]:
    """One in three of the parts between punctuation and conjunctions, each different one once."""
    found = dict.fromkeys(part for text in texts for part in _JOINTS.split(text) if part != text)
    fit = (part for part in found if len(part.split()) in WORDS_OF_CLAUSE)
    return [part for part in fit if key(part) % ONE_IN == 0]


def words(texts: Sequence[str]) -> list[str]:
    """The words met twice, most frequent first."""
    met = Counter(token for token in tokens.split(texts) if token[0].isalpha())
    return [word for word, n in met.most_common() if n > 1 and len(word) <= LONGEST_WORD]


def _path(language: str) -> Path:
    return _FOLDER / f"teacher_{language}.npz"
