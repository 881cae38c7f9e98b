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
from feedback.records import Author, MergeStatus, Purpose, SetAsideStatus
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
people = typer.Typer(help="See who is who, and part who is not one.", no_args_is_help=True)
consent = typer.Typer(help="Note what somebody allows or refuses.", no_args_is_help=True)
app.add_typer(aside, name="set-aside")
app.add_typer(people, name="people")
app.add_typer(consent, name="consent")
app.add_typer(model, name="model")

SettingsFile = Annotated[
    Path,
    typer.Option("--settings", "-s", envvar="FEEDBACK_SETTINGS", help="The settings file."),
]

Email = Annotated[str, typer.Option(help="Known by this e-mail address.")]
Phone = Annotated[str, typer.Option(help="Known by this phone number.")]
Handle = Annotated[str, typer.Option(help="Known by this handle: name@host, or with --source.")]
Id = Annotated[str, typer.Option("--id", help="Known by this id, in the source of --source.")]
Source = Annotated[str, typer.Option(help="Where the handle or id is at home.")]
For = Annotated[Purpose, typer.Option(help="What for: to be counted, or to be told to a CRM.")]


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


@people.command(epilog="Example: feedback people show --email anna@example.com")
def show(
    email: Email = "",
    phone: Phone = "",
    handle: Handle = "",
    id_: Id = "",
    source: Source = "",
    settings: SettingsFile = DEFAULT,
) -> None:
    """Show who is known by an address: ids, merges and consents, nobody's words."""
    from tasks import people as asking

    with _plainly():
        author = Author(email, phone, id_, handle)
        for title, table in asking.show(str(settings), author, source):
            _print(title, table)


@people.command(epilog="Example: feedback people merges --status shared")
def merges(
    settings: SettingsFile = DEFAULT,
    status: Annotated[MergeStatus | None, typer.Option(help="Only these.")] = None,
) -> None:
    """List which people are taken for one, and why."""
    from tasks import people as asking

    with _plainly():
        _print("Merges", asking.merges(str(settings), status or ""))


@people.command(epilog='Example: feedback people undo 1f0c… 9ab3… --why "father and son"')
def undo(
    person_a: Annotated[str, typer.Argument(help="One person's id.")],
    person_b: Annotated[str, typer.Argument(help="The other's.")],
    why: Annotated[str, typer.Option(help="In words; kept with the merge.")],
    settings: SettingsFile = DEFAULT,
) -> None:
    """Part two people who were taken for one; for good, until you `redo` it."""
    from tasks import people as asking

    with _plainly():
        typer.echo(asking.undo(str(settings), person_a, person_b, why))


@people.command(epilog="Example: feedback people redo 1f0c… 9ab3…")
def redo(
    person_a: Annotated[str, typer.Argument(help="One person's id.")],
    person_b: Annotated[str, typer.Argument(help="The other's.")],
    settings: SettingsFile = DEFAULT,
) -> None:
    """Let two people who were parted be one again."""
    from tasks import people as asking

    with _plainly():
        typer.echo(asking.redo(str(settings), person_a, person_b))


@consent.command(epilog="Example: feedback consent give --phone +79123456789 --purpose crm")
def give(
    purpose: For,
    email: Email = "",
    phone: Phone = "",
    handle: Handle = "",
    id_: Id = "",
    source: Source = "",
    settings: SettingsFile = DEFAULT,
) -> None:
    """Note that somebody allows it, as of now."""
    _note(settings, Author(email, phone, id_, handle), source, purpose, given=True)


@consent.command(epilog="Example: feedback consent withdraw --email a@example.com --purpose crm")
def withdraw(
    purpose: For,
    email: Email = "",
    phone: Phone = "",
    handle: Handle = "",
    id_: Id = "",
    source: Source = "",
    settings: SettingsFile = DEFAULT,
) -> None:
    """Note that somebody refuses it, as of now; it holds at once."""
    _note(settings, Author(email, phone, id_, handle), source, purpose, given=False)


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


def _note(settings: Path, author: Author, source: str, purpose: Purpose, *, given: bool) -> None:
    from tasks import people as asking

    with _plainly():
        typer.echo(asking.say(str(settings), author, source, purpose, given))


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
