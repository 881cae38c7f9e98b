"""Finds the numbers a chart or card needs among all rows of a snapshot.

The window is the latest row of grain "period", because the first day with data may come late.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from feedback.publishing.snapshot import Row, Snapshot


class Lookup:
    """The rows of a snapshot by what they are about; days outside the window are left out."""

    def __init__(self, snapshot: Snapshot, table: Sequence[Row]) -> None:
        self.table = table
        self.labels = snapshot.labels
        today = snapshot.as_of.astimezone(ZoneInfo(snapshot.timezone)).date()
        self.first = snapshot.window_start
        self.last = max(self.first, min(snapshot.window_end, today))
        self.previous_start = snapshot.previous_start
        periods = [row.period for row in table if row.grain == "period"]
        self.period = max(periods, default=self.first)

    def whole(self, metric: str, channel: str = "", product: str = "") -> Row | None:
        """The number of the whole window."""
        key = (metric, "period", self.period, channel, product)
        return next((row for row in self.table if _key(row) == key), None)

    def before(self, metric: str) -> Row | None:
        """The number of the period of equal length before the window, if it was given."""
        earlier = [
            row
            for row in self.table
            if _key(row)[:2] == (metric, "period")
            and not row.channel
            and not row.product
            and self.previous_start <= row.period < min(self.first, self.period)
        ]
        return earlier[-1] if earlier else None

    def over_time(self, metric: str, grain: str, product: str = "") -> list[Row]:
        """The rows of one line, in time order."""
        return [
            row
            for row in self.table
            if (row.metric, row.grain, row.channel, row.product) == (metric, grain, "", product)
            and self._within(row)
        ]

    def groups(self, metric: str, by: str) -> list[Row]:
        """The window's numbers per "channel" or per "product": most answers first, few last."""
        other = "product" if by == "channel" else "channel"
        found = [
            row
            for row in self.table
            if (row.metric, row.grain, row.period) == (metric, "period", self.period)
            and getattr(row, by)
            and not getattr(row, other)
        ]
        return sorted(found, key=lambda row: (-(row.n or 0), getattr(row, by)))

    def first_slot(self, grain: str) -> date:
        """The first day of the first day or week that touches the window."""
        weeks = [row.period for row in self.table if row.grain == "week"]
        if grain == "day" or not weeks:
            return self.first
        return self.first - timedelta(days=(self.first - weeks[0]).days % 7)

    def whole_week(self, start: date) -> bool:
        """Whether the week from `start` lies in the window from end to end."""
        return self.first <= start and start + timedelta(days=6) <= self.last

    def _within(self, row: Row) -> bool:
        end = row.period + timedelta(days=6 if row.grain == "week" else 0)
        return end >= self.first and row.period <= self.last


def _key(row: Row) -> tuple[str, str, date, str, str]:
    return row.metric, row.grain, row.period, row.channel, row.product
