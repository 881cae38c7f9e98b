"""Bars with whiskers, stacked shares and the whisker of a headline card: geometry only.

Bars always start at zero, and a group that is too small has no bar at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.publishing.charts.axis import Axis
from feedback.publishing.snapshot import Row

WIDTH = 360
ROW = 36
NAME_ROOM = 26  # characters of a name that fit beside its number
MOST = 8  # bars in one chart; the table has them all


@dataclass(frozen=True)
class Bar:
    """One labelled bar; x, width and whisker in the units of the viewBox, None when too few."""

    name: str
    full_name: str
    text: str
    y: float
    x: float | None
    width: float
    low: float
    high: float


@dataclass(frozen=True)
class BarChart:
    """Bars under each other, one zero line through all."""

    width: int
    height: int
    zero: float
    tone: str
    bars: list[Bar]


@dataclass(frozen=True)
class Part:
    """One segment of a stacked bar; `text` is "" where it would not fit."""

    tone: str
    x: float
    width: float
    text: str


@dataclass(frozen=True)
class Stack:
    """One labelled stacked bar."""

    name: str
    hint: str
    text: str
    y: float
    parts: list[Part]


@dataclass(frozen=True)
class StackChart:
    """Stacked shares, each bar 100 %."""

    width: int
    height: int
    stacks: list[Stack]


@dataclass(frozen=True)
class Whisker:
    """A value and its interval on a scale; `before` is the previous period's value."""

    low: float
    high: float
    value: float
    before: float | None
    zero: float | None
    start: str
    end: str


def bar_chart(labelled: Sequence[tuple[str, str, Row]], tone: str) -> BarChart | None:
    """Bars for (name, text beside it, row); None when there is nothing to list."""
    if not labelled:
        return None
    ends = [v for _, _, row in labelled for v in (row.value, row.low, row.high) if v is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    along = Axis(low, high if high > low else low + 1, 1, WIDTH - 1)
    bars = [_bar(one, place, along) for place, one in enumerate(labelled)]
    return BarChart(WIDTH, ROW * len(bars) + 2, along.at(0), tone, bars)


def stack_chart(
    labelled: Sequence[tuple[str, str, str, Sequence[tuple[str, float, str]]]],
) -> StackChart:
    """Stacked bars for (name, hint, text, parts); a part is (tone, share 0 to 1, its label)."""
    along = Axis(0, 1, 0, WIDTH)
    stacks = []
    for place, (name, hint, text, shares) in enumerate(labelled):
        parts, done = [], 0.0
        for tone, share, label in shares:
            x, width = along.at(done), along.at(done + share) - along.at(done)
            parts.append(Part(tone, x, round(width, 1), label if width > 34 else ""))
            done += share
        stacks.append(Stack(shortened(name), hint, text, ROW * place, parts))
    return StackChart(WIDTH, ROW * len(stacks) + 2, stacks)


def shortened(name: str, room: int = NAME_ROOM) -> str:
    """A name cut to the room it has; the whole name stands in the hint and in the table."""
    return name if len(name) <= room else f"{name[: room - 1]}…"


def _bar(one: tuple[str, str, Row], place: int, along: Axis) -> Bar:
    name, text, row = one
    y = ROW * place
    if row.value is None:
        return Bar(shortened(name), name, text, y, None, 0, 0, 0)
    zero, end = along.at(0), along.at(row.value)
    low = along.at(row.value if row.low is None else row.low)
    high = along.at(row.value if row.high is None else row.high)
    width = round(abs(end - zero), 1)
    return Bar(shortened(name), name, text, y, min(zero, end), width, low, high)
