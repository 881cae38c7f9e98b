"""`feedback people …` and `feedback consent …`: who is who, and what somebody allows or refuses.

An address that is typed here is looked up by its keyed hash and never printed back.
"""

from pathlib import Path
from typing import Annotated

import typer

from feedback.records import Author, MergeStatus, Purpose
from feedback.settings import DEFAULT
from flows.saying import SettingsFile, plainly, print_table

people = typer.Typer(help="See who is who, and part who is not one.", no_args_is_help=True)
consent = typer.Typer(help="Note what somebody allows or refuses.", no_args_is_help=True)

Email = Annotated[str, typer.Option(help="Known by this e-mail address.")]
Phone = Annotated[str, typer.Option(help="Known by this phone number.")]
Handle = Annotated[str, typer.Option(help="Known by this handle: name@host, or with --source.")]
Id = Annotated[str, typer.Option("--id", help="Known by this id, in the source of --source.")]
Source = Annotated[str, typer.Option(help="Where the handle or id is at home.")]
For = Annotated[Purpose, typer.Option(help="What for: to be counted, or to be told to a CRM.")]


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

    with plainly():
        author = Author(email, phone, id_, handle)
        for title, table in asking.show(str(settings), author, source):
            print_table(title, table)


@people.command(epilog="Example: feedback people merges --status shared")
def merges(
    settings: SettingsFile = DEFAULT,
    status: Annotated[MergeStatus | None, typer.Option(help="Only these.")] = None,
) -> None:
    """List which people are taken for one, and why."""
    from tasks import people as asking

    with plainly():
        print_table("Merges", asking.merges(str(settings), status or ""))


@people.command(epilog='Example: feedback people undo 1f0c… 9ab3… --why "father and son"')
def undo(
    person_a: Annotated[str, typer.Argument(help="One person's id.")],
    person_b: Annotated[str, typer.Argument(help="The other's.")],
    why: Annotated[str, typer.Option(help="In words; kept with the merge.")],
    settings: SettingsFile = DEFAULT,
) -> None:
    """Part two people who were taken for one; for good, until you `redo` it."""
    from tasks import people as asking

    with plainly():
        typer.echo(asking.undo(str(settings), person_a, person_b, why))


@people.command(epilog="Example: feedback people redo 1f0c… 9ab3…")
def redo(
    person_a: Annotated[str, typer.Argument(help="One person's id.")],
    person_b: Annotated[str, typer.Argument(help="The other's.")],
    settings: SettingsFile = DEFAULT,
) -> None:
    """Let two people who were parted be one again."""
    from tasks import people as asking

    with plainly():
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


def _note(settings: Path, author: Author, source: str, purpose: Purpose, *, given: bool) -> None:
    from tasks import people as asking

    with plainly():
        typer.echo(asking.say(str(settings), author, source, purpose, given))
