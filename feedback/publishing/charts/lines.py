"""Lines over time with interval bands: geometry only, the templates write the markup.

A missing day breaks line and band; a day with too few answers is a tick on the axis, no point.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from feedback.publishing.charts.axis import Axis, Slots, bounds, ticks
from feedback.publishing.snapshot import Row


@dataclass(frozen=True)
class Series:
    """Rows of one line, in time order; `tone` is a class of the style sheet."""

    tone: str
    name: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Frame:
    """What is around the lines: the paper, the days on it and how to write values on it."""

    first: date
    last: date
    step: int  # 1 or 7 days
    unit: str
    tick: Callable[[float, float], str]  # value, step between ticks
    day: Callable[[date], str]
    hint: Callable[[Row], str]
    partial: Callable[[date], bool]
    gap: str = ""
    joined: bool = True  # False: no line between the values, each with its whisker
    width: int = 360
    height: int = 190
    left: int = 42
    span: tuple[float, float] | None = None  # a value axis shared with other charts


@dataclass(frozen=True)
class Mark:
    """One value on paper; `alone` has no neighbour to draw a band to, so it gets a whisker."""

    x: float
    y: float
    low: float
    high: float
    hint: str
    open: bool
    alone: bool


@dataclass(frozen=True)
class Curve:
    """One line: SVG path data, solid and dashed (to an incomplete week), bands and marks."""

    tone: str
    name: str
    solid: str
    dashed: str
    bands: list[str]
    marks: list[Mark]
    few: list[tuple[float, str]]


@dataclass(frozen=True)
class LineChart:
    """A drawn chart; all lengths in the units of its viewBox."""

    width: int
    height: int
    left: float
    right: float
    bottom: float
    y_labels: list[tuple[float, str, bool]]  # y, text, is zero
    x_labels: list[tuple[float, str]]
    gaps: list[tuple[float, float, str]]  # x, width, text
    curves: list[Curve]
    dot: float


def line_chart(series: Sequence[Series], frame: Frame) -> LineChart | None:
    """Draw the series, or None when there is not one value to draw."""
    span = frame.span or value_span(series, frame.unit)
    if span is None:
        return None
    bottom = frame.height - 22
    marks = ticks(*span)
    up = Axis(marks[0], marks[-1], bottom, 10)
    along = Slots(frame.first, frame.last, frame.step, frame.left, frame.width - 12)
    return LineChart(
        width=frame.width,
        height=frame.height,
        left=frame.left,
        right=frame.width - 12,
        bottom=bottom,
        y_labels=[(up.at(m), frame.tick(m, marks[1] - marks[0]), m == 0) for m in marks],
        x_labels=[(along.at(when), frame.day(when)) for when in along.labels()],
        gaps=_gaps(along, series, frame.gap),
        curves=[_curve(one, along, up, frame) for one in series],
        dot=2.6 if along.width > 12 else 1.5 if frame.joined else 2.0,
    )


def value_span(series: Sequence[Series], unit: str) -> tuple[float, float] | None:
    """The span that shows every value and every interval of the series."""
    values = [
        end
        for one in series
        for row in one.rows
        for end in (row.value, row.low, row.high)
        if end is not None
    ]
    return bounds(values, unit) if values else None


def missing(days: Sequence[date], present: set[date], step: int) -> list[tuple[date, date]]:
    """Stretches of slots without a row, each as its first and last day."""
    stretches: list[tuple[date, date]] = []
    for when in days:
        if when in present:
            continue
        end = when + timedelta(days=step - 1)
        if stretches and stretches[-1][1] == when - timedelta(days=1):
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((when, end))
    return stretches


def _gaps(along: Slots, series: Sequence[Series], text: str) -> list[tuple[float, float, str]]:
    present = {row.period for one in series for row in one.rows}
    drawn = []
    for first, last in missing(along.days(), present, along.step):
        x = along.at(first) - along.width / 2
        width = along.width * (((last - first).days + 1) / along.step)
        drawn.append((round(x, 1), round(width, 1), text if width > 60 else ""))
    return drawn


def _curve(one: Series, along: Slots, up: Axis, frame: Frame) -> Curve:
    known = [row for row in one.rows if row.value is not None]
    runs = _runs(known, along.step) if frame.joined else [[row] for row in known]
    drawn = [[_mark(row, len(run) == 1, along, up, frame) for row in run] for run in runs]
    pieces = [piece for marks in drawn for piece in pairwise(marks)]
    return Curve(
        tone=one.tone,
        name=one.name,
        solid=_path([(a, b) for a, b in pieces if not (a.open or b.open)]),
        dashed=_path([(a, b) for a, b in pieces if a.open or b.open]),
        bands=[band for run in runs if (band := _band(run, along, up))],
        marks=[mark for marks in drawn for mark in marks],
        few=[(along.at(row.period), frame.hint(row)) for row in one.rows if row.status == "few"],
    )


def _runs(known: Sequence[Row], step: int) -> list[list[Row]]:
    runs: list[list[Row]] = []
    for row in known:
        if runs and (row.period - runs[-1][-1].period).days == step:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _mark(row: Row, alone: bool, along: Slots, up: Axis, frame: Frame) -> Mark:
    value = row.value or 0.0
    low, high = _ends(row)
    return Mark(
        x=along.at(row.period),
        y=up.at(value),
        low=up.at(low),
        high=up.at(high),
        hint=frame.hint(row),
        open=frame.partial(row.period),
        alone=alone and low < high,
    )


def _band(run: Sequence[Row], along: Slots, up: Axis) -> str:
    if len(run) < 2 or all(low == high for low, high in map(_ends, run)):
        return ""
    top = [f"{along.at(row.period)},{up.at(_ends(row)[1])}" for row in run]
    back = [f"{along.at(row.period)},{up.at(_ends(row)[0])}" for row in reversed(run)]
    return f"M{' L'.join([*top, *back])}Z"


def _ends(row: Row) -> tuple[float, float]:
    """The interval of a row with a value; of no width where none was given."""
    value = row.value or 0.0
    return (
        value if row.low is None else row.low,
        value if row.high is None else row.high,
    )


def _path(pieces: Sequence[tuple[Mark, Mark]]) -> str:
    path, end = "", None
    for start, stop in pieces:
        path += ("" if start is end else f"M{start.x},{start.y}") + f"L{stop.x},{stop.y}"
        end = stop
    return path
