"""What still has to be understood, and storing what a model inferred, beside what was said.

Exact twins are marked in the same transaction: an earlier twin that arrives late changes them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, and_, bindparam, exists, select, update

from feedback.duplicates import mark_exact
from feedback.warehouse import bulk, ledger
from feedback.warehouse.current import is_current
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import feedback_item, inference

STAGE = "understand"
CHUNK = 10_000  # fingerprints asked for at once
TWIN = ("item_id", "fingerprint", "person_id", "rating", "said_at", "text")


def pending(engine: Engine, model: str, model_version: str, size: int) -> Iterator[pd.DataFrame]:
    """Batches of current items without an inference of this model.

    Columns: item_id, version, source, text, fingerprint.
    """
    item = feedback_item.c
    judged = exists().where(
        inference.c.item_id == item.item_id,
        inference.c.version == item.version,
        inference.c.model == model,
        inference.c.model_version == model_version,
    )
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
    engine: Engine, run_id: str, rows: Sequence[dict[str, Any]], batch: pd.DataFrame
) -> dict[str, ledger.Counts]:
    """Store the inferences of a batch whole or not at all; returns {source: counts}."""
    sources = Counter(batch["source"])
    totals = {source: ledger.Counts(fetched=n, new=n) for source, n in sources.items()}
    by_source = dict(zip(batch["item_id"], batch["source"], strict=True))
    with writing(engine) as connection:
        for source, counts in totals.items():
            own = [row | {"run_id": run_id} for row in rows if by_source[row["item_id"]] == source]
            counts.written = bulk.insert(connection, inference, own)
            ledger.add(connection, run_id, source, STAGE, counts)
        _mark_twins(connection, rows[0]["model"], rows[0]["model_version"], batch)
    return totals


def _mark_twins(
    connection: Connection, model: str, model_version: str, batch: pd.DataFrame
) -> None:
    twins = _of_one_fingerprint(connection, sorted(set(batch["fingerprint"])))
    twins["duplicate_of"] = mark_exact(twins)
    stored = _marks(connection, model, model_version, twins)
    wanted = twins.set_index("item_id")["duplicate_of"]
    changed = [
        {"i": i, "d": None if pd.isna(wanted[i]) else wanted[i]}
        for i, old in stored.items()
        if (None if pd.isna(wanted[i]) else wanted[i]) != old
    ]
    if changed:
        mine = (inference.c.model == model) & (inference.c.model_version == model_version)
        statement = update(inference).where(mine, inference.c.item_id == bindparam("i"))
        connection.execute(statement.values(duplicate_of=bindparam("d")), changed)


def _of_one_fingerprint(connection: Connection, fingerprints: list[str]) -> pd.DataFrame:
    item = feedback_item.c
    columns = [getattr(item, name) for name in TWIN]
    rows: list[Any] = []
    for start in range(0, len(fingerprints), CHUNK):
        some = item.fingerprint.in_(fingerprints[start : start + CHUNK])
        rows += connection.execute(select(*columns).where(some, is_current())).all()
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    frame["length"] = frame.pop("text").str.len()
    return frame


def _marks(
    connection: Connection, model: str, model_version: str, twins: pd.DataFrame
) -> dict[str, str | None]:
    """{item_id: duplicate_of as stored} of the twins that have an inference already."""
    column = inference.c
    ids = twins["item_id"].tolist()
    marks: dict[str, str | None] = {}
    for start in range(0, len(ids), CHUNK):
        query = select(column.item_id, column.duplicate_of).where(
            and_(column.model == model, column.model_version == model_version),
            column.item_id.in_(ids[start : start + CHUNK]),
        )
        marks |= dict(connection.execute(query).tuples().all())
    return marks
