"""The headline cards: a value, its interval as a whisker, n, and the change if one can be told.

A change is called better or worse only when the 95 % interval of the difference leaves out zero.
"""

import math
from dataclasses import dataclass

from feedback.metrics.catalogue import Metric
from feedback.publishing import words
from feedback.publishing.charts.axis import Axis, ticks
from feedback.publishing.charts.bars import Whisker
from feedback.publishing.charts.lines import Series, value_span
from feedback.publishing.corrections import corrected
from feedback.publishing.formats import Language, number, quantity
from feedback.publishing.lookup import Lookup
from feedback.publishing.phrasing import Phrasing
from feedback.publishing.snapshot import Row

HEADLINES = ("volume", "negative_share", "csat", "nps")
WIDTH = 220


@dataclass(frozen=True)
class Change:
    """How a value moved: text with unit, its interval, a verdict in words, "up", "down" or ""."""

    text: str
    interval: str
    verdict: str
    way: str
    ends: tuple[float | None, float | None] = (None, None)  # of the interval, in the unit


@dataclass(frozen=True)
class Card:
    """One headline number, written out; `whisker` and `change` are None where there is none.

    `corrected` says the same number as far as the model's errors are known; "" where it has none.
    """

    name: str
    title: str
    value: str
    interval: str
    n: str
    whisker: Whisker | None
    change: Change | None
    corrected: str = ""


def cards(language: Language, metrics: dict[str, Metric], look: Lookup) -> list[Card]:
    """A card for each headline metric that is declared, in the order of HEADLINES."""
    return [_card(language, metrics[name], look) for name in HEADLINES if name in metrics]


def difference(now: Row, before: Row) -> tuple[float, float | None, float | None]:
    """The change between two independent estimates with its 95 % interval, if both have one.

    The interval is built from the two intervals (MOVER): G. Y. Zou and A. Donner, "Construction
    of confidence limits about effect measures", Statistics in Medicine 27 (2008) 1693-1702.
    """
    assert now.value is not None and before.value is not None
    moved = now.value - before.value
    if now.low is None or now.high is None or before.low is None or before.high is None:
        return moved, None, None
    down = math.hypot(now.value - now.low, before.high - before.value)
    up = math.hypot(now.high - now.value, before.value - before.low)
    return moved, moved - down, moved + up


def _card(language: Language, metric: Metric, look: Lookup) -> Card:
    code, row, before = language.code, look.whole(metric.name), look.before(metric.name)
    title = words.of(metric.title, code)
    if row is None or row.value is None:
        empty = row is None or row.n == 0
        text = words.say(code, "nothing_short" if empty else "few")
        return Card(metric.name, title, text, "", "", None, None)
    if before is not None and before.value is None:
        before = None
    return Card(
        name=metric.name,
        title=title,
        value=quantity(language, metric.unit, row.value),
        interval=Phrasing(language).interval(metric.unit, row),
        n=words.say(code, "n", n=number(language, row.n or 0)),
        whisker=_whisker(language, metric.unit, row, before),
        change=change(language, metric, row, before) if before else None,
        corrected=corrected(Phrasing(language), metric.name, look),
    )


def _whisker(language: Language, unit: str, row: Row, before: Row | None) -> Whisker | None:
    span = value_span([Series("", "", [row, *([before] if before else [])])], unit)
    if row.value is None or row.low is None or row.high is None or span is None:
        return None
    low, high = {"share": (0.0, 1.0), "points": (-100.0, 100.0)}.get(unit, span)
    ends = ticks(min(low, span[0]), max(high, span[1]))
    along = Axis(ends[0], ends[-1], 6, WIDTH - 6)
    return Whisker(
        low=along.at(row.low),
        high=along.at(row.high),
        value=along.at(row.value),
        before=along.at(before.value) if before and before.value is not None else None,
        zero=along.at(0) if ends[0] < 0 < ends[-1] else None,
        start=quantity(language, unit, ends[0], 0),
        end=quantity(language, unit, ends[-1], 0),
    )


def change(language: Language, metric: Metric, now: Row, before: Row) -> Change:
    """How a number moved since the period before; a verdict only on what the interval allows."""
    moved, low, high = difference(now, before)
    text = _moved(language, metric.unit, moved)
    if metric.unit == "count" and before.value:
        share = quantity(language, "share", moved / before.value, signed=True)
        text = f"{text} ({share})"
    if low is None or high is None:
        return Change(text, "", "", "up" if moved > 0 else "down" if moved < 0 else "")
    ends = f"{_moved(language, metric.unit, low, short=True)}{language.range_sign}"
    ends += _moved(language, metric.unit, high)
    clear = low > 0 or high < 0
    return Change(
        text=text,
        interval=words.say(language.code, "interval", interval=ends),
        verdict=words.say(language.code, _verdict(metric.higher_is, moved > 0, clear)),
        way=("up" if moved > 0 else "down") if clear else "",
        ends=(low, high),
    )


def _moved(language: Language, unit: str, moved: float, *, short: bool = False) -> str:
    if unit == "share":
        text = number(language, 100 * moved, 1, signed=True)
        return text if short else f"{text} {words.say(language.code, 'points_change')}"
    return quantity(language, unit, moved, signed=True)


def _verdict(higher_is: str, rose: bool, clear: bool) -> str:
    if not clear:
        return "change_unclear"
    if higher_is == "neither":
        return "change_up" if rose else "change_down"
    return "change_better" if rose == (higher_is == "better") else "change_worse"
