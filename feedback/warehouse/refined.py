"""What still has to be refined, and storing what came of it: items, people, what was set aside.

A raw item is done once it has a feedback item or a row in `set_aside` that is not `replayed`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, Select, and_, exists, select, tuple_, update

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


def pending(
    engine: Engine, vault: Vault, sources: Sequence[str], size: int
) -> Iterator[list[Stored]]:
    """Raw items that wait for refining, by source, ref and version.

    In batches of at most `size` items, and of `MOST` bytes of sealed payload and one item more.
    """
    raw, item, aside = raw_item.c, feedback_item.c, set_aside.c
    key = (raw.source, raw.ref, raw.version)
    stored = exists().where(
        item.source == raw.source, item.ref == raw.ref, item.version == raw.version
    )
    refused = exists().where(
        and_(aside.source == raw.source, aside.ref == raw.ref, aside.version == raw.version),
        aside.stage == STAGE,
        aside.status != "replayed",
    )
    query = (
        select(*key, raw.payload, raw.fetched_at)
        .where(raw.source.in_(sources), raw.payload.is_not(None), ~stored, ~refused)
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


def store(
    engine: Engine, vault: Vault, run_id: str, batch: Mapping[str, Refined]
) -> dict[str, ledger.Counts]:
    """Store a batch, {source: what came of it}, whole or not at all; returns the counts."""
    totals: dict[str, ledger.Counts] = defaultdict(ledger.Counts)
    now = datetime.now(UTC)
    with writing(engine) as connection:
        people.store(connection, vault, [who for one in batch.values() for who in one.people])
        for source, refined in batch.items():
            counts = totals[source]
            counts.fetched = refined.fetched
            rows = [row | {"run_id": run_id} for row in refined.items]
            counts.written = bulk.insert(connection, feedback_item, rows)
            counts.new = sum(row["version"] == 1 for row in rows)
            counts.changed = len(rows) - counts.new
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


def replay(engine: Engine, source: str | None = None) -> int:
    """Have open raw items of one source, or of all, refined again; returns how many."""
    own = set_aside.c
    waiting = (own.stage == STAGE) & (own.status == SetAsideStatus.OPEN)
    mine = waiting & (own.source == source) if source else waiting
    with writing(engine) as connection:
        replayed = update(set_aside).where(mine).values(status=SetAsideStatus.REPLAYED)
        return connection.execute(replayed).rowcount


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
