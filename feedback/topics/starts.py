"""Where themes start: two words that are said together far more often than by chance.

All pairs are counted, so the words need not be neighbours, nor in one order.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from feedback.topics.reading import Floats, Read, middles_of

TOGETHER = 0.25  # NPMI of two words that may start a theme
STARTS = 1_500  # pairs of words that themes are started from, at most


def starts(read: Read, free: NDArray[np.bool_], fewest: int) -> Floats:
    """Middles of the free passages that say two words together: those with the most to tell.

    NPMI: G. Bouma, "Normalized (pointwise) mutual information in collocation extraction" (2009).
    """
    rows, words = read.rows[free], np.flatnonzero(read.is_word)
    if not len(words) or not rows.shape[0]:
        return np.zeros((0, len(read.vocabulary)), np.float32)
    said = (rows[:, words] > 0).astype(np.float32).tocsc()
    pairs = sparse.triu(said.T @ said, 1).tocoo()
    often = pairs.data >= fewest
    one, other, together = pairs.row[often], pairs.col[often], pairs.data[often] / len(rows.indptr)
    share = np.asarray(said.sum(axis=0)).ravel() / len(rows.indptr)
    information = np.log(together / (share[one] * share[other]))
    likely = np.flatnonzero(information >= TOGETHER * -np.log(together))
    gain = (together * information)[likely]
    chosen = likely[np.lexsort((other[likely], one[likely], -gain))][:STARTS]
    return middles_of(said[:, one[chosen]].multiply(said[:, other[chosen]]).T.tocsr() @ rows)
