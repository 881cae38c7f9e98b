"""The command line: set up, check, run, look. A user's mistake ends in a sentence, not a traceback.

Exit codes for schedulers: 0 done, 1 failed, 2 wrong usage, 3 done with gaps, 75 try again later.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from feedback.errors import Busy, FeedbackError, Gaps, Unavailable
from feedback.records import SetAsideStatus
from feedback.settings import DEFAULT

FAILED, GAPS, LATER = 1, 3, 75  # 75 is EX_TEMPFAIL of sysexits.h

app = typer.Typer(
    help="Collect customer feedback, check it, understand it, tell the CRM, publish the numbers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
aside = typer.Typer(help="Look at records that could not be used.", no_args_is_help=True)
model = typer.Typer(help="Train and describe the sentiment model.", no_args_is_help=True)
app.add_typer(aside, name="set-aside")
app.add_typer(model, name="model")

SettingsFile = Annotated[
    Path,
    typer.Option("--settings", "-s", envvar="FEEDBACK_SETTINGS", help="The settings file."),
]


@app.command(epilog="Example: feedback init --settings feedback.toml")
def init(settings: SettingsFile = DEFAULT) -> None:
    """Make what is missing: the settings file, the key, the tables. Safe to repeat."""
    from tasks import operate

    with _plainly():
        for step in operate.init(str(settings)):
            typer.echo(step)


@app.command(epilog="Example: feedback check && feedback run")
def check(settings: SettingsFile = DEFAULT) -> None:
    """Prove access to every configured system, changing nothing, and say what to mend."""
    from tasks import operate

    failed = False
    with _plainly():
        for found in operate.check(str(settings)):
            failed |= not found.ok
            typer.echo(f"{'ok    ' if found.ok else 'FAILED'} {found.what}: {found.said}")
    raise typer.Exit(FAILED if failed else 0)


@app.command(epilog="Example: feedback run --settings examples/feedback.toml")
def run(settings: SettingsFile = DEFAULT) -> None:
    """Do the whole job once: collect, refine, understand, sync, publish."""
    from tasks.environment import settle

    settle()
    logging.getLogger("feedback").setLevel(logging.INFO)
    with _plainly():
        from httpx import TransportError

        from flows.pipeline import pipeline
        from tasks.leftovers import end_left_servers

        end_left_servers()
        try:
            typer.echo(pipeline(str(settings)))
        except (RuntimeError, TransportError):  # Prefect's own words for a server that is away
            raise Unavailable(
                "Prefect's server did not answer. What was stored stays. See that PREFECT_API_URL "
                "names a server that runs, or unset it, and run again."
            ) from None


@app.command(epilog="Example: feedback status --runs 3")
def status(
    settings: SettingsFile = DEFAULT,
    runs: Annotated[int, typer.Option(min=0, help="How many past runs to show.")] = 1,
) -> None:
    """Show each source, each CRM and the books of the last runs."""
    from tasks import operate

    with _plainly():
        for title, table in operate.status(str(settings), runs):
            _print(title, table)


@app.command("data-docs", epilog="Example: feedback data-docs --out data-docs --days 28")
def data_docs(
    out: Annotated[Path, typer.Option(help="A new or empty folder for the pages.")],
    settings: SettingsFile = DEFAULT,
    days: Annotated[int, typer.Option(min=1, help="How many days up to now to judge.")] = 28,
) -> None:
    """Write Great Expectations' own pages on what is stored.

    They have counts, nobody's words. A browser loads their styles from the network: without one
    they are plain. The published page needs no network and shows the same checks.
    """
    from tasks import validate

    with _plainly():
        typer.echo(validate.data_docs(str(settings), out, days))


@aside.command("list", epilog="Example: feedback set-aside list --source survey")
def list_aside(
    settings: SettingsFile = DEFAULT,
    source: Annotated[str, typer.Option(help="Only this source.")] = "",
    status: Annotated[SetAsideStatus, typer.Option(help="Which of them.")] = SetAsideStatus.OPEN,
) -> None:
    """List what was set aside, and why."""
    from tasks import operate

    with _plainly():
        found = operate.set_aside(str(settings), status.value, source or None)
        _print(f"Set aside ({status.value})", found)


@aside.command(epilog="Example: feedback set-aside replay --source survey && feedback run")
def replay(
    settings: SettingsFile = DEFAULT,
    source: Annotated[str, typer.Option(help="Only this source.")] = "",
) -> None:
    """Have records read again by the next run, after settings or code were mended."""
    from tasks import operate

    with _plainly():
        typer.echo(operate.replay(str(settings), source or None))


@model.command(epilog="Example: feedback model train --data labelled/")
def train(
    data: Annotated[Path, typer.Option(exists=True, help="Folder with the labelled tables.")],
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = Path("weights.npz"),
    seed: Annotated[int, typer.Option(help="The same data and seed give the same file.")] = 0,
) -> None:
    """Train the sentiment model; deterministic."""
    from tasks import operate

    with _plainly():
        typer.echo(operate.train(data, out, seed))


@model.command(epilog="Example: feedback model card --data labelled/ > MODEL_CARD.md")
def card(
    data: Annotated[Path, typer.Option(exists=True, help="Folder with the labelled tables.")],
) -> None:
    """Measure the shipped model on its test sets and print its card; takes minutes."""
    from tasks import operate

    with _plainly():
        typer.echo(operate.model_card(data), nl=False)


@contextmanager
def _plainly() -> Iterator[None]:
    """Say an error of ours in its own words, with an exit code that a scheduler can use."""
    try:
        yield
    except FeedbackError as error:
        typer.echo(str(error), err=not isinstance(error, Gaps))
        code = {Gaps: GAPS, Unavailable: LATER, Busy: LATER}.get(type(error), FAILED)
        raise typer.Exit(code) from None


def _print(title: str, table: Any) -> None:
    shown = Table(title=title, title_justify="left")
    for column in table.columns:
        shown.add_column(str(column).replace("_", " "))
    for row in table.itertuples(index=False):
        shown.add_row(*map(_cell, row))
    console = Console(markup=False, highlight=False)  # what is shown may hold [brackets]
    if not console.is_terminal:
        console.width = 250  # whoever reads a file or a pipe wraps lines as they like
    console.print(shown if len(table) else f"{title}: none")


def _cell(value: Any) -> str:
    if value is None or value != value:  # NaN and NaT are not even themselves
        return ""
    return f"{value:%Y-%m-%d %H:%M:%S %Z}" if hasattr(value, "tzinfo") else str(value)


if __name__ == "__main__":
    app()
