"""The model card: how the shipped model does on texts it has not learned from, beside VADER.

Three kinds of unseen text, hardest last known: rows held out of trained sources, whole sources
left out one at a time (the model is trained again without each), and sources never trained on.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from feedback.sentiment import baselines, measures, model, regression, sources, train, vectors
from feedback.sentiment.card import Line, write
from feedback.sentiment.sources import LANGUAGES, TESTED


def model_card(data: Path) -> str:
    """Markdown, the same for the same data and weights; takes minutes, for it trains again.

    `data` as in `train`. Needs the development dependency vaderSentiment.
    """
    shipped = model.load()
    rows = sources.read(data)
    known = train.training_rows(rows, int(str(shipped.meta["seed"])))
    fresh = rows[~rows["text"].isin(known["text"])]
    tested = fresh["set"].isin([one.name for one in TESTED])
    lines = [
        *_lines("never trained on", fresh[tested], _judge(shipped, fresh[tested]), pooled=True),
        *_lines("rows held out", fresh[~tested], _judge(shipped, fresh[~tested])),
        *_left_out(known, shipped),
    ]
    return write(shipped, lines, list(_ablation(known, fresh[tested])))


def _lines(
    kind: str, rows: pd.DataFrame, judged: pd.DataFrame, pooled: bool = False
) -> Iterator[Line]:
    """Ours and, on English, the lexicons, for each set; `judged` has one row for each of `rows`."""
    for language in LANGUAGES:
        here = (rows["lang"] == language).to_numpy()
        names = rows["set"][here].unique()
        masks = {str(name): here & (rows["set"] == name).to_numpy() for name in sorted(names)}
        if pooled and len(names) > 1:
            masks["all of these"] = here
        for name, mask in masks.items():
            yield _line(kind, name, "ours", rows[mask], judged[mask])
            for one in baselines.installed() if language in baselines.LANGUAGES else ():
                judged_so = one.judge(rows["text"][mask].tolist(), rows["lang"][mask].tolist())
                yield _line(kind, name, one.name, rows[mask], judged_so)


def _line(kind: str, name: str, engine: str, rows: pd.DataFrame, judged: pd.DataFrame) -> Line:
    found = measures.measure(rows["label"], judged)
    return Line(kind, str(rows["lang"].iloc[0]), name, engine, len(rows), found)


def _left_out(known: pd.DataFrame, shipped: model.SentimentModel) -> Iterator[Line]:
    """Each source judged by a model that never saw it, with the shipped calibration."""
    for language, head in shipped.heads.items():
        rows = known[known["lang"] == language]
        design, labels, importance = train.prepare(rows)
        for name in sorted(rows["set"].unique()):
            out = (rows["set"] == name).to_numpy()
            logits = train.unseen(design, labels, importance, out, vectors.read(language))
            yield from _lines("source left out", rows[out], _calibrated(logits, head))


def _ablation(known: pd.DataFrame, tested: pd.DataFrame) -> Iterator[Line]:
    """What our own sentences are worth: trained with and without, on sources in neither."""
    for language in LANGUAGES:
        rows = known[known["lang"] == language]
        others = pd.concat([tested[tested["lang"] == language], rows[rows["set"] == "synth"]])
        rows = rows[rows["set"] != "synth"]
        for engine, used in (("with", rows), ("without", rows[rows["set"] != sources.OWN])):
            judged = _trained_on(used, others)
            for name in sorted(others["set"].unique()):
                mask = (others["set"] == name).to_numpy()
                yield _line("ablation", name, engine, others[mask], judged[mask])


def _trained_on(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    design, labels, importance = train.prepare(pd.concat([rows, others]))
    out = np.arange(len(rows) + len(others)) >= len(rows)
    known = vectors.read(str(others["lang"].iloc[0]))
    logits = train.unseen(design, labels, importance, out, known)
    return model.state(regression.softmax(logits), np.full(len(others), 0.5))


def _calibrated(logits: regression.Floats, head: model.Head) -> pd.DataFrame:
    chances = regression.softmax(logits / head.temperature)
    return model.state(chances, np.full(len(chances), head.threshold))


def _judge(shipped: model.SentimentModel, rows: pd.DataFrame) -> pd.DataFrame:
    return shipped.judge(rows["text"].tolist(), rows["lang"].tolist())
