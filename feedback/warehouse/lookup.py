"""What is known of people, for whoever has to answer them: ids, counts, times and decisions.

No name, address or word is among it: whoever asks has typed the one that they ask about.
"""

from collections.abc import Collection
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, func, or_, select

from feedback.identity import KINDS, Claim
from feedback.warehouse.bulk import frame
from feedback.warehouse.consents import may_take_part
from feedback.warehouse.tables import (
    consent,
    feedback_item,
    person,
    person_identity,
    person_merge,
)


def known_by(connection: Connection, claim: Claim) -> list[tuple[str, str]]:
    """(person_id, root_id) of everybody who claims an identity."""
    own = person_identity.c
    query = select(person.c.person_id, person.c.root_id).join_from(
        person_identity, person, own.person_id == person.c.person_id
    )
    query = query.where(own.kind == claim.kind, own.value_hash == claim.value_hash)
    return [(one, root) for one, root in connection.execute(query.order_by(own.person_id))]


def merges(engine: Engine, status: str = "") -> pd.DataFrame:
    """Merges of one status or of all, newest first; see `_MERGE` for the columns."""
    query = select(*_MERGE).order_by(person_merge.c.merged_at.desc(), *_MERGE[:3])
    return frame(engine, query.where(person_merge.c.status == status) if status else query)


def people(engine: Engine, roots: Collection[str]) -> pd.DataFrame:
    """Everybody with these roots, beside what each is known by and whether they take part.

    Columns: person_id, root_id, shared, known_by (kinds), items, analysis, crm, first_seen.
    """
    own = person.c
    items = select(func.count(feedback_item.c.item_id.distinct()))
    query = select(
        own.person_id,
        own.root_id,
        own.shared,
        items.where(feedback_item.c.person_id == own.person_id).scalar_subquery().label("items"),
        may_take_part(own.person_id, "analysis").label("analysis"),
        may_take_part(own.person_id, "crm").label("crm"),
        own.first_seen,
    )
    found = frame(engine, query.where(own.root_id.in_(roots)).order_by(own.root_id, own.person_id))
    found.insert(3, "known_by", found["person_id"].map(_kinds(engine, roots)).fillna(""))
    return found.assign(**{name: _yes(found[name]) for name in ("shared", "analysis", "crm")})


def merges_of(engine: Engine, roots: Collection[str]) -> pd.DataFrame:
    """All merges of people with these roots, as `merges` shows them."""
    theirs = select(person.c.person_id).where(person.c.root_id.in_(roots))
    own = person_merge.c
    query = select(*_MERGE).where(or_(own.person_a.in_(theirs), own.person_b.in_(theirs)))
    return frame(engine, query.order_by(*_MERGE[:3]))


def consents_of(engine: Engine, roots: Collection[str]) -> pd.DataFrame:
    """What people with these roots allowed, latest first.

    Columns: purpose, given, said_at, source ("" at the command line), ref, recorded_at, person_id.
    """
    own = consent.c
    query = (
        select(own.purpose, own.given, own.said_at, own.source, own.ref, own.recorded_at)
        .add_columns(own.person_id)
        .join_from(consent, person, person.c.person_id == own.person_id)
        .where(person.c.root_id.in_(roots))
        .order_by(own.purpose, own.said_at.desc(), own.given)
    )
    found = frame(engine, query)
    return found.assign(given=_yes(found["given"]))


_MERGE: tuple[ColumnElement[Any], ...] = (
    person_merge.c.person_a,
    person_merge.c.person_b,
    person_merge.c.kind,
    person_merge.c.reason,
    person_merge.c.status,
    person_merge.c.merged_at,
    person_merge.c.undone_at,
    person_merge.c.undone_why,
)


def _kinds(engine: Engine, roots: Collection[str]) -> dict[str, str]:
    """{person_id: "email, phone"}, strongest first."""
    own = person_identity.c
    query = select(own.person_id, own.kind).join_from(
        person_identity, person, person.c.person_id == own.person_id
    )
    kinds: dict[str, set[str]] = {}
    with engine.connect() as connection:
        for one, kind in connection.execute(query.where(person.c.root_id.in_(roots))):
            kinds.setdefault(one, set()).add(kind)
    return {one: ", ".join(sorted(found, key=KINDS.index)) for one, found in kinds.items()}


def _yes(column: pd.Series) -> pd.Series:
    return column.astype(bool).map({True: "yes", False: "no"})  # SQLite gives 1 and 0
