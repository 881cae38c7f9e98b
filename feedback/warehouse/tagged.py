"""What still has to be tagged with topics and intents, storing it, and counting topics.

Places are stored, never words: whoever shows them cuts them out of the redacted text.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Engine, and_, exists, select

from feedback.warehouse import checked, inferred, ledger
from feedback.warehouse.current import batches, is_current, may_be_counted
from feedback.warehouse.tables import feedback_item, topic_inference

STAGE = "topics"


def tagged_by(method: str) -> ColumnElement[bool]:
    """Joins a version of an item with what a method found in it."""
    return and_(
        topic_inference.c.item_id == feedback_item.c.item_id,
        topic_inference.c.version == feedback_item.c.version,
        topic_inference.c.method == method,
    )


def pending(engine: Engine, method: str, size: int) -> Iterator[pd.DataFrame]:
    """Batches of current items that this method has not tagged.

    Columns: item_id, version, source, text.
    """
    done = exists().where(tagged_by(method))
    return batches(engine, ~done, ("item_id", "version", "source", "text"), size)


def store(
    engine: Engine,
    run_id: str,
    rows: Sequence[dict[str, Any]],
    batch: pd.DataFrame,
    results: Sequence[checked.Checked] = (),
) -> dict[str, ledger.Counts]:
    """Store the tags of a batch whole or not at all; returns {source: counts}.

    `results` is what the checks said of them.
    """
    return inferred.store(engine, (topic_inference, STAGE), run_id, rows, batch, results)


def topic_counts(engine: Engine, method: str, since: datetime) -> Counter[str]:
    """{topic: items that speak of it}, of the current items said from `since` on."""
    query = (
        select(topic_inference.c.topics)
        .select_from(feedback_item.join(topic_inference, tagged_by(method)))
        .where(is_current(), may_be_counted(), feedback_item.c.said_at >= since)
    )
    with engine.connect() as connection:
        return Counter(key for (topics,) in connection.execute(query) for key in topics)
