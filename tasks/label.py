"""What a person does who reads items: answer one after the other, or in a spreadsheet.

The model's label is never shown before the answer, so that nobody is led by it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from feedback.errors import Refused
from feedback.publishing import label_sheet
from feedback.sentiment.sources import LABELS, LANGUAGES
from feedback.text.language import UNKNOWN
from feedback.warehouse import corrections, current
from feedback.warehouse.corrections import Answer, Stored, Wanted
from tasks.opening import Opened, opened

KEYS = {  # on a Russian keyboard, too
    **dict.fromkeys("1nт", "negative"),
    **dict.fromkeys("20", "neutral"),
    **dict.fromkeys("3pз", "positive"),
    **dict.fromkeys("sы", "skip"),
    **dict.fromkeys("uг", "undo"),
    **dict.fromkeys("qй\x03\x04", "quit"),
}
# What arrows and the like send, and its beginning: a slow line brings it in parts. Source: ECMA-48,
# 5.4 (control sequences), and ESC O of the VT100's keypad.
SEQUENCE = re.compile(r"\x1b+(\[[0-?]*[ -/]*[@-~]|O.)")
BEGUN = re.compile(r"\x1b+(\[[0-?]*[ -/]*|O)?")
HELP = "1 n negative   2 0 neutral   3 p positive   s skip   u undo the last   q quit"
MEASURED = (
    " Sampled texts are among them: a model that learns from these can no longer be measured by "
    "them, and the corrected shares of that model would be wrong."
)
PLACES = 16**13  # as finely as a float divides 0..1


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read, as typed: `sample` a share such as 0.05, or a number such as 100."""

    sample: str = "100"
    days: int = 0  # 0: as many as are published
    unsure: bool = False
    source: str = ""
    language: str = ""


@dataclass(slots=True)
class Reading:
    """One reader at the terminal; each answer is stored before the next item is shown."""

    house: Opened
    queue: list[tuple[str, int]]
    drawn: corrections.Drawn
    ask: Callable[[], str]
    say: Callable[[str], None]
    done: list[int] = field(default_factory=list)  # places of what was answered, in order
    place: int = 0

    def read(self) -> None:
        while self.place < len(self.queue):
            item = corrections.shown(self.house.engine, *self.queue[self.place])
            if item is None:
                self.place += 1
            elif not self._answered(item):
                return

    def _answered(self, item: dict[str, Any]) -> bool:
        """Whether there is more to be read after this one."""
        self.say(f"\n[{self.place + 1} of {len(self.queue)}] {_about(item)}\n\n{_plain(item)}\n")
        key = ""
        while key not in KEYS:
            self.say(HELP)
            key = _pressed(self.ask)
        if KEYS[key] == "undo":
            self._undo()
        elif KEYS[key] in LABELS:
            self._store(KEYS[key])
        else:
            self.place += 1
        return KEYS[key] != "quit"

    def _store(self, label: str) -> None:
        answer = Answer(*self.queue[self.place], label, self.drawn)
        stored = corrections.store(self.house.engine, self.house.model(), [answer])
        if stored.new:
            self.done.append(self.place)
        self.place += 1
        self.say(
            f"-> {label}" if stored.new else "Not stored: edited, or read by another, just now."
        )

    def _undo(self) -> None:
        if not self.done:
            self.say("There is nothing to undo: no answer was given here yet.")
            return
        self.place = self.done.pop()
        corrections.take_back(
            self.house.engine, self.house.model(), *self.queue[self.place], drawn=self.drawn
        )


def read(path: str, asked: Asked, ask: Callable[[], str], say: Callable[[str], None]) -> str:
    """Show what is to be read and store each answer; says how many were given."""
    with opened(path) as house:
        drawn, sample = _draw(house, asked)
        left = sample[sample["label"].isna()]
        say(f"{len(sample)} items are in this draw ({drawn}); {len(left)} are still to be read.")
        queue = list(zip(left["item_id"], left["version"].astype(int), strict=True))
        reading = Reading(house, queue, drawn, ask, say)
        reading.read()
    return f"Stored {len(reading.done)} answers. {_next(len(queue) - len(reading.done))}"


def export(path: str, asked: Asked, file: Path) -> str:
    """Write what is still to be read to a spreadsheet; says how many rows it has."""
    _must_be_new(file)
    with opened(path) as house:
        drawn, sample = _draw(house, asked)
        items = corrections.listed(house.engine, sample)
        made = label_sheet.content(label_sheet.sheet(items, drawn), file.suffix.lower())
    _write(file, made)
    return (
        f"Wrote {file}: {len(items)} rows, {len(sample) - len(items)} of the draw were read before."
        " It holds customers' words, redacted: keep it where such words may be. Fill in `label` "
        "from the first row on, leaving none out for being hard to read: what was left out is "
        "missing from the estimate."
    )


def import_(path: str, file: Path) -> Iterator[str]:
    """Store the labels of a spreadsheet; yields a line for what could not be read, then a sum."""
    sheet = label_sheet.read(file)
    rows = sheet.rows.assign(drawn=sheet.rows["drawn"].where(_known(sheet.rows), "chosen"))
    read = zip(rows["item_id"], rows["version"], rows["label"], rows["drawn"], strict=True)
    with opened(path) as house:
        stored = corrections.store(house.engine, house.model(), [Answer(*row) for row in read])
    yield from _problems(rows, sheet, stored)
    yield (
        f"Stored {stored.new} new labels; {stored.same} said what holds already; "
        f"{len(sheet.bare)} rows have no label."
    )


