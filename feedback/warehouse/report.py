"""What happened: the ledger of a run, and the state of each source and each CRM.

Counts, kinds and times only: these tables are shown to people, sent to Prefect and published.
"""

from datetime import datetime

import pandas as pd
from sqlalchemy import Engine, func, select

from feedback.warehouse import aside
from feedback.warehouse.bulk import frame
from feedback.warehouse.current import is_current
from feedback.warehouse.tables import feedback_item, outbox, run_ledger


def of_run(engine: Engine, run_id: str) -> pd.DataFrame:
    """The ledger of one run, a row per stage and source, in the order of work."""
    query = select(run_ledger).where(run_ledger.c.run_id == run_id)
    return frame(engine, query.order_by(run_ledger.c.started_at, run_ledger.c.source))


def last_runs(engine: Engine, count: int) -> list[str]:
    """The ids of the last runs, newest first."""
    began = func.min(run_ledger.c.started_at)
    query = select(run_ledger.c.run_id).group_by(run_ledger.c.run_id).order_by(began.desc())
    with engine.connect() as connection:
        return list(connection.scalars(query.limit(count)))


def source_states(engine: Engine) -> pd.DataFrame:
    """Per source: how its last collection ended, when one last went well, and what came of it.

    Indexed by source: status ("done", "running" when it was cut off, or a kind of error), problem
    (in words), last_success, last_said, items, set_aside (open). A collection that found another
    run at work says nothing of the source.
    """
    own = run_ledger.c
    collected = select(own.source, own.status, own.problem, own.started_at, own.ended_at)
    runs = frame(engine, collected.where(own.stage == "collect").order_by(own.started_at))
    done = runs[runs["status"] == "done"].groupby("source")["ended_at"].max()
    newest = runs[runs["status"] != "busy"].groupby("source").tail(1).set_index("source")
    item = feedback_item.c
    said = frame(
        engine,
        select(item.source, func.max(item.said_at).label("last_said"))
        .add_columns(func.count(item.item_id.distinct()).label("items"))
        .where(is_current())
        .group_by(item.source),
    ).set_index("source")
    waiting = pd.Series(aside.waiting(engine), dtype=float, name="set_aside")
    states = newest[["status", "problem"]].assign(last_success=done).join([said, waiting])
    counts = ["items", "set_aside"]
    states[counts] = states[counts].fillna(0).astype(int)
    return states


def outbox_counts(engine: Engine) -> pd.DataFrame:
    """How many objects stand where: target, kind, status, count."""
    own = outbox.c
    group = (own.target, own.kind, own.status)
    return frame(engine, select(*group, func.count().label("count")).group_by(*group))


def as_of(engine: Engine) -> datetime | None:
    """When a collection last ended well."""
    own = run_ledger.c
    query = select(func.max(own.ended_at)).where(own.stage == "collect", own.status == "done")
    with engine.connect() as connection:
        moment: datetime | None = connection.scalar(query)
    return moment
