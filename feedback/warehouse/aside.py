"""What was set aside: finding it, and the three ways out of it, each logged: fix, replay, drop.

A mended record is a further version of its raw item: the broken one stays known, so that it is a
duplicate when it comes again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, and_, exists, func, select, update

from feedback.errors import Refused
from feedback.records import RawItem, SetAsideStatus
from feedback.vault import Vault
from feedback.warehouse import bulk, ledger
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import raw_item, set_aside, set_aside_log

Action = Literal["fix", "replay", "drop"]
COLUMNS = ("id", "source", "stage", "reason", "first_seen", "last_seen", "ref")
VARYING = re.compile(r"(?<=^row )\d+|\d+(?= bytes)")  # what differs in reasons that are one


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which of them: those of which all that is given is true. `reason` is a part of the reason."""

    status: SetAsideStatus = SetAsideStatus.OPEN
    source: str = ""
    reason: str = ""
    older_than: timedelta | None = None  # since they were first seen
    ids: tuple[int, ...] = ()

    @property
    def everything(self) -> bool:
        return not (self.source or self.reason or self.older_than or self.ids)

    def where(self) -> ColumnElement[bool]:
        own = set_aside.c
        tests = [own.status == self.status]
        if self.source:
            tests.append(own.source == self.source)
        if self.reason:
            tests.append(own.reason.icontains(self.reason, autoescape=True))
        if self.older_than is not None:
            tests.append(own.first_seen <= datetime.now(UTC) - self.older_than)
        if self.ids:
            tests.append(own.id.in_(self.ids))
        return and_(*tests)


def find(engine: Engine, chosen: Chosen) -> pd.DataFrame:
    """The chosen, by source, reason and id; columns: `COLUMNS`."""
    own = set_aside.c
    query = select(*(own[name] for name in COLUMNS)).where(chosen.where())
    return bulk.frame(engine, query.order_by(own.source, own.reason, own.id))


def shared(reason: str) -> str:
    """A reason as all say it that were set aside for it, whatever their row or size."""
    return VARYING.sub("…", reason)


def waiting(engine: Engine) -> dict[str, int]:
    """{source: how many are open}, by source."""
    own = set_aside.c
    query = select(own.source, func.count()).where(own.status == SetAsideStatus.OPEN)
    with engine.connect() as connection:
        found = connection.execute(query.group_by(own.source).order_by(own.source)).tuples()
        return dict(found.all())


def one(engine: Engine, number: int) -> dict[str, Any]:
    """One row of `set_aside`, with its sealed payload or that of its raw item (None: over).

    Raises `Refused` when there is none of that number.
    """
    own, raw = set_aside.c, raw_item.c
    its = and_(own.source == raw.source, own.ref == raw.ref, own.version == raw.version)
    query = (
        select(set_aside, raw.payload.label("raw_payload"))
        .select_from(set_aside.outerjoin(raw_item, its))
        .where(own.id == number)
    )
    with engine.connect() as connection:
        row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise Refused(
            f"Nothing was set aside under the number {number}. Nothing was changed. See "
            "`feedback set-aside list`."
        )
    found = dict(row)
    raw_payload = found.pop("raw_payload")
    found["payload"] = raw_payload if found["payload"] is None else found["payload"]
    return found


def history(engine: Engine, number: int) -> list[tuple[datetime, str, str]]:
    """What was done with one: when, fix, replay or drop, and why; oldest first."""
    log = set_aside_log.c
    query = select(log.at, log.action, log.why).where(log.set_aside_id == number)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(log.id))]


def keep(
    engine: Engine, vault: Vault, row: dict[str, Any], payload: bytes, action: Action, why: str
) -> int:
    """Store a payload as the next version of a row's raw item, and the row as replayed.

    Returns the version; that of the same payload when it is stored already. Raises `Refused` for a
    record that a newer one took the place of: mended, it would take the newer one's place.
    """
    item = RawItem(row["ref"], payload)
    own = raw_item.c
    mine = and_(own.source == row["source"], own.ref == row["ref"])
    query = select(own.content_hash, own.version).where(mine)
    with writing(engine) as connection:
        versions = dict(connection.execute(query).tuples().all())
        version = versions.get(item.content_hash)
        if version is not None and version == row["version"]:
            raise Refused(
                f"That is the record {row['id']} as it came. Nothing was changed. Mend it first, "
                "or, when a setting was mended, let it be read again: `feedback set-aside replay`."
            )
        if version is None:
            version = max(versions.values(), default=0) + 1
            _prove_newest(row, version - 1)
            new = {"source": row["source"], "ref": row["ref"], "version": version}
            new |= {"content_hash": item.content_hash, "payload": vault.seal(payload)}
            new |= {"fetched_at": datetime.now(UTC), "run_id": f"set-aside {action} {row['id']}"}
            if bulk.insert(connection, raw_item, [new]) != 1:
                raise ledger.Unbalanced(
                    f"The record {row['id']} was not stored: another run stored a version of it "
                    "at the same moment. Nothing was changed. Do it again."
                )
        decide(connection, [row["id"]], action, why)
    return version


def _prove_newest(row: dict[str, Any], newest: int) -> None:
    if newest > row["version"] > 0:
        raise Refused(
            f"The source gave a newer version of the record {row['id']} since, version {newest}. "
            "Nothing was changed. Drop this one, and mend the newer one if it was set aside too."
        )


def replay(engine: Engine, chosen: Chosen, sources: Sequence[str], why: str) -> int:
    """Have the chosen refined again by the next run; returns how many.

    Only those that the next run can read: of a source it has, with a payload that is kept.
    """
    own, raw = set_aside.c, raw_item.c
    its = and_(own.source == raw.source, own.ref == raw.ref, own.version == raw.version)
    readable = exists().where(its, raw.payload.is_not(None))
    which = and_(chosen.where(), own.stage == "refine", own.source.in_(sources), readable)
    return _decide_all(engine, which, "replay", why)


def drop(engine: Engine, chosen: Chosen, why: str) -> int:
    """Close the chosen for good: the same record is not taken up again; returns how many."""
    return _decide_all(engine, chosen.where(), "drop", why)


def _decide_all(engine: Engine, which: ColumnElement[bool], action: Action, why: str) -> int:
    with writing(engine) as connection:
        ids = list(connection.scalars(select(set_aside.c.id).where(which)))
        decide(connection, ids, action, why)
    return len(ids)


def decide(connection: Connection, ids: Sequence[int], action: Action, why: str) -> None:
    """Give rows the status that an action leads to, and log it."""
    status = SetAsideStatus.DROPPED if action == "drop" else SetAsideStatus.REPLAYED
    for some in bulk.chunks(ids):
        connection.execute(update(set_aside).where(set_aside.c.id.in_(some)).values(status=status))
    line = {"at": datetime.now(UTC), "action": action, "why": why}
    if ids:
        connection.execute(set_aside_log.insert(), [line | {"set_aside_id": i} for i in ids])
