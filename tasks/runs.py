"""The beginning and the end of a run: its id, what it works on, and the report it leaves.

A source or CRM that failed is a gap, not the end: the run goes on and says so when it is over.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from prefect import State, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from feedback.errors import FeedbackError, Gaps, Refused
from feedback.settings import load
from feedback.warehouse import aside, checked, report, resembling, understood
from feedback.warehouse.arrivals import SUITE
from tasks.aside import owner
from tasks.opening import Opened, opened
from tasks.patience import INSIDE

MOST = 3  # checks that the report names; the artifact has them all
COUNTS = ["fetched", "new", "changed", "duplicate", "set_aside", "skipped"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its id sorts by time; sources and targets are those of the settings file."""

    id: str
    settings: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]


def begin(settings: str) -> Run:
    """A new run of a settings file. Raises `Refused` when the file cannot be used."""
    tree = load(Path(settings))
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    return Run(run_id, settings, tuple(tree.sources), tuple(tree.crm))


def end(
    run: Run,
    states: Sequence[State[Any]],
    page: State[str] | None = None,
    told: Sequence[str] = (),
) -> str:
    """Keep the report and return it, with what else is `told`, the path of the page last.

    Raises `Gaps`, with the report, when one of the states or that of the page failed.
    """
    states = [*states, page] if page else states
    gaps = [_said(state) for state in states if not state.is_completed()]
    path = [page.result()] if page and page.is_completed() else []
    text = "\n\n".join([tell(run), *gaps, *told, *path])
    if gaps:
        raise Gaps(text)
    return text


@task(name="report", **INSIDE)
def tell(run: Run) -> str:
    """The report of a run as Markdown, kept as a Prefect artifact too: counts, nobody's words."""
    with opened(run.settings) as house:
        text = _markdown(report.of_run(house.engine, run.id), run)
        results = checked.of_run(house.engine, run.id).drop(columns="at")
        told = [*_open(house), *_put_off(house), resembling.summary(house.engine)]
    results = results.sort_values("failed", ascending=False, kind="stable", ignore_index=True)
    text = "\n\n".join([text, *told, *_failed(results)])
    create_markdown_artifact(text, key="feedback-report", description=f"Run {run.id}")
    create_table_artifact(
        results.to_dict("list"), key="feedback-checks", description=f"Run {run.id}"
    )
    return text


def _failed(results: pd.DataFrame) -> list[str]:
    """The expectations that did not hold, those about a whole batch first, then the frequent."""
    from expectations.volumes import REASON  # which `_doubts` says at more length

    broken = results[(results["failed"] > 0) & (results["expectation"] != REASON)]
    broken = broken.sort_values("suite", key=lambda suite: suite != SUITE, kind="stable")
    told = [
        f"Mind: {row.source or 'all'}, {row.suite}: {row.expectation}"
        f" ({row.observed or f'{row.failed} of {row.checked}'})."
        for row in broken.head(MOST).itertuples()
    ]
    more = len(broken) - len(told)
    return [*told, *([f"And {more} more checks did not hold."] if more else [])]


def _open(house: Opened) -> list[str]:
    """How many records wait for a person, by source and by who mends them."""
    waiting = aside.waiting(house.engine)
    told = [f"{name} {n} ({owner(house.settings, name)})" for name, n in waiting.items()]
    total = sum(waiting.values())
    return [f"Set aside and open, {total} in all: {', '.join(told)}."] if told else []


def _put_off(house: Opened) -> list[str]:
    """How many items the engine that judges has not come to yet."""
    try:
        name, version = house.model()
    except Refused:  # understanding failed of it and says so
        return []
    count = understood.waiting(house.engine, name, version)
    return [f"Mind: {count} items wait to be judged by {name} {version}."] if count else []


def _markdown(books: pd.DataFrame, run: Run) -> str:
    """Per source, where every record went; then what was made of them."""
    collected, refined = (_of(books, name, run.sources) for name in ("collect", "refine"))
    table = refined[COUNTS].copy()
    table[["duplicate", "set_aside"]] += collected[["duplicate", "set_aside"]]
    table["fetched"] = collected["fetched"]
    resumed = refined["fetched"] - collected["new"] - collected["changed"]
    if resumed.any():
        table["resumed"] = resumed
    inferred = _of(books, "understand", run.sources)["written"].sum()
    tagged = _of(books, "topics", run.sources)["written"].sum()
    synced = _of(books, "sync", run.targets)["written"].sum()
    same = not (
        table[["new", "changed", "set_aside"]].any(axis=None) or inferred or tagged or synced
    )
    same &= bool((books["status"] == "done").all())
    news = "Nothing new was found and nothing was changed: " if same else ""
    told = f"{news}inferred {inferred}, tagged {tagged}, synced {synced}, run {run.id}"
    return "\n\n".join([_table(table, _endings(books, run)), told, *_doubts(collected)])


def _of(books: pd.DataFrame, stage: str, names: Sequence[str]) -> pd.DataFrame:
    """The counts of one stage, a row for each name, zeros where there is no entry."""
    own = books[books["stage"] == stage].set_index("source")
    return own[[*COUNTS, "written"]].reindex(list(names), fill_value=0)


def _endings(books: pd.DataFrame, run: Run) -> list[str]:
    """How the collection of each source ended; "" where there was none."""
    own = books[books["stage"] == "collect"].set_index("source")["status"]
    return [str(status) for status in own.reindex(list(run.sources), fill_value="")]


def _doubts(collected: pd.DataFrame) -> list[str]:
    """Counts that are not plausible by `expectations/volumes.toml`."""
    from expectations.volumes import doubts

    return [f"Mind: {doubt}." for doubt in doubts(collected["fetched"].to_dict())]


def _table(table: pd.DataFrame, endings: list[str]) -> str:
    """The counts as a Markdown table that also reads well as plain text."""
    head = ["source", *(str(name).replace("_", " ") for name in table.columns), "ended"]
    rows = [
        [str(name), *map(str, counts), ending]
        for (name, *counts), ending in zip(table.itertuples(), endings, strict=True)
    ]
    rows.append(["total", *(str(table[name].sum()) for name in table.columns), ""])
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    line = ["-" * width for width in widths]
    return "\n".join(
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |"
        for row in [head, line, *rows]
    )


def _said(state: State[Any]) -> str:
    error = state.result(raise_on_failure=False)
    said = str(error) if isinstance(error, FeedbackError) else "ended in a way we do not know."
    return f"{type(error).__name__}: {said}"
