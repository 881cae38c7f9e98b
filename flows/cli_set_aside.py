"""`feedback set-aside …`: look at records that could not be used, mend them, or close them.

Only `show` opens a record, and only here does a person see it.
"""

from pathlib import Path
from typing import Annotated

import typer

from feedback.records import SetAsideStatus
from feedback.settings import DEFAULT
from flows.saying import SettingsFile, plainly, print_payload, print_table

MANY = 50  # records; of more than these, reasons are counted instead
app = typer.Typer(help="Look at records that could not be used.", no_args_is_help=True)

Source = Annotated[str, typer.Option(help="Only of this source.")]
Reason = Annotated[str, typer.Option(help="Only those with this in their reason.")]
Older = Annotated[str, typer.Option(help="Only those first seen so long ago: 12h, 7d, 2w.")]
Ids = Annotated[list[int] | None, typer.Option("--id", help="Only this one; may be repeated.")]
Status = Annotated[SetAsideStatus, typer.Option(help="Which of them.")]
Number = Annotated[int, typer.Argument(metavar="ID", help="As `set-aside list` shows it.")]
Why = Annotated[str, typer.Option(help="A word for those who read the log.")]


@app.command("list", epilog="Example: feedback set-aside list --source survey --older-than 7d")
def show_list(
    settings: SettingsFile = DEFAULT,
    source: Source = "",
    reason: Reason = "",
    older_than: Older = "",
    ids: Ids = None,
    status: Status = SetAsideStatus.OPEN,
    count: Annotated[
        bool | None,
        typer.Option("--count/--each", help=f"Count reasons: as it is for more than {MANY}."),
    ] = None,
) -> None:
    """List what was set aside, and why."""
    from tasks import aside

    with plainly():
        chosen = aside.choose(status, source, reason, older_than, ids or [])
        found = aside.listed(str(settings), chosen)
        counts = len(found) > MANY if count is None else count
        title = f"Set aside ({status.value}): {len(found)}"
        print_table(title, aside.counted(found) if counts else found)


@app.command(epilog="Example: feedback set-aside show 12 --raw broken.json")
def show(
    number: Number,
    settings: SettingsFile = DEFAULT,
    raw: Annotated[
        Path | None, typer.Option(help="Write the record to this new file instead.")
    ] = None,
) -> None:
    """Show one record as it came, with all that is known of it."""
    from tasks import aside

    with plainly():
        told, payload = aside.show(str(settings), number)
        for name, value in told:
            typer.echo(f"{name:12}{value}")
        typer.echo()
        if raw:
            typer.echo(aside.save(payload, raw))
        elif payload:
            print_payload(payload)
        else:
            typer.echo("Nothing of it is kept: the source gave nothing, or its days are over.")


@app.command(epilog="Example: feedback set-aside fix 12 --file mended.json && feedback refine")
def fix(
    number: Number,
    file: Annotated[typer.FileBinaryRead, typer.Option(help="The mended record; - is stdin.")],
    settings: SettingsFile = DEFAULT,
    why: Why = "",
) -> None:
    """Put a mended record in the place of a broken one; it is refused unless it can be read."""
    from tasks import aside

    with plainly():
        typer.echo(aside.fix(str(settings), number, file.read(), why))


@app.command(epilog="Example: feedback set-aside replay --source survey && feedback refine")
def replay(
    settings: SettingsFile = DEFAULT,
    source: Source = "",
    reason: Reason = "",
    older_than: Older = "",
    ids: Ids = None,
    status: Status = SetAsideStatus.OPEN,
    why: Why = "",
) -> None:
    """Have records read again by the next run, after settings or code were mended."""
    from tasks import aside

    with plainly():
        chosen = aside.choose(status, source, reason, older_than, ids or [])
        typer.echo(aside.replay(str(settings), chosen, why))


@app.command(epilog="Example: feedback set-aside drop --id 12 --why 'a test of ours'")
def drop(
    why: Annotated[str, typer.Option(help="Why nobody needs them; it is kept.")],
    settings: SettingsFile = DEFAULT,
    source: Source = "",
    reason: Reason = "",
    older_than: Older = "",
    ids: Ids = None,
) -> None:
    """Close open records for good; they stay counted and are not taken up again."""
    from tasks import aside

    with plainly():
        chosen = aside.choose(SetAsideStatus.OPEN, source, reason, older_than, ids or [])
        typer.echo(aside.drop(str(settings), chosen, why))
