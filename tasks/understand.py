"""Understanding: language and sentiment of every item that this version of the model has not seen.

What was inferred before stands beside it under its own version.
"""

from contextlib import ExitStack

import pandas as pd
from prefect import task

from feedback.sentiment import model as sentiment
from feedback.text.language import detect
from feedback.warehouse import ledger, understood
from feedback.warehouse.checked import Checked
from feedback.warehouse.engine import hold
from tasks.opening import Opened, log, opened
from tasks.patience import INSIDE
from tasks.validate import judged, stop

BATCH = 10_000  # texts held in memory at once


@task(name="understand", **INSIDE)
def understand(settings: str, run_id: str) -> str:
    """Infer what is missing; says what came of it in one line."""
    model, total, begun = sentiment.load(), ledger.Counts(), set[str]()
    with (
        opened(settings, "understand") as house,
        hold(house.engine, "understanding") as still_ours,
        ExitStack() as books,
    ):
        for batch in understood.pending(house.engine, model.name, model.version, BATCH):
            still_ours()
            for source in set(batch["source"]) - begun:
                books.enter_context(ledger.entry(house.engine, run_id, source, understood.STAGE))
                begun.add(source)
            rows = _infer(model, batch)
            results = _proved(house, run_id, batch, rows)
            for counts in understood.store(house.engine, run_id, rows, batch, results).values():
                total += counts
            log.info("understand  %-16s %s", "so far", total)
    return str(total)


def _infer(model: sentiment.SentimentModel, batch: pd.DataFrame) -> list[dict[str, object]]:
    """Rows of `inference` without their run."""
    spoken = detect(batch["text"].tolist())
    judged = model.judge(batch["text"].tolist(), [language for language, _ in spoken])
    frame = pd.DataFrame(
        {
            "item_id": batch["item_id"],
            "version": batch["version"],
            "model": model.name,
            "model_version": model.version,
            "language": [language for language, _ in spoken],
            "language_confidence": [float(confidence) for _, confidence in spoken],
            "sentiment": judged["label"],
            "score": judged["score"],
            "confidence": judged["confidence"],
        }
    ).astype(object)
    frame = frame.where(frame.notna(), None)
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.to_numpy()]


def _proved(
    house: Opened, run_id: str, batch: pd.DataFrame, rows: list[dict[str, object]]
) -> list[Checked]:
    """What the suite says of the rows. Raises `Changed`: whatever fails here is our own fault."""
    from expectations.understood import KEY, frame, suite

    found = judged(house, run_id, frame(batch, pd.DataFrame(rows)), suite(), KEY)
    if found.refused:
        reasons = sorted({reason for reasons in found.refused.values() for reason in reasons})
        found.stopped.extend(reasons)
        stop(house, run_id, found, f"What the model made of {len(found.refused)} items")
    results: list[Checked] = found.results
    return results
