"""The figures of one metric: a chart, what to read off it, its notes and its table of data.

Nothing is drawn that the table below the chart does not say in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from feedback.publishing import words
from feedback.publishing.cards import interval_text
from feedback.publishing.charts.bars import (
    MOST,
    BarChart,
    StackChart,
    bar_chart,
    shortened,
    stack_chart,
)
from feedback.publishing.charts.lines import (
    Frame,
    LineChart,
    Series,
    line_chart,
    missing,
    value_span,
)
from feedback.publishing.formats import Language, day, days, full_days, interval, number, quantity
from feedback.publishing.lookup import Lookup
from feedback.publishing.snapshot import MetricInfo, Row

TONES = {"negative_share": "negative", "positive_share": "positive"}
SHOWN_GAPS = 4
SHOWN_PRODUCTS = 6


@dataclass(frozen=True)
class Panel:
    """One figure, ready to be written; `kind` names the template macro that draws `chart`."""

    id: str
    kind: str  # "lines" | "bars" | "stacks" | "small"
    title: str
    lead: str
    desc: str
    notes: list[str]
    header: list[str]
    body: list[list[str]]
    chart: LineChart | BarChart | StackChart | None = None
    small: list[tuple[str, str, LineChart]] = field(default_factory=list)


@dataclass(frozen=True)
class Artist:
    """Makes the panels of one language."""

    language: Language
    look: Lookup

    def say(self, key: str, **values: object) -> str:
        """A text of the page in this language."""
        return words.say(self.language.code, key, **values)

    def full(self, unit: str, row: Row) -> str:
        """Value, interval and n in one line; or that there are too few."""
        if row.value is None:
            return self.say("nothing_short" if row.n == 0 else "few")
        value = quantity(self.language, unit, row.value)
        n = self.say("n", n=number(self.language, row.n or 0))
        return f"{value} ({interval_text(self.language, unit, row)}), {n}"

    def over_time(self, grain: str, series: Sequence[tuple[MetricInfo, Series]]) -> Panel:
        """Lines over days or weeks; all metrics given share one unit."""
        unit = series[0][0].unit
        lines = [one for _, one in series]
        frame = self.frame(grain, unit, lines)
        return Panel(
            id=f"{grain}-{'-'.join(metric.name for metric, _ in series)}",
            kind="lines",
            title=self.say(f"by_{grain}"),
            lead=" · ".join(self._lead(grain, metric, one, len(series)) for metric, one in series),
            desc=" ".join(self._desc(unit, one, len(series) > 1) for one in lines),
            notes=self._notes(grain, frame, lines),
            header=self._header("week_of" if grain == "week" else "date", lines),
            body=self._body(unit, lines, frame),
            chart=line_chart(lines, frame),
        )

    def bars(self, metric: MetricInfo, by: str) -> Panel | None:
        """One bar per channel or product of the whole window."""
        rows = self.look.groups(metric.name, by)
        if not rows:
            return None
        labelled = [(self.name(row, by), self._beside(metric.unit, row), row) for row in rows]
        more = len(rows) - MOST
        return Panel(
            id=f"{by}-{metric.name}",
            kind="bars",
            title=self.say(f"by_{by}"),
            lead="",
            desc="; ".join(f"{name}: {self.full(metric.unit, row)}" for name, _, row in labelled),
            notes=[self.say("rest_in_table", n=more)] if more > 0 else [],
            header=[self.say("name"), self.say("value"), self.say("low_high"), "n"],
            body=[
                [name, *self._cells(metric.unit, row), self._n(row)] for name, _, row in labelled
            ],
            chart=bar_chart(labelled[:MOST], TONES.get(metric.name, "plain")),
        )

    def stacks(self, negative: MetricInfo, positive: MetricInfo) -> Panel:
        """Negative, neutral and positive shares of all, per channel and per product."""
        pairs = self._pairs(negative.name, positive.name)
        titles = [words.of(m.title, self.language.code) for m in (negative, positive)]
        cells = [
            [name, *self._cells("share", bad), *self._cells("share", good), self._n(bad)]
            for name, bad, good in pairs
        ]
        return Panel(
            id="stacks",
            kind="stacks",
            title=self.say("shares_by"),
            lead="",
            desc="; ".join(f"{name}: {self._both(titles, bad, good)}" for name, bad, good in pairs),
            notes=[],
            header=[
                *(self.say("name"), titles[0], self.say("low_high")),
                *(titles[1], self.say("low_high"), "n"),
            ],
            body=cells,
            chart=stack_chart([self._stack(*pair) for pair in pairs[: MOST + 1]]),
        )

    def small_multiples(self, metric: MetricInfo) -> Panel | None:
        """One small weekly chart per product, all on one scale."""
        names = [row.product for row in self.look.groups(metric.name, "product")]
        lines = [(name, self.look.over_time(metric.name, "week", name)) for name in names]
        known = [line for line in lines if any(row.value is not None for row in line[1])]
        tone = TONES.get(metric.name, "plain")
        series = [Series(tone, name, rows) for name, rows in known[:SHOWN_PRODUCTS]]
        span = value_span(series, metric.unit)
        if span is None or len(series) < 2:
            return None
        frame = replace(self.frame("week", metric.unit, series), span=span, gap="")
        frame = replace(frame, width=240, height=124)
        drawn = [(one, line_chart([one], frame)) for one in series]
        return Panel(
            id=f"small-{metric.name}",
            kind="small",
            title=self.say("week_by_product"),
            lead=self.say("week_by_product_note"),
            desc=" ".join(self._desc(metric.unit, one, True) for one in series),
            notes=[],
            header=self._header("week_of", series),
            body=self._body(metric.unit, series, frame),
            small=[
                (shortened(one.name, 30), self._latest(metric.unit, one), chart)
                for one, chart in drawn
                if chart is not None
            ],
        )

    def frame(self, grain: str, unit: str, lines: Sequence[Series]) -> Frame:
        """The paper for one grain and unit."""
        first = self.look.first_slot(grain)
        step = 7 if grain == "week" else 1
        last = first + timedelta(days=(self.look.last - first).days // step * step)
        when = self._week if grain == "week" else self._day
        return Frame(
            first=first,
            last=last,
            step=step,
            unit=unit,
            tick=lambda value, size: self._tick(unit, value, size),
            day=self._day,
            hint=lambda row: f"{when(row.period)}: {self.full(unit, row)}",
            partial=self._partial if grain == "week" else lambda _: False,
            gap=self.say("gap"),
        )

    def name(self, row: Row, by: str) -> str:
        """The channel's or product's name as a reader of this language knows it."""
        if by == "channel":
            return words.channel(self.language.code, row.channel)
        return row.product

    def _day(self, when: date) -> str:
        return day(self.language, when)

    def _week(self, start: date) -> str:
        return days(self.language, start, start + timedelta(days=6))

    def _partial(self, start: date) -> bool:
        return not self.look.whole_week(start)

    def _tick(self, unit: str, value: float, step: float) -> str:
        size = 100 * step if unit == "share" else step
        return quantity(self.language, unit, value, 0 if size >= 1 else 1)

    def _lead(self, grain: str, metric: MetricInfo, one: Series, of: int) -> str:
        name = f"{words.of(metric.title, self.language.code)}: " if of > 1 else ""
        known = [row for row in one.rows if grain == "day" or not self._partial(row.period)]
        if not known:
            return self.say("no_whole_week") if grain == "week" else ""
        last = known[-1]
        when = self._week(last.period) if grain == "week" else self._day(last.period)
        key = "last_week" if grain == "week" else "last_day"
        text = self.full(metric.unit, last)
        return f"{name}{text}" if of > 1 else f"{self.say(key, days=when)}: {text}"

    def _latest(self, unit: str, one: Series) -> str:
        known = [row for row in one.rows if not self._partial(row.period)]
        return self.full(unit, known[-1]) if known else self.say("no_whole_week")

    def _desc(self, unit: str, one: Series, named: bool) -> str:
        known = [(row.value, row.period) for row in one.rows if row.value is not None]
        if not known:
            return self.say("nothing")
        (low, low_at), (high, high_at), (end, end_at) = min(known), max(known), known[-1]
        text = self.say(
            "describe",
            first=self._day(known[0][1]),
            last=self._day(end_at),
            low=quantity(self.language, unit, low),
            low_at=self._day(low_at),
            high=quantity(self.language, unit, high),
            high_at=self._day(high_at),
            end=quantity(self.language, unit, end),
            end_at=self._day(end_at),
        )
        return f"{one.name}: {text}" if named else text

    def _notes(self, grain: str, frame: Frame, lines: Sequence[Series]) -> list[str]:
        rows = [row for one in lines for row in one.rows]
        count = (frame.last - frame.first).days // frame.step + 1
        slots = [frame.first + timedelta(days=frame.step * k) for k in range(count)]
        holes = missing(slots, {row.period for row in rows}, frame.step) if rows else []
        shown = [days(self.language, *hole) for hole in holes[:SHOWN_GAPS]]
        if len(holes) > SHOWN_GAPS:
            shown.append(self.say("and_more", n=len(holes) - SHOWN_GAPS))
        return [
            *([self.say("gaps", gaps=", ".join(shown))] if shown else []),
            *([self.say("few_note")] if any(row.status == "few" for row in rows) else []),
            *([self.say("partial_note")] if any(frame.partial(r.period) for r in rows) else []),
        ]

    def _header(self, first: str, lines: Sequence[Series]) -> list[str]:
        if len(lines) == 1:
            return [self.say(first), self.say("value"), self.say("low_high"), "n"]
        cells = [cell for one in lines for cell in (one.name, self.say("low_high"), "n")]
        return [self.say(first), *cells]

    def _body(self, unit: str, lines: Sequence[Series], frame: Frame) -> list[list[str]]:
        found = [{row.period: row for row in one.rows} for one in lines]
        body = []
        for when in sorted({period for rows in found for period in rows}):
            label = self._day(when)
            if frame.partial(when):
                label = f"{label} ({self.say('partial')})"
            body.append([label, *(c for rows in found for c in self._triple(unit, rows.get(when)))])
        return body

    def _triple(self, unit: str, row: Row | None) -> list[str]:
        if row is None:
            return ["", "", ""]
        return [*self._cells(unit, row), self._n(row)]

    def _cells(self, unit: str, row: Row | None) -> list[str]:
        if row is None or row.value is None:
            empty = row is None or row.n == 0
            return [self.say("nothing_short" if empty else "few"), ""]
        value = quantity(self.language, unit, row.value)
        if row.low is None or row.high is None:
            return [value, self.say("no_interval")]
        return [value, interval(self.language, unit, row.low, row.high)]

    def _n(self, row: Row) -> str:
        return number(self.language, row.n) if row.n is not None and row.value is not None else ""

    def _beside(self, unit: str, row: Row) -> str:
        if row.value is None:
            return self.say("few")
        value, ends = self._cells(unit, row)
        return f"{value} ({ends}) {self.say('n', n=self._n(row))}"

    def _pairs(self, bad: str, good: str) -> list[tuple[str, Row, Row | None]]:
        whole = self.look.whole(bad)
        pairs = [(self.say("all"), whole, self.look.whole(good))] if whole else []
        for by in ("channel", "product"):
            for row in self.look.groups(bad, by):
                other = self.look.whole(good, row.channel, row.product)
                pairs.append((self.name(row, by), row, other))
        return pairs

    def _both(self, titles: Sequence[str], bad: Row, good: Row | None) -> str:
        texts = [self.full("share", row) for row in (bad, good) if row is not None]
        return ", ".join(f"{title} {text}" for title, text in zip(titles, texts, strict=False))

    def _stack(
        self, name: str, bad: Row, good: Row | None
    ) -> tuple[str, str, list[tuple[str, float, str]]]:
        if bad.value is None or good is None or good.value is None:
            return name, self.say("few"), []
        rest = max(0.0, 1 - bad.value - good.value)
        shares = (("negative", bad.value), ("rest", rest), ("positive", good.value))
        parts = [(tone, share, self._percent(share)) for tone, share in shares]
        return name, self.say("n", n=self._n(bad)), parts

    def _percent(self, share: float) -> str:
        return quantity(self.language, "share", share, 0)


def window(language: Language, look: Lookup) -> str:
    """The window as the head of the page writes it."""
    return full_days(language, look.first, look.last)
