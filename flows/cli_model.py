"""`feedback model …`: train the models, measure them, compare one of sentiment with another.

Comparing publishes nothing: it says what would change.
"""

from pathlib import Path
from typing import Annotated

import typer

from feedback.settings import DEFAULT
from flows.saying import SettingsFile, plainly, print_table

app = typer.Typer(help="Train, measure and compare models.", no_args_is_help=True)


@app.command(epilog="Example: feedback model train --data labelled/")
def train(
    data: Annotated[Path, typer.Option(exists=True, help="Folder with the labelled tables.")],
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = Path("weights.npz"),
    seed: Annotated[int, typer.Option(help="The same data and seed give the same file.")] = 0,
) -> None:
    """Train the sentiment model; deterministic, takes half an hour."""
    from tasks import operate

    with plainly():
        typer.echo(operate.train(data, out, seed))


@app.command(epilog="Example: feedback model card --data labelled/ > MODEL_CARD.md")
def card(
    data: Annotated[Path, typer.Option(exists=True, help="Folder with the labelled tables.")],
) -> None:
    """Measure the shipped model on its test sets and print its card; takes half an hour."""
    from tasks import operate

    with plainly():
        typer.echo(operate.model_card(data), nl=False)


@app.command("train-topics", epilog="Example: feedback model train-topics --data labelled/")
def train_topics(
    data: Annotated[Path, typer.Option(exists=True, help="Folder with ru.tsv and en.tsv.")],
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = Path("weights.npz"),
) -> None:
    """Train the topic model; deterministic, takes minutes."""
    from tasks import operate

    with plainly():
        typer.echo(operate.train_topics(data, out))


@app.command("topics-card", epilog="Example: feedback model topics-card --data labelled/")
def topics_card(
    data: Annotated[Path, typer.Option(exists=True, help="Folder with ru.tsv and en.tsv.")],
) -> None:
    """Measure topics and intents on industries left out, and print it; takes minutes."""
    from tasks import operate

    with plainly():
        typer.echo(operate.topics_card(data))


@app.command("eval", epilog="Example: feedback model eval ours.csv --text comment --label verdict")
def evaluate(
    table: Annotated[Path, typer.Argument(exists=True, help="CSV, XLSX, JSONL or Parquet.")],
    text: Annotated[str, typer.Option(help="The column of texts.")] = "text",
    label: Annotated[str, typer.Option(help="The column of labels: negative, neutral …")] = "label",
    engine: Annotated[
        list[str] | None,
        typer.Option(help="Also an engine of the settings, by its name; repeatable."),
    ] = None,
    worst: Annotated[int, typer.Option(min=0, help="How many of the worst mistakes.")] = 20,
    settings: SettingsFile = DEFAULT,
) -> None:
    """Measure models on a labelled table; prints Markdown, with texts of the table."""
    from tasks import evaluate as measuring

    with plainly():
        typer.echo(
            measuring.evaluate(table, text, label, str(settings), engine or [], worst), nl=False
        )


@app.command(epilog="Example: feedback model compare --with weights.npz --days 30 --out moved.csv")
def compare(
    settings: SettingsFile = DEFAULT,
    weights: Annotated[
        Path | None, typer.Option("--with", help="Weights that `feedback model train` wrote.")
    ] = None,
    engine: Annotated[str, typer.Option(help="Or an engine of the settings, by its name.")] = "",
    days: Annotated[int, typer.Option(min=0, help="The last days; 0: as are published.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Write the numbers there, as CSV.")] = None,
) -> None:
    """Say what would change if another model judged; publishes nothing."""
    if (weights is None) == (not engine):
        raise typer.BadParameter("--with or --engine, one of them")
    from tasks import versions

    with plainly():
        found = versions.compare(str(settings), weights, engine, days)
        for sentence in found.said:
            typer.echo(sentence)
        print_table("Texts", versions.readable(found.summary))
        print_table("Labels that change", found.changes)
        print_table("What would be published", versions.readable(found.numbers))
        if out:
            typer.echo(versions.write(found.numbers, out))
