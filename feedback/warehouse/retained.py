"""How long payloads are kept: once they are done with and over their days they end; rows stay.

A row without its payload still says that the record was seen: fetched again, it is a duplicate.
Results of checks end with them, all but those that still say how things are.
"""

from datetime import datetime

from sqlalchemy import Engine, Update, delete, exists, or_, select, tuple_, update

from feedback.quality import OF_A_RUN
from feedback.records import SetAsideStatus
from feedback.warehouse.checked import held
from feedback.warehouse.engine import writing
from feedback.warehouse.refined import fixed, has_item, was_set_aside
from feedback.warehouse.tables import check_result, raw_item, set_aside

BATCH = 10_000  # payloads that end in one transaction


def end_payloads(engine: Engine, before: datetime) -> int:
    """End the payloads from before then that nothing waits for; returns how many.

    What is open in `set_aside`, or waits for refining, keeps its payload however old it is.
    """
    ended = 0
    for statement in (_collected(before), _closed(before)):
        while count := _execute(engine, statement):
            ended += count
    return ended


def end_results(engine: Engine, before: datetime) -> int:
    """Delete the results of checks from before then that newer ones replace; returns how many.

    A gate's verdict is replaced only by one that held, for that says what was judged.
    """
    own, newer = check_result.c, check_result.alias("newer")
    replaced = exists().where(
        newer.c.suite == own.suite,
        newer.c.source == own.source,
        newer.c.run_id != own.run_id,
        newer.c.at > own.at,
        or_(own.suite != OF_A_RUN, held(newer)),
    )
    with writing(engine) as connection:
        return connection.execute(delete(check_result).where(own.at < before, replaced)).rowcount


def _collected(before: datetime) -> Update:
    own, status = raw_item.c, set_aside.c.status
    closed = status.in_((SetAsideStatus.SKIPPED, SetAsideStatus.DROPPED))
    key = (own.source, own.ref, own.version)
    over = (
        select(*key)
        .where(own.payload.is_not(None), own.fetched_at < before)
        .where(or_(has_item(), was_set_aside(or_(closed, fixed()))))
        .limit(BATCH)
    )
    return update(raw_item).where(tuple_(*key).in_(over)).values(payload=None)


def _closed(before: datetime) -> Update:
    """What could not be collected and was replayed or dropped; its last visit counts."""
    own = set_aside.c
    over = (
        select(own.id)
        .where(own.payload.is_not(None), own.last_seen < before)
        .where(own.status.in_((SetAsideStatus.REPLAYED, SetAsideStatus.DROPPED)))
        .limit(BATCH)
    )
    return update(set_aside).where(own.id.in_(over)).values(payload=None)


def _execute(engine: Engine, statement: Update) -> int:
    with writing(engine) as connection:
        return connection.execute(statement).rowcount
