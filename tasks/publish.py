"""Publishing: the numbers of the last days pass the gate, are kept, and take the page's place.

When nothing changed, or the gate holds, the page that stands goes on standing.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from prefect import task

from feedback.errors import FeedbackError, Refused
from feedback.metrics import corrected
from feedback.metrics.catalogue import DECLARED
from feedback.metrics.compute import FEW, compute
from feedback.publishing import publish as site
from feedback.publishing.restated import changed
from feedback.publishing.snapshot import Judged, Restated, Snapshot, SourceState
from feedback.quality import Quality, news
from feedback.warehouse import current, published, quality, report
from feedback.warehouse.engine import hold
from tasks.opening import Opened, log, opened
from tasks.patience import INSIDE
from tasks.published_topics import told
from tasks.validate import keep, refuse_doubted


class Held(FeedbackError):
    """The gate refused the numbers: what was published before still stands."""


@task(name="publish", **INSIDE)
def publish(settings: str, run_id: str, *, days: int = 0, place: str = "") -> str:
    """Publish the last `days` days (0: as set) under `place`; returns the path of the page.

    Raises `Refused` when there is nothing to publish, `Held` when the gate refuses it, and
    `Changed` while a source is held as a whole.
    """
    with opened(settings, "publish") as house, hold(house.engine, f"publishing {place}"):
        refuse_doubted(house, "No page was written: the one before stands.")
        folder = house.settings.publish.folder / place
        snapshot = _snapshot(house, run_id, days or house.settings.publish.days, place)
        warnings = _gate(house, run_id, snapshot)
        snapshot = replace(snapshot, quality=_quality(house))  # after the gate: it is a check, too
        if _stands(published.latest(house.engine, place), snapshot, folder):
            log.info("publish     %-16s nothing new: the page that stands is true", place)
            return str(folder / "current" / site.PAGE)
        return _replace(house, snapshot, warnings, place, folder)


def _snapshot(house: Opened, run_id: str, days: int, place: str) -> Snapshot:
    """The numbers of the last days with words in them, and of as many days before them."""
    zone = ZoneInfo(house.settings.timezone)
    as_of, last = report.as_of(house.engine), current.last_said(house.engine)
    if not as_of or not last:
        raise Refused(
            "There is nothing to publish: no feedback is stored yet. No page was written. See what "
            "the collection reported, then run again."
        )
    end = min(last.astimezone(zone).date(), datetime.now(zone).date())  # clocks differ by hours
    start = end - timedelta(days=days - 1)
    model = house.model()
    since, until = start - timedelta(days=days), end + timedelta(days=1)
    items = current.items(house.engine, model, house.midnight(since), house.midnight(until))
    inside = items["said_at"] >= pd.Timestamp(house.midnight(start))
    values = _values(house, items[inside], start)
    before = _before(house, items[~inside], since)
    judged = items.loc[inside & items["duplicate_of"].isna(), "sentiment"].dropna()
    return Snapshot(
        title=house.settings.publish.title,
        as_of=as_of,
        window_start=start,
        window_end=end,
        timezone=house.settings.timezone,
        model=" ".join(model),
        values=pd.concat([values, before], ignore_index=True),
        metrics=DECLARED,
        sources=_sources(house),
        runs=[run_id],
        topics=told(house, start, end, compared=_whole(house, since)),
        judged=Judged(len(judged), int((judged == "unsure").sum())),
        labels=corrected.measure(items[inside], timezone=house.settings.timezone)[1],
        restated=_restated(house, items, place, " ".join(model), start),
    )


def _restated(
    house: Opened, items: pd.DataFrame, place: str, model: str, start: date
) -> Restated | None:
    """What another model published last, while that day is in the window, and what it is now."""
    found, zone = (
        published.by_another(house.engine, place, model),
        ZoneInfo(house.settings.timezone),
    )
    if found is None or found[0]["published_at"].astimezone(zone).date() < start:
        return None
    last_by, other = found
    was = published.numbers(house.engine, last_by["snapshot"])
    first = was.loc[was["grain"] == "period", "period"].max()
    told = last_by["verdict"].get("window_end")  # older publications do not say
    last = date.fromisoformat(told) if told else last_by["as_of"].astimezone(zone).date()
    said = items["said_at"]
    same = (said >= house.midnight(first)) & (said < house.midnight(last + timedelta(days=1)))
    pairs = changed(was, _values(house, items[same], first))
    return Restated(other, last_by["published_at"], first, last, pairs)


def _quality(house: Opened) -> Quality:
    """What is known of the quality of all that is stored; the owners are those of the settings."""
    owners = {name: house.settings.owner(name) for name in house.settings.sources}
    return quality.read(house.engine, house.model(), owners)


def _before(house: Opened, items: pd.DataFrame, start: date) -> pd.DataFrame:
    """The period before, to compare with; nothing unless something was said before it, too."""
    if not _whole(house, start):
        items = items.iloc[:0]
    values = _values(house, items, start)
    return values[(values["grain"] == "period") & (values["n"] > 0)]


def _whole(house: Opened, start: date) -> bool:
    """Whether something was said on the first day of a period, or before it."""
    first = current.first_said(house.engine)
    zone = ZoneInfo(house.settings.timezone)
    return first is not None and first.astimezone(zone).date() <= start


def _values(house: Opened, items: pd.DataFrame, start: date) -> pd.DataFrame:
    zone = house.settings.timezone
    values = compute(items, timezone=zone, min_n=FEW)
    values = pd.concat([values, corrected.measure(items, timezone=zone)[0]], ignore_index=True)
    values.loc[values["grain"] == "period", "period"] = start
    return values


def _sources(house: Opened) -> list[SourceState]:
    states = report.source_states(house.engine)
    channels = {name: source.channel for name, source in house.sources().items()}
    listed = []
    gone = [name for name in states.index if name not in house.settings.sources]
    for name in [*house.settings.sources, *gone]:
        state = states.loc[name] if name in states.index else pd.Series(dtype=object)
        ended = state.get("status", "never")
        listed.append(
            SourceState(
                source=name,
                channel=channels.get(name, ""),
                last_success=_moment(state.get("last_success")),
                last_said=_moment(state.get("last_said")),
                items=int(state.get("items", 0)),
                set_aside=int(state.get("set_aside", 0)),
                problem="" if ended == "done" else ended,
            )
        )
    return listed


def _gate(house: Opened, run_id: str, snapshot: Snapshot) -> list[str]:
    """Let the numbers pass, with the gate's warnings, or raise `Held`; its results are kept."""
    from expectations.metrics import gate

    today = datetime.now(ZoneInfo(snapshot.timezone)).date()
    values = snapshot.values
    window = (values["grain"] != "period") | (values["period"] == snapshot.window_start)
    verdict = gate(values[window], today=today, min_n=FEW)
    keep(house, run_id, verdict)
    if not verdict.ok:
        refused = [f"{key}: {', '.join(why)}" for key, why in verdict.refused.items()]
        reasons = verdict.stopped + refused
        raise Held(
            f"The gate holds the page back for {len(reasons)} reasons, first: "
            f"{'; '.join(reasons[:3])}. Nothing was published; the page before still stands. Mend "
            "what is named, then run again."
        )
    return verdict.warnings


