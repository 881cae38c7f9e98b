"""Train the shipped model: one reader per language, calibrated on sources it had not seen.

A reader learns the probabilities that its teacher gives texts, clauses and single words. The same
data and seed give the same bytes; `version` is a hash of what was learned.
"""

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback.errors import Changed
from feedback.sentiment import calibrate, features, learning, model, reader, sources
from feedback.sentiment import teacher as teachers
from feedback.sentiment.reader import Reader
from feedback.sentiment.sources import LABELS, LANGUAGES, OWN, TRAINED

BALANCE = 0.5  # 0: every row counts the same; 1: every source does
HELD_OUT = 10  # one row in ten is never trained on
MOST = 8_000  # rows of one set but ours: subtitles and reddit would take most of the time
# How much the teacher's word counts, the rest being the label: it reads English better.
TRUST = {"ru": 0.5, "en": 1.0}
WORD = 0.3  # how much a single word counts beside a text or a clause

Floats = NDArray[np.float64]


def train(data: Path, out: Path, seed: int = 0) -> str:
    """Learn from the Parquet tables in `data` and our own utterances; write the weights to `out`.

    `seed` starts the readers. Returns what was done, in words. Raises Changed if `out` cannot be
    written, a table is not as it should be, or the teacher was not made for the folds.
    """
    if out.suffix != ".npz" or not out.parent.is_dir():
        raise Changed(f"{out} must be an .npz in a folder that exists; nothing was trained.")
    rows = training_rows(sources.read(data))
    arrays, heads, said = dict[str, NDArray[Any]](), dict[str, dict[str, float]](), list[str]()
    for language in LANGUAGES:
        here = rows[rows["lang"] == language].reset_index(drop=True)
        stored = reader.stored(fit(here, seed))
        arrays |= {f"{language}_{name}": one for name, one in stored.items()}
        if any(about.strict and about.name in set(here["set"]) for about in TRAINED):
            heat, least = calibration(here, seed)
        else:
            shipped = model.load().heads[language]
            heat, least = shipped.temperature, shipped.threshold
            said.append(
                f"Temperature and threshold of {language} are the shipped ones: no strict set."
            )
        heads[language] = {"temperature": round(heat, 4), "threshold": round(least, 4)}
    counts = _counts(rows)
    meta = json.dumps({"seed": seed, "heads": heads, "rows": counts}, sort_keys=True)
    content = meta.encode() + b"".join(arrays[name].tobytes() for name in sorted(arrays))
    version = f"2.{hashlib.sha256(content).hexdigest()[:8]}"
    arrays |= {"version": np.array(version), "meta": np.array(meta)}
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return "\n".join([f"Wrote {out}, version {version}, learned from {counts}.", *said])


def training_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the trained sets that are not held out."""
    trained = rows["set"].isin([one.name for one in TRAINED])
    known = rows[trained & ~held_out(rows)]
    place = _drawn(known).groupby([known["lang"], known["set"]]).rank(method="first")
    return known[(place <= MOST) | (known["set"] == OWN)].reset_index(drop=True)


def held_out(rows: pd.DataFrame) -> "pd.Series[bool]":
    """About one row in ten, chosen by a checksum of its text, so it stays out whatever joins."""
    return _drawn(rows) % HELD_OUT == 0


def _drawn(rows: pd.DataFrame) -> "pd.Series[int]":
    return rows["text"].map(lambda text: zlib.crc32(f"0 {text}".encode()))


def fit(rows: pd.DataFrame, seed: int, without: str = "") -> reader.Parameters:
    """What the reader of one language learns from `rows`, but for the fold or set `without`."""
    return learning.fit(*lesson(rows[~left_out(rows, without)], without), seed)


def lesson(rows: pd.DataFrame, without: str) -> tuple[list[str], reader.Floats, reader.Floats]:
    """N texts, their N x 3 target probabilities, and how much each counts.

    A text that the teacher was not asked about with this label has the label as target; a clause
    or a word that it was not asked about is left out.
    """
    language = str(rows["lang"].iloc[0])
    teacher, trust = teachers.read(language), TRUST[language]
    labelled = rows["text"].tolist()
    clauses, words = teachers.clauses(labelled), teachers.words(labelled)
    told = teacher.of(labelled, rows["label"].tolist(), without)
    said = np.eye(len(LABELS))[labels_of(rows)]
    told = np.where(np.isnan(told), said, trust * told + (1 - trust) * said)
    parts = [*clauses, *words]
    targets = np.vstack([told, teacher.of(parts, [""] * len(parts), without)])
    texts = [*labelled, *parts]
    importance = importance_of(rows)
    counts = np.r_[importance / importance.mean(), np.ones(len(clauses)), np.full(len(words), WORD)]
    known = np.flatnonzero(~np.isnan(targets).any(axis=1))
    taught = [texts[i] for i in known]
    return taught, targets[known].astype(np.float32), counts[known].astype(np.float32)


def left_out(rows: pd.DataFrame, without: str) -> NDArray[np.bool_]:
    """N: whether a row is of the fold or the set called `without`."""
    sets = [one.name for one in TRAINED if without and without in (one.fold, one.name)]
    return rows["set"].isin(sets).to_numpy()


def folds(rows: pd.DataFrame) -> list[str]:
    """The folds whose sets occur in `rows`, but for one that is all there is."""
    present = set(rows["set"])
    found = sorted({one.fold for one in TRAINED if one.fold and one.name in present})
    return [fold for fold in found if not left_out(rows, fold).all()]


def calibration(rows: pd.DataFrame, seed: int) -> tuple[float, float]:
    """Temperature and threshold, from predictions for sources of a fold that was left out.

    Each source counts the same for the temperature; the threshold is the highest that one of the
    strict sources asks for. Where nothing can be left out both are 1: no polarity is stated.
    """
    logits = np.full((len(rows), len(LABELS)), np.nan)
    for fold in folds(rows):
        out = left_out(rows, fold)
        logits[out] = logits_of(fit(rows, seed, fold), rows["text"][out].tolist())
    seen, labels = ~np.isnan(logits).any(axis=1), labels_of(rows)
    if not seen.any():
        return 1.0, 1.0
    equal = (1 / rows.groupby("set")["set"].transform("size")).to_numpy()
    heat = calibrate.temperature(logits[seen], labels[seen], equal[seen])
    least = [
        calibrate.threshold(reader.softmax(logits[one] / heat), labels[one])
        for about in TRAINED
        if about.strict and (one := (rows["set"] == about.name).to_numpy()).any()
    ]
    return heat, max(least, default=1.0)


def logits_of(learned: reader.Parameters, texts: list[str]) -> Floats:
    """N x 3, as the run-time model computes them."""
    return Reader.of(reader.stored(learned)).logits(features.encode(texts))


def labels_of(rows: pd.DataFrame) -> NDArray[np.int64]:
    """N places in LABELS."""
    places = rows["label"].map({name: i for i, name in enumerate(LABELS)})
    return np.asarray(places, dtype=np.int64)


def importance_of(rows: pd.DataFrame) -> Floats:
    """How much each row counts: large sets less than their rows, ours more than others."""
    size = rows.groupby("set")["set"].transform("size").to_numpy(np.float64)
    weight = rows["set"].map({one.name: one.weight for one in TRAINED}).fillna(1.0).to_numpy()
    return np.asarray(size**-BALANCE * weight)


def _counts(rows: pd.DataFrame) -> dict[str, dict[str, int]]:
    return {
        str(language): {str(name): int(n) for name, n in group["set"].value_counts().items()}
        for language, group in rows.groupby("lang")
    }
