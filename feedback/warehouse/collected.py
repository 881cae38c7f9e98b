"""Storing what sources gave: a page, its cursor and its line in the ledger, in one transaction.

A ref that was seen with the same content is a duplicate; with other content, a new version.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from feedback.errors import Unreadable
from feedback.records import RawItem
from feedback.vault import Vault
from feedback.warehouse import bulk, ledger
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import SET_ASIDE_KEY, person, raw_item, set_aside, source_cursor

STAGE = "collect"


def cursor_of(engine: Engine, source: str) -> Mapping[str, Any] | None:
    """Where the source goes on; None before its first page."""
    query = select(source_cursor.c.cursor).where(source_cursor.c.source == source)
    with engine.connect() as connection:
        return connection.execute(query).scalar_one_or_none()


def require_key(engine: Engine, vault: Vault) -> None:
    """Raise `Refused` when what is stored was sealed with another key: two keys make two worlds."""
    with engine.connect() as connection:
        for sealed in (raw_item.c.payload, person.c.name, set_aside.c.payload):
            there = connection.scalar(select(sealed).where(sealed.is_not(None)).limit(1))
            if there is not None:
                vault.open(there)
                return


def is_empty(engine: Engine) -> bool:
    """Whether nothing was ever collected. Raises `Refused` where there are no tables."""
    with engine.connect() as connection:
        return connection.execute(select(raw_item.c.ref).limit(1)).first() is None


def store_page(
    engine: Engine,
    vault: Vault,
    run_id: str,
    source: str,
    records: Sequence[RawItem | Unreadable],
    cursor: Mapping[str, Any],
) -> ledger.Counts:
    """Store one page whole or not at all, and say what became of its records."""
    now = datetime.now(UTC)
    counts = ledger.Counts(fetched=len(records))
    items = [record for record in records if isinstance(record, RawItem)]
    broken = [record for record in records if isinstance(record, Unreadable)]
    with writing(engine) as connection:
        rows = _fresh(connection, source, items, counts)
        stamp = {"source": source, "fetched_at": now, "run_id": run_id}
        sealed = [r | stamp | {"payload": vault.seal(r["payload"])} for r in rows]
        counts.written = bulk.insert(connection, raw_item, sealed)
        aside = [_aside(vault, run_id, source, record, now) for record in broken]
        counts.set_aside = _set_aside(connection, source, aside)
        counts.duplicate += len(aside) - counts.set_aside
        place = {"source": source, "cursor": dict(cursor), "stored_at": now}
        bulk.insert(connection, source_cursor, [place], conflict="replace")
        ledger.add(connection, run_id, source, STAGE, counts)
    return counts


def _fresh(
    connection: Connection, source: str, items: Sequence[RawItem], counts: ledger.Counts
) -> list[dict[str, Any]]:
    """The rows of the items not stored yet, numbered; the page may carry one ref many times."""
    seen = _versions(connection, source, {_plain(item.ref) for item in items})
    rows = []
    for item in items:
        ref = _plain(item.ref)
        hashes = seen.setdefault(ref, [])
        if item.content_hash in hashes:
            counts.duplicate += 1
            continue
        hashes.append(item.content_hash)
        counts.new += len(hashes) == 1
        counts.changed += len(hashes) > 1
        rows.append(
            {
                "ref": ref,
                "version": len(hashes),
                "content_hash": item.content_hash,
                "payload": item.payload,
            }
        )
    return rows


def _versions(connection: Connection, source: str, refs: Iterable[str]) -> dict[str, list[str]]:
    """{ref: content hashes of its stored versions, oldest first}."""
    seen: dict[str, list[str]] = {}
    for some in bulk.chunks(sorted(refs)):
        query = (
            select(raw_item.c.ref, raw_item.c.content_hash)
            .where(raw_item.c.source == source, raw_item.c.ref.in_(some))
            .order_by(raw_item.c.version)
        )
        for ref, content_hash in connection.execute(query):
            seen.setdefault(ref, []).append(content_hash)
    return seen


def _aside(
    vault: Vault, run_id: str, source: str, record: Unreadable, now: datetime
) -> dict[str, Any]:
    ref = _plain(record.ref)
    return {
        "stage": STAGE,
        "source": source,
        "ref": ref,
        "version": 0,
        "content_hash": RawItem(ref, record.payload or ref.encode()).content_hash,
        "reason": record.reason,
        "payload": vault.seal(record.payload),
        "status": "open",
        "first_seen": now,
        "last_seen": now,
        "run_id": run_id,
    }


def _set_aside(connection: Connection, source: str, rows: list[dict[str, Any]]) -> int:
    """Set aside what is not there yet, and say when the rest was last seen; counts the former."""
    own = set_aside.c
    query = select(own.ref, own.content_hash).where(own.source == source, own.stage == STAGE)
    seen: set[tuple[str, str]] = set()
    for some in bulk.chunks(sorted({row["ref"] for row in rows})):
        seen.update(connection.execute(query.where(own.ref.in_(some))).tuples())
    named = {(row["ref"], row["content_hash"]): row for row in rows}
    written = bulk.insert(
        *(connection, set_aside, list(named.values())),
        key=SET_ASIDE_KEY,
        conflict="replace",
        replaced=["last_seen"],
    )
    if written != len(named):
        raise ledger.Unbalanced(
            f"{len(named)} records of {source} had to be set aside and {written} were. The page "
            "was rolled back whole and its cursor did not move. This is a fault of ours: report it."
        )
    return len(named.keys() - seen)


def _plain(ref: str) -> str:
    """A ref that every database can store: no NUL, no lone surrogate."""
    return ref.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()
