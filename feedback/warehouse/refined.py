"""What still has to be refined, and storing what came of it: items, people, what was set aside.

A raw item is done once it has a feedback item or a row in `set_aside` that is not `replayed`; one
that a person mended is done for good, for what they made of it is a version of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    tuple_,
)

from feedback.identity import Identified
from feedback.records import SetAsideStatus
from feedback.refining import Stored
from feedback.vault import Vault
from feedback.warehouse import bulk, checked, ledger, people
from feedback.warehouse.checked import Checked
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import (
    SET_ASIDE_KEY,
    feedback_item,
    raw_item,
    set_aside,
    set_aside_log,
)

STAGE = "refine"
MOST = 20_000_000  # bytes of sealed payload in one batch; opened they are a few times as many


@dataclass(slots=True)
class Refined:
    """What came of a batch of one source: every record read is in exactly one of the lists."""

    fetched: int = 0  # raw items read, counted before anything is done to them
    items: list[dict[str, Any]] = field(default_factory=list)
    people: list[Identified] = field(default_factory=list)
    refused: list[tuple[Stored, str]] = field(default_factory=list)  # with the reason
    skipped: list[tuple[Stored, str]] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)  # what the suites said, row by row


Write = Callable[[Connection, str, Refined, ledger.Counts], None]
"""Writes the items of one source under a run id and counts the new, the changed and the same."""


def pending(
    engine: Engine, vault: Vault, sources: Sequence[str], size: int
) -> Iterator[list[Stored]]:
    """Raw items that wait for refining, by source, ref and version.

    In batches of at most `size` items, and of `MOST` bytes of sealed payload and one item more.
    """
    waits = and_(~has_item(), ~was_set_aside(or_(set_aside.c.status != "replayed", fixed())))
    return _batches(engine, vault, and_(raw_item.c.source.in_(sources), waits), size)


def again(
    engine: Engine, vault: Vault, sources: Sequence[str], since: datetime | None, size: int
) -> Iterator[list[Stored]]:
    """Raw items fetched since then (None: ever), whatever came of them; batches as of `pending`.

    Those that a person dropped or mended are left out: that was decided.
    """
    return _batches(engine, vault, and_(_since(sources, since), ~decided()), size)


def over(engine: Engine, sources: Sequence[str], since: datetime | None) -> int:
    """How many raw items that `again` would give are there without their payload."""
    gone = and_(_since(sources, since), raw_item.c.payload.is_(None), ~decided())
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(raw_item).where(gone)) or 0


def has_item() -> ColumnElement[bool]:
    """True for a raw item that was refined into a feedback item."""
    item, raw = feedback_item.c, raw_item.c
    return exists().where(
        item.source == raw.source, item.ref == raw.ref, item.version == raw.version
    )


def was_set_aside(how: ColumnElement[bool]) -> ColumnElement[bool]:
    """True for a raw item that refining set aside, where `how` is true of that."""
    aside, raw = set_aside.c, raw_item.c
    its = and_(aside.source == raw.source, aside.ref == raw.ref, aside.version == raw.version)
    return exists().where(its, aside.stage == STAGE, how)


def decided() -> ColumnElement[bool]:
    """True for a raw item that a person dropped, or mended as another version."""
    return was_set_aside(or_(set_aside.c.status == SetAsideStatus.DROPPED, fixed()))


def fixed() -> ColumnElement[bool]:
    """True for what was set aside and mended by a person."""
    log = set_aside_log.c
    return set_aside.c.id.in_(select(log.set_aside_id).where(log.action == "fix"))


def _since(sources: Sequence[str], since: datetime | None) -> ColumnElement[bool]:
    mine = raw_item.c.source.in_(sources)
    return and_(mine, raw_item.c.fetched_at >= since) if since else mine


def _batches(
    engine: Engine, vault: Vault, which: ColumnElement[bool], size: int
) -> Iterator[list[Stored]]:
    raw = raw_item.c
    key = (raw.source, raw.ref, raw.version)
    query = (
        select(*key, raw.payload, raw.fetched_at)
        .where(which, raw.payload.is_not(None))
        .order_by(*key)
        .limit(size)
    )
    after: tuple[str, str, int] = ("", "", 0)
    while True:
        rows = _until_full(engine, query.where(tuple_(*key) > after))
        if not rows:
            return
        yield [
            Stored(source, ref, version, vault.open(payload), fetched_at)
            for source, ref, version, payload, fetched_at in rows
        ]
        after = (rows[-1].source, rows[-1].ref, rows[-1].version)


def _until_full(engine: Engine, query: Select[Any]) -> list[Any]:
    rows, held = [], 0
    with engine.connect().execution_options(stream_results=True, yield_per=100) as connection:
        for row in connection.execute(query):
            rows.append(row)
            held += len(row.payload)
            if held > MOST:
                break
    return rows


def insert(connection: Connection, run_id: str, refined: Refined, counts: ledger.Counts) -> None:
    """Insert items that are not there yet."""
    rows = [row | {"run_id": run_id} for row in refined.items]
    counts.written = bulk.insert(connection, feedback_item, rows)
    counts.new = sum(row["version"] == 1 for row in rows)
    counts.changed = len(rows) - counts.new


def store(
    engine: Engine,
    vault: Vault,
    run_id: str,
    batch: Mapping[str, Refined],
    write: Write = insert,
) -> dict[str, ledger.Counts]:
    """Store a batch, {source: what came of it}, whole or not at all; returns the counts."""
    totals: dict[str, ledger.Counts] = defaultdict(ledger.Counts)
    now = datetime.now(UTC)
    with writing(engine) as connection:
        people.store(connection, vault, [who for one in batch.values() for who in one.people])
        for source, refined in batch.items():
            counts = totals[source]
            counts.fetched = refined.fetched
            write(connection, run_id, refined, counts)
            aside = [_row(s, r, "open", run_id, now) for s, r in refined.refused]
            skipped = [_row(s, r, "skipped", run_id, now) for s, r in refined.skipped]
            bulk.insert(
                *(connection, set_aside, aside + skipped),
                key=SET_ASIDE_KEY,
                conflict="replace",
                replaced=["reason", "status", "last_seen", "run_id"],
            )
            counts.set_aside, counts.skipped = len(aside), len(skipped)
            counts.reasons = Counter(reason for _, reason in refined.skipped)
            ledger.add(connection, run_id, source, STAGE, counts)
            checked.add(connection, run_id, refined.checked)
    return totals


def _row(stored: Stored, reason: str, status: str, run_id: str, now: datetime) -> dict[str, Any]:
    return {
        "stage": STAGE,
        "source": stored.source,
        "ref": stored.ref,
        "version": stored.version,
        "content_hash": "",  # the raw item has it
        "reason": reason,
        "payload": None,
        "status": status,
        "first_seen": now,
        "last_seen": now,
        "run_id": run_id,
    }
