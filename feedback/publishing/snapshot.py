"""What is published: the numbers of one moment, their declarations and the state of the sources.

Rows with status "few" lose value, n and interval here, so nothing downstream can show them.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from feedback.metrics.catalogue import Declared
from feedback.metrics.compute import COLUMNS, KEY
from feedback.metrics.corrected import Labels
from feedback.publishing.topic_facts import Topics
from feedback.quality import Quality

GRAINS = ("period", "week", "day")
PROBLEMS = (
    "",  # all went well
    "unavailable",
    "refused",
    "changed",
    "busy",
    "unbalanced",
    "fault",
    "running",  # it was cut off
    "never",
    "failed",  # any other
)


@dataclass(frozen=True)
class SourceState:
    """One source after the last run.

    `problem` is one of PROBLEMS. Anything else becomes "failed", for the sentence of an error may
    name logins, hosts and paths.
    """

    source: str
    channel: str
    last_success: datetime | None  # aware
    last_said: datetime | None  # aware; when a customer last said something there
    items: int
    set_aside: int
    problem: str

    def __post_init__(self) -> None:
        if self.problem not in PROBLEMS:
            object.__setattr__(self, "problem", "failed")


@dataclass(frozen=True)
class Judged:
    """How many texts the model was asked about, and on how many of them it was not sure."""

    texts: int
    unsure: int


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment.

    `values` has the columns of `feedback.metrics.compute`: grain "day", "week" or "period";
    `period` the first day of it; channel and product "" for all; value in the metric's unit; n the
    answers behind it; low and high the 95 % interval (NaN: none); status "ok" or "few". Of the
    rows of grain "period" the latest are the window; rows of the window of equal length before it,
    if given, are what changes are measured from. A day without a row is a gap, a day with value 0
    is a zero.

    Raises ValueError for a naive `as_of`, missing columns, an unknown time zone or doubled keys.
    """

    title: str
    as_of: datetime
    window_start: date
    window_end: date  # the last day, included
    timezone: str
    model: str  # "name version"
    values: pd.DataFrame
    metrics: Sequence[Declared]
    sources: Sequence[SourceState]
    runs: Sequence[str]
    topics: Topics | None = None  # None: the page says nothing of them
    judged: Judged | None = None
    labels: Labels | None = None  # what the corrected shares rest on
    quality: Quality | None = None  # None: there is no page on it
    restated: "Restated | None" = None  # None: the model is the one of the publications before

    def __post_init__(self) -> None:
        if self.as_of.tzinfo is None:
            raise ValueError("as_of has no time zone: give an aware time")
        ZoneInfo(self.timezone)
        missing = [column for column in COLUMNS if column not in self.values.columns]
        if missing:
            raise ValueError(f"values lack {missing}; they have {list(self.values.columns)}")
        doubled = int(self.values.duplicated(subset=KEY).sum())
        if doubled:
            raise ValueError(f"values have {doubled} rows whose key {KEY} stands there already")

    @property
    def previous_start(self) -> date:
        """First day of the period of equal length just before the window."""
        return self.window_start - (self.window_end - self.window_start) - timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """One number as it may be shown: value, n (unless 0), low and high are None where few."""

    metric: str
    grain: str
    period: date
    channel: str
    product: str
    value: float | None
    n: int | None
    low: float | None
    high: float | None
    status: str


@dataclass(frozen=True)
class Restated:
    """The last publication of another model, and what the present one makes of the same days."""

    model: str  # "name version" of the one before
    published: datetime  # aware
    first: date
    last: date  # included
    pairs: tuple[tuple[Row, Row], ...]  # was, is: only where they differ

    def told(self) -> dict[str, Any]:
        """As JSON, to be kept with the publication."""
        changed = {was.metric: [was.value, now.value] for was, now in self.pairs}
        days = [self.first.isoformat(), self.last.isoformat()]
        published = self.published.isoformat()
        return {"model": self.model, "published": published, "days": days, "was_is": changed}


def rows(snapshot: Snapshot) -> list[Row]:
    """All numbers in one settled order: metric as declared, grain, period, channel, product."""
    places = {metric.name: place for place, metric in enumerate(snapshot.metrics)}

    def order(row: Row) -> tuple[int, str, int, date, str, str]:
        place = places.get(row.metric, len(places))
        return place, row.metric, GRAINS.index(row.grain), row.period, row.channel, row.product

    return sorted(read(snapshot.values), key=order)


def snapshot_id(snapshot: Snapshot) -> str:
    """UTC time of `as_of` and a short hash of all that is published."""
    digest = hashlib.sha256(json.dumps(_content(snapshot), sort_keys=True).encode()).hexdigest()
    return f"{snapshot.as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest[:10]}"


def plain(text: object) -> str:
    """Text from outside without control characters and lone surrogates: no format takes those."""
    if text is None or (isinstance(text, float) and text != text):  # NaN
        return ""
    readable = str(text).encode("utf-8", "replace").decode("utf-8")
    return "".join(" " if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in readable).strip()


def read(values: pd.DataFrame) -> Iterator[Row]:
    """Each number as it may be shown; `values` has the columns of `feedback.metrics.compute`."""
    columns = [values[column].tolist() for column in COLUMNS]
    for metric, grain, period, channel, product, value, n, low, high, status in zip(
        *columns, strict=True
    ):
        shown = status != "few"
        yield Row(
            metric=plain(metric),
            grain=plain(grain),
            period=pd.Timestamp(period).date(),
            channel=plain(channel),
            product=plain(product),
            value=_number(value) if shown else None,
            n=int(n) if not pd.isna(n) and (shown or n == 0) else None,
            low=_number(low) if shown else None,
            high=_number(high) if shown else None,
            status="ok" if shown else "few",
        )


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _content(snapshot: Snapshot) -> list[Any]:
    return [
        [snapshot.title, snapshot.as_of.isoformat(), snapshot.timezone, snapshot.model],
        [str(snapshot.window_start), str(snapshot.window_end), list(snapshot.runs)],
        [str(snapshot.judged), str(snapshot.labels), str(snapshot.quality), str(snapshot.restated)],
        [declaration(metric) for metric in snapshot.metrics],
        [{k: str(v) for k, v in asdict(source).items()} for source in snapshot.sources],
        [[str(v) for v in asdict(row).values()] for row in rows(snapshot)],
        snapshot.topics.content() if snapshot.topics else [],
    ]


def declaration(metric: Declared) -> dict[str, Any]:
    """A metric's declaration as plain data, for the exports and the metric dictionary."""
    return {
        "name": metric.name,
        "title": dict(metric.title),
        "question": dict(metric.question),
        "unit": metric.unit,
        "higher_is": metric.higher_is,
        "caveat": dict(metric.caveat),
        "owner": metric.owner,
    }
