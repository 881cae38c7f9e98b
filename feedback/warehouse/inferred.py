"""Storing what was inferred of a batch of items beside what was said, with its books.

Whole or not at all: a run that is killed finds the batch undone and infers it again.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Engine, Table

from feedback.warehouse import bulk, checked, ledger
from feedback.warehouse.engine import writing


def store(
    engine: Engine,
    where: tuple[Table, str],
    run_id: str,
    rows: Sequence[dict[str, Any]],
    batch: pd.DataFrame,
    results: Sequence[checked.Checked] = (),
) -> dict[str, ledger.Counts]:
    """Store the rows of a batch in a table and its stage of the ledger; returns {source: counts}.

    `batch` has item_id and source of every item that was asked about, `results` is what the checks
    said of the rows.
    """
    table, stage = where
    sources = Counter(batch["source"])
    totals = {source: ledger.Counts(fetched=n, new=n) for source, n in sources.items()}
    by_source = dict(zip(batch["item_id"], batch["source"], strict=True))
    with writing(engine) as connection:
        for source, counts in totals.items():
            own = [row | {"run_id": run_id} for row in rows if by_source[row["item_id"]] == source]
            counts.written = bulk.insert(connection, table, own)
            ledger.add(connection, run_id, source, stage, counts)
        checked.add(connection, run_id, results)
    return totals
