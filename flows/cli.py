"""The command line: set up, check, run, look. A user's mistake ends in a sentence, not a traceback.

Exit codes for schedulers: 0 done, 1 failed, 2 wrong usage, 3 done with gaps, 75 try again later.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from feedback.errors import Unavailable
from feedback.settings import DEFAULT
from flows import cli_label, cli_model, cli_people, cli_set_aside, cli_topics
from flows.saying import FAILED, SettingsFile, plainly, print_table

app = typer.Typer(
    help="Collect customer feedback, check it, understand it, tell the CRM, publish the numbers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(cli_set_aside.app, name="set-aside")
app.add_typer(cli_people.people, name="people")
app.add_typer(cli_people.consent, name="consent")
app.add_typer(cli_topics.app, name="topics")
app.add_typer(cli_label.app, name="label")
app.add_typer(cli_model.app, name="model")


@app.command(epilog="Example: feedback init --settings feedback.toml")
def init(settings: SettingsFile = DEFAULT) -> None:
    """Make what is missing: the settings file, the key, the tables. Safe to repeat."""
    from tasks import operate

    with plainly():
        for step in operate.init(str(settings)):
            typer.echo(step)


@app.command(epilog="Example: feedback check && feedback run")
def check(settings: SettingsFile = DEFAULT) -> None:
    """Prove access to every configured system, changing nothing, and say what to mend."""
    from tasks import operate

    failed = False
    with plainly():
        for found in operate.check(str(settings)):
            failed |= not found.ok
            typer.echo(f"{'ok    ' if found.ok else 'FAILED'} {found.what}: {found.said}")
    raise typer.Exit(FAILED if failed else 0)


@app.command(epilog="Example: feedback run --settings examples/feedback.toml")
def run(settings: SettingsFile = DEFAULT) -> None:
    """Do the whole job once: collect, refine, understand, sync, publish."""

    def job() -> str:
        from flows.pipeline import pipeline

        return pipeline(str(settings))

    _under_prefect(job)


@app.command(epilog="Example: feedback refine --all")
def refine(
    settings: SettingsFile = DEFAULT,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Again what was fetched since that day."),
    ] = None,
    again: Annotated[bool, typer.Option("--all", help="Again all that was ever fetched.")] = False,
) -> None:
    """Refine and understand what waits; with --since or --all, the past as well."""
    if since and again:
        raise typer.BadParameter("--since or --all, not both")

    def job() -> str:
        from flows.refine import refine

        return refine(str(settings), again=again, since=since.date() if since else None)

    _under_prefect(job)


@app.command(epilog="Example: feedback status --runs 3")
def status(
    settings: SettingsFile = DEFAULT,
    runs: Annotated[int, typer.Option(min=0, help="How many past runs to show.")] = 1,
) -> None:
    """Show each source, each CRM and the books of the last runs."""
    from tasks import operate

    with plainly():
        for title, table in operate.status(str(settings), runs):
            print_table(title, table)


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

    with plainly():
        typer.echo(validate.data_docs(str(settings), out, days))


def _under_prefect(job: Callable[[], str]) -> None:
    from tasks.environment import settle

    settle()
    logging.getLogger("feedback").setLevel(logging.INFO)
    with plainly():
        from httpx import TransportError

        from tasks.leftovers import end_left_servers

        end_left_servers()
        try:
            typer.echo(job())
        except (RuntimeError, TransportError):  # Prefect's own words for a server that is away
            raise Unavailable(
                "Prefect's server did not answer. What was stored stays. See that PREFECT_API_URL "
                "names a server that runs, or unset it, and run again."
            ) from None


if __name__ == "__main__":
    app()
