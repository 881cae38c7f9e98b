"""What the page says of topics, intents and themes, as plain data for the templates.

Topics stand in one order in all their figures: most spoken of first, so that one can read across.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from feedback.metrics.catalogue import Metric
from feedback.metrics.topics import INTENT_SHARE, TOPIC_NEGATIVE, TOPIC_SHARE
from feedback.publishing import formats, words
from feedback.publishing.cards import change
from feedback.publishing.charts.bars import bar_chart
from feedback.publishing.formats import Language, number, quantity
from feedback.publishing.panel import Panel
from feedback.publishing.phrasing import Phrasing
from feedback.publishing.snapshot import Row, Snapshot, plain
from feedback.publishing.topic_exports import shown
from feedback.publishing.topic_facts import Names, ThemeFacts, Themes, Topics
from feedback.publishing.topic_rows import topic_rows

SHOWN = 12  # bars; the table has them all
ALERTS = ("risk", "churn", "urgent")
COUNTED = "urgent"  # an alert that is no wish: it has no bar

Named = Sequence[tuple[str, Row]]


@dataclass(frozen=True)
class TopicSection:
    """A section with figures; `absent` says why it has none."""

    id: str
    title: str
    question: str
    summary: str
    caveat: str
    columns: list[list[Panel]]
    absent: str = ""


@dataclass(frozen=True)
class ThemeLine:
    """One theme, written out; `terms` and `quote` are customers' words."""

    terms: str
    late: str
    early: str
    growth: str
    trend: str
    first: str
    quote: str


@dataclass(frozen=True)
class ThemesPart:
    """The themes, or in `absent` why there are none."""

    lines: list[ThemeLine]
    header: list[str]
    caveat: str
    absent: str


@dataclass(frozen=True)
class TopicPart:
    """All that the page says of topics in one language."""

    sections: list[TopicSection]
    alerts: list[tuple[str, str]]  # name, number
    themes: ThemesPart


def topic_part(language: Language, snapshot: Snapshot) -> TopicPart | None:
    """The sections on topics; None where the snapshot does not speak of them."""
    if snapshot.topics is None:
        return None
    maker = _Maker(Phrasing(language), snapshot, snapshot.topics, topic_rows(snapshot.topics))
    return TopicPart(
        sections=[
            maker.section("topics", TOPIC_SHARE, snapshot.topics.topics, TOPIC_NEGATIVE),
            maker.section("intents", INTENT_SHARE, snapshot.topics.intents),
        ],
        alerts=maker.alerts(),
        themes=themes_part(language, snapshot.topics.themes),
    )


