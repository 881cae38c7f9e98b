"""Many rows at once: the driver's own fast way on SQLite (executemany) and PostgreSQL (COPY).

The count that comes back is the database's own: rows it really wrote, not rows it was given.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeVar

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, Select, Table

Conflict = Literal["keep", "replace"]
CHUNK = 10_000  # below SQLite's limit of 32,766 variables
T = TypeVar("T")


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many values at a time as one IN may list."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def fetch(
    connection: Connection,
    query: Select[Any],
    column: ColumnElement[Any],
    values: Collection[str],
) -> list[Any]:
    """The rows of `query` whose `column` is among `values`, however many these are."""
    rows: list[Any] = []
    for some in chunks(sorted(values)):
        rows += connection.execute(query.where(column.in_(some))).all()
    return rows


def frame(engine: Engine, query: Select[Any]) -> pd.DataFrame:
    """What a query finds, with its columns also where that is nothing."""
    with engine.connect() as connection:
        result = connection.execute(query)
        return pd.DataFrame(result.all(), columns=list(result.keys()))


def insert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str] = (),
    conflict: Conflict = "keep",
    replaced: Sequence[str] = (),
) -> int:
    """Insert `rows` (all with the same columns) and return how many were written.

    Where `key` (the primary key unless given) is there already, the stored row is kept, or its
    other columns are replaced: all of them, or those in `replaced`.
    """
    if not rows:
        return 0
    columns = list(rows[0])
    keys = list(key) or [column.name for column in table.primary_key]
    tail = _on_conflict(list(replaced) or columns, keys, conflict)
    tuples = _bound(connection, table, columns, rows)
    write = _copy if connection.dialect.name == "postgresql" else _executemany
    return write(connection, table, columns, tuples, tail)


def _on_conflict(columns: list[str], keys: list[str], conflict: Conflict) -> str:
    rest = [c for c in columns if c not in keys]
    if conflict == "keep" or not rest:
        return f"ON CONFLICT ({', '.join(keys)}) DO NOTHING"
    new = ", ".join(f"{c} = excluded.{c}" for c in rest)
    return f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {new}"


def _bound(
    connection: Connection, table: Table, columns: list[str], rows: Sequence[Mapping[str, Any]]
) -> Iterable[tuple[Any, ...]]:
    """The values as the driver wants them, column by column."""
    lists = []
    for name in columns:
        values = [row[name] for row in rows]
        kind = table.c[name].type.dialect_impl(connection.dialect)
        bind = kind.bind_processor(connection.dialect)
        lists.append([bind(v) for v in values] if bind else values)
    return zip(*lists, strict=True)


def _executemany(
    connection: Connection,
    table: Table,
    columns: list[str],
    tuples: Iterable[tuple[Any, ...]],
    tail: str,
) -> int:
    marks = ", ".join("?" * len(columns))
    names = ", ".join(columns)
    sql = f"INSERT INTO {table.name} ({names}) VALUES ({marks}) {tail}"
    return connection.exec_driver_sql(sql, list(tuples)).rowcount


def _copy(
    connection: Connection,
    table: Table,
    columns: list[str],
    tuples: Iterable[tuple[Any, ...]],
    tail: str,
) -> int:
    names, staging = ", ".join(columns), f"staging_{table.name}"
    connection.exec_driver_sql(
        f"CREATE TEMP TABLE {staging} ON COMMIT DROP AS "
        f"SELECT {names} FROM {table.name} WITH NO DATA"
    )
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {staging} ({names}) FROM STDIN") as copy:
        for row in tuples:
            copy.write_row(row)
    sql = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {staging} {tail}"
    written = connection.exec_driver_sql(sql).rowcount
    connection.exec_driver_sql(f"DROP TABLE {staging}")
    return written
