"""Opening the warehouse, bringing its tables up to date, and locking what one run works on.

A database error leaves here as one of our own: its own text may quote rows, ours never does.
"""

import fcntl
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, OperationalError

from feedback.errors import Busy, FeedbackError, Refused, Unavailable

MIGRATIONS = Path(__file__).parent / "migrations"
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
WRITES = {"feedback_writes": True}


def connect(url: str) -> Engine:
    """An engine for an SQLite or PostgreSQL URL; nothing is opened yet."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend not in DRIVERS:
        raise Refused(
            f"A {backend} database cannot be the warehouse. Nothing was written. Give `database` "
            "an sqlite:/// or postgresql:// URL."
        )
    parsed = parsed.set(drivername=DRIVERS[backend])
    engine = create_engine(parsed, hide_parameters=True, pool_pre_ping=backend != "sqlite")
    event.listen(engine, "handle_error", _say_plainly, retval=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: stored whole when the block ends, or not at all.

    SQLite has one writer at a time: asking for its place at the start waits for the others, while
    asking in the middle would fail at once.
    """
    with engine.execution_options(**WRITES).begin() as connection:
        try:
            yield connection
        except engine.dialect.loaded_dbapi.Error as error:  # from a driver's cursor, as COPY's is
            raise _refused(error) from None


def upgrade(engine: Engine) -> None:
    """Make or migrate the tables to the newest version; running it again changes nothing."""
    with hold(engine, "migrations"), writing(engine) as connection:
        command.upgrade(_alembic(connection), "head")


def downgrade(engine: Engine) -> None:
    """Take every table away again."""
    with writing(engine) as connection:
        command.downgrade(_alembic(connection), "base")


def require_current(engine: Engine) -> None:
    """Raise `Refused` unless the tables are those of this version."""
    database = engine.url.database
    if engine.dialect.name == "sqlite" and database and not Path(database).exists():
        raise Refused(_not_current("There is no database yet"))
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    newest = ScriptDirectory.from_config(_alembic(None)).get_current_head()
    if found != newest:
        raise Refused(_not_current(f"The database is at version {found}, this code at {newest}"))


@contextmanager
def hold(engine: Engine, what: str) -> Iterator[Callable[[], None]]:
    """Hold a lock that dies with its process. Raises `Busy` when another run has it.

    Call what it yields before each piece of work: it raises `Unavailable` when the lock was lost
    together with its connection, so that another run may have it by now.
    """
    taken = _hold_file if engine.dialect.name == "sqlite" else _hold_advisory
    with taken(engine, what) as still_ours:
        if still_ours is None:
            raise Busy(
                f"Another run is working on {what}. This one left it alone and wrote nothing "
                "there. Wait for the other run; nothing is lost."
            )
        yield still_ours


@contextmanager
def _hold_file(engine: Engine, what: str) -> Iterator[Callable[[], None] | None]:
    database = engine.url.database
    if not database or database == ":memory:":
        yield lambda: None
        return
    with _lock_file(Path(database), what) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield lambda: None


def _lock_file(database: Path, what: str) -> TextIO:
    name = hashlib.sha256(what.encode()).hexdigest()[:16]
    try:
        (database.parent / "locks").mkdir(parents=True, exist_ok=True)
        return (database.parent / "locks" / f"{database.name}.{name}").open("w")
    except OSError as error:
        raise Refused(
            f"The folder {database.parent} of the database cannot be written ({error.strerror}). "
            "Nothing was written. Mend its rights, or name another `database`."
        ) from None


@contextmanager
def _hold_advisory(engine: Engine, what: str) -> Iterator[Callable[[], None] | None]:
    digest = hashlib.sha256(f"feedback-flows/{what}".encode()).digest()
    key = {"key": int.from_bytes(digest[:8], signed=True)}
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        ours = connection.execute(text("select pg_try_advisory_lock(:key)"), key).scalar_one()
        yield (lambda: _ask(connection)) if ours else None
    finally:
        connection.invalidate()  # the lock ends with its connection, also a broken one
        connection.close()


def _ask(connection: Connection) -> None:
    connection.exec_driver_sql("select 1")


def _alembic(connection: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _not_current(found: str) -> str:
    return f"{found}. Nothing was read or written. Run `feedback init`."


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, reads included
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("feedback_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _say_plainly(context: ExceptionContext) -> FeedbackError | None:
    error = context.sqlalchemy_exception
    if not isinstance(error, DBAPIError):
        return None
    kind = type(error.orig).__name__
    said = str(error.orig).splitlines()[0] if isinstance(error, OperationalError) else kind
    if "not a database" in str(error.orig):
        return Refused(
            "The file that `database` names is no SQLite database. Nothing was written. Name "
            "another file, or move that one away."
        )
    if "no such table" in said or kind == "UndefinedTable":
        return Refused(_not_current("The database has no tables"))
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return Unavailable(
            f"The warehouse did not answer ({said}). The step under way was rolled back whole. "
            "See that the database runs and `database` names it, then run again."
        )
    return _refused(error.orig)


def _refused(error: BaseException | None) -> Refused:
    """Names the kind of error and the constraint; the rest of its text may quote a row."""
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None) or ""
    named = f"{type(error).__name__} {constraint}".rstrip()
    return Refused(
        f"The warehouse refused to write ({named}). The step under way was rolled back whole. "
        "This is a fault of ours: please report it with the run id."
    )
