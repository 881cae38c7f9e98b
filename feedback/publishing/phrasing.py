"""How one number is said in words: value, interval and n always together, or that it is too few.

Every text of a figure comes through here, so no figure can show a number without its n.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from feedback.metrics.catalogue import Metric
from feedback.publishing import words
from feedback.publishing.formats import Language, day, days, interval, number, quantity
from feedback.publishing.snapshot import Row


@dataclass(frozen=True)
class Phrasing:
    """The phrases of one language."""

    language: Language

    def say(self, key: str, **values: object) -> str:
        """A text of the page in this language."""
        return words.say(self.language.code, key, **values)

    def title(self, metric: Metric) -> str:
        """A metric's title in this language."""
        return words.of(metric.title, self.language.code)

    def channel_or_product(self, row: Row) -> str:
        """The channel's or product's name as a reader of this language knows it."""
        return row.product or words.channel(self.language.code, row.channel)

    def full(self, unit: str, row: Row) -> str:
        """Value, interval and n in one line; or that there are too few."""
        if row.value is None:
            return self.say("nothing_short" if row.n == 0 else "few")
        value = quantity(self.language, unit, row.value)
        return f"{value} ({self.interval(unit, row)}), {self.say('n', n=self.n(row))}"

    def beside(self, unit: str, row: Row) -> str:
        """The same, short enough to stand beside a bar."""
        if row.value is None:
            return self.full(unit, row)
        value, ends = self.cells(unit, row)
        return f"{value} ({ends}) {self.say('n', n=self.n(row))}"

    def interval(self, unit: str, row: Row) -> str:
        """95%: 21.0–25.9%, or the words that there is no interval."""
        if row.low is None or row.high is None:
            return self.say("no_interval")
        ends = interval(self.language, unit, row.low, row.high)
        return self.say("interval", interval=ends)

    def cells(self, unit: str, row: Row | None) -> list[str]:
        """Value and interval for a table."""
        if row is None or row.value is None:
            return [self.say("nothing_short" if row is None or row.n == 0 else "few"), ""]
        value = quantity(self.language, unit, row.value)
        if row.low is None or row.high is None:
            return [value, self.say("no_interval")]
        return [value, interval(self.language, unit, row.low, row.high)]

    def n(self, row: Row | None) -> str:
        """The answers behind a value; empty where the value is not shown either."""
        if row is None or row.n is None or row.value is None:
            return ""
        return number(self.language, row.n)

    def percent(self, share: float) -> str:
        """A share without decimals, for the inside of a bar."""
        return quantity(self.language, "share", share, 0)

    def tick(self, unit: str, value: float, step: float) -> str:
        """An axis label, with a decimal only where the axis has such steps."""
        size = 100 * step if unit == "share" else step
        return quantity(self.language, unit, value, 0 if size >= 1 else 1)

    def day(self, when: date) -> str:
        """12 Sep."""
        return day(self.language, when)

    def week(self, start: date) -> str:
        """12–18 Sep."""
        return days(self.language, start, start + timedelta(days=6))

    def course(self, unit: str, known: Sequence[Row]) -> str:
        """What a line does, for those who cannot see it; `known` are its rows with values."""
        if not known:
            return self.say("nothing")
        values = [(row.value or 0.0, row.period) for row in known]
        points = {"low": min(values), "high": max(values), "end": values[-1]}
        return self.say(
            "describe",
            first=self.day(known[0].period),
            last=self.day(known[-1].period),
            **{key: quantity(self.language, unit, value) for key, (value, _) in points.items()},
            **{f"{key}_at": self.day(when) for key, (_, when) in points.items()},
        )
