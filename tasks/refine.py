"""Refining: what was collected is read, checked, cleaned and stored; what fails is set aside.

Great Expectations is imported inside the task that needs it: that takes seconds.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pandas as pd
from prefect import task

from connectors.contract import Source
from feedback import refining
from feedback.errors import Unreadable
from feedback.identity import Identified
from feedback.records import Skipped, Utterance
from feedback.refining import Stored
from feedback.warehouse import ledger, rebuilt, refined, retained
from feedback.warehouse.engine import hold
from feedback.warehouse.refined import Refined
from tasks.opening import Opened, log, opened
from tasks.patience import INSIDE
from tasks.validate import judged

BATCH = 10_000  # records held in memory at once; a suite's fixed cost is paid once per batch
Said = list[tuple[Stored, Utterance]]
Outcomes = dict[str, Refined]
Refusals = Callable[[pd.DataFrame, Any, str], dict[str, list[str]]]


@task(name="refine", **INSIDE)
def refine(settings: str, run_id: str) -> str:
    """Refine all that waits; says what came of it in one line."""
    with opened(settings, "refine") as house, hold(house.engine, "refining") as still_ours:
        total, sources = ledger.Counts(), house.sources()
        with _books(house, run_id, sources):
            for batch in refined.pending(house.engine, house.vault, list(sources), BATCH):
                still_ours()
                total += _stored(house, run_id, _refine(house, run_id, sources, batch))
                log.info("refine      %-16s %s", "so far", total)
        _end_payloads(house)
    return str(total)


@task(name="rebuild", **INSIDE)
def rebuild(settings: str, run_id: str, since: date | None = None) -> str:
    """Refine again all that was fetched since then (None: ever); says in words what came of it."""
    with opened(settings, "rebuild") as house, hold(house.engine, "refining") as still_ours:
        total, sources, spoken = ledger.Counts(), house.sources(), set[bytes]()
        names, moment = list(sources), house.midnight(since) if since else None
        with _books(house, run_id, sources):
            for batch in refined.again(house.engine, house.vault, names, moment, BATCH):
                still_ours()
                out = _refine(house, run_id, sources, batch)
                total += _stored(house, run_id, out, rebuilt.replace)
                spoken.update(rebuilt.said(who for one in out.values() for who in one.people))
                log.info("rebuild     %-16s %s", "so far", total)
        if since is None:
            rebuilt.forget_people(house.engine, names, spoken)
        left = refined.over(house.engine, names, moment)
    kept = f" {left} stay as they were: their payloads are over their days." if left else ""
    return (
        f"Rebuilt {total.fetched} records: {total.duplicate} came out as before, {total.changed} "
        f"otherwise, {total.new} are new, {total.set_aside} are set aside, {total.skipped} "
        f"skipped.{kept}"
    )


@contextmanager
def _books(house: Opened, run_id: str, sources: Iterable[str]) -> Iterator[None]:
    with ExitStack() as books:
        for name in sources:
            books.enter_context(ledger.entry(house.engine, run_id, name, refined.STAGE))
        yield


def _stored(
    house: Opened, run_id: str, out: Outcomes, write: refined.Write = refined.insert
) -> ledger.Counts:
    total = ledger.Counts()
    for counts in refined.store(house.engine, house.vault, run_id, out, write).values():
        total += counts
    return total


def _end_payloads(house: Opened) -> None:
    if days := house.settings.raw_days:
        before = _now() - timedelta(days=days)
        ended = retained.end_payloads(house.engine, before)
        retained.end_results(house.engine, before)
        log.info("refine      %-16s %d payloads are over their %d days", "raw", ended, days)


def _refine(
    house: Opened, run_id: str, sources: dict[str, Source], batch: list[Stored]
) -> Outcomes:
    """What becomes of each record of a batch, by source."""
    out: Outcomes = defaultdict(Refined)
    refused = partial(_refused, house, run_id, out)
    said = _passed(_read(sources, batch, out), sources, out, refused)
    regions, own = house.settings.phone_regions, house.settings.own_addresses()
    done = [
        (
            stored,
            *refining.refine(
                stored, words, sources[stored.source].channel, house.vault, regions, own
            ),
        )
        for stored, words in said
    ]
    _keep(done, out, refused)
    return out


def _read(sources: dict[str, Source], batch: list[Stored], out: Outcomes) -> Said:
    said = []
    for stored in batch:
        out[stored.source].fetched += 1
        match refining.read(stored, sources[stored.source].read):
            case Utterance() as words:
                said.append((stored, words))
            case Skipped(reason):
                out[stored.source].skipped.append((stored, reason))
            case Unreadable() as error:
                out[stored.source].refused.append((stored, error.reason))
    return said


def _passed(said: Said, sources: dict[str, Source], out: Outcomes, refused_by: Refusals) -> Said:
    """Those that the raw suite lets pass; the others are set aside with its reasons."""
    from expectations import raw

    rows = [refining.judged_row(s, words, sources[s.source].channel) for s, words in said]
    frame = pd.DataFrame(rows, columns=list(raw.COLUMNS))
    refused = refused_by(frame, raw.suite(now=_now()), "key")
    passed = []
    for (stored, words), row in zip(said, rows, strict=True):
        if reasons := refused.get(row["key"]):
            out[stored.source].refused.append((stored, "; ".join(reasons)))
        else:
            passed.append((stored, words))
    return passed


def _keep(
    done: list[tuple[Stored, dict[str, Any], Identified]], out: Outcomes, refused_by: Refusals
) -> None:
    """Sort the refined rows into those that the clean and channel suites let pass, and others."""
    from expectations import channels, clean

    rows = [row | {"item_id": _key(row), "text": row["text"] or None} for _, row, _ in done]
    frame = pd.DataFrame(rows, columns=sorted({*clean.COLUMNS, *channels.COLUMNS}))
    refused = refused_by(frame[list(clean.COLUMNS)], clean.suite(now=_now()), "item_id")
    for channel, own in frame.groupby("channel"):
        of_channel = refused_by(own[list(channels.COLUMNS)], channels.suite(channel), "item_id")
        refused = {
            key: refused.get(key, []) + of_channel.get(key, []) for key in refused | of_channel
        }
    for stored, row, who in done:
        if reasons := refused.get(_key(row)):
            out[stored.source].refused.append((stored, "; ".join(reasons)))
        else:
            out[stored.source].items.append(row)
            out[stored.source].people.append(who)


def _key(row: dict[str, Any]) -> str:
    """Two versions of one item may stand in one batch."""
    return f"{row['item_id']}/{row['version']}"


def _refused(
    house: Opened, run_id: str, out: Outcomes, frame: pd.DataFrame, suite: Any, key: str
) -> dict[str, list[str]]:
    """The reasons by key; what each expectation said is stored with the batch."""
    if frame.empty:
        return {}
    verdict = judged(house, run_id, frame, suite, key)
    for result in verdict.results:
        out[result.source].checked.append(result)
    return verdict.refused


def _now() -> datetime:
    return datetime.now(UTC)
