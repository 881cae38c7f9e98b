"""What people allowed us to do with their words, and who of them takes no part now.

The latest statement of all merged people holds, of two at one moment the refusal; whoever was never
asked is not refused. It is read when the data are read, so a refusal holds at once.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

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


def may_take_part(person_id: ColumnElement[str], purpose: str) -> ColumnElement[bool]:
    """False for those who refused that purpose, and for whoever is one with them."""
    teller, later_teller, member = (person.alias(name) for name in ("teller", "later", "member"))
    told, later = consent.alias("told"), consent.alias("later_told")
    allowed_later = exists().where(
        later_teller.c.root_id == teller.c.root_id,
        later.c.person_id == later_teller.c.person_id,
        later.c.purpose == purpose,
        later.c.given,
        later.c.said_at > told.c.said_at,
    )
    refused = (
        select(member.c.person_id)
        .join_from(told, teller, teller.c.person_id == told.c.person_id)
        .join(member, member.c.root_id == teller.c.root_id)
        .where(and_(told.c.purpose == purpose, ~told.c.given, ~allowed_later))
    )
    return or_(person_id.is_(None), person_id.not_in(refused))
