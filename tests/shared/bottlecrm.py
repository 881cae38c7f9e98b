"""A real BottleCRM on loopback, on a PostgreSQL of its own, for as long as a `with` lasts.

FEEDBACK_TEST_BOTTLECRM_PYTHON names a Python (3.12 or later) of an environment with `django-crm`.
By hand: `python -m tests.shared.bottlecrm` starts it, prints address and token, stops on Enter.
"""

import gzip
import os
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import sqlalchemy as sa

from tests import postgres

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("FEEDBACK_SHARED", ROOT.parent / "shared")) / "data" / "crm"


@dataclass(frozen=True)
class BottleCrm:
    """Where it listens, and a token of its administrator."""

    base_url: str
    token: str = field(repr=False)


def python() -> str:
    """The interpreter that can run BottleCRM; skips the test, and says why, where there is none."""
    found = os.environ.get("FEEDBACK_TEST_BOTTLECRM_PYTHON", "")
    if not (DATA / "bottle_seeded.sql.gz").exists():
        pytest.skip(f"no dump of BottleCRM in {DATA}")
    if reason := postgres.missing():
        pytest.skip(reason)
    if not found:
        pytest.skip("FEEDBACK_TEST_BOTTLECRM_PYTHON names no Python with django-crm")
    if subprocess.run([found, "-c", "import django, crm"], capture_output=True).returncode:
        pytest.skip(f"{found} (FEEDBACK_TEST_BOTTLECRM_PYTHON) cannot import django and crm")
    return found


@contextmanager
def bottlecrm() -> Iterator[BottleCrm]:
    """A fresh BottleCRM with the seeded organisation and no customers' data."""
    interpreter = python()
    with (
        postgres.server() as server,
        _database(server) as database,
        tempfile.TemporaryDirectory() as folder,
    ):
        environment = os.environ | _settings(database, port := _free_port())
        token = _token(interpreter, environment, folder)
        log = Path(folder) / "server.log"
        command = [interpreter, "-m", "uvicorn", "crm.asgi:application", "--port", str(port)]
        with (
            log.open("wb") as out,
            _stopped(
                subprocess.Popen(command, env=environment, cwd=folder, stdout=out, stderr=out)
            ) as process,
        ):
            _wait(process, f"http://127.0.0.1:{port}/api/cases/", log)
            yield BottleCrm(f"http://127.0.0.1:{port}", token)


@contextmanager
def _database(server: str) -> Iterator[sa.URL]:
    """The dump restored by a role that is no superuser, so that row-level security holds."""
    name = f"crm_{secrets.token_hex(6)}"
    url = sa.make_url(server).set(username=name, password=name, database=name)
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"create role {name} login password '{name}' nosuperuser")
        connection.exec_driver_sql(f"create database {name} owner {name}")
    _restore(url.set(drivername="postgresql").render_as_string(hide_password=False))
    yield url
    with admin.connect() as connection:
        connection.exec_driver_sql(f"drop database {name} with (force)")
        connection.exec_driver_sql(f"drop role {name}")


def _restore(url: str) -> None:
    with gzip.open(DATA / "bottle_seeded.sql.gz") as dump:
        command = ["psql", "-q", "-v", "ON_ERROR_STOP=1", url]
        done = subprocess.run(command, input=dump.read(), capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def _settings(database: sa.URL, port: int) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "SECRET_KEY": secrets.token_hex(32),
        "ENV_TYPE": "dev",
        "DEBUG": "False",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "DBNAME": str(database.database),
        "DBUSER": str(database.username),
        "DBPASSWORD": str(database.password),
        "DBHOST": str(database.host),
        "DBPORT": str(database.port or 5432),
        "CELERY_BROKER_URL": "memory://",
        "CELERY_RESULT_BACKEND": "cache+memory://",
        "FRONTEND_URL": "http://127.0.0.1:5181",
        "DOMAIN_NAME": f"http://127.0.0.1:{port}",
        "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _token(interpreter: str, environment: dict[str, str], folder: str) -> str:
    done = subprocess.run(
        [interpreter, DATA / "bootstrap.py"],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return next(line for line in done.stdout.splitlines() if line.startswith("bcrm_pat_"))


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + 90
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urlopen(url, timeout=10).close()
        except URLError as error:
            if hasattr(error, "code"):  # it answers: 401 without a token
                return
            time.sleep(0.2)
    raise AssertionError(log.read_text())


@contextmanager
def _stopped(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    with bottlecrm() as running:
        print(running.base_url, running.token, "until Enter is pressed", flush=True)  # noqa: T201
        input()
