"""Everything the page on data quality says in one language.

A share never stands without its n and interval; a reason we have no Russian for stays English.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from feedback.metrics.intervals import wilson
from feedback.publishing import formats, reasons, words
from feedback.publishing.edition import SourceLine, source_line
from feedback.publishing.formats import NBSP, Language, number
from feedback.publishing.snapshot import Snapshot, SourceState, plain
from feedback.quality import COLLECT, REFINE, Books, Check, Quality, SourceQuality, Waiting

MOST_REASONS = 20
JOINED = "\N{WORD JOINER}"
SUITES = (
    "raw",
    "clean",
    "mail",
    "form",
    "social",
    "understood",
    "batch",
    "metrics",
)  # in the order of work
PLACES = ("new", "changed", "duplicate", "set_aside", "skipped")


@dataclass(frozen=True)
class Sum:
    """One column of a ledger: what was fetched, where it went, and what is missing if anything."""

    stage: str
    fetched: str
    places: list[str]
    missing: str  # "" when it adds up


@dataclass(frozen=True)
class Line:
    """One reason in the list of what waits."""

    reason: str
    records: str
    oldest: str


@dataclass(frozen=True)
class SourceBlock:
    """One source: its state, the two pairs of sums (last run with news, ever), what waits."""

    line: SourceLine
    owner: str
    last_run: str
    sums: list[Sum]
    set_aside: str  # share, interval, n
    waiting: list[Line]
    more: str


@dataclass(frozen=True)
class CheckLine:
    """The result of one expectation, written out; `state` is "critical", "warning" or "held"."""

    state: str
    verdict: str
    severity: str
    suite: str
    source: str
    expectation: str
    checked: str
    failed: str
    observed: str
    at: str


@dataclass(frozen=True)
class CheckGroup:
    """All expectations of one suite about one source, those that failed first."""

    suite: str
    source: str
    summary: str
    worst: str  # state of the worst of them
    checks: list[CheckLine]


@dataclass(frozen=True)
class QualityEdition:
    """All that the page on data quality says in one language."""

    code: str
    as_of: str
    as_of_short: str
    balanced: bool
    sources: list[SourceBlock]
    waiting: str  # records set aside in all sources
    set_aside: str
    checks: str
    critical: str
    warning: str
    cleaned: list[tuple[str, str]]
    items: str
    texts: list[tuple[str, str]]
    alike: list[tuple[str, str]]
    people: list[tuple[str, str]]
    failed: list[CheckLine]
    groups: list[CheckGroup]


@dataclass(frozen=True)
class Writer:
    """Writes the facts of one snapshot out in one language."""

    language: Language
    snapshot: Snapshot

    def say(self, key: str, **values: object) -> str:
        """A text of the page in this language."""
        return words.say(self.language.code, key, **values)

    def count(self, value: int) -> str:
        """4,210."""
        return number(self.language, value)

    def when(self, moment: datetime) -> str:
        """22 Nov 2026, 09:00."""
        return formats.short_moment(self.language, moment, self.snapshot.timezone)

    def share(self, part: int, n: int) -> str:
        """1.2% (95%: 0.8–1.9%), n = 4,210, to be broken at its gaps alone; or "no data"."""
        if n == 0:
            return self.say("nothing_short")
        low, high = wilson(part, n)
        ends = formats.interval(self.language, "share", float(low), float(high))
        value = formats.quantity(self.language, "share", part / n)
        sure = self.say("interval", interval=ends).replace(" ", NBSP).replace("–", f"–{JOINED}")
        return f"{value} ({sure}), {self.say('n', n=self.count(n)).replace(' ', NBSP)}"

    def part(self, part: int, n: int) -> str:
        """50: 1.2% (95%: 0.8–1.9%), n = 4,210."""
        return f"{self.count(part)}: {self.share(part, n)}"

    def age(self, moment: datetime) -> str:
        """22 Nov 2026 (9 d)."""
        day = self.when(moment).split(",")[0]
        days = max(self.snapshot.as_of - moment, timedelta(0)).days
        return f"{day} ({self.say('days_old', days=self.count(days))})"

    def reason(self, text: str) -> str:
        """A reason of ours in this language, if somebody has said it in it."""
        return plain(reasons.of(self.language.code, text))

    def named(self, prefix: str, key: str) -> str:
        """The word for one of our own terms; a term nobody foresaw as it is."""
        known = f"{prefix}_{key}"
        return self.say(known) if known in words.WORDS else plain(key).replace("_", " ")

    def place(self, source: str) -> str:
        """A source's name, or that all of them are meant."""
        return plain(source) or self.say("all_sources")


