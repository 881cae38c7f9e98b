"""A rich snapshot to publish in tests: 60 days, three channels, three products with hostile names.

Made from sines, not from chance, so that every test run draws the same page.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from feedback.metrics.catalogue import METRICS, Metric
from feedback.metrics.compute import COLUMNS
from feedback.publishing.snapshot import Judged, Snapshot, SourceState
from feedback.quality import (
    COLLECT,
    REFINE,
    Alike,
    Books,
    Check,
    Cleaned,
    People,
    Quality,
    SourceQuality,
    Texts,
    Waiting,
)
from tests.feedback.publishing.topic_samples import make_topics

START = date(2026, 9, 1)
DAYS = 60
AS_OF = datetime(2026, 10, 31, 3, 0, tzinfo=UTC)
FORMULA = "=cmd|' /C calc'!A0"
SCRIPT = "<script>alert(1)</script>"
CHANNELS = ("mail", "form", "social")
PRODUCTS = ("Доставка", FORMULA, SCRIPT)
SILENT_DAYS = frozenset(START + timedelta(days=k) for k in (11, 12, 13, 14, 15, 31))


NOTHING = {COLLECT: Books(), REFINE: Books()}
SOURCES = (
    SourceState("support mailbox", "mail", AS_OF - timedelta(hours=1), AS_OF, 4210, 12, ""),
    SourceState(
        "survey",
        "form",
        AS_OF - timedelta(days=3, hours=5),
        AS_OF - timedelta(days=4),
        1820,
        3,
        "changed",
    ),
    SourceState("#brand", "social", AS_OF - timedelta(days=6), None, 402, 0, ""),
)


def make_snapshot(**changes: Any) -> Snapshot:
    """The whole sample, with any field replaced."""
    snapshot = Snapshot(
        title="Голос клиента · Voice of the customer",
        as_of=AS_OF,
        window_start=START,
        window_end=START + timedelta(days=DAYS - 1),
        timezone="Europe/Moscow",
        model="sentiment-linear 1.0.0",
        values=make_values(),
        metrics=METRICS,
        sources=SOURCES,
        runs=("2026-10-31T03-00-00-a1b2",),
        judged=Judged(texts=5120, unsure=742),
        quality=make_quality(),
        topics=make_topics(START, DAYS),
    )
    return replace(snapshot, **changes)


def make_values(extra: Sequence[dict[str, Any]] = ()) -> pd.DataFrame:
    """The numbers of the sample: days, weeks and the window, with few, gaps and a previous one."""
    return pd.DataFrame([*_all(), *extra], columns=COLUMNS)


def make_quality(**changes: Any) -> Quality:
    """The quality of the sample's data, with any part replaced."""
    quality = Quality(
        sources=(
            make_source_quality(waiting=(make_waiting(), make_waiting(reason=SCRIPT, records=4))),
            make_source_quality(source="survey", owner="", waiting=(make_waiting(records=3),)),
            make_source_quality(
                source="#brand", records=0, last_run=None, last=NOTHING, ever=NOTHING
            ),
        ),
        cleaned=(Cleaned("email", 310, 402), Cleaned("phone", 44, 45), Cleaned("<i>odd", 1, 1)),
        texts=Texts(items=6432, empty=512, judged=5920, unknown=88),
        alike=Alike(messages=6432, voices=6301, groups=57, campaign=40, flood=3),
        people=People(records=5210, people=5102, active=108, undone=2, shared=7),
        checks=(
            make_check(failed=0),
            make_check(expectation="it has no readable date", failed=8),
            make_check(suite="clean", severity="warning", failed=3, source=SCRIPT),
            make_check(suite="metrics", source="", expectation="its n is negative", failed=0),
        ),
    )
    return replace(quality, **changes)


def make_source_quality(**changes: Any) -> SourceQuality:
    """A source whose books add up."""
    last = {COLLECT: Books(130, 100, 10, 20), REFINE: Books(110, 95, 10, 0, 3, 2)}
    ever = {COLLECT: Books(9000, 4000, 210, 4790), REFINE: Books(4210, 3980, 200, 0, 12, 18)}
    source = SourceQuality(
        source="support mailbox",
        owner="support team",
        records=4210,
        last_run=AS_OF - timedelta(hours=1),
        last=last,
        ever=ever,
        waiting=(),
    )
    return replace(source, **changes)


def make_waiting(**changes: Any) -> Waiting:
    """Records that wait for nine days."""
    waiting = Waiting("it has no readable date", 8, AS_OF - timedelta(days=9, hours=1))
    return replace(waiting, **changes)


def make_check(**changes: Any) -> Check:
    """A critical check of a mailbox as it was collected; it failed on one row."""
    check = Check(
        suite="raw",
        source="support mailbox",
        expectation="the text is longer than 100,000 characters",
        severity="critical",
        checked=110,
        failed=1,
        observed="",
        at=AS_OF - timedelta(hours=1),
    )
    return replace(check, **changes)


def make_row(**changes: Any) -> dict[str, Any]:
    """One row of `values`."""
    row = {"metric": "csat", "grain": "day", "period": START, "channel": "", "product": ""}
    return {**row, "value": 0.5, "n": 40, "low": 0.35, "high": 0.65, "status": "ok", **changes}


def _all() -> Iterator[dict[str, Any]]:
    before = START - timedelta(days=DAYS)
    segments = [("", "")] + [(c, "") for c in CHANNELS] + [("", p) for p in PRODUCTS]
    for metric in METRICS:
        yield _row(metric, "period", before, ("", ""), 5100, 0.35)
        for k, segment in enumerate(segments):
            yield _row(metric, "period", START, segment, 6432 // (1 + 3 * k), 0.5 + k / 20)
            monday = START - timedelta(days=START.weekday())
            for week in range(9):
                period = monday + timedelta(days=7 * week)
                yield _row(metric, "week", period, segment, 720 // (1 + 3 * k), week / 9 + k / 5)
        for k in range(DAYS):
            if (when := START + timedelta(days=k)) not in SILENT_DAYS:
                yield _row(metric, "day", when, ("", ""), 96 + 30 * (k % 7 < 5), k / DAYS)


def _row(
    metric: Metric, grain: str, period: date, segment: tuple[str, str], n: int, at: float
) -> dict[str, Any]:
    n = {"csat": n // 9, "nps": n // 24}.get(metric.name, n)
    wave = math.sin(7 * at) / 2 + math.sin(31 * at) / 6
    share = 0.27 + 0.18 * wave + (0.3 if metric.name == "csat" else 0)
    share = 0.6 - share if metric.name == "positive_share" else share
    spread = 1.96 * math.sqrt(share * (1 - share) / max(n, 1))
    value, low, high = share, max(0, share - spread), min(1, share + spread)
    if metric.unit == "count":
        n = max(0, round(n * (1 + 0.4 * wave)))
        value, low, high = n, n - 1.96 * math.sqrt(n), n + 1.96 * math.sqrt(n)
    if metric.unit == "points":
        value, low, high = (min(100, 100 * (2 * v - 0.5)) for v in (value, low, high))
    few = n < 5
    bounds = {"value": math.nan, "low": math.nan, "high": math.nan} if few else {}
    row = {"metric": metric.name, "grain": grain, "period": period}
    row |= {"channel": segment[0], "product": segment[1], "n": n}
    return {
        **row,
        "value": value,
        "low": low,
        "high": high,
        "status": "few" if few else "ok",
        **bounds,
    }
