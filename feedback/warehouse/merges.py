"""Which people are one: who claims the same identity, unless it is shared or somebody parted them.

Merges follow from the set of claims alone, never from the order in which these came; the one thing
remembered beside them is which two somebody has parted.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)

from feedback.warehouse import bulk
from feedback.warehouse.roots import find_roots
from feedback.warehouse.tables import person_identity, person_merge

MOST = 5  # people who may claim one identity and be taken for one: a reception's phone has more
REASONS = {
    "email": "the same e-mail address",
    "phone": "the same phone number",
    "external_id": "the same id in one source",
    "handle": "the same handle",
}
KEY = ("person_a", "person_b", "kind", "value_hash")  # of a merge
PARTED = "these two were parted before"
Identity = tuple[str, str]  # kind, value_hash
Merge = tuple[str, str, str, str]  # `KEY`


def merge(connection: Connection, identities: Collection[Identity]) -> None:
    """Bring the merges by these identities, and the roots, up to date with who claims them."""
    wanted = _wanted(connection, identities)
    stored = _stored(connection, identities)
    gone = [key for key, status in stored.items() if key not in wanted and status != "undone"]
    changed = {key: status for key, status in wanted.items() if stored.get(key) != status}
    _delete(connection, gone)
    now = datetime.now(UTC)
    rows = [
        dict(zip(KEY, key, strict=True))
        | {"reason": REASONS[key[2]], "status": status, "merged_at": now}
        | {"undone_at": now if status == "undone" else None}
        | {"undone_why": PARTED if status == "undone" else ""}
        for key, status in changed.items()
    ]
    bulk.insert(connection, person_merge, rows, conflict="replace", replaced=["status"])
    find_roots(connection, {one for key in [*gone, *changed] for one in key[:2]})


def forget(connection: Connection, claims: Sequence[tuple[str, str, str]]) -> None:
    """Take away claims, (kind, value_hash, person_id), and the merges that stood on them alone."""
    claim, own = person_identity.c, person_merge.c
    of_it = and_(own.kind == bindparam("k"), own.value_hash == bindparam("h"))
    by_them = or_(own.person_a == bindparam("p"), own.person_b == bindparam("p"))
    mine = and_(claim.kind == bindparam("k"), claim.value_hash == bindparam("h"))
    rows = [{"k": kind, "h": value_hash, "p": one} for kind, value_hash, one in claims]
    if not rows:
        return
    connection.execute(delete(person_merge).where(of_it, by_them, own.status != "undone"), rows)
    connection.execute(delete(person_identity).where(mine, claim.person_id == bindparam("p")), rows)
    merge(connection, {(kind, value_hash) for kind, value_hash, _ in claims})
    find_roots(connection, {one for _, _, one in claims})


def alone(connection: Connection) -> None:
    """Let one transaction at a time change who is who. SQLite, with one writer, does so itself."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE person_merge IN SHARE ROW EXCLUSIVE MODE")


def undo(connection: Connection, one: str, other: str, why: str) -> bool:
    """Part two people for good, whatever else they come to share; False if nothing merged them."""
    alone(connection)
    pair, status = _is_pair(one, other), person_merge.c.status
    if not connection.scalar(select(func.count()).where(pair, status == "active")):
        return False
    named = {"status": "undone", "undone_at": datetime.now(UTC), "undone_why": why}
    connection.execute(update(person_merge).where(pair).values(**named))
    find_roots(connection, {one, other})
    return True


def redo(connection: Connection, one: str, other: str) -> bool:
    """Merge two people again by what both claim; False if they were not parted."""
    alone(connection)
    parted = _is_pair(one, other) & (person_merge.c.status == "undone")
    query = select(person_merge.c.kind, person_merge.c.value_hash).where(parted)
    identities = {(kind, value_hash) for kind, value_hash in connection.execute(query)}
    connection.execute(delete(person_merge).where(parted))
    merge(connection, identities)
    return bool(identities)


def _is_pair(one: str, other: str) -> ColumnElement[bool]:
    first, second = sorted((one, other))
    return and_(person_merge.c.person_a == first, person_merge.c.person_b == second)


def _wanted(connection: Connection, identities: Collection[Identity]) -> dict[Merge, str]:
    """The merges that should be there, with their status.

    Of an identity that too many claim, the pairs among the first of them by id stand for the rest.
    """
    claimants: dict[Identity, list[str]] = defaultdict(list)
    for kind, value_hash, one in _first_claimants(connection, identities):
        claimants[kind, value_hash].append(one)
    own, people = person_merge.c, {one for found in claimants.values() for one in found}
    query = select(own.person_a, own.person_b).where(own.status == "undone")
    parted = {tuple(row) for row in bulk.fetch(connection, query, own.person_a, people)}
    return {
        (*pair, *identity): "undone" if pair in parted else _status(found)
        for identity, found in claimants.items()
        for pair in combinations(sorted(found), 2)
    }


def _status(claimants: Sequence[str]) -> str:
    return "shared" if len(claimants) > MOST else "active"


def _first_claimants(connection: Connection, identities: Collection[Identity]) -> list[Any]:
    """(kind, value_hash, person_id) of the first `MOST` + 1 by id: one more tells it is shared."""
    own = person_identity.c
    place = func.row_number().over(partition_by=(own.kind, own.value_hash), order_by=own.person_id)
    columns = (own.kind, own.value_hash, own.person_id)
    found: list[Any] = []
    for kind, hashes in _by_kind(identities).items():
        for some in bulk.chunks(hashes):
            mine = select(*columns, place.label("place"))
            ranked = mine.where(own.kind == kind, own.value_hash.in_(some)).subquery()
            first = select(*ranked.c[:3]).where(ranked.c.place <= MOST + 1)
            found += connection.execute(first).all()
    return found


def _stored(connection: Connection, identities: Collection[Identity]) -> dict[Merge, str]:
    """The merges by these identities that are there, {key: status}."""
    own, claim = person_merge.c, person_identity.c
    query = select(*(own[name] for name in KEY), own.status).join_from(
        person_identity,
        person_merge,
        and_(
            own.person_a == claim.person_id,
            own.kind == claim.kind,
            own.value_hash == claim.value_hash,
        ),
    )
    found: dict[Merge, str] = {}
    for kind, hashes in _by_kind(identities).items():
        of_kind = query.where(claim.kind == kind)
        for one, other, _, value_hash, status in bulk.fetch(
            connection, of_kind, claim.value_hash, hashes
        ):
            found[one, other, kind, value_hash] = status
    return found


def _by_kind(identities: Collection[Identity]) -> dict[str, list[str]]:
    hashes: dict[str, list[str]] = defaultdict(list)
    for kind, value_hash in sorted(identities):
        hashes[kind].append(value_hash)
    return hashes


def _delete(connection: Connection, keys: Sequence[Merge]) -> None:
    if keys:
        mine = and_(*(person_merge.c[name] == bindparam(f"k_{name}") for name in KEY))
        rows = [{f"k_{n}": part for n, part in zip(KEY, key, strict=True)} for key in keys]
        connection.execute(delete(person_merge).where(mine), rows)
