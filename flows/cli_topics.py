"""`feedback topics …`: what the taxonomy finds, in all that is stored or in a text of your own.

A text that is tried here is neither stored nor logged.
"""

from typing import Annotated

import typer

from feedback.settings import DEFAULT
from flows.saying import SettingsFile, plainly, print_table

app = typer.Typer(help="See the taxonomy, and try it on a text.", no_args_is_help=True)

Text = Annotated[str, typer.Argument(help="A text as a customer would write it.")]


@app.command("list", epilog="Example: feedback topics list")
def show_list(settings: SettingsFile = DEFAULT) -> None:
    """List the topics, with how many items of the last 90 days speak of each."""
    from tasks import topics

    with plainly():
        print_table("Topics", topics.listed(str(settings)))


@app.command("try", epilog='Example: feedback topics try "Доставка быстрая, но приложение падает"')
def try_text(text: Text, settings: SettingsFile = DEFAULT) -> None:
    """Show what is found in one text, with the words that led to it."""
    from tasks import topics

    with plainly():
        for title, table in topics.tried(str(settings), text):
            print_table(title, table)


@app.command(epilog="Example: feedback topics alerts")
def alerts(settings: SettingsFile = DEFAULT) -> None:
    """List what threatens to leave, tells of danger or law or is urgent, with the words found."""
    from tasks import published_topics

    with plainly():
        print_table("Alerts", published_topics.alerts(str(settings)))


@app.command(epilog="Example: feedback topics themes")
def themes(
    settings: SettingsFile = DEFAULT,
    most: Annotated[int, typer.Option(min=1, help="How many to show.")] = 30,
) -> None:
    """List what people speak of that nobody declared: what the taxonomy lacks comes first.

    `growth` is how often it is spoken of in the last four weeks against the four before, of as many
    texts, with its 95 % interval.
    """
    from tasks import themes

    with plainly():
        print_table("Themes", themes.listed(str(settings)).head(most))


@app.command(epilog="Example: feedback topics phrases --most 15")
def phrases(
    settings: SettingsFile = DEFAULT,
    most: Annotated[int, typer.Option(min=1, help="How many to show of each language.")] = 20,
) -> None:
    """List the phrases that tell the last four weeks from the four before them.

    `z` is the log-odds ratio in standard errors: beyond 2, chance alone seldom makes it.
    """
    from tasks import themes

    with plainly():
        for language, table in themes.phrases(str(settings)).items():
            print_table(f"Phrases ({language})", table.head(most))
