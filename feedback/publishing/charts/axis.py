"""Where a value or a day stands on paper, and which of them get a label.

Days sit in the middle of their slot, so that one missing day is a visible gap of one slot.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

STEPS = (1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1456)  # days between labels
LABEL_ROOM = 58


@dataclass(frozen=True)
class Axis:
    """A linear scale from [low, high] to [start, end], in the units of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value, held inside the drawing."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


@dataclass(frozen=True)
class Slots:
    """A time axis of equal slots of `step` days from the slot of `first` to that of `last`."""

    first: date
    last: date
    step: int
    start: float
    end: float

    @property
    def width(self) -> float:
        """The width of one slot."""
        return (self.end - self.start) / ((self.last - self.first).days // self.step + 1)

    def at(self, when: date) -> float:
        """The middle of a day's or week's slot."""
        slot = (when - self.first).days / self.step
        return round(self.start + (slot + 0.5) * self.width, 1)

    def days(self) -> list[date]:
        """The first day of every slot."""
        count = (self.last - self.first).days // self.step + 1
        return [self.first + timedelta(days=self.step * slot) for slot in range(count)]

    def labels(self) -> list[date]:
        """Evenly spaced first days of slots, as many as have room beside each other."""
        most = max(1, int((self.end - self.start) / LABEL_ROOM))
        span = (self.last - self.first).days
        steps = [step for step in STEPS if step % self.step == 0]
        step = next((step for step in steps if span // step + 1 <= most), steps[-1])
        return [self.first + timedelta(days=step * k) for k in range(span // step + 1)]


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round values 1, 2 or 5 times a power of ten apart that enclose [low, high]."""
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def bounds(values: Sequence[float], unit: str) -> tuple[float, float]:
    """The span a value axis has to show; from 0 unless all values lie far from it."""
    low, high = min(values), max(values)
    if unit == "count" or (low >= 0 and low < high / 2):
        low = 0.0
    if unit == "share":
        high = min(1.0, max(high, low + 0.1))
        low = min(low, high - 0.1)
    if high - low <= 0:
        low, high = low - (unit != "count"), high + 1
    return low, high
