"""The page: one self-contained HTML file with both languages in it, for people.

The content security policy names the hash of the only script, so nothing else can ever run.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from feedback.metrics.intervals import wilson
from feedback.publishing import formats, words
from feedback.publishing.cards import Card, cards
from feedback.publishing.charts.lines import Series
from feedback.publishing.formats import Language
from feedback.publishing.lookup import Lookup
from feedback.publishing.panels import TONES, Artist, Panel, window
from feedback.publishing.snapshot import Judged, MetricInfo, Row, Snapshot, SourceState, plain

STALE_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class Section:
    """One metric, or the two sentiments together, with its figures."""

    id: str
    title: str
    question: str
    summary: str
    caveat: str
    panels: list[Panel]


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
class Body:
    """All that the page says in one language."""

    code: str
    window: str
    as_of: str
    as_of_short: str
    days: int
    cards: list[Card]
    sections: list[Section]
    sources: list[SourceLine]
    model: str
    metrics: list[dict[str, str]]


def render(snapshot: Snapshot, table: Sequence[Row], identity: str, exports: Sequence[str]) -> str:
    """The whole page as text; a pure function of its arguments."""
    style, script = _static("page.css"), _static("page.js")
    environment = _environment()
    return environment.get_template("page.html.j2").render(
        title=plain(snapshot.title),
        timezone=snapshot.timezone,
        as_of=snapshot.as_of.isoformat(),
        bodies=[_body(language, snapshot, table) for language in formats.LANGUAGES],
        identity=identity,
        runs=", ".join(plain(run) for run in snapshot.runs),
        exports=exports,
        say=words.say,
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _body(language: Language, snapshot: Snapshot, table: Sequence[Row]) -> Body:
    look = Lookup(snapshot, table)
    metrics = {metric.name: metric for metric in snapshot.metrics}
    zone = snapshot.timezone
    return Body(
        code=language.code,
        window=window(language, look),
        as_of=formats.moment(language, snapshot.as_of, zone),
        as_of_short=formats.short_moment(language, snapshot.as_of, zone),
        days=(snapshot.window_end - snapshot.window_start).days + 1,
        cards=cards(language, metrics, look),
        sections=_sections(Artist(language, look), metrics),
        sources=[_source(language, source, snapshot) for source in snapshot.sources],
        model=_model(language, plain(snapshot.model), snapshot.judged),
        metrics=[_entry(language, metric) for metric in snapshot.metrics],
    )


def _sections(artist: Artist, metrics: dict[str, MetricInfo]) -> list[Section]:
    sections = [_section(artist, metric) for metric in metrics.values()]
    if set(TONES) <= set(metrics):
        place = min(list(metrics).index(name) for name in TONES)
        sections.insert(place, _sentiment(artist, [metrics[name] for name in TONES]))
    return sections


def _section(artist: Artist, metric: MetricInfo) -> Section:
    code, row = artist.language.code, artist.look.whole(metric.name)
    week, day = (
        Series(TONES.get(metric.name, "plain"), words.of(metric.title, code), rows)
        for rows in (artist.look.over_time(metric.name, grain) for grain in ("week", "day"))
    )
    panels = [
        artist.over_time("week", [(metric, week)]),
        artist.over_time("day", [(metric, day)]),
        artist.bars(metric, "channel"),
        artist.bars(metric, "product"),
        artist.small_multiples(metric),
    ]
    return Section(
        id=metric.name,
        title=words.of(metric.title, code),
        question=words.of(metric.question, code),
        summary=artist.full(metric.unit, row) if row else artist.say("nothing"),
        caveat=words.of(metric.caveat, code),
        panels=[panel for panel in panels if panel is not None],
    )


def _sentiment(artist: Artist, pair: Sequence[MetricInfo]) -> Section:
    code = artist.language.code
    lines = [
        (m, Series(TONES[m.name], words.of(m.title, code), artist.look.over_time(m.name, "week")))
        for m in pair
    ]
    return Section(
        id="sentiment",
        title=artist.say("sentiment"),
        question=artist.say("sentiment_question"),
        summary="",
        caveat="",
        panels=[artist.over_time("week", lines), artist.stacks(*pair)],
    )


def _source(language: Language, source: SourceState, snapshot: Snapshot) -> SourceLine:
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
        problem=plain(source.problem),
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


def _entry(language: Language, metric: MetricInfo) -> dict[str, str]:
    code = language.code
    return {
        "title": words.of(metric.title, code),
        "question": words.of(metric.question, code),
        "caveat": words.of(metric.caveat, code),
        "unit": words.say(code, f"unit_{metric.unit}"),
        "owner": metric.owner,
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("feedback.publishing"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _static(name: str) -> str:
    return (files("feedback.publishing") / "static" / name).read_text("utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
