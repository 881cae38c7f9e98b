"""Train the topic model on labelled feedback: one head per language, thresholds by industry.

A threshold is set on texts of industries that the fitted model had not seen: the words of an
industry known to it would give the topic away. The same data give the same bytes.
"""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from feedback.errors import Changed
from feedback.sentiment import features, regression
from feedback.sentiment.sources import LANGUAGES
from feedback.topics.model import BUCKETS, NEVER
from feedback.topics.taxonomy import INTENTS, TOPICS, read

PENALTY = 1e-4  # L2, on the mean loss of each label
ITERATIONS = 100
RARELY = 3  # a feature in fewer texts is left out
FOLDS = 4
KEPT = 0.9  # share of the learned features that is stored; the quietest are dropped
PRECISION = 0.6  # of the topics stated of industries never seen;
OF_INTENTS = 0.7  # of intents,
OF_ALERTS = 0.75  # and of those where somebody is woken up for it
ALERTS = ("intent:churn", "intent:risk", "intent:urgent")
FEWEST = 10  # texts that a threshold must let through, or it says nothing
UNLABELLED = "-"  # the industry of a text whose sentiment alone was labelled
COLUMNS = ("text", "industry", "topics", "intents")

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Sparse = Any  # scipy has no type stubs


def train(data: Path, out: Path) -> None:
    """Learn from `data`/ru.tsv and en.tsv; write the weights to `out`. Raises Changed."""
    names, arrays, least = labels(), dict[str, NDArray[Any]](), dict[str, list[float]]()
    for language in LANGUAGES:
        rows = labelled(data, language)
        matrix, truth = design(rows["text"].tolist()), marks(rows, names)
        weights = fit(matrix, truth)
        chances = unseen(matrix, truth, folds(rows["industry"].tolist()))
        arrays |= {f"{language}_{name}": one for name, one in _small(weights).items()}
        least[language] = [round(float(x), 4) for x in thresholds(chances, truth, names)]
    meta = json.dumps({"labels": names, "thresholds": least}, sort_keys=True)
    content = meta.encode() + b"".join(arrays[name].tobytes() for name in sorted(arrays))
    version = hashlib.sha256(content).hexdigest()[:8]
    arrays |= {"version": np.array(version), "meta": np.array(meta)}
    np.savez_compressed(out, allow_pickle=False, **arrays)


def labels() -> list[str]:
    """What the model learns: our own topics and intents, in the order of their files."""
    return [f"topic:{key}" for key in read(TOPICS)] + [f"intent:{key}" for key in read(INTENTS)]


def labelled(data: Path, language: str) -> pd.DataFrame:
    """One language's texts with COLUMNS; rows whose topics are not labelled are left out."""
    path = data / f"{language}.tsv"
    if not path.exists():
        raise Changed(f"There is no {path}; nothing was trained. Name the folder that has it.")
    lines = path.read_text("utf-8").splitlines()
    rows = pd.DataFrame(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    missing = [name for name in COLUMNS if name not in rows]
    if missing:
        raise Changed(f"{path} has no column {', '.join(missing)}; nothing was trained. Add it.")
    return rows.loc[rows["industry"] != UNLABELLED, list(COLUMNS)].reset_index(drop=True)


def marks(rows: pd.DataFrame, names: list[str]) -> Floats:
    """N x K of 0 and 1: which labels each row has."""
    told = [
        {f"topic:{one}" for one in topics.split(",")}
        | {f"intent:{one}" for one in wants.split(",")}
        for topics, wants in zip(rows["topics"], rows["intents"], strict=True)
    ]
    return np.array([[name in own for name in names] for own in told], np.float64)


def folds(industries: list[str]) -> Integers:
    """N: industries dealt out to FOLDS parts of about the same size, the largest first."""
    sizes, parts = np.zeros(FOLDS), dict[str, int]()
    for name, size in pd.Series(industries).value_counts().sort_index(kind="stable").items():
        parts[str(name)] = int(sizes.argmin())
        sizes[parts[str(name)]] += size
    return np.array([parts[name] for name in industries])


def design(texts: list[str]) -> Sparse:
    """N x BUCKETS, with the same loudness as `model.Head` gives each feature."""
    whole = regression.design(texts)
    wide = whole.words @ whole.word_features + whole.negated @ whole.negated_features + whole.pairs
    places = np.arange(features.SIZE)
    fold = sparse.csr_matrix((np.ones(len(places)), (places, places % BUCKETS)))
    return (wide @ fold).tocsr()


def fit(matrix: Sparse, truth: Floats) -> Floats:
    """(BUCKETS + 1) x K weights, the bias last: K logistic regressions by L-BFGS at once."""
    kept = np.flatnonzero(np.bincount(matrix.indices, minlength=BUCKETS) >= RARELY)
    small, shape = matrix[:, kept].tocsr(), (len(kept) + 1, truth.shape[1])
    turned = small.T.tocsr()

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape)
        logits = small @ weights[:-1] + weights[-1]
        value = (np.logaddexp(0, logits) - truth * logits).sum() / len(truth)
        errors = (1 / (1 + np.exp(-logits)) - truth) / len(truth)
        slope = np.vstack([turned @ errors + PENALTY * weights[:-1], errors.sum(axis=0)])
        return float(value + PENALTY / 2 * (weights[:-1] ** 2).sum()), slope.ravel()

    limits = {"maxiter": ITERATIONS, "ftol": 1e-7}
    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options=limits)
    weights = np.zeros((BUCKETS + 1, shape[1]))
    weights[np.append(kept, BUCKETS)] = found.x.reshape(shape)
    return weights


def unseen(matrix: Sparse, truth: Floats, parts: Integers) -> Floats:
    """N x K probabilities, each by a model that saw no text of that row's part."""
    chances = np.zeros(truth.shape)
    for part in np.unique(parts):
        out = parts == part
        weights = fit(matrix[~out], truth[~out])
        chances[out] = 1 / (1 + np.exp(-(matrix[out] @ weights[:-1] + weights[-1])))
    return chances


def thresholds(chances: Floats, truth: Floats, names: list[str]) -> Floats:
    """K: from which probability on enough is right; NEVER if none will do."""
    aims = [_aim(name) for name in names]
    return np.array([_least(*one) for one in zip(chances.T, truth.T, aims, strict=True)])


def _aim(name: str) -> float:
    if name in ALERTS:
        return OF_ALERTS
    return OF_INTENTS if name.startswith("intent:") else PRECISION


def _least(chances: Floats, truth: Floats, aim: float) -> float:
    """Of the thresholds that are precise enough, the one with the best F1."""
    order = np.argsort(-chances, kind="stable")
    hits, found = np.cumsum(truth[order]), np.arange(1, len(order) + 1)
    score = np.where(hits / found >= aim, hits / (found + truth.sum()), 0)[FEWEST - 1 :]
    return float(chances[order][score.argmax() + FEWEST - 1]) if score.any() else NEVER


def _small(weights: Floats) -> dict[str, NDArray[Any]]:
    """A head in bytes: the louder features, each label's weights scaled to -127..127."""
    loudest = np.abs(weights[:-1]).max(axis=1)
    places = np.flatnonzero(loudest > np.quantile(loudest[loudest > 0], 1 - KEPT))
    scale = np.maximum(np.abs(weights[places]).max(axis=0), 1e-9) / 127
    values = np.round(weights[places] / scale).astype(np.int8)
    return {
        "places": places.astype(np.int32),
        "values": values,
        "scale": scale.astype(np.float32),
        "bias": weights[-1].astype(np.float64),
    }
