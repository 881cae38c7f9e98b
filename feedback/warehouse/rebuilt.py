"""Putting what the present code makes of old payloads in the place of what was made of them before.

What came out as before is not touched; what was inferred from the rest is taken away with it, in
the same transaction, for the later stages ask what is missing.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    and_,
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
from feedback.warehouse import aside, bulk, ledger, merges
from feedback.warehouse.engine import writing
from feedback.warehouse.refined import STAGE, Refined
from feedback.warehouse.tables import (
    consent,
    feedback_item,
    inference,
    outbox,
    person,
    person_identity,
    raw_item,
    resemblance,
    set_aside,
    topic_inference,
)

CONSENT = ("person_id", "purpose", "said_at", "source", "ref")  # its key
INFERRED_FROM = ("text", "fingerprint", "person_id", "said_at", "survey", "rating", "cleaning")
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
    """What was compared with these items too: they may have held it together, or drowned it."""
    alike, item = resemblance.c, feedback_item.c
    ids, groups, heads = {one["item_id"] for one in items}, set[str](), set[str]()
    query = select(alike.group_id, func.coalesce(alike.duplicate_of, alike.item_id))
    for group, head in bulk.fetch(connection, query, alike.item_id, ids):
        groups |= {group} - {None}
        heads.add(head)
    compared = set(ids | heads)
    for column, values in ((alike.group_id, groups), (alike.duplicate_of, heads)):
        compared |= {
            one for (one,) in bulk.fetch(connection, select(alike.item_id), column, values)
        }
    drowned = select(item.item_id).where(
        item.item_id.in_(select(alike.item_id).where(alike.flag == "flood"))
    )
    people = {one["person_id"] for one in items} - {None}
    compared |= {one for (one,) in bulk.fetch(connection, drowned, item.person_id, people)}
    for table, touched in ((inference, ids), (topic_inference, ids), (resemblance, compared)):
        for some in bulk.chunks(sorted(touched)):
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


def said(people: Iterable[Identified]) -> Iterator[bytes]:
    """Each claim and consent in 16 bytes, for `forget_people`: a large past has a million."""
    for who in people:
        for one in who.claims:
            yield _digest(one.kind, one.value_hash, who.person_id)
        for told in who.consents:
            yield _digest(*(told[name] for name in CONSENT), told["given"])


def forget_people(engine: Engine, sources: Sequence[str], spoken: set[bytes]) -> int:
    """After all of the past was read again: take away claims, consents and people that nobody made.

    `spoken` is what the items read again said. People whose items could not all be read again, for
    want of a payload or of their source's settings, and those that were named at the command line,
    keep what they have. Returns how many people went.
    """
    claim, told, item = person_identity.c, consent.c, feedback_item.c
    claims = select(claim.kind, claim.value_hash, claim.person_id)
    consents = select(*(told[name] for name in CONSENT), told.given).where(told.source != "")
    known = or_(
        exists().where(item.person_id == person.c.person_id),
        exists().where(told.person_id == person.c.person_id),
    )
    with writing(engine) as connection:
        merges.alone(connection)
        rows = connection.execute(claims.where(~_keeps(claim.person_id, sources)))
        merges.forget(connection, [tuple(row) for row in rows if _digest(*row) not in spoken])
        rows = connection.execute(consents.where(~_keeps(told.person_id, sources)))
        _forget_consents(connection, [row for row in rows if _digest(*row) not in spoken], spoken)
        return connection.execute(delete(person).where(~known)).rowcount


def _keeps(person_id: ColumnElement[Any], sources: Sequence[str]) -> ColumnElement[bool]:
    """True for people of items that could not be read again, or named at the command line."""
    item, raw, named = feedback_item.c, raw_item.c, consent.alias("named").c
    its = and_(item.source == raw.source, item.ref == raw.ref, item.version == raw.version)
    unread = or_(raw.payload.is_(None), raw.source.not_in(sources))
    return or_(
        exists().where(item.person_id == person_id, its, unread),
        exists().where(named.person_id == person_id, named.source == ""),
    )


def _forget_consents(connection: Connection, gone: Sequence[Row[Any]], spoken: set[bytes]) -> None:
    """Delete what nobody says now; a refusal that is read as its contrary now becomes that."""
    for *key, given in gone:
        mine = and_(*(consent.c[name] == value for name, value in zip(CONSENT, key, strict=True)))
        if _digest(*key, not given) in spoken:
            connection.execute(update(consent).where(mine).values(given=not given))
        else:
            connection.execute(delete(consent).where(mine))


def _digest(*parts: object) -> bytes:
    return hashlib.blake2b("\0".join(map(str, parts)).encode(), digest_size=16).digest()
