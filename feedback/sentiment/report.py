"""An evaluation in Markdown: each engine on a labelled table, whole and in parts, and its mistakes.

Texts of mistakes are printed as they stand in the table: whoever holds the table may read them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback.sentiment import measures
from feedback.sentiment.engine import Engine
from feedback.sentiment.markdown import grid
from feedback.sentiment.model import UNSURE
from feedback.sentiment.sources import LABELS

LENGTHS = (30, 120, 300)  # characters: short, a sentence, a few, long
COVERAGES = (0.25, 0.5, 0.75, 1.0)
SHORTEST = 20  # a smaller part gets no row: its interval would say nothing


@dataclass(frozen=True)
class Judged:
    """What one engine made of the rows of a table, in their order."""

    engine: Engine
    rows: pd.DataFrame

    @property
    def title(self) -> str:
        return f"{self.engine.name} {self.engine.version}"


def evaluate(rows: pd.DataFrame, engines: Sequence[Engine], worst: int = 20) -> str:
    """Markdown. `rows` as of `labelled.read`; the first engine's mistakes are listed.

    Every measure has its n and a 95 % interval; parts of fewer than SHORTEST rows are left out.
    """
    judged = [
        Judged(engine, engine.judge(rows["text"].tolist(), rows["lang"].tolist()))
        for engine in engines
    ]
    chief = judged[0]
    sections = [
        f"# {len(rows)} labelled texts",
        "VADER and TextBlob know English only: of other texts they have no opinion, which counts "
        f"as wrong. Parts of fewer than {SHORTEST} texts are left out.",
        f"## All\n\n{_table(rows, judged, np.zeros(len(rows), dtype=object))}",
        *(
            f"## By {name}\n\n{_table(rows, judged, part)}"
            for name, part in _parts(rows)
            if len(set(part)) > 1
        ),
        f"## Polarities right among the surest\n\n{_covered(rows, judged)}",
        f"## What {chief.title} says of what\n\n{_confusion(rows, chief)}",
        f"## Its worst mistakes\n\n{_mistakes(rows, chief, worst)}",
    ]
    return "\n\n".join(sections) + "\n"


def _parts(rows: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    sizes = np.digitize(rows["text"].str.len(), LENGTHS, right=True)
    names = [f"up to {n} characters" for n in LENGTHS] + [f"over {LENGTHS[-1]} characters"]
    yield "language", rows["lang"].to_numpy(dtype=object)
    yield "channel", rows["channel"].to_numpy(dtype=object)
    yield "length", np.array(names, dtype=object)[sizes]


def _table(rows: pd.DataFrame, judged: Sequence[Judged], part: np.ndarray) -> str:
    lines, header = [], ["part", "engine", "n"]
    for name in sorted(set(part)):
        here = part == name
        if here.sum() < SHORTEST and len(set(part)) > 1:
            continue
        for one in judged:
            found = measures.measure(rows["label"][here], one.rows[here])
            header = ["part", "engine", "n", *found]
            n = str(here.sum())
            lines.append([str(name or "all"), one.title, n, *map(str, found.values())])
    return grid(header, lines)


def _covered(rows: pd.DataFrame, judged: Sequence[Judged]) -> str:
    opinions = int(rows["label"].isin(measures.POLAR).sum())
    lines = [
        [one.title, str(opinions)]
        + [str(measures.precision_at(rows["label"], one.rows, part)) for part in COVERAGES]
        for one in judged
    ]
    return grid(["engine", "opinions", *(f"surest {part:.0%}" for part in COVERAGES)], lines)


def _confusion(rows: pd.DataFrame, one: Judged) -> str:
    said = [*LABELS, UNSURE]
    counts = pd.crosstab(rows["label"].to_numpy(), one.rows["label"].to_numpy())
    counts = counts.reindex(index=list(LABELS), columns=said, fill_value=0)
    lines = [[true, *(str(n) for n in counts.loc[true])] for true in LABELS]
    return grid(["is \\ says", *said], lines)


def _mistakes(rows: pd.DataFrame, one: Judged, worst: int) -> str:
    said = one.rows["label"]
    wrong = ((said != rows["label"]) & (said != UNSURE)).to_numpy()
    surest = one.rows["confidence"][wrong].sort_values(ascending=False).index[:worst]
    lines = [
        [rows["label"][i], said[i], f"{one.rows['confidence'][i]:.2f}", _cell(rows["text"][i])]
        for i in surest
    ]
    return grid(["is", "says", "confidence", "text"], lines)


def _cell(text: str) -> str:
    plain = " ".join(text.split()).replace("|", "\\|").replace("`", "'")
    return plain if len(plain) <= 200 else f"{plain[:199]}…"
