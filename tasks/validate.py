"""Validating: what comes is held against what must be true of it, and what came of that is kept.

Great Expectations is imported inside the functions that need it: that takes seconds.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from prefect import task

from feedback.errors import Changed, Refused
from feedback.warehouse import arrivals, checked, stored
from feedback.warehouse.engine import hold, writing
from tasks.opening import Opened, log, opened
from tasks.patience import INSIDE


@task(name="validate", **INSIDE)
def validate(settings: str, run_id: str) -> str:
    """Hold what each source brought, as a whole, against its past; says in a line what came of it.

    Raises `Changed` when a gate stops: a later run asks it again about the same items.
    """
    from expectations.batch import gate
    from expectations.thresholds import thresholds

    with opened(settings, "validate") as house, hold(house.engine, "refining"):
        model = house.model()
        brought = {
            source: arrivals.of_source(house.engine, source, model, thresholds(source).days)
            for source in house.settings.sources
        }
        if not brought:
            return "no source to judge"
        verdict = gate(brought, arrivals.fetched(house.engine, run_id))
        keep(house, run_id, verdict)
        failed = [result for result in verdict.results if result.failed]
        for result in failed:
            log.warning("validate    %-16s %s", result.source, _words(result))
        _stop_if_refused(verdict)
    return f"{len(verdict.results)} gates, {len(failed)} did not hold"


def judged(
    house: Opened, run_id: str, frame: pd.DataFrame, suite: Any, key: str | list[str]
) -> Any:
    """The `Verdict` on a batch that may go on; its results are for the caller to store with it.

    Raises `Changed`, with the results kept, when the batch as a whole may not go on.
    """
    from expectations.verdict import judge

    verdict = judge(frame, suite, key)
    for warning in verdict.warnings:
        log.warning("validate    %-16s %s", suite.name, warning)
    if verdict.stopped:
        stop(house, run_id, verdict, f"The {suite.name} table of {len(frame)} records")
    return verdict


def proved(
    house: Opened, run_id: str, frame: pd.DataFrame, suite: Any, key: list[str], what: str
) -> list[checked.Checked]:
    """What the suite says of rows that we inferred; `what` is what was done to the items.

    Raises `Changed`: whatever fails here is our own fault.
    """
    found = judged(house, run_id, frame, suite, key)
    if found.refused:
        reasons = sorted({reason for reasons in found.refused.values() for reason in reasons})
        found.stopped.extend(reasons)
        stop(house, run_id, found, f"{what} {len(found.refused)} items")
    results: list[checked.Checked] = found.results
    return results


def refuse_doubted(house: Opened, what: str) -> None:
    """Raise `Changed` while the newest verdict on a source stops it; `what` was not written."""
    if doubted := arrivals.doubted(house.engine, list(house.settings.sources)):
        said = [f"{source}: {', '.join(words)}" for source, words in doubted.items()]
        raise Changed(
            f"What was brought is held: {'; '.join(said)}. {what} What came stays stored. Look at "
            "the source; if it is right as it is, change what expectations/gates.toml allows it, "
            "then `feedback run`."
        )


def data_docs(settings: str, out: Path, days: int) -> str:
    """Great Expectations' own pages on what is stored of the last days; returns the first's path.

    Raises `Refused` when nothing was published yet.
    """
    from expectations import channels, clean, data_docs, metrics, understood

    with opened(settings) as house:
        now = datetime.now(UTC)
        items = stored.items(house.engine, house.model(), now - timedelta(days=days))
        numbers = stored.numbers(house.engine)
        if items.empty or numbers.empty:
            raise Refused(
                f"Nothing was said in the last {days} days, or nothing was published yet. No page "
                "was written. Name more days, or run first."
            )
        today = datetime.now(ZoneInfo(house.settings.timezone)).date()
    tables = [
        (items[list(clean.COLUMNS)], clean.suite(now=now)),
        *(
            (own[list(channels.COLUMNS)], channels.suite(channel))
            for channel, own in items.groupby("channel")
        ),
        (understood.derived(items)[list(understood.COLUMNS)], understood.suite()),
        (numbers, metrics.suite(today=today)),
    ]
    return str(data_docs.build(tables, out))


def _stop_if_refused(verdict: Any) -> None:
    stopping = [r for r in verdict.results if r.failed and r.severity == "critical"]
    if stopping or verdict.stopped:
        said = [f"{r.source}: {_words(r)}" for r in stopping] + verdict.stopped
        raise Changed(
            f"What was brought is not as it was: {'; '.join(said)}. It is stored, but nothing was "
            "sent on or published. Look at the source; if it is right as it is, change what "
            "expectations/gates.toml allows it, then run again."
        )


def _words(result: checked.Checked) -> str:
    return f"{result.expectation} ({result.observed})"


def stop(house: Opened, run_id: str, verdict: Any, what: str) -> None:
    """Count what was found in, then raise `Changed`: nothing else of the batch is written."""
    with writing(house.engine) as connection:
        checked.add(connection, run_id, verdict.results)
    raise Changed(
        f"{what} cannot be used: {'; '.join(verdict.stopped)}. Nothing of this batch was "
        "written. This is a fault of ours: report it with the run id."
    )


def keep(house: Opened, run_id: str, verdict: Any) -> None:
    """Keep the results of what was judged as a whole."""
    with writing(house.engine) as connection:
        checked.put(connection, run_id, verdict.results)
