"""What still has to be compared: sketches of what is new, and comparisons that no longer hold.

What an item was found to resemble stands until an item that held the two together is edited or
gone; then all whom it held are compared anew.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from feedback.floods import FLOOD_SPAN
from feedback.particulars import particulars
from feedback.sketch import METHOD, packed, sketch
from feedback.warehouse import bulk, ledger
from feedback.warehouse.current import batches, compared, is_current
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import feedback_item, resemblance

STAGE = "compare"
WAITING = f"{METHOD}, waiting"  # the sketch is there, the comparison is not
NOTHING = dict.fromkeys(("group_id", "duplicate_of", "answer_of", "flag"), None)
item, alike = feedback_item.c, resemblance.c


def pending(engine: Engine, size: int) -> Iterator[pd.DataFrame]:
    """Batches of current items without a sketch of this method, or without a row of their own.

    Columns: item_id, version, source, text, fingerprint.
    """
    done = exists().where(compared(), alike.method.in_((METHOD, WAITING)))
    return batches(engine, ~done, ("item_id", "version", "source", "text", "fingerprint"), size)


def store(engine: Engine, run_id: str, batch: pd.DataFrame) -> dict[str, ledger.Counts]:
    """Store the sketches of a batch, whole or not at all; returns {source: counts}."""
    sources = Counter(batch["source"])
    totals = {source: ledger.Counts(fetched=n, new=n) for source, n in sources.items()}
    rows = [
        {"item_id": i, "version": v, "particulars": p, "method": WAITING, "sketch": made} | NOTHING
        for i, v, p, made in zip(
            *(batch["item_id"], batch["version"], map(particulars, batch["text"])),
            *(_sketches(batch),),
            strict=True,
        )
    ]
    with writing(engine) as connection:
        for source, counts in totals.items():
            own = [row for row, s in zip(rows, batch["source"], strict=True) if s == source]
            counts.written = bulk.insert(connection, resemblance, own, conflict="replace")
            ledger.add(connection, run_id, source, STAGE, counts)
    return totals


def mend(engine: Engine) -> int:
    """Take away what is said of items that were edited or are gone; returns how many.

    All whom such an item held together, or drowned, wait to be compared anew.
    """
    with engine.connect() as connection:
        rows = connection.execute(_gone()).all()
        names = ("group_id", "duplicate_of", "answer_of")
        lost: list[set[str | None]] = [set(connection.scalars(_headless(n))) for n in names]
    if not rows and not any(lost):
        return 0
    with writing(engine) as connection:
        for row in rows:
            _delete(connection, row.item_id, row.version)
        _again(connection, alike.group_id, lost[0] | {row.group_id for row in rows})
        heads = {row.duplicate_of or row.item_id for row in rows}
        _again(connection, alike.duplicate_of, lost[1] | heads)
        _again(connection, alike.answer_of, lost[2])
    return len(rows)


def compare_again(connection: Connection, people: Sequence[str]) -> None:
    """Have all that these people (person_id) said compared anew, in the caller's transaction.

    Whoever changes a `person.root_id` or `person.shared` calls this.
    """
    said = select(alike.item_id, alike.duplicate_of)
    said = said.select_from(feedback_item.join(resemblance, compared()))
    for some in bulk.chunks(list(people)):
        rows = connection.execute(said.where(item.person_id.in_(some))).all()
        heads = {row.duplicate_of or row.item_id for row in rows}
        _again(connection, alike.duplicate_of, heads, keep_group=True)
        _again(connection, alike.item_id, {row.item_id for row in rows}, keep_group=True)


def summary(engine: Engine) -> str:
    """What the comparison found in all that is said now, in one line."""
    flags = [case((alike.flag == flag, 1)) for flag in ("campaign", "flood")]
    found = (alike.duplicate_of, alike.group_id.distinct(), *flags)
    query = select(*map(func.count, found)).where(is_current())
    with engine.connect() as connection:
        repeats, sets, campaign, flood = connection.execute(
            query.select_from(feedback_item.join(resemblance, compared()))
        ).one()
    return (
        f"stored so far: repeats {repeats}, groups of near-equal texts {sets}, "
        f"flagged as campaign {campaign}, as flood {flood}"
    )


def _sketches(batch: pd.DataFrame) -> Iterator[bytes | None]:
    """Packed sketches; the same words are sketched once."""
    once = batch.drop_duplicates("fingerprint")
    made = dict(zip(once["fingerprint"], sketch(once["text"].tolist()), strict=True))
    return (packed(made[words]) for words in batch["fingerprint"])


def _gone() -> Select[Any]:
    """What is stored of items that are not there any more, or not in that version."""
    newer = feedback_item.alias("newer")
    edited = exists().where(newer.c.item_id == alike.item_id, newer.c.version > alike.version)
    query = select(alike.item_id, alike.version, alike.group_id, alike.duplicate_of)
    return query.where(or_(~exists().where(compared()), edited))


def _headless(name: str) -> Select[tuple[str]]:
    """Sets whose first item has no row any more."""
    head, column = resemblance.alias("head"), resemblance.c[name]
    there = exists().where(head.c.item_id == column)
    return select(column).where(column.is_not(None), ~there).distinct()


def _delete(connection: Connection, item_id: str, version: int) -> None:
    own = (item.item_id == item_id) & (item.version == version)
    connection.execute(
        delete(resemblance).where(alike.item_id == item_id, alike.version == version)
    )
    if moment := connection.scalar(select(item.said_at).where(own)):
        around = item.said_at.between(moment - FLOOD_SPAN, moment + FLOOD_SPAN)
        drowned = alike.flag == "flood", alike.item_id.in_(select(item.item_id).where(around))
        connection.execute(update(resemblance).where(*drowned).values(method=WAITING))


def _again(
    connection: Connection,
    column: ColumnElement[Any],
    values: set[str | None],
    *,
    keep_group: bool = False,
) -> None:
    """Let the rows with one of these values wait; what they were found to be is forgotten."""
    forgotten: dict[str, Any] = {"method": WAITING, "duplicate_of": None, "answer_of": None}
    if not keep_group:
        forgotten |= {"group_id": None, "flag": None}
    for some in bulk.chunks(sorted(value for value in values if value)):
        connection.execute(update(resemblance).where(column.in_(some)).values(forgotten))
