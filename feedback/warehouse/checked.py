"""What the checks of each run said: every expectation that was judged, also those that held.

Counts and our own words only; nobody's text is ever among them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, FromClause, and_, exists, select
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
    own, one = check_result.c, check_result.alias("one").c
    judged = select(own.suite, own.source).distinct().subquery()
    newest = select(one.run_id).where(one.suite == judged.c.suite, one.source == judged.c.source)
    newest = newest.order_by(one.at.desc(), one.run_id.desc()).limit(1)
    of_it = and_(
        own.suite == judged.c.suite,
        own.source == judged.c.source,
        own.run_id == newest.correlate(judged).scalar_subquery(),
    )
    query = select(*(own[name] for name in COLUMNS)).select_from(judged.join(check_result, of_it))
    order = (own.suite, own.source, own.expectation)
    return [tuple(row) for row in connection.execute(query.order_by(*order))]


def held(result: FromClause) -> ColumnElement[bool]:
    """True for rows of `result` (this table or an alias) of whose verdict nothing critical fails.

    A verdict is what one run said of one source by one suite.
    """
    own, failed = result.c, check_result.alias("failed").c
    same = [failed[name] == own[name] for name in ("run_id", "suite", "source")]
    return ~exists().where(*same, failed.severity == "critical", failed.failed > 0)


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
