"""What the checks of each run said: every expectation that was judged, also those that held.

Counts and our own words only; nobody's text is ever among them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.dialects import postgresql, sqlite

from feedback.warehouse.bulk import frame
from feedback.warehouse.tables import check_result

KEY = ("run_id", "suite", "source", "expectation")
COLUMNS = ("suite", "source", "expectation", "severity", "checked", "failed", "observed", "at")


@dataclass(frozen=True, slots=True)
class Checked:
    """What one expectation said of the rows of one source ("" for all, or for a whole table)."""

    suite: str
    source: str
    expectation: str  # its reason in words
    severity: str  # critical | warning
    checked: int  # rows, or 1 for a rule about the whole
    failed: int
    observed: str = ""  # in numbers; nobody's words


def add(connection: Connection, run_id: str, results: Sequence[Checked]) -> None:
    """Count a batch in, in the transaction that stores it, so that no batch counts twice."""
    _write(connection, run_id, results, summed=True)


def put(connection: Connection, run_id: str, results: Sequence[Checked]) -> None:
    """Keep what was judged as a whole: when the run judges it again, that takes its place."""
    _write(connection, run_id, results, summed=False)


def of_run(engine: Engine, run_id: str) -> pd.DataFrame:
    """All results of one run, with `COLUMNS`, by suite, source and expectation."""
    own = check_result.c
    query = select(*(own[name] for name in COLUMNS)).where(own.run_id == run_id)
    return frame(engine, query.order_by(own.suite, own.source, own.expectation))


def latest(connection: Connection) -> list[tuple[Any, ...]]:
    """Of each suite and source the results of the newest run that judged them, as `COLUMNS`.

    A suite's rules are always kept together, so one that no longer exists is not shown.
    """
    own = check_result.c
    newest = func.first_value(own.run_id).over(
        partition_by=[own.suite, own.source], order_by=[own.at.desc(), own.run_id.desc()]
    )
    ranked = select(check_result, newest.label("newest")).subquery()
    query = select(*(ranked.c[name] for name in COLUMNS)).where(ranked.c.run_id == ranked.c.newest)
    order = (ranked.c.suite, ranked.c.source, ranked.c.expectation)
    return [tuple(row) for row in connection.execute(query.order_by(*order))]


def _write(
    connection: Connection, run_id: str, results: Sequence[Checked], *, summed: bool
) -> None:
    if not results:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(check_result)
    new, old = statement.excluded, check_result.c
    values: dict[str, Any] = {
        name: new[name] for name in ("severity", "checked", "failed", "observed", "at")
    }
    if summed:
        values |= {name: old[name] + new[name] for name in ("checked", "failed")}
    now = datetime.now(UTC)
    rows = [asdict(result) | {"run_id": run_id, "at": now} for result in results]
    connection.execute(statement.on_conflict_do_update(index_elements=KEY, set_=values), rows)
