"""Everything the page says in one language, as plain data for the templates.

The page holds one edition per language and shows one of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback.metrics.catalogue import Declared, Metric
from feedback.metrics.intervals import wilson
from feedback.publishing import formats, words
from feedback.publishing.breakdowns import Breakdowns
from feedback.publishing.cards import Card, cards
from feedback.publishing.corrections import corrected
from feedback.publishing.formats import Language
from feedback.publishing.lookup import Lookup
from feedback.publishing.panel import TONES, Panel
from feedback.publishing.phrasing import Phrasing
from feedback.publishing.snapshot import Judged, Restated, Row, Snapshot, SourceState, plain
from feedback.publishing.timelines import Timelines
from feedback.publishing.topic_sections import TopicPart, topic_part

STALE_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class Section:
    """One metric, or the two sentiments together, with its figures."""

    id: str
    title: str
    question: str
    summary: str
    caveat: str
    columns: list[list[Panel]]
    corrected: str = ""


@dataclass(frozen=True)
class SourceLine:
    """One source, written out; `state` is "fine", "failed" or "stale"."""

    name: str
    channel: str
    answered: str
    newest: str
    items: str
    set_aside: str
    state: str
    problem: str


@dataclass(frozen=True)
class Edition:
    """All that the page says in one language."""

    code: str
    window: str
    as_of: str
    as_of_short: str
    days: int
    cards: list[Card]
    sections: list[Section]
    topics: TopicPart | None
    sources: list[SourceLine]
    model: str
    restated: str
    metrics: list[dict[str, str]]


def edition(language: Language, snapshot: Snapshot, table: Sequence[Row]) -> Edition:
    """Everything the page says in one language about the rows of a snapshot."""
    look = Lookup(snapshot, table)
    metrics = {one.name: one for one in snapshot.metrics if isinstance(one, Metric)}
    zone = snapshot.timezone
    return Edition(
        code=language.code,
        window=formats.full_days(language, look.first, look.last),
        as_of=formats.moment(language, snapshot.as_of, zone),
        as_of_short=formats.short_moment(language, snapshot.as_of, zone),
        days=(snapshot.window_end - snapshot.window_start).days + 1,
        cards=cards(language, metrics, look),
        sections=_sections(language, look, metrics),
        topics=topic_part(language, snapshot),
        sources=[source_line(language, source, snapshot) for source in snapshot.sources],
        model=_model(language, plain(snapshot.model), snapshot.judged),
        restated=_restated(language, snapshot, metrics),
        metrics=[_entry(language, metric) for metric in snapshot.metrics],
    )


def _sections(language: Language, look: Lookup, metrics: dict[str, Metric]) -> list[Section]:
    phrasing = Phrasing(language)
    time, cuts = Timelines(phrasing, look), Breakdowns(phrasing, look)
    sections = [_section(phrasing, time, cuts, metric) for metric in metrics.values()]
    if set(TONES) <= set(metrics):
        place = min(list(metrics).index(name) for name in TONES)
        sections.insert(place, _sentiment(phrasing, time, cuts, [metrics[name] for name in TONES]))
    return sections


def _section(phrasing: Phrasing, time: Timelines, cuts: Breakdowns, metric: Metric) -> Section:
    row = cuts.look.whole(metric.name)
    groups = [cuts.bars(metric, "channel"), cuts.bars(metric, "product")]
    small = time.per_product(metric)
    return Section(
        id=metric.name,
        title=phrasing.title(metric),
        question=words.of(metric.question, phrasing.language.code),
        summary=phrasing.full(metric.unit, row) if row else phrasing.say("nothing"),
        caveat=words.of(metric.caveat, phrasing.language.code),
        columns=[
            [time.lines("week", [metric])],
            [time.lines("day", [metric])],
            [panel for panel in groups if panel is not None],
            *([[small]] if small else []),
        ],
        corrected=corrected(phrasing, metric.name, cuts.look),
    )


def _sentiment(
    phrasing: Phrasing, time: Timelines, cuts: Breakdowns, pair: Sequence[Metric]
) -> Section:
    return Section(
        id="sentiment",
        title=phrasing.say("sentiment"),
        question=phrasing.say("sentiment_question"),
        summary="",
        caveat="",
        columns=[[time.lines("week", pair)], [cuts.stacks(*pair)]],
    )


def source_line(language: Language, source: SourceState, snapshot: Snapshot) -> SourceLine:
    """One source as both pages say it."""

    def when(moment: datetime | None) -> str:
        if moment is None:
            return words.say(language.code, "never")
        return formats.short_moment(language, moment, snapshot.timezone)

    return SourceLine(
        name=plain(source.source),
        channel=words.channel(language.code, plain(source.channel)),
        answered=when(source.last_success),
        newest=when(source.last_said),
        items=formats.number(language, source.items),
        set_aside=formats.number(language, source.set_aside),
        state=_state(source, snapshot.as_of),
        problem=words.problem(language.code, source.problem),
    )


def _state(source: SourceState, as_of: datetime) -> str:
    if source.problem:
        return "failed"
    late = source.last_success is None or as_of - source.last_success > STALE_AFTER
    return "stale" if late else "fine"


def _model(language: Language, model: str, judged: Judged | None) -> str:
    if judged is None or judged.texts == 0:
        return words.say(language.code, "model_only", model=model)
    low, high = wilson(judged.unsure, judged.texts)
    ends = formats.interval(language, "share", float(low), float(high))
    return words.say(
        language.code,
        "model_text",
        model=model,
        texts=formats.number(language, judged.texts),
        share=formats.quantity(language, "share", judged.unsure / judged.texts),
        interval=words.say(language.code, "interval", interval=ends),
    )


def _restated(language: Language, snapshot: Snapshot, metrics: dict[str, Metric]) -> str:
    """Which numbers another model published, and what they were and are; "" when none did."""
    told, phrasing = snapshot.restated, Phrasing(language)
    if told is None:
        return ""
    return phrasing.say(
        "restated",
        old=plain(told.model),
        new=plain(snapshot.model),
        moment=formats.short_moment(language, told.published, snapshot.timezone),
        window=formats.full_days(language, told.first, told.last),
        changes=_changes(phrasing, told, metrics),
    )


def _changes(phrasing: Phrasing, told: Restated, metrics: dict[str, Metric]) -> str:
    said = [
        phrasing.say(
            "was_is",
            metric=phrasing.title(metrics[was.metric]),
            was=phrasing.full(metrics[was.metric].unit, was),
            now=phrasing.full(metrics[was.metric].unit, now),
        )
        for was, now in told.pairs
        if was.metric in metrics
    ]
    return "; ".join(said) or phrasing.say("restated_same")


def _entry(language: Language, metric: Declared) -> dict[str, str]:
    code = language.code
    return {
        "title": words.of(metric.title, code),
        "question": words.of(metric.question, code),
        "caveat": words.of(metric.caveat, code),
        "unit": words.say(code, f"unit_{metric.unit}"),
        "owner": metric.owner,
    }
