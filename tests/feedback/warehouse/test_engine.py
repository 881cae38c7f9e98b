from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, insert, inspect

from feedback.errors import Refused, Unavailable
from feedback.warehouse import engine as warehouse
from feedback.warehouse.tables import metadata, person


def test_the_migrations_make_exactly_the_declared_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_migrations_can_be_taken_back(engine: Engine) -> None:
    warehouse.downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    warehouse.upgrade(engine)
    warehouse.require_current(engine)


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    warehouse.upgrade(engine)
    warehouse.require_current(engine)


def test_a_database_without_tables_is_refused_with_the_command_that_makes_them(
    database_url: str,
) -> None:
    empty = warehouse.connect(database_url)
    with pytest.raises(Refused, match="feedback init"):
        warehouse.require_current(empty)
    empty.dispose()


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
    row = {"person_id": "p", "name": None, "first_seen": None}
    with pytest.raises(Refused) as told, engine.begin() as connection:
        connection.execute(insert(person).values(row | {"person_id": "Ivan Petrov"}))
    assert "Ivan" not in str(told.value)


def test_writers_in_many_threads_wait_for_each_other(engine: Engine, vault: object) -> None:
    from datetime import UTC, datetime

    def write(n: int) -> None:
        with warehouse.writing(engine) as connection:
            connection.exec_driver_sql("SELECT count(*) FROM person")
            row = {"person_id": str(n), "name": b"", "first_seen": datetime.now(UTC)}
            connection.execute(insert(person).values(row))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar_one() == 40
