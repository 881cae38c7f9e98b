"""A PostgreSQL of the tests' own, on a private port; found on the machine, never downloaded.

`FEEDBACK_TEST_POSTGRES_URL` names a server to use instead; every test gets a database of its own.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url

DEBIAN = Path("/usr/lib/postgresql")


def missing() -> str:
    """Why there is no PostgreSQL to test on; "" when there is one."""
    if os.environ.get("FEEDBACK_TEST_POSTGRES_URL") or _program("initdb"):
        return ""
    return "PostgreSQL: no initdb on this machine and no FEEDBACK_TEST_POSTGRES_URL"


@contextmanager
def server() -> Iterator[str]:
    """The URL of a running server, stopped again at the end if it is ours."""
    if url := os.environ.get("FEEDBACK_TEST_POSTGRES_URL"):
        yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="feedback-pg-"))
    port = _free_port()
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = folder / "data"
        _run("initdb", "-D", str(data), "-A", "trust", "-U", "feedback", "-E", "UTF8")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
        _run("pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
        yield f"postgresql+psycopg://feedback@127.0.0.1:{port}/postgres"
        _run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(server_url: str) -> Iterator[str]:
    """The URL of a new, empty database on that server, dropped at the end."""
    name = f"feedback_{secrets.token_hex(6)}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        admin.dispose()


def _program(name: str) -> str | None:
    newest_first = sorted(DEBIAN.glob(f"*/bin/{name}"), reverse=True)
    return next(map(str, newest_first), None) or shutil.which(name)


def _run(name: str, *arguments: str) -> None:
    """Run a server program; it refuses root, so root becomes the `postgres` user."""
    as_user = {"user": pwd.getpwnam("postgres").pw_uid} if os.geteuid() == 0 else {}
    done = subprocess.run(
        [str(_program(name)), *arguments],
        cwd="/",
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        **as_user,
    )
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
