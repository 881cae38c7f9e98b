"""What tests share: a warehouse on each database that this machine has, and one Prefect harness."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from feedback.vault import Vault
from feedback.warehouse.engine import connect, upgrade
from tests import postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    if reason := postgres.missing():
        pytest.skip(reason)
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'feedback.db'}"
        return
    with postgres.database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A warehouse with its tables, on each kind of database."""
    engine = connect(database_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault(bytes(range(32)))


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """One Prefect server for all flow tests of a session."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    quiet = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}  # else every flow ends a second late
    with prefect_test_harness(server_startup_timeout=120), temporary_settings(quiet):
        yield


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks do not wait minutes for a source that is away."""
    from tasks.collect import collect
    from tasks.sync import sync
    from tasks.understand import understand

    monkeypatch.setattr(collect, "retries", 0)
    monkeypatch.setattr(understand, "retries", 0)
    monkeypatch.setattr(sync, "retries", 0)
