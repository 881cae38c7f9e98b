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
STAGES = ["collect", "refine", "understand", "sync"]


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
        raise Gaps(text + "\n\n" + "\n".join(gaps))
    return text


@task(name="report", **INSIDE)
def tell(run: Run) -> str:
    """The report of a run as Markdown, kept as a Prefect artifact too: counts, nobody's words."""
    with opened(run.settings) as house:
        text = _markdown(report.of_run(house.engine, run.id), run.id)
    create_markdown_artifact(text, key="feedback-report", description=f"Run {run.id}")
    return text


def _markdown(books: pd.DataFrame, run_id: str) -> str:
    head = ["stage", "source", *(name.replace("_", " ") for name in COUNTS), "ended"]
    rows = [head, ["---"] * len(head)]
    for stage in STAGES:
        for _, row in books[books["stage"] == stage].iterrows():
            rows.append([stage, row["source"], *(str(row[c]) for c in COUNTS), row["status"]])
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    return "\n".join([f"Run {run_id}", "", *lines])


def _said(state: State[Any]) -> str:
    error = state.result(raise_on_failure=False)
    if isinstance(error, FeedbackError):
        return f"{type(error).__name__}: {error}"
    return f"{type(error).__name__}: a fault of ours; its trace is in the run's log."
