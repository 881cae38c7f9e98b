"""What still has to be understood, and storing what a model inferred, beside what was said.

Exact twins are marked in the same transaction: an earlier twin that arrives late changes them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, bindparam, exists, func, select, update

from feedback.duplicates import mark_exact
from feedback.warehouse import bulk, checked, ledger
from feedback.warehouse.current import compared, is_current, judged_by
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import feedback_item, inference, resemblance

STAGE = "understand"


def pending(engine: Engine, model: str, model_version: str, size: int) -> Iterator[pd.DataFrame]:
    """Batches of current items without an inference of this model.

    Columns: item_id, version, source, text, fingerprint.
    """
    item = feedback_item.c
    judged = exists().where(judged_by((model, model_version)))
    columns = [item.item_id, item.version, item.source, item.text, item.fingerprint]
    query = select(*columns).where(is_current(), ~judged).order_by(item.item_id).limit(size)
    after = ""
    while True:
        with engine.connect() as connection:
            rows = connection.execute(query.where(item.item_id > after)).all()
        if not rows:
            return
        yield pd.DataFrame(rows, columns=[column.name for column in columns])
        after = rows[-1].item_id


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
        nothing = dict.fromkeys(("sketch", "group_id", "duplicate_of", "flag"), None)
        known = [
            nothing | {"item_id": row["item_id"], "version": row["version"], "method": "exact"}
            for row in rows
        ]
        bulk.insert(connection, resemblance, known)
        _mark_twins(connection, batch)
        checked.add(connection, run_id, results)
    return totals


def _mark_twins(connection: Connection, batch: pd.DataFrame) -> None:
    """Mark anew every item whose words are, or were before an edit, those of one in the batch."""
    twins = _of_one_fingerprint(connection, _touched(connection, batch))
    wanted = mark_exact(twins)
    changed = twins[wanted.fillna("") != twins["duplicate_of"].fillna("")]
    rows = [
        {"i": item, "v": version, "d": None if pd.isna(original) else original}
        for item, version, original in zip(
            changed["item_id"], changed["version"], wanted[changed.index], strict=True
        )
    ]
    if rows:
        one = (resemblance.c.item_id == bindparam("i")) & (resemblance.c.version == bindparam("v"))
        statement = update(resemblance).where(one).values(duplicate_of=bindparam("d"))
        connection.execute(statement, rows)


def _touched(connection: Connection, batch: pd.DataFrame) -> list[str]:
    """The fingerprints of all versions of the batch's items; empty texts are nobody's twins."""
    ids = batch["item_id"].tolist()
    item = feedback_item.c
    query = select(item.fingerprint).where(item.item_id.in_(ids), item.text != "").distinct()
    return sorted(connection.scalars(query))


def _of_one_fingerprint(connection: Connection, fingerprints: list[str]) -> pd.DataFrame:
    """Current items with these fingerprints that were compared, as `mark_exact` reads."""
    item = feedback_item.c
    names = ("item_id", "version", "fingerprint", "person_id", "rating", "said_at")
    columns = [*(item[name] for name in names), func.length(item.text).label("length")]
    query = (
        select(*columns, resemblance.c.duplicate_of)
        .select_from(feedback_item.join(resemblance, compared()))
        .where(is_current())
    )
    rows: list[Any] = []
    for some in bulk.chunks(fingerprints):
        rows += connection.execute(query.where(item.fingerprint.in_(some))).all()
    return pd.DataFrame(rows, columns=list(query.exported_columns.keys()))