def quality_edition(language: Language, snapshot: Snapshot, quality: Quality) -> QualityEdition:
    """Everything the page says in one language about the quality of a snapshot's data."""
    write = Writer(language, snapshot)
    sources = [_block(write, source) for source in quality.sources]
    failed = sorted((c for c in quality.checks if c.failed), key=_urgency)
    critical = sum(check.severity == "critical" for check in failed)
    waits = sum(source.set_aside for source in quality.sources)
    return QualityEdition(
        code=language.code,
        as_of=formats.moment(language, snapshot.as_of, snapshot.timezone),
        as_of_short=write.when(snapshot.as_of),
        balanced=all(source.balanced for source in quality.sources),
        sources=sources,
        waiting=write.count(waits),
        set_aside=write.share(waits, sum(source.records for source in quality.sources)),
        checks=write.say(
            "checks_of", failed=write.count(len(failed)), checks=write.count(len(quality.checks))
        ),
        critical=write.count(critical),
        warning=write.count(len(failed) - critical),
        cleaned=_cleaned(write, quality),
        items=write.count(quality.texts.items),
        texts=_texts(write, quality),
        alike=_alike(write, quality),
        people=_people(write, quality),
        failed=[_check(write, check) for check in failed],
        groups=_groups(write, quality.checks),
    )


def _block(write: Writer, source: SourceQuality) -> SourceBlock:
    states = {state.source: state for state in write.snapshot.sources}
    state = states.get(source.source) or SourceState(source.source, "", None, None, 0, 0, "never")
    shown = source.waiting[:MOST_REASONS]
    more = len(source.waiting) - len(shown)
    return SourceBlock(
        line=source_line(write.language, state, write.snapshot),
        owner=plain(source.owner),
        last_run=write.when(source.last_run) if source.last_run else "",
        sums=[
            _sum(write, stage, books[stage])
            for books in (source.last, source.ever)
            for stage in (COLLECT, REFINE)
        ],
        set_aside=write.share(source.set_aside, source.records),
        waiting=[_waiting(write, one) for one in shown],
        more=write.say("and_more", n=write.count(more)) if more else "",
    )


def _sum(write: Writer, stage: str, books: Books) -> Sum:
    return Sum(
        stage=write.say(f"stage_{stage}"),
        fetched=write.count(books.fetched),
        places=[write.count(getattr(books, place)) for place in PLACES],
        missing=number(write.language, books.missing, signed=True) if books.missing else "",
    )


def _waiting(write: Writer, one: Waiting) -> Line:
    return Line(write.reason(one.reason), write.count(one.records), write.age(one.oldest))


def _cleaned(write: Writer, quality: Quality) -> list[tuple[str, str]]:
    n = quality.texts.items
    return [(write.named("cleaned", one.kind), write.part(one.items, n)) for one in quality.cleaned]


def _texts(write: Writer, quality: Quality) -> list[tuple[str, str]]:
    texts = quality.texts
    return [
        (write.say("empty_texts"), write.part(texts.empty, texts.items)),
        (write.say("unknown_language"), write.part(texts.unknown, texts.judged)),
    ]


def _alike(write: Writer, quality: Quality) -> list[tuple[str, str]]:
    return _counts(write, "alike", vars(quality.alike))


def _people(write: Writer, quality: Quality) -> list[tuple[str, str]]:
    return _counts(write, "people", vars(quality.people))


def _counts(write: Writer, prefix: str, counts: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(write.say(f"{prefix}_{name}"), write.count(value)) for name, value in counts.items()]


def _groups(write: Writer, checks: Sequence[Check]) -> list[CheckGroup]:
    ordered = sorted(checks, key=lambda check: (_place(check), *_urgency(check)))
    groups = [list(group) for _, group in groupby(ordered, key=_place)]
    return [_group(write, group) for group in groups]


def _group(write: Writer, checks: list[Check]) -> CheckGroup:
    failed, lines = sum(c.failed > 0 for c in checks), [_check(write, c) for c in checks]
    return CheckGroup(
        suite=write.named("suite", checks[0].suite),
        source=write.place(checks[0].source),
        summary=write.say(
            "checks_at",
            failed=write.count(failed),
            checks=write.count(len(checks)),
            moment=write.when(max(check.at for check in checks)),
        ),
        worst=lines[0].state,
        checks=lines,
    )


def _check(write: Writer, check: Check) -> CheckLine:
    severity = "critical" if check.severity == "critical" else "warning"
    state = severity if check.failed else "held"
    return CheckLine(
        state=state,
        verdict=write.say(state),
        severity=write.say(severity),
        suite=write.named("suite", check.suite),
        source=write.place(check.source),
        expectation=write.reason(check.expectation),
        checked=write.count(check.checked),
        failed=write.count(check.failed),
        observed=write.reason(check.observed),
        at=write.when(check.at),
    )


def _place(check: Check) -> tuple[int, str, str]:
    place = SUITES.index(check.suite) if check.suite in SUITES else len(SUITES)
    return place, check.suite, check.source


def _urgency(check: Check) -> tuple[bool, bool, int, str, str, str]:
    """What failed first, critical before warning, then by how much."""
    mild = check.severity != "critical"
    return not check.failed, mild, -check.failed, check.suite, check.source, check.expectation
