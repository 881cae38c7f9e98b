"""Who was seen, and what they are known by: people, their claims and their consents.

The order in which records come changes nothing: of two names the fuller one stays.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from feedback.identity import Identified
from feedback.vault import Vault
from feedback.warehouse import bulk, consents, resembling
from feedback.warehouse.merges import Identity, alone, merge
from feedback.warehouse.tables import person, person_identity


def store(connection: Connection, vault: Vault, found: Sequence[Identified]) -> None:
    """Store people, their claims and consents, and bring the merges up to date with them."""
    alone(connection)
    known = [who for who in found if who.person_id]
    _store_people(connection, vault, known)
    merge(connection, _store_claims(connection, vault, known))
    consents.store(connection, [row for who in known for row in who.consents])


def _store_people(connection: Connection, vault: Vault, known: Sequence[Identified]) -> None:
    """Of a person's names the fullest is kept, and the earliest time: in any order the same."""
    own, ids = person.c, {str(who.person_id) for who in known}
    query = select(own.person_id, own.name, own.first_seen, own.shared)
    stored = {
        one: (vault.open(name).decode(), seen_at, shared)
        for one, name, seen_at, shared in bulk.fetch(connection, query, own.person_id, ids)
    }
    wanted = dict(stored)
    for who in known:
        one = str(who.person_id)
        name, seen_at, _ = wanted.get(one, (who.name, who.seen_at, who.shared))
        fullest = max(name, who.name, key=lambda text: (len(text), text))
        wanted[one] = (fullest, min(seen_at, who.seen_at), who.shared)
    rows = [
        {"person_id": one, "root_id": one, "name": vault.seal(name.encode())}
        | {"shared": shared, "first_seen": seen_at}
        for one, (name, seen_at, shared) in wanted.items()
        if stored.get(one) != wanted[one]
    ]
    kept = ["name", "shared", "first_seen"]
    bulk.insert(connection, person, rows, conflict="replace", replaced=kept)
    shared = [one for one, (_, _, was) in stored.items() if was != wanted[one][2]]
    resembling.compare_again(connection, shared)  # whose address is one of many now, or no longer


def _store_claims(
    connection: Connection, vault: Vault, known: Sequence[Identified]
) -> set[Identity]:
    """Store the claims that are new; returns the identities that they are of."""
    claimed = {
        (one.kind, one.value_hash, str(who.person_id)): one.value
        for who in known
        for one in who.claims
    }
    own = person_identity.c
    query = select(own.kind, own.value_hash, own.person_id)
    people = {one for _, _, one in claimed}
    there = {tuple(row) for row in bulk.fetch(connection, query, own.person_id, people)}
    new = {key: value for key, value in claimed.items() if key not in there}
    rows = [
        {"kind": kind, "value_hash": value_hash, "person_id": one}
        | {"value": vault.seal(value.encode())}
        for (kind, value_hash, one), value in new.items()
    ]
    bulk.insert(connection, person_identity, rows)
    return {key[:2] for key in new}
