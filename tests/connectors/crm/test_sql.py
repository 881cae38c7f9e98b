"""The tables of contacts and activities, on SQLite; PostgreSQL runs the same where it is found."""

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from connectors.catalogue import target
from connectors.contract import Activity, Contact, CrmTarget
from connectors.crm.sql import SqlTarget
from connectors.crm.sql_tables import open_engine, tables, upsert
from feedback.errors import Changed, FeedbackError, Refused, Unavailable
from tests import postgres
from tests.connectors.crm.lossy import LossyProxy
from tests.connectors.target_contract import (
    TargetContract,
    a_contact,
    an_activity,
    written,
    written_by,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def crm(request: pytest.FixtureRequest, tmp_path: Path) -> "SqlCrm":
    if request.param == "sqlite":
        return SqlCrm(f"sqlite:///{tmp_path}/crm.db")
    return SqlCrm(request.getfixturevalue("postgres_url"))


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    with postgres.database(postgres_server) as url:
        yield url


class TestSqlTarget(TargetContract):
    pass


def test_a_time_is_stored_as_utc(crm: "SqlCrm") -> None:
    moscow = datetime.fromisoformat("2026-11-02T12:30:00+03:00")
    written(crm, replace(an_activity(), said_at=moscow))
    (stored,) = crm.activities()
    said_at = datetime.fromisoformat(str(stored["said_at"]))  # SQLite keeps text, without a zone
    assert said_at.replace(tzinfo=said_at.tzinfo or UTC) == moscow


def test_an_empty_field_of_a_contact_is_filled_in_and_a_full_one_kept(crm: "SqlCrm") -> None:
    crm.add_contact("anna@example.org", "Anna")
    written(crm, Contact("k1", "ANNA@example.org", name="Other", phone="+7 900 000-00-00"))
    (stored,) = crm.contacts()
    assert (stored["name"], stored["phone"]) == ("Anna", "+7 900 000-00-00")


def test_a_name_that_people_filled_in_since_we_looked_is_kept(crm: "SqlCrm") -> None:
    crm.add_contact("anna@example.org", "Anna, just now")
    contacts, _ = tables("crm_")
    seen = {"key": "theirs", "email": "anna@example.org", "name": "A. K.", "phone": "+7 900"}
    with open_engine(crm.engine_url).begin() as connection:
        upsert(connection, contacts, [seen | {"updated_at": datetime.now(UTC)}])
    (stored,) = crm.contacts()
    assert (stored["name"], stored["phone"]) == ("Anna, just now", "+7 900")


def test_contacts_without_an_address_are_told_apart_by_key(crm: "SqlCrm") -> None:
    outcomes = written(crm, Contact("k1", "", name="A"), Contact("k2", "", name="B"))
    assert [outcome.remote_id for outcome in outcomes] == ["k1", "k2"]
    assert len(crm.contacts()) == 2


def test_an_activity_of_a_contact_that_is_gone_is_refused_alone(crm: "SqlCrm") -> None:
    outcomes = written(crm, an_activity("b1", contact_id="nobody"), an_activity("b2"))
    assert [outcome.status for outcome in outcomes] == ["rejected", "done"]


def test_of_many_bad_rows_each_is_refused_and_every_good_one_stored(crm: "SqlCrm") -> None:
    objects = [an_activity(f"b{i}", contact_id="" if i % 7 else "nobody") for i in range(100)]
    statuses = [outcome.status for outcome in written(crm, *objects)]
    assert statuses == ["done" if i % 7 else "rejected" for i in range(100)]
    assert len(crm.activities()) == statuses.count("done") == 85


def test_writers_who_meet_leave_one_contact(crm: "SqlCrm") -> None:
    written(crm, an_activity())  # the tables are there
    start, outcomes = threading.Barrier(8), []

    def write(n: int) -> None:
        start.wait()
        outcomes.extend(written(crm, a_contact(f"k{n}", email="Anna@example.org"[n % 2 :])))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {outcome.status for outcome in outcomes} == {"done"}
    assert len(crm.contacts()) == len({outcome.remote_id for outcome in outcomes}) == 2


def test_a_lost_answer_to_the_commit_is_an_unknown_outcome_that_can_be_found(
    postgres_url: str,
) -> None:
    url = sa.make_url(postgres_url)
    written(SqlCrm(postgres_url), an_activity("b0"))
    with LossyProxy(int(url.port or 0), loses=b"COMMIT").running() as proxy:
        lossy = SqlCrm(url.set(port=proxy.port).render_as_string(hide_password=False))
        outcomes = written(lossy, an_activity("b1"), an_activity("b2"))
    assert [outcome.status for outcome in outcomes] == ["unknown", "unknown"]
    found = SqlCrm(postgres_url).target().find([an_activity("b1"), an_activity("b2")])
    assert found == {"b1": "b1", "b2": "b2"}


def test_a_connection_lost_before_the_commit_wrote_nothing(postgres_url: str) -> None:
    url = sa.make_url(postgres_url)
    with LossyProxy(int(url.port or 0), loses=b"INSERT INTO").running() as proxy:
        lossy = SqlCrm(url.set(port=proxy.port).render_as_string(hide_password=False))
        with pytest.raises(Unavailable):
            written(lossy, an_activity("b1"))
    assert SqlCrm(postgres_url).activities() == []


def test_an_address_outside_ascii_is_found_again(crm: "SqlCrm") -> None:
    written(crm, a_contact("k1", email="Иван@пример.рф"))
    (outcome,) = written(crm, a_contact("k2", email="Иван@пример.рф"))
    assert outcome.remote_id == "k1"


def test_tables_with_other_columns_are_left_alone(crm: "SqlCrm") -> None:
    crm.run("create table crm_contacts (id integer)")
    with pytest.raises(Changed, match="other columns") as changed:
        written(crm, a_contact())
    assert "anna@example.org" not in f"{changed.value} {changed.value.__context__}"


def test_another_prefix_means_other_tables(crm: "SqlCrm") -> None:
    table = {"kind": "sql", "database": crm.url, "prefix": "voice_"}
    assert written_by(target("desk", table), [a_contact()])[0].status == "done"
    assert crm.contacts() == []


def test_a_sqlite_file_is_made_by_the_first_write_and_not_before(tmp_path: Path) -> None:
    crm = SqlCrm(f"sqlite:///{tmp_path}/crm.db")
    assert "will be made" in crm.target().check()
    assert crm.target().find([a_contact()]) == {}
    assert list(tmp_path.iterdir()) == []
    written(crm, a_contact())
    assert "are there" in crm.target().check()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    crm = SqlCrm(f"sqlite:///{tmp_path}/none/crm.db")
    with pytest.raises(Refused, match=re.escape(str(tmp_path / "none"))):
        crm.target().check()
    with pytest.raises(Refused, match="SQLITE_CANTOPEN"):
        written(crm, a_contact())


def test_a_locked_sqlite_file_is_a_reason_to_wait(tmp_path: Path) -> None:
    crm = SqlCrm(f"sqlite:///{tmp_path}/crm.db")
    written(crm, a_contact())
    with sqlite3.connect(tmp_path / "crm.db") as other:
        other.execute("begin immediate")
        with pytest.raises(Unavailable, match="SQLITE_BUSY"):
            written(SqlCrm(f"{crm.url}?timeout=0"), an_activity())
    other.close()


@pytest.mark.parametrize(
    "database", ["mysql://u:hush@h/d", "sqlite://", "sqlite:///:memory:", "hush", "postgresql://h"]
)
def test_a_database_we_cannot_use_is_refused_without_showing_it(database: str) -> None:
    with pytest.raises(Refused, match="database:") as refused:
        target("crm", {"kind": "sql", "database": database})
    assert "hush" not in str(refused.value)
    with pytest.raises(ValidationError) as invalid:
        SqlTarget.Settings(kind="sql", database=database)
    assert "hush" not in str(invalid.value)


def test_a_wrong_password_is_somebodys_to_mend(postgres_url: str) -> None:
    url = sa.make_url(postgres_url).set(username="nobody-of-this-name", password="hush-hush")
    crm = SqlCrm(url.render_as_string(hide_password=False))
    with pytest.raises(FeedbackError) as error:
        crm.target().check()
    assert isinstance(error.value, Refused)
    assert "hush-hush" not in str(error.value)


def test_a_server_that_is_away_is_a_reason_to_wait() -> None:
    with pytest.raises(Unavailable):
        SqlCrm("postgresql://u:hush@127.0.0.1:9/none").target().check()


class SqlCrm:
    """The tables as people see them, through a connection of their own."""

    secret = "hush-hush"

    def __init__(self, url: str) -> None:
        self.url = url
        engine = sa.make_url(url)
        if engine.get_backend_name() == "postgresql":
            engine = engine.set(drivername="postgresql+psycopg")
        self._is_a_file = engine.get_backend_name() == "sqlite"
        self.engine_url = engine
        self._engine = sa.create_engine(engine, poolclass=sa.NullPool)

    def target(self) -> CrmTarget:
        return target("crm", {"kind": "sql", "database": self._with_secret()})

    def away(self) -> CrmTarget:
        url = sa.make_url(self._with_secret())
        where = {"database": "/no/such/folder/crm.db"} if self._is_a_file else {"port": 9}
        gone = url.set(**where).render_as_string(hide_password=False)
        return target("crm", {"kind": "sql", "database": gone})

    @contextmanager
    def losing(self) -> Iterator[CrmTarget]:
        written(self, an_activity("b0"))  # the tables are there
        url = sa.make_url(self._with_secret())
        if self._is_a_file:  # a reader in the middle of a page makes the commit fail
            with closing(sqlite3.connect(str(url.database), isolation_level=None)) as reader:
                reader.execute("begin")
                reader.execute("select key from crm_activities").fetchall()
                yield SqlCrm(f"{self.url}?timeout=0").target()
            return
        with LossyProxy(int(url.port or 0), loses=b"COMMIT", then_gone=True).running() as proxy:
            lossy = url.set(port=proxy.port).render_as_string(hide_password=False)
            yield target("crm", {"kind": "sql", "database": lossy})

    def contacts(self) -> list[dict[str, Any]]:
        return self.run("select key as remote_id, c.* from crm_contacts c order by key")

    def activities(self) -> list[dict[str, Any]]:
        return self.run("select key as remote_id, a.* from crm_activities a order by key")

    def add_contact(self, email: str, name: str) -> str:
        written(self, an_activity("first"))  # the tables are there
        self.run("delete from crm_activities")
        columns = "(key, email, name, phone, updated_at)"
        values = f"('theirs', '{email}', '{name}', '', '2026-01-01 00:00:00')"
        self.run(f"insert into crm_contacts {columns} values {values}")
        return "theirs"

    def refused(self) -> Activity:
        return an_activity("no-such-contact", contact_id="nobody")

    def run(self, statement: str) -> list[dict[str, Any]]:
        """Rows as dicts; none where the table is not there."""
        with self._engine.begin() as connection:
            table = re.search(r" (crm_\w+) \w order", statement)
            if table and not sa.inspect(connection).has_table(table[1]):
                return []
            result = connection.execute(sa.text(statement))
            return [dict(row) for row in result.mappings()] if result.returns_rows else []

    def _with_secret(self) -> str:
        url = sa.make_url(self.url)
        if url.get_backend_name() == "postgresql" and not url.password:
            url = url.set(password=self.secret)  # the server trusts loopback and asks for none
        return url.render_as_string(hide_password=False)
