"""What still has to be understood, and storing what a model inferred, beside what was said.

An edited item is understood anew; what was inferred from its older versions stays.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Engine, exists

from feedback.warehouse import bulk, checked, ledger
from feedback.warehouse.current import batches, judged_by
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import inference

STAGE = "understand"


def pending(engine: Engine, model: str, model_version: str, size: int) -> Iterator[pd.DataFrame]:
    """Batches of current items without an inference of this model.

    Columns: item_id, version, source, text.
    """
    judged = exists().where(judged_by((model, model_version)))
    return batches(engine, ~judged, ("item_id", "version", "source", "text"), size)


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
    sources = Counter(batch["source"])
    totals = {source: ledger.Counts(fetched=n, new=n) for source, n in sources.items()}
    by_source = dict(zip(batch["item_id"], batch["source"], strict=True))
    with writing(engine) as connection:
        for source, counts in totals.items():
            own = [row | {"run_id": run_id} for row in rows if by_source[row["item_id"]] == source]
            counts.written = bulk.insert(connection, inference, own)
            ledger.add(connection, run_id, source, STAGE, counts)
        checked.add(connection, run_id, results)
    return totals