@dataclass(frozen=True)
class _Maker:
    phrasing: Phrasing
    snapshot: Snapshot
    topics: Topics
    table: Sequence[Row]

    def section(
        self, id_: str, metric: Metric, names: Names, felt: Metric | None = None
    ) -> TopicSection:
        rows = [row for row in self._rows(metric, True) if row.product != COUNTED]
        named = [(words.of(names[row.product], self._code), row) for row in self._largest(rows)]
        panels = [self._bars("share", metric, "plain", named)] if named else []
        if felt is not None and named:
            by_topic = {row.product: row for row in self._rows(felt, True)}
            own = [(name, by_topic[row.product]) for name, row in named]
            panels.append(self._bars("negative", felt, "negative", own))
        if named:
            panels.append(self._changes(metric, named))
        return TopicSection(
            id=id_,
            title=self.phrasing.title(metric),
            question=words.of(metric.question, self._code),
            summary=self._tagged() if named else "",
            caveat=self._caveat(metric, felt) if named else "",
            columns=[[panel] for panel in panels],
            absent="" if named else self._absent(),
        )

    def alerts(self) -> list[tuple[str, str]]:
        """What somebody should read today, with how often it was found; every one of ALERTS."""
        rows = {row.product: row for row in self._rows(INTENT_SHARE, True)}
        return [
            (words.of(self.topics.intents[key], self._code), self._alert(rows[key]))
            for key in ALERTS
            if key in rows
        ]

    def _alert(self, row: Row) -> str:
        if row.value is None:
            return self.phrasing.say("alert_few")
        if row.value == 0:
            return self.phrasing.say("alert_none", n=self.phrasing.n(row))
        count = number(self.phrasing.language, round(row.value * (row.n or 0)))
        return self.phrasing.say("alert_count", count=count, share=self.phrasing.full("share", row))

    def _bars(self, id_: str, metric: Metric, tone: str, named: Named) -> Panel:
        phrasing, say = self.phrasing, self.phrasing.say
        labelled = [(name, phrasing.beside(metric.unit, row), row) for name, row in named]
        return Panel(
            id=id_,
            kind="bars",
            title=say(f"topics_{id_}"),
            lead="",
            desc="; ".join(f"{name}: {phrasing.full(metric.unit, row)}" for name, row in named),
            notes=[say("rest_in_table", n=len(named) - SHOWN)] if len(named) > SHOWN else [],
            header=[say("name"), say("value"), say("low_high"), "n"],
            body=[
                [name, *phrasing.cells(metric.unit, row), phrasing.n(row)] for name, row in named
            ],
            chart=bar_chart(labelled[:SHOWN], tone),
        )

    def _changes(self, metric: Metric, named: Named) -> Panel:
        """How each share moved; a bar and a number only where the difference is clear."""
        say = self.phrasing.say
        before = {row.product: row for row in self._rows(metric, False)}
        lines = [self._moved(metric, name, row, before.get(row.product)) for name, row in named]
        return Panel(
            id="change",
            kind="bars" if before else "none",
            title=say("topics_change", days=self._days),
            lead="",
            desc="; ".join(f"{name}: {text}" for name, text, _, _ in lines),
            notes=[say("topics_change_note" if before else "topics_no_before")],
            header=[
                say("name"),
                say("topics_change_pp"),
                say("low_high"),
                say("topics_verdict"),
                "n",
                say("topics_before"),
            ],
            body=[[name, *cells] for name, _, _, cells in lines] if before else [],
            chart=bar_chart([line[:3] for line in lines[:SHOWN]], "plain") if before else None,
        )

    def _moved(
        self, metric: Metric, name: str, now: Row, before: Row | None
    ) -> tuple[str, str, Row, list[str]]:
        """Name, text beside the bar, the bar, the cells of the table."""
        nothing = replace(now, value=None, low=None, high=None)
        if now.value is None or before is None or before.value is None:
            text = self.phrasing.say("topics_no_change")
            return name, text, nothing, [text, "", "", "", ""]
        moved = change(self.phrasing.language, metric, now, before)
        cells = [moved.text, moved.interval, moved.verdict]
        cells += [self.phrasing.n(now), self.phrasing.n(before)]
        if not moved.way:
            return name, moved.verdict, nothing, cells
        bar = replace(now, value=now.value - before.value, low=moved.ends[0], high=moved.ends[1])
        return name, self._beside(bar), bar, cells

    def _beside(self, moved: Row) -> str:
        """+2.1 (+0.4 to +3.8) n = 927, in percentage points."""
        language = self.phrasing.language
        value, low, high = (
            number(language, 100 * (one or 0.0), 1, signed=True)
            for one in (moved.value, moved.low, moved.high)
        )
        n = self.phrasing.say("n", n=self.phrasing.n(moved))
        return f"{value} ({low}{language.range_sign}{high}) {n}"

    def _rows(self, metric: Metric, now: bool) -> list[Row]:
        """The numbers of the window, or of the period of equal length before it."""
        period = self.snapshot.window_start if now else self.snapshot.previous_start
        return [
            row
            for row in self.table
            if (row.metric, row.grain, row.period) == (metric.name, "period", period)
        ]

    @staticmethod
    def _largest(rows: Sequence[Row]) -> list[Row]:
        return sorted(rows, key=lambda row: (-(row.value or 0.0), row.value is None, row.product))

    @property
    def _code(self) -> str:
        return self.phrasing.language.code

    @property
    def _days(self) -> int:
        return (self.snapshot.window_end - self.snapshot.window_start).days + 1

    def _tagged(self) -> str:
        language = self.phrasing.language
        if self.topics.tagged == self.topics.voices:
            return self.phrasing.say("n", n=number(language, self.topics.voices))
        told = {name: number(language, getattr(self.topics, name)) for name in ("tagged", "voices")}
        return self.phrasing.say("topics_partly", **told)

    def _caveat(self, metric: Metric, felt: Metric | None) -> str:
        texts = [words.of(one.caveat, self._code) for one in (metric, felt) if one]
        return " ".join([*texts, self.phrasing.say("topics_method", method=self.topics.method)])

    def _absent(self) -> str:
        return self.phrasing.say("topics_absent" if self.topics.voices else "topics_wordless")


def themes_part(language: Language, themes: Themes | None) -> ThemesPart:
    """The themes as lines of a table, or why there are none."""
    say = Phrasing(language).say
    if themes is None or not themes.found:
        absent = say("themes_absent" if themes is None else "themes_none")
        return ThemesPart([], [], "", absent)
    quoted = any(one.quote for one in themes.found)
    header = [say("theme_terms"), say("theme_late", half=themes.half)]
    header += [say("theme_early", half=themes.half), say("theme_growth"), say("theme_trend")]
    header += [say("theme_first"), *([say("theme_quote")] if quoted else [])]
    day = formats.full_day(language, themes.day)
    return ThemesPart(
        lines=[_line(language, one) for one in themes.found],
        header=header,
        caveat=say("themes_caveat", half=themes.half, day=day),
        absent="",
    )


def _line(language: Language, theme: ThemeFacts) -> ThemeLine:
    late, early = (_voices(language, n) for n in (theme.size, theme.size_before))
    return ThemeLine(
        terms=", ".join(plain(term) for term in theme.terms),
        late=late,
        early=early,
        growth=_growth(language, theme),
        trend=words.say(language.code, f"trend_{theme.trend}"),
        first=f"{formats.day(language, theme.first_day)}{formats.NBSP}{theme.first_day.year}",
        quote=plain(theme.quote),
    )


def _voices(language: Language, n: int) -> str:
    few = shown(n) is None
    return words.say(language.code, "few") if few else quantity(language, "count", n)


def _growth(language: Language, theme: ThemeFacts) -> str:
    """×2.1 (1.4–3.2); its n are the voices of the two halves, which stand beside it."""
    if theme.ratio is None or theme.low is None or theme.high is None:
        return ""
    ratio, low, high = (
        "∞" if one == float("inf") else number(language, one, 1)
        for one in (theme.ratio, theme.low, theme.high)
    )
    return f"×{ratio} ({low}–{high})"
