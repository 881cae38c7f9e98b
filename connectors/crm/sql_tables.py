"""The two tables, how a row gets into them, and what a database's refusal means.

SQLite is told BEGIN by us: its driver's own way of opening transactions breaks SAVEPOINT.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from connectors.crm.sql_contacts import Row
from feedback.errors import Changed, FeedbackError, Refused, Unavailable

REFUSED = ("28", "3D", "42501", "25006", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_NOTADB")
MADE_MEANWHILE = "42P07"  # two first writes at once: the other one made the tables
KEPT = {"kept": True}
LOGIN_REFUSED = ("FATAL:  password", "FATAL:  role", "FATAL:  database", "pg_hba.conf")
"""How libpq words a refused login: psycopg gives these no code."""


def open_engine(url: sa.URL) -> sa.Engine:
    """An engine that keeps no connection, and never shows a row's values."""
    engine = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)
    if url.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_connected)
        sa.event.listen(engine, "begin", _sqlite_begins)
    return engine


def upsert(connection: sa.Connection, table: sa.Table, rows: list[Row]) -> None:
    """Insert or replace by key; a column marked KEPT keeps what it holds unless that is empty."""
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
    new: dict[str, Any] = {c.name: insert.excluded[c.name] for c in table.c if not c.primary_key}
    kept = {c.name: c for c in table.c if c.info == KEPT}
    new |= {f: sa.func.coalesce(sa.func.nullif(c, ""), new[f]) for f, c in kept.items()}
    if rows:
        connection.execute(insert.on_conflict_do_update(index_elements=["key"], set_=new), rows)


def tables(prefix: str) -> tuple[sa.Table, sa.Table]:
    metadata, moment = sa.MetaData(), sa.DateTime(timezone=True)
    contacts = sa.Table(
        f"{prefix}contacts",
        metadata,
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("email", sa.Text, info=KEPT),
        *(sa.Column(name, sa.Text, nullable=False, info=KEPT) for name in ("name", "phone")),
        sa.Column("updated_at", moment, nullable=False),
    )
    sa.Index(f"{prefix}contacts_email", sa.func.lower(contacts.c.email), unique=True)
    texts = ("channel", "subject", "text", "product", "sentiment")
    activities = sa.Table(
        f"{prefix}activities",
        metadata,
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("contact_id", sa.ForeignKey(contacts.c.key), index=True),
        sa.Column("said_at", moment, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        *(sa.Column(name, sa.Double) for name in ("rating", "scale_low", "scale_high")),
        sa.Column("url", sa.Text, nullable=False),
    )
    return contacts, activities


def _sqlite_connected(dbapi: Any, _record: object) -> None:
    dbapi.isolation_level = None
    dbapi.execute("pragma foreign_keys = on")


def _sqlite_begins(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("begin immediate" if writes else "begin")


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn a driver's error into ours. Its words may be a customer's: only its code is kept."""
    try:
        yield
    except DBAPIError as error:
        raise _meaning(name, error) from None


def _meaning(name: str, error: DBAPIError) -> FeedbackError:
    code, said = _code(error), f"CRM {name}: its database failed with {reason(error)}."
    login = any(word in str(error.orig) for word in LOGIN_REFUSED)
    if login or code.startswith(REFUSED):
        return Refused(f"{said} Nothing was written. Mend `database`, its password or its rights.")
    if code != MADE_MEANWHILE and (code.startswith("42") or code == "SQLITE_ERROR"):
        return Changed(f"{said} Nothing was written. Its tables have other columns than ours.")
    return Unavailable(f"{said} Nothing was written. It is tried again.")


def reason(error: BaseException) -> str:
    name = type(getattr(error, "orig", None) or error).__name__
    return f"{name} {_code(error)}".strip()


def _code(error: BaseException) -> str:
    orig = getattr(error, "orig", None)
    return getattr(orig, "sqlstate", None) or getattr(orig, "sqlite_errorname", None) or ""
