"""Understanding: language and sentiment of every item that the chosen engine has not seen.

What was inferred before stands beside it under its own version; what an engine puts off waits.
"""

from contextlib import ExitStack

import pandas as pd
from prefect import task

from feedback.sentiment.engine import Engine
from feedback.text.language import detect
from feedback.warehouse import ledger, understood
from feedback.warehouse.checked import Checked
from feedback.warehouse.engine import hold
from tasks.opening import Opened, log, opened
from tasks.patience import OUTSIDE
from tasks.validate import proved

BATCH = 10_000  # texts held in memory at once


@task(name="understand", **OUTSIDE)
def understand(settings: str, run_id: str) -> str:
    """Infer what is missing; says what came of it in one line."""
    total, begun, put_off = ledger.Counts(), set[str](), 0
    with (
        opened(settings, "understand") as house,
        hold(house.engine, "understanding") as still_ours,
        ExitStack() as books,
    ):
        judge = house.judge()
        for batch in understood.pending(house.engine, judge.name, judge.version, BATCH):
            still_ours()
            for source in set(batch["source"]) - begun:
                books.enter_context(ledger.entry(house.engine, run_id, source, understood.STAGE))
                begun.add(source)
            rows = _infer(house, judge, batch)
            put_off += len(batch) - len(rows)
            batch = batch[batch["item_id"].isin([row["item_id"] for row in rows])]
            if batch.empty:
                continue
            results = _proved(house, run_id, batch, rows)
            for counts in understood.store(house.engine, run_id, rows, batch, results).values():
                total += counts
            log.info("understand  %-16s %s", "so far", total)
    return f"{total}, {put_off} put off" if put_off else str(total)


def _infer(house: Opened, judge: Engine, batch: pd.DataFrame) -> list[dict[str, object]]:
    """Rows of `inference` without their run, of the items that the engine came to."""
    spoken = detect(batch["text"].tolist())
    said = judge.judge(_shown(house, judge, batch), [language for language, _ in spoken])
    frame = pd.DataFrame(
        {
            "item_id": batch["item_id"],
            "version": batch["version"],
            "model": judge.name,
            "model_version": judge.version,
            "language": [language for language, _ in spoken],
            "language_confidence": [float(confidence) for _, confidence in spoken],
            "sentiment": said["label"],
            "score": said["score"],
            "confidence": said["confidence"],
            "p_negative": said["p_negative"],
            "p_neutral": said["p_neutral"],
            "p_positive": said["p_positive"],
        }
    ).astype(object)
    frame = frame[said["label"].notna()]
    frame = frame.where(frame.notna(), None)
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.to_numpy()]


def _shown(house: Opened, judge: Engine, batch: pd.DataFrame) -> list[str]:
    """The texts; words of people who refuse to be analysed are shown to no server of others."""
    texts = batch["text"]
    if getattr(judge, "sends_out", False):
        texts = texts.mask(
            batch["item_id"].isin(understood.refusing(house.engine, set(batch["item_id"]))), ""
        )
    return list(texts)


def _proved(
    house: Opened, run_id: str, batch: pd.DataFrame, rows: list[dict[str, object]]
) -> list[Checked]:
    """What the suite says of the rows. Raises `Changed`: whatever fails here is our own fault."""
    from expectations.understood import KEY, frame, suite

    return proved(
        house, run_id, frame(batch, pd.DataFrame(rows)), suite(), KEY, "What the model made of"
    )
