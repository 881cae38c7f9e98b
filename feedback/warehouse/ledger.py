"""The ledger of a run: what happened to every record, per source and stage, in numbers.

A stage that does not balance has failed: a record went somewhere that nobody can name.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Self

from sqlalchemy import ColumnElement, Connection, Engine, and_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from feedback.errors import FeedbackError
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import run_ledger

SUMS = ("fetched", "new", "changed", "duplicate", "set_aside", "skipped", "written")


@dataclass(slots=True)
class Counts:
    """What became of the records of one batch. `written` is counted by the database."""

    fetched: int = 0
    new: int = 0
    changed: int = 0
    duplicate: int = 0
    set_aside: int = 0
    skipped: int = 0
    written: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def __iadd__(self, other: "Counts") -> Self:
        for name in (f.name for f in fields(self)):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    @property
    def balanced(self) -> bool:
        placed = self.new + self.changed + self.duplicate + self.set_aside + self.skipped
        return self.fetched == placed and self.written == self.new + self.changed

    def __str__(self) -> str:
        return ", ".join(f"{getattr(self, name)} {name.replace('_', ' ')}" for name in SUMS)


class Unbalanced(FeedbackError):
    """The books of a stage do not add up; its transaction was rolled back."""


@contextmanager
def entry(engine: Engine, run_id: str, source: str, stage: str) -> Iterator[None]:
    """Keep the entry of a stage: it ends as `done`, or as the kind of error that ended it."""
    begin(engine, run_id, source, stage)
    try:
        yield
    except BaseException as error:
        ours = isinstance(error, FeedbackError)
        kind, said = (type(error).__name__.lower(), str(error)) if ours else ("fault", "")
        _end(engine, run_id, source, stage, kind, said)
        raise
    _end(engine, run_id, source, stage, "done", "")


def begin(engine: Engine, run_id: str, source: str, stage: str) -> None:
    """Open an entry; one that was opened before is gone on with, and began when it did so last."""
    insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    row = dict.fromkeys(SUMS, 0) | {
        "run_id": run_id,
        "source": source,
        "stage": stage,
        "reasons": {},
        "status": "running",
        "problem": "",
        "started_at": datetime.now(UTC),
    }
    keys = ["run_id", "source", "stage"]
    again = {name: row[name] for name in ("status", "problem", "started_at")}
    with writing(engine) as connection:
        connection.execute(
            insert(run_ledger).values(row).on_conflict_do_update(index_elements=keys, set_=again)
        )


def add(connection: Connection, run_id: str, source: str, stage: str, counts: Counts) -> None:
    """Book a batch in the transaction that stores it. Raises `Unbalanced`."""
    if not counts.balanced:
        raise Unbalanced(
            f"The books of {stage} for {source} do not balance ({counts}). The batch was rolled "
            "back whole and no cursor moved. This is a fault of ours: report it with the run id."
        )
    entry = _entry(run_id, source, stage)
    reasons = connection.execute(select(run_ledger.c.reasons).where(entry)).scalar_one()
    sums = {name: run_ledger.c[name] + getattr(counts, name) for name in SUMS}
    merged = Counter(reasons) + counts.reasons
    connection.execute(update(run_ledger).where(entry).values(reasons=dict(merged), **sums))


def _end(engine: Engine, run_id: str, source: str, stage: str, status: str, problem: str) -> None:
    values = {"status": status, "problem": problem, "ended_at": datetime.now(UTC)}
    with writing(engine) as connection:
        connection.execute(update(run_ledger).where(_entry(run_id, source, stage)).values(**values))


def _entry(run_id: str, source: str, stage: str) -> ColumnElement[bool]:
    column = run_ledger.c
    return and_(column.run_id == run_id, column.source == source, column.stage == stage)
