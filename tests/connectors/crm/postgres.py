"""A PostgreSQL server of our own on a private port, for as long as a `with` lasts.

`initdb` refuses root, so as root everything is run as the `postgres` system user.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa


def programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`, None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "pg_ctl").exists()), None)


@contextmanager
def server() -> Iterator[str]:
    """The URL of a new, empty server with user `postgres`; it is stopped and wiped at the end."""
    bin_folder = programs()
    if bin_folder is None:
        pytest.skip(
            "PostgreSQL is not installed here (no initdb), FEEDBACK_TEST_POSTGRES_URL unset"
        )
    folder = Path(tempfile.mkdtemp(prefix="feedback-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data, port = folder / "data", free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    try:
        _run(
            folder, bin_folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"
        )
        _run(
            folder,
            bin_folder / "pg_ctl",
            "-D",
            data,
            "-l",
            folder / "log",
            "-o",
            options,
            "-w",
            "start",
        )
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        if (data / "postmaster.pid").exists():
            _run(folder, bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    given = os.environ.get("FEEDBACK_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a new, empty database."""
    name = f"test_{uuid4().hex}"
    plain = sa.make_url(postgres_server).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute(f"create database {name}")
        yield plain.set(database=name).render_as_string(hide_password=False)
        admin.execute(f"drop database {name} with (force)")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _run(folder: Path, *command: Any) -> None:
    who: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        capture_output=True,
        text=True,
        **(who if os.geteuid() == 0 else {}),
    )
    assert done.returncode == 0, done.stderr or done.stdout