def export_training(path: str, file: Path, *, sampled: bool) -> str:
    """Write the texts that people labelled as a table to train on; `sampled`: these as well."""
    _must_be_new(file)
    with opened(path) as house:
        rows = corrections.to_learn_from(house.engine, house.model(), sampled=sampled)
        rows = rows.assign(set="corrections")
    rows["text"] = rows["text"].str.split().str.join(" ")  # a row is a line
    rows["lang"] = rows["lang"].fillna(UNKNOWN)
    useful = rows[rows["lang"].isin(LANGUAGES)]
    writers: dict[str, Callable[[], bytes]] = {
        ".tsv": lambda: _tsv(useful),
        ".parquet": lambda: useful.to_parquet(index=False),
    }
    if file.suffix.lower() not in writers:
        raise Refused("Training tables are .tsv or .parquet. No file was written. Name it so.")
    _write(file, writers[file.suffix.lower()]())
    return (
        f"Wrote {file}: {len(useful)} labelled texts, {len(rows) - len(useful)} in languages "
        "without a model were left out. It holds customers' words, redacted: keep it where such "
        "words may be, and never commit it." + (MEASURED if sampled else "")
    )


def _pressed(ask: Callable[[], str]) -> str:
    """The next key in lower case; "" for one that is no character, such as an arrow."""
    pressed = ask()
    while BEGUN.fullmatch(pressed):
        pressed += ask()
    return SEQUENCE.sub("", pressed).lstrip("\x1b").lower()[:1]


def _draw(house: Opened, asked: Asked) -> tuple[corrections.Drawn, pd.DataFrame]:
    """Raises `Refused` where nothing can be read."""
    last = current.last_said(house.engine)
    days = asked.days or house.settings.publish.days
    wanted = Wanted(
        sample=_sample(asked.sample),
        since=(last or datetime.now(UTC)) - timedelta(days=days),
        unsure=asked.unsure,
        source=asked.source,
        language=asked.language,
    )
    sample = corrections.draw(house.engine, house.model(), wanted, lambda one: _place(house, one))
    sources = house.settings.sources
    if sample.empty and asked.source and asked.source not in sources:
        raise Refused(
            f"There is no source {asked.source!r}. Nothing was stored. There are "
            f"{', '.join(sources) or 'none'}: see [sources.<name>] in the settings."
        )
    if sample.empty:
        raise Refused(
            f"There is nothing to read: no text of the last {days} days that the present model "
            "judged is as you asked. Nothing was stored. Name fewer filters or more --days, or "
            "run `feedback refine` first."
        )
    corrections.take_over(house.engine, house.model(), sample, wanted.drawn)
    return wanted.drawn, sample


def _sample(typed: str) -> float:
    try:
        sample = float(typed.removesuffix("%")) / (100 if typed.endswith("%") else 1)
    except ValueError:
        sample = 0.0
    most = 1 if typed.endswith("%") else 1_000_000
    if not 0 < sample < most or (sample > 1 and not sample.is_integer()):  # NaN is not either
        raise Refused(
            f"--sample {typed} is neither a number such as 100 nor a share such as 0.05. Nothing "
            "was stored."
        )
    return sample


def _place(house: Opened, item_id: str) -> float:
    """Keyed, so that nobody who writes to us can tell or choose whether it will be read."""
    return int(house.vault.hash("label", item_id)[:13], 16) / PLACES


def _known(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["drawn"].isin(["sampled", "unsure"])


def _problems(rows: pd.DataFrame, sheet: label_sheet.Sheet, stored: Stored) -> Iterator[str]:
    named = {
        "have a label that is none: write negative, neutral or positive (or -1, 0, 1)": (
            sheet.unreadable
        ),
        "name an item that is not stored: keep the ids as they were exported": (
            rows.loc[rows["item_id"].isin(stored.unknown), "row"].tolist()
        ),
        "are about words that were edited since: export these items again": (
            rows.loc[rows["item_id"].isin(stored.stale), "row"].tolist()
        ),
    }
    for rivals in sheet.contradictory:
        said = f"{', '.join(map(str, rivals[:-1]))} and {rivals[-1]}"
        yield f"Not stored, rows {said} contradict each other: keep one."
    for problem, numbers in named.items():
        if numbers:
            yield f"Not stored, rows {', '.join(map(str, numbers))}: they {problem}."


def _about(item: dict[str, Any]) -> str:
    rated = label_sheet.rated(item["rating"], item["scale_low"], item["scale_high"])
    known = [item["channel"], f"{item['said_at']:%Y-%m-%d}", rated and f"rating {rated}"]
    return " · ".join(part for part in known if part)


def _plain(item: dict[str, Any]) -> str:
    """The words without what a terminal would obey."""
    return "".join(c if c.isprintable() or c in "\n\t" else "·" for c in item["text"])


def _next(left: int) -> str:
    if not left:
        return "This draw is read. The next `feedback run` counts with it."
    return f"{left} are left; the same command goes on there."


def _must_be_new(file: Path) -> None:
    if file.exists():
        raise Refused(
            f"{file} is there already, perhaps with labels that somebody gave. It was left alone. "
            "Name another file."
        )


def _tsv(rows: pd.DataFrame) -> bytes:
    lines = ["\t".join(map(str, row)) for row in rows.to_numpy()]
    return ("\n".join(["\t".join(rows.columns), *lines]) + "\n").encode()


def _write(file: Path, made: bytes) -> None:
    """Only its owner can read it."""
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_bytes(made)
    except OSError as error:
        raise Refused(
            f"{file} cannot be written ({error.strerror}). Nothing was stored either. Name a file "
            "in a folder that is there and may be written."
        ) from None
