"""Topics to publish in tests: two periods of voices, hostile names, themes of hostile words.

Who speaks of what follows from the place of a voice, so that every test run draws the same page.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from feedback.metrics.topics import compute
from feedback.publishing.topic_facts import ThemeFacts, Themes, Topics

FORMULA = "=cmd|' /C calc'!A0"
SCRIPT = "<script>alert(2)</script>"
EVERY = {"delivery": 2, "price": 5, "fault": 9, "parking": 200}  # one voice in so many
WANTS = {"complaint": 3, "question": 4, "churn": 100, "risk": 250, "urgent": 40}
FELT = ("negative", "neutral", "positive", "unsure")


def make_topics(start: date, days: int, **changes: Any) -> Topics:
    """Topics of a window with a period before it, in which half as many spoke of delivery."""
    before = start - timedelta(days=days)
    voices = make_voices(before, days, delivery=4), make_voices(start, days)
    now, earlier = (
        measured(some, of) for some, of in zip(voices[::-1], (start, before), strict=True)
    )
    topics = Topics(
        method="feedback-topics.0123abcd",
        values=pd.concat([now, earlier[earlier["grain"] == "period"]], ignore_index=True),
        topics={
            "delivery": {"ru": "Доставка", "en": "Delivery"},
            "price": {"ru": "Цена", "en": "Price"},
            "fault": {"ru": SCRIPT, "en": SCRIPT},
            "parking": {"ru": "Парковка", "en": "Parking"},
        },
        intents={key: {"ru": f"{key} (ру)", "en": key} for key in WANTS},
        voices=len(voices[1]),
        tagged=len(voices[1]),
        themes=Themes(start + timedelta(days=days - 1), 28, (make_theme(),)),
    )
    return replace(topics, **changes)


def make_voices(start: date, days: int, n: int = 900, **every: int) -> pd.DataFrame:
    """`n` voices in equal steps over the days, as the warehouse gives them."""
    first = datetime(start.year, start.month, start.day, 12, tzinfo=UTC)
    return pd.DataFrame(
        {
            "said_at": pd.to_datetime(
                [first + timedelta(days=days * i // n) for i in range(n)], utc=True
            ),
            "topics": [
                {k: FELT[i % 7 % 4] for k, one in (EVERY | every).items() if i % one == 0}
                for i in range(n)
            ],
            "intents": [{k: "" for k, one in WANTS.items() if i % one == 0} for i in range(n)],
        }
    )


def make_theme(**changes: Any) -> ThemeFacts:
    """A theme that grows, of hostile words."""
    theme = ThemeFacts(
        terms=("парковка", SCRIPT, FORMULA),
        size=40,
        size_before=3,
        ratio=13.3,
        low=4.2,
        high=42.0,
        trend="growing",
        first_day=date(2026, 10, 2),
        quote="",
    )
    return replace(theme, **changes)


def measured(voices: pd.DataFrame, start: date) -> pd.DataFrame:
    """The topic table of voices, as the warehouse's readers compute it."""
    return compute(
        voices, topics=list(EVERY), intents=list(WANTS), timezone="Europe/Moscow", start=start
    )
