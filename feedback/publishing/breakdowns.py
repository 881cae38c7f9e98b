"""Figures of the whole window: bars per channel and product, and stacked shares of sentiment.

Groups come largest first; what does not fit the chart stands in the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.metrics.catalogue import Metric
from feedback.publishing.charts.bars import MOST, bar_chart, stack_chart
from feedback.publishing.lookup import Lookup
from feedback.publishing.panel import Panel, tone
from feedback.publishing.phrasing import Phrasing
from feedback.publishing.snapshot import Row

Pair = tuple[str, Row, Row | None]  # name, negative, positive


@dataclass(frozen=True)
class Breakdowns:
    """Makes the figures of one language."""

    phrasing: Phrasing
    look: Lookup

    def bars(self, metric: Metric, by: str) -> Panel | None:
        """One bar per "channel" or "product"; None where there are none."""
        say, unit = self.phrasing.say, metric.unit
        rows = self.look.groups(metric.name, by)
        if not rows:
            return None
        named = [(self.phrasing.channel_or_product(row), row) for row in rows]
        labelled = [(name, self.phrasing.beside(unit, row), row) for name, row in named]
        return Panel(
            id=by,
            kind="bars",
            title=say(f"by_{by}"),
            lead="",
            desc="; ".join(f"{name}: {self.phrasing.full(unit, row)}" for name, row in named),
            notes=[say("rest_in_table", n=len(rows) - MOST)] if len(rows) > MOST else [],
            header=[say("name"), say("value"), say("low_high"), "n"],
            body=[
                [name, *self.phrasing.cells(unit, row), self.phrasing.n(row)] for name, row in named
            ],
            chart=bar_chart(labelled[:MOST], tone(metric.name)),
        )

    def stacks(self, negative: Metric, positive: Metric) -> Panel:
        """Negative, neutral and positive shares of all, per channel and per product."""
        say = self.phrasing.say
        pairs = self._pairs(negative.name, positive.name)
        bad, good = self.phrasing.title(negative), self.phrasing.title(positive)
        return Panel(
            id="stacks",
            kind="stacks",
            title=say("shares_by"),
            lead="",
            desc="; ".join(self._both(pair, bad, good) for pair in pairs),
            notes=[say("rest_in_table", n=len(pairs) - MOST)] if len(pairs) > MOST else [],
            header=[say("name"), bad, say("low_high"), good, say("low_high"), "n"],
            body=[self._line(pair) for pair in pairs],
            chart=stack_chart([self._stack(pair, bad, good) for pair in pairs[:MOST]]),
        )

    def _pairs(self, bad: str, good: str) -> list[Pair]:
        whole = self.look.whole(bad)
        pairs = [(self.phrasing.say("all"), whole, self.look.whole(good))] if whole else []
        for row in [*self.look.groups(bad, "channel"), *self.look.groups(bad, "product")]:
            other = self.look.whole(good, row.channel, row.product)
            pairs.append((self.phrasing.channel_or_product(row), row, other))
        return pairs

    def _line(self, pair: Pair) -> list[str]:
        name, bad, good = pair
        shares = [cell for row in (bad, good) for cell in self.phrasing.cells("share", row)]
        return [name, *shares, self.phrasing.n(bad)]

    def _both(self, pair: Pair, bad: str, good: str) -> str:
        name, *shares = pair
        texts = [self.phrasing.full("share", row) for row in shares if row is not None]
        titled = zip((bad, good), texts, strict=False)
        return f"{name}: " + ", ".join(f"{title} {text}" for title, text in titled)

    def _stack(
        self, pair: Pair, bad_title: str, good_title: str
    ) -> tuple[str, str, str, Sequence[tuple[str, float, str]]]:
        name, bad, good = pair
        hint = self._both(pair, bad_title, good_title)
        if bad.value is None or good is None or good.value is None:
            return name, hint, self.phrasing.full("share", bad), []
        rest = max(0.0, 1 - bad.value - good.value)
        shares = (("negative", bad.value), ("rest", rest), ("positive", good.value))
        parts = [(tone, share, self.phrasing.percent(share)) for tone, share in shares]
        return name, hint, self.phrasing.say("n", n=self.phrasing.n(bad)), parts
