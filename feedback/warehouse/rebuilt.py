"""Putting what the present code makes of old payloads in the place of what was made of them before.

What came out as before is not touched; what was inferred from the rest is taken away with it, in
the same transaction, for the later stages ask what is missing.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from feedback.identity import Identified
from feedback.records import SetAsideStatus
from feedback.warehouse import aside, bulk, ledger
from feedback.warehouse.engine import writing
from feedback.warehouse.refined import STAGE, Refined
from feedback.warehouse.tables import (
    feedback_item,
    inference,
    outbox,
    person,
    person_identity,
    raw_item,
    resemblance,
    set_aside,
)

INFERRED_FROM = ("text", "fingerprint", "person_id", "said_at", "rating")
Key = tuple[str, int]  # ref and version: a batch is of one source
Old = dict[Key, dict[str, Any]]


def replace(connection: Connection, run_id: str, refined: Refined, counts: ledger.Counts) -> None:
    """Write the items that are new or differ, take away those that are refused or skipped now."""
    keys = {_key(row) for row in refined.items}
    others = {(s.ref, s.version) for s, _ in refined.refused + refined.skipped}
    source = _source(refined)
    old = _items(connection, source, {ref for ref, _ in keys | others})
    fresh = [row for row in refined.items if not _same(row, old.get(_key(row), {}))]
    changed = [row for row in fresh if _key(row) in old]
    gone = [old[key] for key in others if key in old]
    differing = [old[_key(row)] for row in changed if _says_other(row, old[_key(row)])]
    _forget_inferred(connection, differing + gone)
    _send_again(connection, changed)
    _delete(connection, gone)
    rows = [row | {"run_id": run_id} for row in fresh]
    counts.written = bulk.insert(connection, feedback_item, rows, conflict="replace")
    counts.changed, counts.new = len(changed), len(fresh) - len(changed)
    counts.duplicate = len(refined.items) - len(fresh)
    _close(connection, source, keys, run_id)


def _source(refined: Refined) -> str:
    if refined.items:
        return str(refined.items[0]["source"])
    return next(stored.source for stored, _ in refined.refused + refined.skipped)


def _key(row: dict[str, Any]) -> Key:
    return row["ref"], row["version"]


def _items(connection: Connection, source: str, refs: Iterable[str]) -> Old:
    """{key: the stored item} of all versions of these refs."""
    found: Old = {}
    for some in bulk.chunks(sorted(refs)):
        query = select(feedback_item).where(
            feedback_item.c.source == source, feedback_item.c.ref.in_(some)
        )
        rows = map(dict, connection.execute(query).mappings())
        found |= {_key(row): row for row in rows}
    return found


def _same(row: dict[str, Any], old: dict[str, Any]) -> bool:
    return bool(old) and all(old[name] == value for name, value in row.items())


def _says_other(row: dict[str, Any], old: dict[str, Any]) -> bool:
    return any(row[name] != old[name] for name in INFERRED_FROM)


def _forget_inferred(connection: Connection, items: Sequence[dict[str, Any]]) -> None:
    """Also of those that were compared with these items: they may have been held together by them.

    Compared are those of one fingerprint, of one group, and those that repeat one original.
    """
    alike, item = resemblance.c, feedback_item.c
    ids, groups, heads = {one["item_id"] for one in items}, set[str](), set[str]()
    for some in bulk.chunks(sorted(ids)):
        query = select(alike.group_id, func.coalesce(alike.duplicate_of, alike.item_id))
        for group, head in connection.execute(query.where(alike.item_id.in_(some))):
            groups |= {group} - {None}
            heads.add(head)
    prints = {one["fingerprint"] for one in items if one["text"]}
    touched = set(ids | heads)
    for name, values in (
        (item.fingerprint, prints),
        (alike.group_id, groups),
        (alike.duplicate_of, heads),
    ):
        for some in bulk.chunks(sorted(values)):
            own = name.table.c.item_id
            touched.update(connection.scalars(select(own).where(name.in_(some))))
    for some in bulk.chunks(sorted(touched)):
        for table in (inference, resemblance):
            connection.execute(delete(table).where(table.c.item_id.in_(some)))


def _send_again(connection: Connection, changed: Sequence[dict[str, Any]]) -> None:
    """A version is what a CRM was told; within one version only this says that it differs now."""
    own = outbox.c
    for some in bulk.chunks(sorted({row["item_id"] for row in changed})):
        told = (own.kind == "activity") & own.item_id.in_(some)
        connection.execute(update(outbox).where(told).values(fingerprint=""))


def _delete(connection: Connection, gone: Sequence[dict[str, Any]]) -> None:
    own = tuple_(feedback_item.c.item_id, feedback_item.c.version)
    for some in bulk.chunks([(row["item_id"], row["version"]) for row in gone]):
        connection.execute(delete(feedback_item).where(own.in_(some)))


def _close(connection: Connection, source: str, accepted: set[Key], run_id: str) -> None:
    """What was set aside and is an item now counts as replayed."""
    own = set_aside.c
    query = select(own.id, own.ref, own.version).where(
        own.stage == STAGE,
        own.source == source,
        own.status.in_((SetAsideStatus.OPEN, SetAsideStatus.SKIPPED)),
    )
    ids = [
        row.id
        for some in bulk.chunks(sorted({ref for ref, _ in accepted}))
        for row in connection.execute(query.where(own.ref.in_(some)))
        if (row.ref, row.version) in accepted
    ]
    aside.decide(connection, ids, "replay", f"rebuilt by run {run_id}")


def claims(people: Iterable[Identified]) -> set[bytes]:
    """Who claims what, each as 16 bytes, for `forget_people`: a large past has a million."""
    return {
        _claim(one["kind"], one["value_hash"], one["person_id"])
        for who in people
        for one in who.identities
    }


def forget_people(engine: Engine, sources: Sequence[str], claimed: set[bytes]) -> int:
    """After all of the past was read again: take away claims and people that nothing speaks of.

    `claimed` is what the items read again claim. People whose items could not all be read again,
    for want of a payload or of their source's settings, keep what they have. Returns how many
    people went.
    """
    item, raw, own = feedback_item.c, raw_item.c, person_identity.c
    its = and_(item.source == raw.source, item.ref == raw.ref, item.version == raw.version)
    unread = (
        select(item.person_id)
        .join_from(feedback_item, raw_item, its)
        .where(item.person_id.is_not(None))
        .where(or_(raw.payload.is_(None), raw.source.not_in(sources)))
    )
    query = select(own.kind, own.value_hash, own.person_id).where(own.person_id.not_in(unread))
    one = and_(
        *(own[name] == bindparam(f"the_{name}") for name in ("kind", "value_hash", "person_id"))
    )
    speaks = exists().where(item.person_id == person.c.person_id)
    with writing(engine) as connection:
        gone = [row for row in connection.execute(query) if _claim(*row) not in claimed]
        if gone:
            named = [{f"the_{k}": v for k, v in row._mapping.items()} for row in gone]
            connection.execute(delete(person_identity).where(one), named)
        return connection.execute(delete(person).where(~speaks)).rowcount


def _claim(kind: str, value_hash: str, person_id: str) -> bytes:
    key = f"{kind}\0{value_hash}\0{person_id}"
    return hashlib.blake2b(key.encode(), digest_size=16).digest()
