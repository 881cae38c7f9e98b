"""What still has to be understood, and storing what a model inferred, beside what was said.

An edited item is understood anew; what was inferred from its older versions stays.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Engine, exists, func, select

from feedback.warehouse import bulk, checked, inferred, ledger
from feedback.warehouse.current import batches, is_current, judged_by, may_be_counted
from feedback.warehouse.tables import feedback_item, inference

STAGE = "understand"


def pending(engine: Engine, model: str, model_version: str, size: int) -> Iterator[pd.DataFrame]:
    """Batches of current items without an inference of this model.

    Columns: item_id, version, source, text.
    """
    return batches(
        engine, ~_judged(model, model_version), ("item_id", "version", "source", "text"), size
    )


def waiting(engine: Engine, model: str, model_version: str) -> int:
    """How many current items have no inference of this model."""
    query = select(func.count()).select_from(feedback_item)
    with engine.connect() as connection:
        found = connection.scalar(query.where(is_current(), ~_judged(model, model_version)))
    return int(found or 0)


def texts(engine: Engine, items: Sequence[str]) -> list[str]:
    """What is said now in each of the items, in their order."""
    query = select(feedback_item.c.item_id, feedback_item.c.text).where(is_current())
    with engine.connect() as connection:
        found = dict(map(tuple, bulk.fetch(connection, query, feedback_item.c.item_id, items)))
    return [found[item] for item in items]


def refusing(engine: Engine, items: Collection[str]) -> set[str]:
    """Those of the items whose people refused that their words are analysed."""
    query = select(feedback_item.c.item_id).where(is_current(), ~may_be_counted())
    with engine.connect() as connection:
        return {row[0] for row in bulk.fetch(connection, query, feedback_item.c.item_id, items)}


def _judged(model: str, model_version: str) -> ColumnElement[bool]:
    return exists().where(judged_by((model, model_version)))


def store(
    engine: Engine,
    run_id: str,
    rows: Sequence[dict[str, Any]],
    batch: pd.DataFrame,
    results: Sequence[checked.Checked] = (),
) -> dict[str, ledger.Counts]:
    """Store the inferences of a batch whole or not at all; returns {source: counts}.

    `results` is what the checks said of them.
    """
    return inferred.store(engine, (inference, STAGE), run_id, rows, batch, results)
