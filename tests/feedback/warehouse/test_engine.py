from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, insert, inspect

from feedback.errors import Refused, Unavailable
from feedback.warehouse import bulk
from feedback.warehouse import engine as warehouse
from feedback.warehouse.tables import metadata, person
from tests import postgres


def test_the_migrations_make_exactly_the_declared_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_migrations_can_be_taken_back(engine: Engine) -> None:
    warehouse.downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    warehouse.upgrade(engine)
    warehouse.require_current(engine)


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    before = inspect(engine).get_table_names()
    warehouse.upgrade(engine)
    assert inspect(engine).get_table_names() == before


def test_a_database_without_tables_is_refused_with_the_command_that_makes_them(
    database_url: str,
) -> None:
    empty = warehouse.connect(database_url)
    with pytest.raises(Refused, match="feedback init"):
        warehouse.require_current(empty)
    empty.dispose()


def test_the_identities_of_a_person_are_found_by_an_index(engine: Engine) -> None:
    """Else telling a CRM about fifty thousand people never ends."""
    with engine.connect() as connection:
        indexes = inspect(connection).get_indexes("person_identity")
    assert ["person_id", "kind", "value_hash"] in [index["column_names"] for index in indexes]


def test_only_one_run_at_a_time_holds_a_lock(engine: Engine) -> None:
    with warehouse.hold(engine, "mail"):
        busy = pytest.raises(Unavailable, match="Another run is working on mail")
        with busy, warehouse.hold(engine, "mail"):
            pass
        with warehouse.hold(engine, "forms"):
            pass
    with warehouse.hold(engine, "mail"):
        pass


def test_a_database_that_is_away_is_unavailable_and_says_nothing_secret() -> None:
    away = warehouse.connect("postgresql+psycopg://me:hush@127.0.0.1:1/none")
    with pytest.raises(Unavailable) as told:
        away.connect()
    assert "hush" not in str(told.value)


def test_a_refused_row_is_not_quoted(engine: Engine) -> None:
    row = {"person_id": "Ivan Petrov", "name": None, "first_seen": None}
    with pytest.raises(Refused) as told, warehouse.writing(engine) as connection:
        connection.execute(insert(person).values(row))
    assert "Ivan" not in str(told.value)


def test_a_row_that_a_bulk_insert_cannot_write_is_refused_without_a_trace_of_it(
    engine: Engine,
) -> None:
    row = {"person_id": "Ivan Petrov", "name": None, "first_seen": datetime.now(UTC)}
    with pytest.raises(Refused) as told, warehouse.writing(engine) as connection:
        bulk.insert(connection, person, [row])
    assert "Ivan" not in str(told.value)


def test_a_lock_whose_connection_died_is_noticed(postgres_server: str) -> None:
    with postgres.database(postgres_server) as url:
        engine = warehouse.connect(url)
        with warehouse.hold(engine, "mail") as still_ours:
            still_ours()
            end_all_connections(engine)
            with pytest.raises(Unavailable):
                still_ours()
        engine.dispose()


def end_all_connections(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.parametrize("url", ["mysql://a@b/c", "oracle://a@b/c"])
def test_a_database_of_another_kind_is_refused_in_words(url: str) -> None:
    with pytest.raises(Refused, match="cannot be the warehouse"):
        warehouse.connect(url)


def test_a_plain_postgresql_url_needs_no_driver_name() -> None:
    assert warehouse.connect("postgresql://me@127.0.0.1:1/x").driver == "psycopg"


def test_a_file_that_is_no_database_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("these are notes, not tables " * 40)
    engine = warehouse.connect(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(Refused, match="no SQLite database"):
        warehouse.require_current(engine)
    engine.dispose()


def test_writers_in_many_threads_wait_for_each_other(engine: Engine) -> None:
    def write(n: int) -> None:
        with warehouse.writing(engine) as connection:
            connection.exec_driver_sql("SELECT count(*) FROM person")
            key = {"person_id": str(n), "root_id": str(n), "shared": False}
            row = key | {"name": b"", "first_seen": datetime.now(UTC)}
            connection.execute(insert(person).values(row))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar_one() == 40
