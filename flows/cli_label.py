"""`feedback label …`: people read what customers said, and their word goes before the model's.

Without a command it shows one text after the other and takes one key for each.
"""

from pathlib import Path
from typing import Annotated

import typer

from feedback.settings import DEFAULT
from flows.saying import SettingsFile, plainly

app = typer.Typer(help="Say what customers meant; it counts before what the model said.")

Sample = Annotated[str, typer.Option(help="How many to read: a number, or a share such as 0.05.")]
Unsure = Annotated[bool, typer.Option("--unsure", help="Of those the model was not sure about.")]
Source = Annotated[str, typer.Option(help="Of this source; then they correct no shares.")]
Language = Annotated[str, typer.Option(help="Of this language: ru, en.")]
Days = Annotated[int, typer.Option(min=0, help="Said in the last days; 0: those published.")]


@app.callback(
    invoke_without_command=True, epilog="Example: feedback label --sample 100 --language ru"
)
def label(
    context: typer.Context,
    settings: SettingsFile = DEFAULT,
    sample: Sample = "100",
    unsure: Unsure = False,
    source: Source = "",
    language: Language = "",
    days: Days = 0,
) -> None:
    """Read texts one by one: 1 negative, 2 neutral, 3 positive. Each answer is kept at once."""
    if context.invoked_subcommand:
        return
    from tasks import label as reading

    asked = reading.Asked(sample, days, unsure, source, language)
    with plainly():
        typer.echo(reading.read(str(settings), asked, _key, typer.echo))


@app.command(epilog="Example: feedback label export to-read.xlsx --n 100")
def export(
    file: Annotated[Path, typer.Argument(help="A new .csv or .xlsx.")],
    settings: SettingsFile = DEFAULT,
    n: Annotated[str, typer.Option("--n", "--sample", help="How many, or a share.")] = "100",
    unsure: Unsure = False,
    source: Source = "",
    language: Language = "",
    days: Days = 0,
) -> None:
    """Write texts to be read to a spreadsheet. It holds customers' words, redacted."""
    from tasks import label as reading

    asked = reading.Asked(n, days, unsure, source, language)
    with plainly():
        typer.echo(reading.export(str(settings), asked, file))


@app.command("import", epilog="Example: feedback label import to-read.xlsx")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What came back.")],
    settings: SettingsFile = DEFAULT,
) -> None:
    """Store the labels of a spreadsheet; reading the same file again changes nothing."""
    from tasks import label as reading

    with plainly():
        for line in reading.import_(str(settings), file):
            typer.echo(line)


@app.command("export-training", epilog="Example: feedback label export-training mine.parquet")
def export_training(
    file: Annotated[Path, typer.Argument(help="A new .tsv or .parquet.")],
    settings: SettingsFile = DEFAULT,
    sampled: Annotated[
        bool, typer.Option("--sampled", help="The sampled ones, too: see what it says.")
    ] = False,
) -> None:
    """Write the labelled texts for `feedback model train`. They are customers' words, redacted."""
    from tasks import label as reading

    with plainly():
        typer.echo(reading.export_training(str(settings), file, sampled=sampled))


def _key() -> str:
    """One key, without Enter; no terminal, or none any more, is the same as q."""
    try:
        return typer.getchar() or "q"
    except (EOFError, KeyboardInterrupt):
        return "q"
    except OSError:
        typer.echo("There is no terminal here. Use `feedback label export` instead.", err=True)
        return "q"
