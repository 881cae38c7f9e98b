"""Train the shipped model: one head per language, calibrated on sources it had not seen.

The same data and seed give the same bytes; `version` is a hash of what was learned.
"""

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback.sentiment import calibrate, regression, sources, vectors
from feedback.sentiment.sources import LABELS, LANGUAGES, TRAINED

KEPT = 0.35  # share of the learned features that is stored; the smallest are dropped
BALANCE = 0.5  # 0: every row counts the same; 1: every source does
HELD_OUT = 10  # one row in ten is never trained on
MOST = 12_000  # rows of one set and language: subtitles and reddit would take most of the time

Floats = NDArray[np.float64]


def train(data: Path, out: Path, seed: int = 0) -> None:
    """Learn from the Parquet tables in `data` and our own sentences; write the weights to `out`.

    `seed` chooses the rows held out. Raises Changed if a table has no text, label, lang or set.
    """
    rows = training_rows(sources.read(data), seed)
    arrays: dict[str, NDArray[Any]] = {}
    heads: dict[str, dict[str, float]] = {}
    for language in LANGUAGES:
        places, values, heads[language] = learn(rows[rows["lang"] == language])
        arrays[f"{language}_places"], arrays[f"{language}_values"] = places, values
    meta = json.dumps({"seed": seed, "heads": heads, "rows": _counts(rows)}, sort_keys=True)
    content = meta.encode() + b"".join(arrays[name].tobytes() for name in sorted(arrays))
    version = f"1.{hashlib.sha256(content).hexdigest()[:8]}"
    arrays |= {"version": np.array(version), "meta": np.array(meta)}
    np.savez_compressed(out, allow_pickle=False, **arrays)


def training_rows(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The rows of the trained sets that are not held out."""
    trained = rows["set"].isin([one.name for one in TRAINED])
    known = rows[trained & ~held_out(rows, seed)]
    place = _drawn(known, seed).groupby([known["lang"], known["set"]]).rank(method="first")
    return known[place <= MOST].reset_index(drop=True)


def held_out(rows: pd.DataFrame, seed: int) -> "pd.Series[bool]":
    """About one row in ten, chosen by a checksum of its text, so it stays out whatever joins."""
    return _drawn(rows, seed) % HELD_OUT == 0


def _drawn(rows: pd.DataFrame, seed: int) -> "pd.Series[int]":
    return rows["text"].map(lambda text: zlib.crc32(f"{seed} {text}".encode()))


def learn(rows: pd.DataFrame) -> tuple[NDArray[np.int32], NDArray[np.float16], dict[str, float]]:
    """One head: the stored features' places, their weights (the bias last), its calibration."""
    weights = regression.fit(*prepare(rows), _vectors(rows))
    heat, least = calibration(rows)
    loudest = np.abs(weights[:-1]).max(axis=1)
    kept = loudest > np.quantile(loudest[loudest > 0], 1 - KEPT)
    places = np.flatnonzero(kept).astype(np.int32)
    values = weights[np.append(places, len(weights) - 1)].astype(np.float16)
    return places, values, {"temperature": round(heat, 4), "threshold": round(least, 4)}


def calibration(rows: pd.DataFrame) -> tuple[float, float]:
    """Temperature and threshold, from predictions for sources of a fold that was left out.

    Each source counts the same for the temperature; the threshold is the highest that one of the
    strict sources asks for.
    """
    about = {one.name: one for one in TRAINED}
    fold = rows["set"].map(lambda name: about[name].fold).to_numpy()
    logits = np.full((len(rows), len(LABELS)), np.nan)
    design, labels, importance = prepare(rows)
    for name in sorted(set(fold) - {""}):
        logits[fold == name] = unseen(design, labels, importance, fold == name, _vectors(rows))
    seen = fold != ""
    equal = (1 / rows.groupby("set")["set"].transform("size")).to_numpy()
    heat = calibrate.temperature(logits[seen], labels[seen], equal[seen])
    least = [
        calibrate.threshold(regression.softmax(logits[one] / heat), labels[one])
        for name in sorted(set(rows["set"]))
        if about[name].strict and (one := (rows["set"] == name).to_numpy()).any()
    ]
    return heat, max(least, default=1.0)


def unseen(
    design: regression.Design,
    labels: NDArray[np.int64],
    importance: Floats,
    out: NDArray[np.bool_],
    known: vectors.WordVectors,
) -> Floats:
    """Logits of the rows in `out` by a model trained on all the others."""
    weights = regression.fit(design.rows(~out), labels[~out], importance[~out], known)
    return design.rows(out).logits(weights)


def prepare(rows: pd.DataFrame) -> tuple[regression.Design, NDArray[np.int64], Floats]:
    """Features, labels as places in LABELS, and how much each row counts."""
    labels = rows["label"].map({name: i for i, name in enumerate(LABELS)})
    importance = rows.groupby("set")["set"].transform("size").to_numpy(np.float64) ** -BALANCE
    importance *= rows["set"].map({one.name: one.weight for one in TRAINED}).fillna(1.0).to_numpy()
    places = np.asarray(labels, dtype=np.int64)
    return regression.design(rows["text"].tolist(), _vectors(rows)), places, importance


def _vectors(rows: pd.DataFrame) -> vectors.WordVectors:
    """Those of the one language that the rows are in."""
    return vectors.read(str(rows["lang"].iloc[0]))


def _counts(rows: pd.DataFrame) -> dict[str, dict[str, int]]:
    return {
        str(language): {str(name): int(n) for name, n in group["set"].value_counts().items()}
        for language, group in rows.groupby("lang")
    }
