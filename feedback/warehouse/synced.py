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
    case,
    cast,
    func,
    literal,
    or_,
    select,
    update,
)

from feedback.warehouse import bulk, ledger
from feedback.warehouse.consents import may_take_part
from feedback.warehouse.current import is_current, judged_by, may_be_counted
from feedback.warehouse.engine import writing
from feedback.warehouse.stated import stated
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
    """People with an e-mail address whom the target does not have yet, by root.

    People who are one have one contact. Left out is who refused. Columns: root_id, item_id (the
    person whose contact it is), shared, name, email, phone (sealed), fingerprint, status,
    remote_id.
    """
    root, holder, mail = person.alias("root"), person.alias("holder"), person_identity.alias("mail")
    sent = outbox.alias("sent")
    held = func.coalesce(_contact_of(root.c.person_id, target), root.c.person_id)
    query = (
        select(root.c.root_id, holder.c.person_id.label("item_id"))
        .add_columns(holder.c.shared, holder.c.name)
        .add_columns(mail.c.value.label("email"), _phone_of(root.c.person_id).label("phone"))
        .add_columns(*_sent(sent, literal("1")))
        .join_from(root, holder, holder.c.person_id == held)
        .join(mail, and_(mail.c.person_id == holder.c.person_id, mail.c.kind == "email"))
        .outerjoin(sent, _is_of(sent, target, "contact", holder.c.person_id))
        .where(root.c.person_id == root.c.root_id, root.c.person_id > after)
        .where(_unsettled(sent, literal("1")), may_take_part(root.c.person_id, "crm"))
        .order_by(root.c.person_id)
        .limit(size)
    )
    return _rows(engine, query)


def due_activities(
    engine: Engine, target: str, model: tuple[str, str], after: str, size: int
) -> list[dict[str, Any]]:
    """Current, understood items that the target does not have as they are now, by id.

    `model` is (name, version). A label that a person corrected since is told again. An item whose
    contact has no settled outcome yet waits for it; left out are the items of who refused. Columns:
    those of `Activity`, and item_id, contact_id, fingerprint, status, remote_id.
    """
    sent, author, item = outbox.alias("sent"), person.alias("author"), feedback_item.c
    fingerprint = cast(item.version, String) + ":" + stated()
    settled = func.coalesce(_contact_of(author.c.root_id, target, "status"), "").not_in(UNSETTLED)
    contact_id = _contact_of(author.c.root_id, target, "remote_id")
    query = (
        select(*(item[name] for name in SHOWN), stated().label("sentiment"))
        .add_columns(func.coalesce(contact_id, "").label("contact_id"))
        .add_columns(*_sent(sent, fingerprint))
        .select_from(feedback_item)
        .join(inference, judged_by(model))
        .outerjoin(author, author.c.person_id == item.person_id)
        .outerjoin(sent, _is_of(sent, target, "activity", item.item_id))
        .where(item.item_id > after, is_current(), _unsettled(sent, fingerprint))
        .where(settled, may_be_counted(), may_take_part(item.person_id, "crm"))
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


def _contact_of(
    root: ColumnElement[str], target: str, column: str = "item_id"
) -> ColumnElement[str]:
    """Whose contact stands for all who have this root: that of the root, or one sent before.

    What is there goes before what may be there; what was refused stands for nobody else.
    """
    box, member = outbox.alias("box"), person.alias("member")
    own = box.c.item_id == member.c.root_id
    query = (
        select(box.c[column])
        .join_from(member, box, _is_of(box, target, "contact", member.c.person_id))
        .where(box.c.item_id.in_(_members(root)), or_(own, box.c.status != "rejected"))
        .order_by(case((box.c.status == "done", 0), (box.c.status == "rejected", 2), else_=1))
        .order_by(~own, box.c.item_id)
    )
    return query.limit(1).correlate_except(box, member).scalar_subquery()


def _members(root: ColumnElement[str]) -> Select[Any]:
    """Whoever has this root; in an IN, for a join would be planned from its other end."""
    one_of = person.alias("one_of")
    return select(one_of.c.person_id).where(one_of.c.root_id == root).correlate_except(one_of)


def _phone_of(root: ColumnElement[str]) -> ColumnElement[Any]:
    """Of all phones of who has this root always the same one."""
    one, member = person_identity.alias("one"), person.alias("member")
    query = (
        select(one.c.value)
        .join_from(member, one, and_(one.c.person_id == member.c.person_id, one.c.kind == "phone"))
        .where(one.c.person_id.in_(_members(root)))
        .order_by(one.c.person_id != member.c.root_id, one.c.value_hash)
    )
    return query.limit(1).correlate_except(one, member).scalar_subquery()


def _rows(engine: Engine, query: Select[Any]) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
