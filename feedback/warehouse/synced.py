"""The outbox: what should be in a CRM, what was tried, and how each attempt ended.

Intent is committed before a call and its outcome after, so a crash in between leaves a trace that
says "look it up" instead of a second ticket.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Engine,
    FromClause,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    update,
)

from feedback.warehouse import bulk, ledger
from feedback.warehouse.current import is_current, judged_by
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import (
    feedback_item,
    inference,
    outbox,
    person,
    person_identity,
    sync_log,
)

STAGE = "sync"
Kind = Literal["contact", "activity"]
SHOWN = (
    "item_id", "said_at", "channel", "subject", "text", "product", "rating", "scale_low",
    "scale_high", "url",
)  # fmt: skip
UNSETTLED = ("pending", "intended", "unknown")


@dataclass(frozen=True, slots=True)
class Ended:
    """How one attempt ended: `done`, `rejected`, `unknown`, or `pending` when nothing was sent."""

    item_id: str
    status: str
    remote_id: str = ""
    error: str = ""


def due_contacts(engine: Engine, target: str, after: str, size: int) -> list[dict[str, Any]]:
    """People with an e-mail address whom the target does not have yet, by id.

    Columns: item_id (the person), name, email, phone (sealed), fingerprint, status, remote_id.
    """
    mail, sent, own = person_identity.alias("mail"), outbox.alias("sent"), person.c.person_id
    query = (
        select(own.label("item_id"), person.c.name, mail.c.value.label("email"))
        .add_columns(_first(own, "phone", "value").label("phone"), *_sent(sent, literal("1")))
        .select_from(person)
        .join(mail, and_(mail.c.kind == "email", mail.c.value_hash == _first(own, "email")))
        .outerjoin(sent, _is_of(sent, target, "contact", own))
        .where(own > after, _unsettled(sent, literal("1")))
        .order_by(own)
        .limit(size)
    )
    return _rows(engine, query)


def due_activities(
    engine: Engine, target: str, model: tuple[str, str], after: str, size: int
) -> list[dict[str, Any]]:
    """Current, understood items that the target does not have as they are now, by id.

    `model` is (name, version). An item whose contact has no settled outcome yet waits for it.
    Columns: those of `Activity`, and item_id, contact_id, fingerprint, status, remote_id.
    """
    sent, contact, item = outbox.alias("sent"), outbox.alias("contact"), feedback_item.c
    fingerprint = cast(item.version, String) + ":" + inference.c.sentiment
    query = (
        select(*(item[name] for name in SHOWN), inference.c.sentiment)
        .add_columns(func.coalesce(contact.c.remote_id, "").label("contact_id"))
        .add_columns(*_sent(sent, fingerprint))
        .select_from(feedback_item)
        .join(inference, judged_by(model))
        .outerjoin(contact, _is_of(contact, target, "contact", item.person_id))
        .outerjoin(sent, _is_of(sent, target, "activity", item.item_id))
        .where(item.item_id > after, is_current(), _unsettled(sent, fingerprint))
        .where(or_(contact.c.status.is_(None), contact.c.status.in_(("done", "rejected"))))
        .order_by(item.item_id)
        .limit(size)
    )
    return _rows(engine, query)


def intend(engine: Engine, target: str, kind: Kind, due: Sequence[Mapping[str, Any]]) -> None:
    """Commit what is about to be tried, before it is tried."""
    now = datetime.now(UTC)
    rows = [
        {
            "target": target,
            "kind": kind,
            "item_id": row["item_id"],
            "fingerprint": row["fingerprint"],
            "idempotency_key": row["item_id"],
            "status": "intended",
            "intent_at": now,
            "attempts": row["attempts"] + 1,
            "remote_id": row["remote_id"],
            "error": "",
        }
        for row in due
    ]
    with writing(engine) as connection:
        bulk.insert(connection, outbox, rows, conflict="replace")


def settle(
    engine: Engine,
    run_id: str,
    target: str,
    kind: Kind,
    due: Sequence[Mapping[str, Any]],
    ended: Sequence[Ended],
) -> ledger.Counts:
    """Commit how every attempt of a batch ended, with a line per attempt in `sync_log`."""
    before = {row["item_id"]: row for row in due}
    counts = ledger.Counts(fetched=len(due))
    done = [e for e in ended if e.status == "done"]
    counts.new = sum(not before[e.item_id]["remote_id"] for e in done)
    counts.changed = len(done) - counts.new
    counts.set_aside = sum(e.status == "rejected" for e in ended)
    counts.reasons = Counter(_SKIPPED[e.status] for e in ended if e.status in _SKIPPED)
    counts.skipped = counts.reasons.total()
    with writing(engine) as connection:
        counts.written = _update(connection, target, kind, done)
        _update(connection, target, kind, [e for e in ended if e.status != "done"])
        now = datetime.now(UTC)
        stamp = {"target": target, "kind": kind, "run_id": run_id, "at": now}
        lines = [
            stamp | {"item_id": e.item_id, "outcome": e.status, "error": e.error} for e in ended
        ]
        connection.execute(sync_log.insert(), lines)
        ledger.add(connection, run_id, target, STAGE, counts)
    return counts


_SKIPPED = {
    "unknown": "outcome unknown, will be looked up",
    "pending": "not sent, will be tried again",
}


def _update(connection: Any, target: str, kind: Kind, ended: Sequence[Ended]) -> int:
    if not ended:
        return 0
    statement = (
        update(outbox)
        .where(outbox.c.target == target, outbox.c.kind == kind, outbox.c.item_id == bindparam("i"))
        .values(status=bindparam("s"), remote_id=bindparam("r"), error=bindparam("e"))
    )
    values = [{"i": e.item_id, "s": e.status, "r": e.remote_id, "e": e.error} for e in ended]
    rowcount: int = connection.execute(statement, values).rowcount
    return rowcount


def _sent(sent: FromClause, fingerprint: ColumnElement[str]) -> list[ColumnElement[Any]]:
    return [
        fingerprint.label("fingerprint"),
        func.coalesce(sent.c.status, "").label("status"),
        func.coalesce(sent.c.remote_id, "").label("remote_id"),
        func.coalesce(sent.c.attempts, 0).label("attempts"),
    ]


def _unsettled(sent: FromClause, fingerprint: ColumnElement[str]) -> ColumnElement[bool]:
    new, changed = sent.c.status.is_(None), sent.c.fingerprint != fingerprint
    return or_(new, sent.c.status.in_(UNSETTLED), changed)


def _is_of(
    box: FromClause, target: str, kind: Kind, item: ColumnElement[Any]
) -> ColumnElement[bool]:
    return and_(box.c.target == target, box.c.kind == kind, box.c.item_id == item)


def _first(own: ColumnElement[str], kind: str, column: str = "value_hash") -> ColumnElement[Any]:
    """Of a person's identities of one kind, always the same one."""
    one = person_identity.alias(f"first_{kind}")
    query = select(one.c[column]).where(one.c.person_id == own, one.c.kind == kind)
    return query.order_by(one.c.value_hash).limit(1).correlate(person).scalar_subquery()


def _rows(engine: Engine, query: Select[Any]) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