def _stands(last: Mapping[str, Any] | None, snapshot: Snapshot, folder: Path) -> bool:
    """Whether the last publication is in place and says the same, as of the same day."""
    shown = site.current(folder)
    if last is None or shown is None or not shown.id.startswith(last["snapshot"]):
        return False
    zone = ZoneInfo(snapshot.timezone)
    same_day = last["as_of"].astimezone(zone).date() == snapshot.as_of.astimezone(zone).date()
    return bool(same_day and last["content_hash"] == _content_hash(snapshot))


def _content_hash(snapshot: Snapshot) -> str:
    """Of all that a reader is told but the hour: numbers, model, what lacks, how good it is."""
    said = [
        snapshot.values.to_csv(index=False),
        *(snapshot.title, snapshot.model, snapshot.window_start.isoformat()),
        *([s.source, s.items, s.set_aside, s.problem] for s in snapshot.sources),
        str(snapshot.labels),
        *(news(snapshot.quality) if snapshot.quality else []),
        snapshot.topics.content() if snapshot.topics else [],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _replace(
    house: Opened, snapshot: Snapshot, warnings: list[str], name: str, folder: Path
) -> str:
    """The numbers are kept before they are shown."""
    edition = site.make(snapshot)
    published.store(
        house.engine,
        snapshot.values,
        snapshot=edition.id,
        folder=name,
        as_of=snapshot.as_of,
        model_version=snapshot.model,
        content_hash=_content_hash(snapshot),
        verdict=_verdict(snapshot, warnings),
        runs=list(snapshot.runs),
        files={file.name: file.sha256 for file in edition.files},
        topics=snapshot.topics.stamped() if snapshot.topics else None,
    )
    publication = site.place(edition, folder)
    log.info("publish     %-16s %s", name, publication.id)
    return str(publication.page)


def _verdict(snapshot: Snapshot, warnings: list[str]) -> dict[str, Any]:
    """What is kept of the gate's verdict and of what the page says of another model."""
    told = {"warnings": warnings, "window_end": snapshot.window_end.isoformat()}
    return told | ({"restated": snapshot.restated.told()} if snapshot.restated else {})


def _moment(value: Any) -> datetime | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).to_pydatetime()
