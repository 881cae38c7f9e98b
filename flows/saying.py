"""How the command line speaks: errors in their own words, tables, and records that people sent.

What customers wrote is shown as data: never as markup, and never as a terminal's control codes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from feedback.errors import Busy, FeedbackError, Gaps, Unavailable

FAILED, GAPS, LATER = 1, 3, 75  # 75 is EX_TEMPFAIL of sysexits.h
SettingsFile = Annotated[
    Path,
    typer.Option("--settings", "-s", envvar="FEEDBACK_SETTINGS", help="The settings file."),
]


@contextmanager
def plainly() -> Iterator[None]:
    """Say an error of ours in its own words, with an exit code that a scheduler can use."""
    try:
        yield
    except FeedbackError as error:
        typer.echo(str(error), err=not isinstance(error, Gaps))
        code = {Gaps: GAPS, Unavailable: LATER, Busy: LATER}.get(type(error), FAILED)
        raise typer.Exit(code) from None


def print_table(title: str, table: Any) -> None:
    """A frame as a table, a word instead of an empty one."""
    shown = Table(title=title, title_justify="left")
    for column in table.columns:
        shown.add_column(str(column).replace("_", " "))
    for row in table.itertuples(index=False):
        shown.add_row(*map(_cell, row))
    console = Console(markup=False, highlight=False)  # what is shown may hold [brackets]
    if not console.is_terminal:
        console.width = 250  # whoever reads a file or a pipe wraps lines as they like
    console.print(shown if len(table) else f"{title}: none")


def print_payload(payload: bytes) -> None:
    """A record as it came; what a terminal would obey is shown as a dot."""
    text = payload.decode("utf-8", "replace")
    typer.echo(_plain(text))


def _cell(value: Any) -> str:
    if value is None or value != value:  # NaN and NaT are not even themselves
        return ""
    return f"{value:%Y-%m-%d %H:%M:%S %Z}" if hasattr(value, "tzinfo") else _plain(str(value))


def _plain(text: str) -> str:
    """The words without what a terminal would obey."""
    return "".join(c if c.isprintable() or c in "\n\t" else "·" for c in text)
