"""What came of a source since its checks last held, counted beside what was said before it.

All counts are made by the database, so that no table is read whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from feedback.quality import OF_A_RUN, REFINE
from feedback.values import EARLIEST
from feedback.warehouse.checked import held
from feedback.warehouse.current import is_current, judged_by
from feedback.warehouse.tables import check_result, feedback_item, inference, run_ledger
from feedback.warehouse.understood import STAGE as UNDERSTAND

SUITE = OF_A_RUN
NAMED = ("product", "region", "survey", "channel")
LENGTHS = (20, 80, 320, 1280)  # characters, upper ends; each range is four times the one before
NONE = "none"
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """`now` and `before` count items by bin, under "length", "rating", "language", "sentiment".

    Bins that say nothing (no text, no rating, not judged) are called "none". `unseen` counts the
    values of a column that this source never had before.
    """

    now: Mapping[str, Counts]
    before: Mapping[str, Counts]
    unseen: Counts = field(default_factory=dict)
    unrated: int = 0  # of those that were asked in a survey
    asked: int = 0


def of_source(engine: Engine, source: str, model: tuple[str, str], days: int) -> Arrivals:
    """What waits for its checks, beside what was said in the `days` before the first of it."""
    item = feedback_item.c
    with engine.connect() as connection:
        late = _not_covered(_last_held(connection, source), source)
        arrived, known = and_(item.source == source, late), and_(item.source == source, ~late)
        first = connection.scalar(select(func.min(item.said_at)).where(arrived, is_current()))
        if first is None:
            return Arrivals({}, {})
        recent = and_(known, item.said_at >= first - timedelta(days=days))
        asked, unrated = _unrated(connection, arrived)
        return Arrivals(
            now=_bins(connection, arrived, model),
            before=_bins(connection, recent, model),
            unseen=_unseen(connection, arrived, known),
            unrated=unrated,
            asked=asked,
        )


def fetched(engine: Engine, run_id: str) -> dict[str, int]:
    """{source: records fetched} of the collections of a run that were not refused or cut off."""
    own = run_ledger.c
    query = select(own.source, own.fetched).where(
        own.run_id == run_id, own.stage == "collect", own.status == "done"
    )
    with engine.connect() as connection:
        return {row.source: row.fetched for row in connection.execute(query)}


def doubted(engine: Engine, sources: Sequence[str]) -> dict[str, list[str]]:
    """{source: what did not hold} of those of `sources` that their newest verdict stops."""
    own, later = check_result.c, check_result.alias("later")
    newest = select(func.max(later.c.at)).where(
        later.c.suite == SUITE, later.c.source == own.source
    )
    query = select(own.source, own.expectation, own.observed).where(
        own.suite == SUITE,
        own.source.in_(sources),
        own.severity == "critical",
        own.failed > 0,
        own.at == newest.scalar_subquery(),
    )
    found: dict[str, list[str]] = {}
    with engine.connect() as connection:
        for row in connection.execute(query.order_by(own.source, own.expectation)):
            found.setdefault(row.source, []).append(f"{row.expectation} ({row.observed})")
    return found


def _not_covered(last: datetime, source: str) -> ColumnElement[bool]:
    """True for items of runs that worked on the source after the verdict that held last.

    Run ids do not tell: a run that began earlier may refine later. Whoever judges holds the lock
    of refining, so a run that began before a verdict and never ended was killed before it.
    """
    own = run_ledger.c
    late = select(own.run_id).where(
        own.source == source,
        own.stage.in_((REFINE, UNDERSTAND)),
        or_(own.started_at > last, own.ended_at > last),
    )
    return feedback_item.c.run_id.in_(late)


def _last_held(connection: Connection, source: str) -> datetime:
    """When a verdict was given last in which nothing critical was found; if ever."""
    own = check_result.c
    query = select(func.max(own.at)).where(
        own.suite == SUITE, own.source == source, held(check_result)
    )
    return connection.scalar(query) or EARLIEST


def _unrated(connection: Connection, which: ColumnElement[bool]) -> tuple[int, int]:
    """How many were asked in a survey, and how many of these gave no rating."""
    item = feedback_item.c
    query = select(func.count(), func.count() - func.count(item.rating))
    asked, unrated = connection.execute(
        query.where(which, is_current(), item.survey.is_not(None))
    ).one()
    return asked, unrated


def _unseen(
    connection: Connection, arrived: ColumnElement[bool], known: ColumnElement[bool]
) -> dict[str, int]:
    """{column: how many of its values are new}; nothing is new to a source without a past."""
    if not connection.scalar(select(exists().where(known))):
        return dict.fromkeys(NAMED, 0)
    counted = {}
    for name in NAMED:
        column = feedback_item.c[name]
        new = select(column).where(arrived, column.is_not(None))
        unseen = new.except_(select(column).where(known)).subquery()
        counted[name] = connection.scalar(select(func.count()).select_from(unseen)) or 0
    return counted


def _bins(
    connection: Connection, which: ColumnElement[bool], model: tuple[str, str]
) -> dict[str, dict[str, int]]:
    item, judged = feedback_item.c, inference.c
    length, width = func.length(item.text), func.nullif(item.scale_high - item.scale_low, 0)
    place = (item.rating - item.scale_low) / width
    lengths = [(length <= most, literal(f"to {most}")) for most in LENGTHS]
    fifths = [(place <= fifth / 5, literal(f"fifth {fifth}")) for fifth in range(1, 6)]
    bins = {
        "length": case((length == 0, literal(NONE)), *lengths, else_=literal("more")),
        "rating": case(*fifths, else_=literal(NONE)),
        "language": case((length == 0, literal(NONE)), else_=func.coalesce(judged.language, NONE)),
        "sentiment": case(
            (length == 0, literal(NONE)), else_=func.coalesce(judged.sentiment, NONE)
        ),
    }
    placed = (
        select(*(what.label(name) for name, what in bins.items()))
        .select_from(feedback_item.outerjoin(inference, judged_by(model)))
        .where(which, is_current())
        .subquery()
    )
    counted: dict[str, dict[str, int]] = {name: {} for name in bins}
    for *values, n in connection.execute(select(*placed.c, func.count()).group_by(*placed.c)).all():
        for name, value in zip(bins, values, strict=True):
            counted[name][value] = counted[name].get(value, 0) + n
    return counted
