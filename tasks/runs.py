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
from prefect.artifacts import create_markdown_artifact

from feedback.errors import FeedbackError
from feedback.settings import load
from feedback.warehouse import report
from tasks.opening import opened
from tasks.patience import INSIDE

COUNTS = ["fetched", "new", "changed", "duplicate", "set_aside", "skipped"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its id sorts by time; sources and targets are those of the settings file."""

    id: str
    settings: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]


class Gaps(FeedbackError):
    """The run is over, but a part of it failed; the parts that did not are stored."""


def begin(settings: str) -> Run:
    """A new run of a settings file. Raises `Refused` when the file cannot be used."""
    tree = load(Path(settings))
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    return Run(run_id, settings, tuple(tree.sources), tuple(tree.crm))


def end(run: Run, states: Sequence[State[Any]]) -> str:
    """Keep the report and return it. Raises `Gaps`, with the report, when some state failed."""
    text = tell(run)
    gaps = [_said(state) for state in states if not state.is_completed()]
    if gaps:
        raise Gaps("\n\n".join([text, *gaps]))
    return text


@task(name="report", **INSIDE)
def tell(run: Run) -> str:
    """The report of a run as Markdown, kept as a Prefect artifact too: counts, nobody's words."""
    with opened(run.settings) as house:
        text = _markdown(report.of_run(house.engine, run.id), run)
    create_markdown_artifact(text, key="feedback-report", description=f"Run {run.id}")
    return text


def _markdown(books: pd.DataFrame, run: Run) -> str:
    """Per source, where every record went; then what was made of them."""
    stages = {name: part.set_index("source") for name, part in books.groupby("stage")}
    collected, refined = (_of(stages, name, run.sources) for name in ("collect", "refine"))
    table = refined[COUNTS].copy()
    table[["duplicate", "set_aside"]] += collected[["duplicate", "set_aside"]]
    table["fetched"] = collected["fetched"]
    table["resumed"] = refined["fetched"] - collected["new"] - collected["changed"]
    table["ended"] = collected["status"].where(collected["status"] != 0, "")
    if not table["resumed"].any():
        del table["resumed"]
    inferred = _of(stages, "understand", run.sources)["written"].sum()
    synced = _of(stages, "sync", run.targets)["written"].sum()
    same = not (table[["new", "changed", "set_aside"]].any(axis=None) or inferred or synced)
    news = "Nothing new was found and nothing was changed: " if same else ""
    return f"{_table(table)}\n\n{news}inferred {inferred}, synced {synced}, run {run.id}"


def _of(stages: dict[str, pd.DataFrame], stage: str, names: Sequence[str]) -> pd.DataFrame:
    """The books of one stage, a row for each name, zeros where there is no entry."""
    empty = pd.DataFrame(columns=[*COUNTS, "written", "status"])
    return stages.get(stage, empty).reindex(list(names)).fillna(0)


def _table(table: pd.DataFrame) -> str:
    """A frame as a Markdown table that also reads well as plain text."""
    head = [table.index.name or "source", *(str(name).replace("_", " ") for name in table.columns)]
    total = ["total", *("" if c == "ended" else str(int(table[c].sum())) for c in table.columns)]
    rows = [
        [str(name), *map(str, row)] for name, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    widths = [max(map(len, column)) for column in zip(head, *rows, total, strict=True)]
    line = ["-" * width for width in widths]
    return "\n".join(
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |"
        for row in [head, line, *rows, total]
    )


def _said(state: State[Any]) -> str:
    error = state.result(raise_on_failure=False)
    if isinstance(error, FeedbackError):
        return f"{type(error).__name__}: {error}"
    return f"{type(error).__name__}: a fault of ours; its trace is in the run's log."
