"""What the page says of topics, intents and themes, and the list of alerts behind its counts.

Both look at the same days, those of the page, so that one finds every voice that was counted.
"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from feedback.metrics.topics import compute
from feedback.publishing.topic_facts import Names, ThemeFacts, Themes, Topics
from feedback.publishing.topic_sections import ALERTS
from feedback.topics import taxonomy
from feedback.topics.discovery import HALF
from feedback.warehouse import current, theme_terms, topic_voices
from tasks.opening import Opened, opened
from tasks.topics import tagger_of


def told(house: Opened, start: date, end: date, *, compared: bool) -> Topics:
    """Topics, intents and themes of the days `start` to `end`, both included.

    `compared`: with the numbers of the equally long period before, which has to be whole.
    """
    tagger, intents = tagger_of(house.settings), taxonomy.intents()
    since = start - (_after(end) - start)
    first, last = (house.midnight(day) for day in (since if compared else start, _after(end)))
    voices = topic_voices.voices(house.engine, tagger.method, first, last)
    inside = voices["said_at"] >= house.midnight(start)
    declared: dict[str, Any] = {
        "topics": list(tagger.topics),
        "intents": list(intents),
        "timezone": house.settings.timezone,
    }
    before = compute(voices[~inside], start=since, **declared)
    now = compute(voices[inside], start=start, **declared)
    return Topics(
        method=tagger.method,
        values=_joined(now, before[before["grain"] == "period"]),
        topics=_names(tagger.topics),
        intents=_names(intents),
        voices=int(inside.sum()),
        tagged=int(voices.loc[inside, "topics"].notna().sum()),
        themes=_themes(house),
    )


def alerts(settings: str) -> pd.DataFrame:
    """The voices of the page's days that threaten to leave, tell of danger or law or are urgent."""
    with opened(settings) as house:
        zone, last = ZoneInfo(house.settings.timezone), current.last_said(house.engine)
        end = min((last or datetime.now(zone)).astimezone(zone).date(), datetime.now(zone).date())
        found = topic_voices.alerts(
            house.engine,
            tagger_of(house.settings).method,
            house.midnight(_after(end) - timedelta(days=house.settings.publish.days)),
            house.midnight(_after(end)),
            ALERTS,
        )
    days = [moment.astimezone(zone).date() for moment in found["said_at"]]
    found.insert(1, "day", pd.Series(days, index=found.index, dtype=object))
    return found.drop(columns="said_at")


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _joined(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    return now if before.empty or now.empty else pd.concat([now, before], ignore_index=True)


def _names(declared: taxonomy.Taxonomy) -> Names:
    return {key: one.names.model_dump() for key, one in declared.items()}


def _themes(house: Opened) -> Themes | None:
    found = theme_terms.uncovered(
        house.engine, house.model(), tagger_of(house.settings).method, house.settings.timezone
    )
    if found is None:
        return None
    quotes = house.settings.publish.quotes
    lines = [_theme(one, quotes) for one in found.to_dict("records")]
    return Themes(found.attrs["day"], HALF, lines)


def _theme(one: dict[str, Any], quotes: bool) -> ThemeFacts:
    ratio, low, high = (
        None if pd.isna(one[k]) else float(one[k]) for k in ("ratio", "low", "high")
    )
    return ThemeFacts(
        terms=tuple(one["terms"]),
        size=int(one["size"]),
        size_before=int(one["size_before"]),
        ratio=ratio,
        low=low,
        high=high,
        trend=str(one["trend"]),
        first_day=one["first_day"],
        quote=str(one["quote"]) if quotes and not pd.isna(one["quote"]) else "",
    )
