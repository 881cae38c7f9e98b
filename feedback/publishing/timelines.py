"""Figures over time: weekly and daily lines, and one small weekly chart per product.

The last week is often cut short by the end of the window: it is drawn open and never the headline.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median

from feedback.metrics.catalogue import Metric
from feedback.publishing.charts.bars import shortened
from feedback.publishing.charts.lines import (
    Frame,
    Series,
    line_chart,
    missing,
    value_span,
)
from feedback.publishing.formats import days
from feedback.publishing.lookup import Lookup
from feedback.publishing.panel import Panel, tone
from feedback.publishing.phrasing import Phrasing
from feedback.publishing.snapshot import Row

SHOWN_GAPS = 4
SHOWN_PRODUCTS = 6
LEAST_WEEKS = 3  # with a value, for a small chart to tell anything
LEAST_TYPICAL_N = 20  # below it a line between the days would draw chance


@dataclass(frozen=True)
class Timelines:
    """Makes the figures of one language."""

    phrasing: Phrasing
    look: Lookup

    def lines(self, grain: str, metrics: Sequence[Metric]) -> Panel:
        """Lines over "day"s or "week"s; the metrics share one unit."""
        series = [self._series(grain, metric) for metric in metrics]
        frame = self._frame(grain, metrics[0].unit)
        frame = replace(frame, joined=grain == "week" or _steady(series, frame.unit))
        return Panel(
            id=grain,
            kind="lines",
            title=self.phrasing.say(f"by_{grain}"),
            lead=self._lead(series, frame),
            desc=" ".join(self._desc(one, frame, len(series)) for one in series),
            notes=self._notes(series, frame),
            header=self._header(series, frame),
            body=self._body(series, frame),
            chart=line_chart(series, frame),
        )

    def per_product(self, metric: Metric) -> Panel | None:
        """One small weekly chart per product, all on one scale; None for fewer than two."""
        names = [row.product for row in self.look.groups(metric.name, "product")]
        lines = [(name, self.look.over_time(metric.name, "week", name)) for name in names]
        known = [line for line in lines if _values(line[1]) >= LEAST_WEEKS][:SHOWN_PRODUCTS]
        series = [Series(tone(metric.name), *line) for line in known]
        left = [name for name in names if name not in {one.name for one in series}]
        if len(series) < 2:
            return None
        frame = self._frame("week", metric.unit)
        frame = replace(frame, span=value_span(series, metric.unit), height=140)
        return Panel(
            id="products",
            kind="small",
            title=self.phrasing.say("week_by_product"),
            lead=self.phrasing.say("week_by_product_note"),
            desc="",
            notes=[self.phrasing.say("not_drawn", names=", ".join(left))] if left else [],
            header=self._header(series, frame),
            body=self._body(series, frame),
            small=[
                (shortened(one.name, 30), self._latest(one, frame), chart)
                for one in series
                if (chart := line_chart([one], frame)) is not None
            ],
        )

    def _series(self, grain: str, metric: Metric) -> Series:
        rows = self.look.over_time(metric.name, grain)
        return Series(tone(metric.name), self.phrasing.title(metric), rows)

    def _frame(self, grain: str, unit: str) -> Frame:
        first, step = self.look.first_slot(grain), 7 if grain == "week" else 1
        when = self.phrasing.week if grain == "week" else self.phrasing.day
        return Frame(
            first=first,
            last=first + timedelta(days=(self.look.last - first).days // step * step),
            step=step,
            unit=unit,
            tick=lambda value, size: self.phrasing.tick(unit, value, size),
            day=self.phrasing.day,
            hint=lambda row: f"{when(row.period)}: {self.phrasing.full(unit, row)}",
            partial=self._partial if grain == "week" else lambda _: False,
            gap=self.phrasing.say("gap"),
        )

    def _partial(self, start: date) -> bool:
        return not self.look.whole_week(start)

    def _lead(self, series: Sequence[Series], frame: Frame) -> str:
        known = [row.period for row in series[0].rows if not frame.partial(row.period)]
        texts = [self._latest(one, frame) for one in series]
        if not known:
            return texts[0]
        weekly = frame.step == 7
        when = (self.phrasing.week if weekly else self.phrasing.day)(known[-1])
        label = self.phrasing.say("last_week" if weekly else "last_day", days=when)
        if len(series) > 1:
            texts = [f"{one.name} {text}" for one, text in zip(series, texts, strict=True)]
        return f"{label}: {'; '.join(texts)}"

    def _latest(self, one: Series, frame: Frame) -> str:
        known = [row for row in one.rows if not frame.partial(row.period)]
        if not known:
            return self.phrasing.say("no_whole_week" if one.rows else "nothing")
        return self.phrasing.full(frame.unit, known[-1])

    def _desc(self, one: Series, frame: Frame, of: int) -> str:
        known = [row for row in one.rows if row.value is not None]
        text = self.phrasing.course(frame.unit, known)
        return f"{one.name}: {text}" if of > 1 else text

    def _notes(self, series: Sequence[Series], frame: Frame) -> list[str]:
        rows = [row for one in series for row in one.rows]
        gaps = self._gaps(rows, frame)
        few = any(row.status == "few" for row in rows)
        cut = any(frame.partial(row.period) for row in rows)
        return [
            *([self.phrasing.say("gaps", gaps=", ".join(gaps))] if gaps else []),
            *([self.phrasing.say("few_note")] if few else []),
            *([] if frame.joined else [self.phrasing.say("unjoined_note")]),
            *([self.phrasing.say("partial_note")] if cut else []),
        ]

    def _gaps(self, rows: Sequence[Row], frame: Frame) -> list[str]:
        count = (frame.last - frame.first).days // frame.step + 1
        slots = [frame.first + timedelta(days=frame.step * k) for k in range(count)]
        holes = missing(slots, {row.period for row in rows}, frame.step) if rows else []
        shown = [days(self.phrasing.language, *hole) for hole in holes[:SHOWN_GAPS]]
        more = len(holes) - SHOWN_GAPS
        return [*shown, *([self.phrasing.say("and_more", n=more)] if more > 0 else [])]

    def _header(self, series: Sequence[Series], frame: Frame) -> list[str]:
        say = self.phrasing.say
        first = say("week_of" if frame.step == 7 else "date")
        if len(series) == 1:
            return [first, say("value"), say("low_high"), "n"]
        return [first, *(cell for one in series for cell in (one.name, say("low_high"), "n"))]

    def _body(self, series: Sequence[Series], frame: Frame) -> list[list[str]]:
        found = [{row.period: row for row in one.rows} for one in series]
        periods = sorted({period for rows in found for period in rows})
        return [
            [
                self._label(when, frame),
                *(c for rows in found for c in self._cells(rows, when, frame)),
            ]
            for when in periods
        ]

    def _label(self, when: date, frame: Frame) -> str:
        label = self.phrasing.day(when)
        return f"{label} ({self.phrasing.say('partial')})" if frame.partial(when) else label

    def _cells(self, rows: dict[date, Row], when: date, frame: Frame) -> list[str]:
        row = rows.get(when)
        return [*self.phrasing.cells(frame.unit, row), self.phrasing.n(row)]


def _values(rows: Sequence[Row]) -> int:
    return sum(row.value is not None for row in rows)


def _steady(series: Sequence[Series], unit: str) -> bool:
    """Whether there are enough answers a day for a line between the days to mean something."""
    sizes = [row.n or 0 for one in series for row in one.rows]
    return unit == "count" or not sizes or median(sizes) >= LEAST_TYPICAL_N
