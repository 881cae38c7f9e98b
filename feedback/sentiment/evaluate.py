"""The model card: how the shipped model does on texts it has not learned from, beside VADER.

Three kinds of unseen text, hardest last known: rows held out of trained sources, whole sources
left out (the model is trained again without each fold of them), and sources never trained on.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from feedback.sentiment import baselines, measures, model, reader, sources, train
from feedback.sentiment.card import Line, write
from feedback.sentiment.sources import GRAMMAR, LANGUAGES, OWN, TESTED, TRAINED


def model_card(data: Path) -> str:
    """Markdown, the same for the same data and weights; takes half an hour, for it trains again.

    `data` as in `train`. Needs the development dependency vaderSentiment.
    """
    shipped = model.load()
    rows = sources.read(data)
    seed = int(str(shipped.meta["seed"]))
    known = train.training_rows(rows)
    fresh = rows[~rows["text"].isin(known["text"])]
    tested = fresh["set"].isin([one.name for one in TESTED])
    lines = [
        *_lines("never trained on", fresh[tested], _judge(shipped, fresh[tested]), pooled=True),
        *_lines("rows held out", fresh[~tested], _judge(shipped, fresh[~tested])),
    ]
    ablation = list[Line]()
    for language, head in shipped.heads.items():
        here = known[known["lang"] == language].reset_index(drop=True)
        learned = {one: train.fit(here, seed, one) for one in (*train.folds(here), GRAMMAR)}
        others = fresh[tested & (fresh["lang"] == language)]
        lines += _left_out(here, learned, head)
        ablation += _ablation(learned, pd.concat([others, here[here["set"] == GRAMMAR]]))
    return write(shipped, lines, ablation)


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


def _left_out(
    rows: pd.DataFrame, learned: dict[str, reader.Parameters], head: model.Head
) -> Iterator[Line]:
    """Each source judged by a model that never saw its fold, with the shipped calibration."""
    for fold in train.folds(rows):
        out = rows[train.left_out(rows, fold)]
        logits = train.logits_of(learned[fold], out["text"].tolist())
        yield from _lines("source left out", out, _calibrated(logits, head))


def _ablation(learned: dict[str, reader.Parameters], others: pd.DataFrame) -> Iterator[Line]:
    """What our own sentences are worth: trained with and without, on sources in neither."""
    feedback = next(one.fold for one in TRAINED if one.name == OWN)
    for engine, without in (("with", GRAMMAR), ("without", feedback)):
        if without not in learned:
            continue
        logits = train.logits_of(learned[without], others["text"].tolist())
        judged = model.state(reader.softmax(logits), np.full(len(others), 0.5))
        for name in sorted(others["set"].unique()):
            mask = (others["set"] == name).to_numpy()
            yield _line("ablation", name, engine, others[mask], judged[mask])


def _calibrated(logits: train.Floats, head: model.Head) -> pd.DataFrame:
    chances = reader.softmax(logits / head.temperature)
    return model.state(chances, np.full(len(chances), head.threshold))


def _judge(shipped: model.SentimentModel, rows: pd.DataFrame) -> pd.DataFrame:
    return shipped.judge(rows["text"].tolist(), rows["lang"].tolist())
