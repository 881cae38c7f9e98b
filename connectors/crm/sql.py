"""Contacts and activities as two tables in a SQLite or PostgreSQL database.

Contacts belong to the people who use the CRM: of one that is there, only empty fields are filled.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC
from functools import cached_property
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError

from connectors.contract import Activity, Contact, CrmObject, Outcome
from connectors.crm.sql_contacts import Known, Row, ascii_folded, folded, match
from connectors.crm.sql_tables import open_engine, reason, tables, told, upsert
from feedback.errors import Refused

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
ROW_REFUSED = (IntegrityError, DataError, UnicodeError)
"""What a driver raises for the values of one row; UnicodeError comes for lone surrogates."""
ACTIVITY_FIELDS = (
    *("channel", "subject", "text", "product", "sentiment"),
    *("rating", "scale_low", "scale_high", "url"),
)


class SqlTarget:
    """CRM target: `remote_id` is the key of the stored row, a contact's found by its e-mail."""

    batch = 1000

    class Settings(BaseModel):
        """What `[crm.<name>]` says; the URL is a secret because it may carry a password."""

        model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

        kind: Literal["sql"]
        database: SecretStr = Field(description="URL of a SQLite file or PostgreSQL database.")
        prefix: str = Field(
            "crm_", pattern=r"^[a-z][a-z0-9_]{0,30}$", description="Of the two tables' names."
        )

        @field_validator("database")
        @classmethod
        def _with_a_driver_we_have(cls, database: SecretStr) -> SecretStr:
            try:
                url = sa.make_url(database.get_secret_value())
            except ArgumentError:
                raise ValueError("is not a URL such as sqlite:////folder/crm.db") from None
            backend = url.get_backend_name()
            if backend not in DRIVERS or url.database in (None, "", ":memory:"):
                raise ValueError("names neither a SQLite file nor a PostgreSQL database")
            url = url.set(drivername=DRIVERS[backend])
            return SecretStr(url.render_as_string(hide_password=False))

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self._settings = settings
        self._contacts, self._activities = tables(settings.prefix)

    def check(self) -> str:
        """Say whether the database can be opened; makes neither the file nor the tables."""
        file = _sqlite_file(self._engine.url)
        if file is not None and not file.exists():
            if not file.parent.is_dir():
                raise Refused(f"CRM {self.name}: make the folder {file.parent} for its database.")
            return f"CRM {self.name}: {file} will be made by the first write."
        with told(self.name), self._engine.connect() as connection:
            there = self._are_there(connection)
        names = f"{self._contacts.name} and {self._activities.name}"
        return f"CRM {self.name}: opened; {names} {'are there' if there else 'will be made'}."

    def find(self, objects: Sequence[CrmObject]) -> dict[str, str]:
        """{key: remote id} of those that are there; a contact is known by e-mail or key.

        An update is never reported: whether it arrived cannot be seen, and repeating it is safe.
        """
        file = _sqlite_file(self._engine.url)
        if file is not None and not file.exists():
            return {}
        found: dict[str, str] = {}
        with told(self.name), self._engine.connect() as connection:
            for start in range(0, len(objects) if self._are_there(connection) else 0, self.batch):
                found |= self._find(connection, objects[start : start + self.batch])
        return found

    def write(self, objects: Sequence[CrmObject]) -> Iterator[Outcome]:
        """Store all objects in one transaction; a row that is refused is left out of it."""
        engine = self._engine.execution_options(writes=True)
        with told(self.name), engine.connect() as connection:
            self._contacts.metadata.create_all(connection)
            outcomes = self._store(connection, objects)
            try:
                connection.commit()
            except DBAPIError:
                outcomes = {o: Outcome(o.key, "unknown", error="commit failed") for o in objects}
        for one in objects:
            yield outcomes[one]

    def _store(
        self, connection: sa.Connection, objects: Sequence[CrmObject], again: bool = True
    ) -> dict[CrmObject, Outcome]:
        """All at once; where the database refuses, by halves until the refused row is alone."""
        try:
            with connection.begin_nested():
                return self._put(connection, objects)
        except ROW_REFUSED as error:
            refusal = reason(error)
        if len(objects) > 1:
            half = len(objects) // 2
            return self._store(connection, objects[:half]) | self._store(connection, objects[half:])
        if again:  # another writer may have made this very contact since we looked
            return self._store(connection, objects, again=False)
        return {objects[0]: Outcome(objects[0].key, "rejected", error=refusal)}

    def _put(
        self, connection: sa.Connection, objects: Sequence[CrmObject]
    ) -> dict[CrmObject, Outcome]:
        contacts = [one for one in objects if isinstance(one, Contact)]
        activities = {one: _row(one) for one in objects if isinstance(one, Activity)}
        matched, to_put = match(contacts, self._known(connection, contacts))
        upsert(connection, self._contacts, to_put)
        upsert(connection, self._activities, list(activities.values()))
        rows: dict[CrmObject, Row] = dict(matched) | dict(activities)
        return {one: Outcome(one.key, "done", row["key"]) for one, row in rows.items()}

    def _find(self, connection: sa.Connection, objects: Sequence[CrmObject]) -> dict[str, str]:
        contacts = [one for one in objects if isinstance(one, Contact)]
        known = self._known(connection, contacts)
        found = {one.key: row["key"] for one in contacts if (row := known.same(one))}
        keys = {one.key for one in objects if isinstance(one, Activity) and not one.remote_id}
        there = sa.select(self._activities.c.key).where(self._activities.c.key.in_(keys))
        return found | {key: key for key in connection.scalars(there)}

    def _known(self, connection: sa.Connection, contacts: Sequence[Contact]) -> Known:
        column = self._contacts.c
        keys = {key for one in contacts for key in (one.key, one.remote_id)}
        # SQLite lowers ASCII only, so an address is asked for in both of its lower cases
        emails = {e for one in contacts for e in (folded(one.email), ascii_folded(one.email))}
        same = sa.or_(column.key.in_(keys), sa.func.lower(column.email).in_(emails))
        query = sa.select(self._contacts).where(same)
        rows = connection.execute(query).mappings() if contacts else ()
        return Known(dict(row) for row in rows)

    def _are_there(self, connection: sa.Connection) -> bool:
        inspector = sa.inspect(connection)
        return all(inspector.has_table(table.name) for table in (self._contacts, self._activities))

    @cached_property
    def _engine(self) -> sa.Engine:
        return open_engine(sa.make_url(self._settings.database.get_secret_value()))


def _row(one: Activity) -> Row:
    row = {field: getattr(one, field) for field in ACTIVITY_FIELDS}
    ours = {"key": one.remote_id or one.key, "contact_id": one.contact_id or None}
    return row | ours | {"said_at": one.said_at.astimezone(UTC)}


def _sqlite_file(url: sa.URL) -> Path | None:
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None
