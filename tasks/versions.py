"""What another model would make of what is stored: asked before it is chosen, publishing nothing.

Nothing is written but the answers of an engine that costs something: those are not paid twice.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from feedback.errors import Refused
from feedback.metrics import versions
from feedback.sentiment.engine import Engine
from feedback.text.language import detect
from feedback.warehouse import current, understood
from tasks.opening import Opened, opened

BATCH = 10_000  # texts held in memory at once


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it: sentences, and the tables of `feedback.metrics.versions`."""

    said: list[str]
    summary: pd.DataFrame
    changes: pd.DataFrame
    numbers: pd.DataFrame


def compare(settings: str, weights: Path | None, engine: str, days: int) -> Compared:
    """The chosen model beside weights of a file, or beside an engine of the settings.

    `days` are the last ones with words in them; 0: as many as are published. Raises `Refused`.
    """
    with opened(settings) as house:
        other, model = _other(house, weights, engine), house.model()
        if (other.name, other.version) == model:
            raise Refused(
                f"{' '.join(model)} is the model in use. Nothing was judged. Name another one."
            )
        items = _items(house, model, days or house.settings.publish.days)
        labels, speaks = _judged(house, other, items)
        known = speaks & items["sentiment"].notna()
        kept = known & labels.notna()
        before, after = items.loc[kept, "sentiment"], labels[kept]
        if before.empty:
            raise Refused(
                f"There is no text that both {' '.join(model)} and the other judged. Nothing was "
                "compared. Name more --days, or run first."
            )
        numbers = versions.numbers(items[kept], after, house.settings.timezone)
        said = [
            f"In use: {' '.join(model)}. Compared with: {other.name} {other.version}.",
            f"{len(before)} texts of {int(speaks.sum())} compared, {int((before != after).sum())} "
            f"labels change. Not compared: {int((speaks & ~known).sum())} that the model in use "
            f"has not judged yet, {int((known & ~kept).sum())} that the other put off.",
            "Nothing was published or stored as an inference.",
        ]
        return Compared(
            said, versions.summary(before, after), versions.changes(before, after), numbers
        )


def _other(house: Opened, weights: Path | None, engine: str) -> Engine:
    if weights is None:
        return house.other_judge(engine)
    from connectors.engines.trained import read

    return read(weights)


def _items(house: Opened, model: tuple[str, str], days: int) -> pd.DataFrame:
    last, zone = current.last_said(house.engine), ZoneInfo(house.settings.timezone)
    if last is None:
        raise Refused("There is no feedback stored yet. Nothing was compared. Run first.")
    end = min(last.astimezone(zone), datetime.now(zone))
    midnight = datetime(end.year, end.month, end.day, tzinfo=zone)
    since, until = midnight - timedelta(days=days - 1), midnight + timedelta(days=1)
    return current.items(house.engine, model, since.astimezone(UTC), until.astimezone(UTC))


def _judged(house: Opened, other: Engine, items: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The other's label of each item (NA: put off), and whether the item has a text."""
    labels, speaks = [], []
    for start in range(0, len(items), BATCH):
        ids = items["item_id"].iloc[start : start + BATCH].tolist()
        texts = understood.texts(house.engine, ids)
        languages = [language for language, _ in detect(texts)]
        labels += other.judge(texts, languages)["label"].tolist()
        speaks += [bool(text.strip()) for text in texts]
    return (
        pd.Series(labels, index=items.index, dtype="string"),
        pd.Series(speaks, index=items.index, dtype=bool),
    )


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """Shares in percent with their interval in one cell, for people; no cell where it is few."""
    told = table.copy()
    for end in ("", "_before", "_after"):
        value = f"value{end}" if end else "share"
        if value in told:
            ends = zip(told[value], told[f"low{end}"], told[f"high{end}"], strict=True)
            told[value] = [_percent(*one) for one in ends]
            told = told.drop(columns=[f"low{end}", f"high{end}"])
    told = told.drop(columns=["status_before", "status_after"], errors="ignore").astype(object)
    return told.where(told.notna(), None)


def write(numbers: pd.DataFrame, out: Path) -> str:
    """The numbers as CSV; says where. Raises `Refused` when it cannot be written."""
    try:
        numbers.to_csv(out, index=False)
    except OSError as error:
        raise Refused(f"{out} cannot be written ({error.strerror}). Name another --out.") from None
    return f"Wrote {out}."


def _percent(value: float, low: float, high: float) -> str:
    return "" if pd.isna(value) else f"{value:.1%} ({low:.1%} to {high:.1%})"
