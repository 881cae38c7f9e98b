"""How good models are on a labelled table of one's own: no run, no warehouse, nothing stored.

Engines of the settings are asked only when they are named: some of them cost something.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from feedback.sentiment import baselines, labelled, model, report
from feedback.sentiment.engine import Engine
from tasks.opening import opened


def evaluate(
    table: Path, text: str, label: str, settings: str, engines: Sequence[str], worst: int
) -> str:
    """Markdown: the shipped model, the named engines of the settings, VADER and TextBlob.

    `text` and `label` name columns of the table. The first engine's mistakes are listed: of those
    named, else of the shipped model. Raises `Refused` and `Changed`.
    """
    rows, left_out = labelled.read(table, text, label)
    with ExitStack() as open_ones:
        chosen: list[Engine] = []
        if engines:
            house = open_ones.enter_context(opened(settings))
            chosen = [house.other_judge(name) for name in engines]
        said = report.evaluate(rows, [*chosen, model.load(), *baselines.installed()], worst)
    missing = _missing()
    notes = [f"{left_out} rows have no text or no known label and are left out."] * bool(left_out)
    if missing:
        notes.append(f"Not installed here, so not compared: {', '.join(missing)}.")
    return said + "".join(f"\n{note}\n" for note in notes)


def _missing() -> list[str]:
    here = {one.name for one in baselines.installed()}
    return [name for name in baselines.NAMES if name not in here]
