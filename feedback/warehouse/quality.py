"""The quality of what is stored, read in one go: books, what waits, cleaning, repeats, checks.

Only counts leave the tables; JSON columns are grouped as text, which every database can.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, Engine, Text, cast, func, select

from feedback.quality import (
    COLLECT,
    REFINE,
    Alike,
    Books,
    Check,
    Cleaned,
    People,
    Quality,
    SourceQuality,
    Texts,
    Waiting,
)
from feedback.text.language import UNKNOWN
from feedback.warehouse import aside, checked
from feedback.warehouse.current import compared, is_current, judged_by
from feedback.warehouse.tables import (
    feedback_item,
    inference,
    person,
    person_merge,
    raw_item,
    resemblance,
    run_ledger,
    set_aside,
)

STAGES = (COLLECT, REFINE)
ONE_FILE = re.compile(r"^row … of (?:.+?\.\w{1,7}|\S+) ")  # which file it is, is not published
SUMS = ("fetched", "new", "changed", "duplicate", "set_aside", "skipped")


def read(engine: Engine, model: tuple[str, str], owners: Mapping[str, str]) -> Quality:
    """The quality now; `model` is (name, version), `owners` {source: who mends it}, in order.

    Sources that are not in `owners` and left something behind come after them.
    """
    with engine.connect() as connection:
        return Quality(
            sources=_sources(connection, owners),
            cleaned=_cleaned(connection),
            texts=_texts(connection, model),
            alike=_alike(connection),
            people=_people(connection),
            checks=tuple(Check(*row) for row in checked.latest(connection)),
        )


def _sources(connection: Connection, owners: Mapping[str, str]) -> tuple[SourceQuality, ...]:
    books, waiting, records = _books(connection), _waiting(connection), _records(connection)
    gone = sorted({*books["source"], *waiting, *records} - set(owners))
    return tuple(
        _source(name, owners.get(name, ""), books, waiting.get(name, ()), records[name])
        for name in (*owners, *gone)
    )


def _source(
    name: str, owner: str, books: pd.DataFrame, waiting: tuple[Waiting, ...], records: int
) -> SourceQuality:
    own = books[books["source"] == name]
    brought = own[own[["new", "changed", "set_aside", "skipped"]].any(axis=1)]
    last = own.iloc[:0] if brought.empty else own[own["run_id"] == brought["run_id"].iloc[-1]]
    began: datetime | None = None if last.empty else last["started_at"].min().to_pydatetime()
    return SourceQuality(name, owner, records, began, _by_stage(last), _by_stage(own), waiting)


def _by_stage(books: pd.DataFrame) -> dict[str, Books]:
    sums = books.groupby("stage")[list(SUMS)].sum()
    return {
        stage: Books(*map(int, sums.loc[stage])) if stage in sums.index else Books()
        for stage in STAGES
    }


def _books(connection: Connection) -> pd.DataFrame:
    own = run_ledger.c
    query = select(own.run_id, own.source, own.stage, own.started_at, *(own[n] for n in SUMS))
    rows = connection.execute(query.where(own.stage.in_(STAGES)).order_by(own.started_at)).all()
    return pd.DataFrame(rows, columns=["run_id", "source", "stage", "started_at", *SUMS])


def _waiting(connection: Connection) -> dict[str, tuple[Waiting, ...]]:
    own = set_aside.c
    query = select(own.source, own.reason, func.count(), func.min(own.first_seen))
    query = query.where(own.status == "open").group_by(own.source, own.reason)
    found: dict[str, dict[str, Waiting]] = {}
    for source, reason, records, oldest in connection.execute(query):
        own_reasons = found.setdefault(source, {})
        plain = ONE_FILE.sub("a row ", aside.shared(reason))
        before = own_reasons.get(plain, Waiting(plain, 0, oldest))
        own_reasons[plain] = Waiting(plain, before.records + records, min(before.oldest, oldest))
    return {
        source: tuple(sorted(group.values(), key=lambda one: (-one.records, one.reason)))
        for source, group in found.items()
    }


def _records(connection: Connection) -> Counter[str]:
    """Per source, what was stored as it came, and what could not even be stored as that."""
    raw, own = raw_item.c, set_aside.c
    stored = select(raw.source, func.count()).group_by(raw.source)
    broken = select(own.source, func.count()).group_by(own.source)
    broken = broken.where(own.stage == COLLECT, own.status != "replayed")
    total: Counter[str] = Counter()
    for query in (stored, broken):
        total.update(dict(connection.execute(query).tuples().all()))
    return total


def _cleaned(connection: Connection) -> tuple[Cleaned, ...]:
    text = cast(feedback_item.c.cleaning, Text)
    query = select(text, func.count()).where(is_current()).group_by(text)
    items: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for found, count in connection.execute(query):
        for kind, often in (json.loads(found) or {}).items():
            items[kind] += count
            times[kind] += count * int(often)
    kinds = sorted(items, key=lambda kind: (-items[kind], kind))
    return tuple(Cleaned(kind, items[kind], times[kind]) for kind in kinds)


def _texts(connection: Connection, model: tuple[str, str]) -> Texts:
    item, judged = feedback_item.c, inference.c
    said = select(func.count(), func.count().filter(item.text == "")).where(is_current())
    asked = (
        select(func.count(), func.count().filter(judged.language == UNKNOWN))
        .select_from(feedback_item.join(inference, judged_by(model)))
        .where(is_current(), item.text != "")
    )
    return Texts(*connection.execute(said).one(), *connection.execute(asked).one())


def _alike(connection: Connection) -> Alike:
    own = resemblance.c
    looked = feedback_item.join(resemblance, compared())
    counts = select(
        func.count(),
        func.count().filter(own.duplicate_of.is_(None)),
        func.count().filter(own.flag == "campaign"),
        func.count().filter(own.flag == "flood"),
    )
    counts = counts.select_from(looked).where(is_current())
    groups = select(own.group_id).select_from(looked).where(is_current(), own.group_id.is_not(None))
    groups = groups.group_by(own.group_id).having(func.count() > 1)
    messages, voices, campaign, flood = connection.execute(counts).one()
    number = connection.scalar(select(func.count()).select_from(groups.subquery())) or 0
    return Alike(messages, voices, number, campaign, flood)


def _people(connection: Connection) -> People:
    known = connection.execute(select(func.count(), func.count(person.c.root_id.distinct()))).one()
    own = person_merge.c
    pairs = select(own.person_a, own.person_b, own.status).distinct().subquery()
    query = select(pairs.c.status, func.count()).group_by(pairs.c.status)
    ways: dict[str, int] = dict(connection.execute(query).tuples().all())
    return People(*known, *(ways.get(way, 0) for way in ("active", "undone", "shared")))
