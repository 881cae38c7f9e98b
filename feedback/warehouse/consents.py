"""What people allowed us to do with their words, and who of them takes no part now.

The latest statement of all merged people holds, of two at one moment the refusal; whoever was never
asked is not refused. It is read when the data are read, so a refusal holds at once.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select, true

from feedback.records import Purpose
from feedback.warehouse import bulk
from feedback.warehouse.tables import consent, person


def store(connection: Connection, told: Iterable[Mapping[str, Any]]) -> None:
    """Store statements: person_id, purpose, said_at, source, ref, given.

    Of two readings of one record that differ the refusal stays, whichever came first.
    """
    now = datetime.now(UTC)
    rows = [dict(row) | {"recorded_at": now} for row in told]
    keys = [column.name for column in consent.primary_key]
    refused = {tuple(row[key] for key in keys): row for row in rows if not row["given"]}
    bulk.insert(connection, consent, [row for row in rows if row["given"]])
    once = list(refused.values())
    bulk.insert(connection, consent, once, conflict="replace", replaced=["given"])


def may_take_part(person_id: ColumnElement[Any], purpose: Purpose) -> ColumnElement[bool]:
    """False for those who refused that purpose, and for whoever is one with them."""
    asked, member, told = person.alias("asked"), person.alias("member"), consent.alias("told")
    last_word = (
        select(told.c.given)
        .join_from(asked, member, member.c.root_id == asked.c.root_id)
        .join(told, and_(told.c.person_id == member.c.person_id, told.c.purpose == purpose))
        .where(asked.c.person_id == person_id)
        .order_by(told.c.said_at.desc(), told.c.given)
        .limit(1)
        .correlate_except(asked, member, told)
    )
    return func.coalesce(last_word.scalar_subquery(), true())
