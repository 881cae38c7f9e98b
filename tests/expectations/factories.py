"""Rows with defaults that pass their suite, so a test names only what it breaks.

The metric table is computed by the product, so that the gate is tried on what it will meet.
"""

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from expectations.understood import derived
from feedback.metrics import corrected
from feedback.metrics.compute import compute

CHANCES = ("p_negative", "p_neutral", "p_positive")
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
TODAY = date(2026, 3, 20)

SAID: dict[str, Any] = {
    "source": "support",
    "said_at": "2026-03-02T12:00Z",
    "text": "Касса не принимает карту",
    "rating": 4,
    "scale_low": 1,
    "scale_high": 5,
    "survey": "csat",
    "channel": "form",
}
NUMBERS = {"rating": float, "scale_low": float, "scale_high": float}


def raw(*broken: dict[str, Any]) -> pd.DataFrame:
    """A row "sound" that is in order, and one row "broken-0" and so on for each dict."""
    return _frame("key", SAID, broken)


def clean(*broken: dict[str, Any]) -> pd.DataFrame:
    """As `raw`, for the clean table."""
    return _frame("item_id", SAID | {"subject": "", "product": None, "url": None}, broken)


def channel(*broken: dict[str, Any]) -> pd.DataFrame:
    """As `raw`, for the rows of one channel."""
    sound = {"person_id": "p", "thread_ref": "t", "url": "https://example.com/1"}
    return _frame("item_id", SAID | sound, broken)


def understood(*broken: dict[str, Any]) -> pd.DataFrame:
    """As `raw`, for what a model inferred."""
    sound = {
        "item_id": "sound",
        "version": 1,
        "source": "support",
        "model": "m",
        "model_version": "1",
        "language": "ru",
        "language_confidence": 0.9,
        "sentiment": "negative",
        "score": -0.8,
        "confidence": 0.9,
        "p_negative": 0.9,
        "p_neutral": 0.0,
        "p_positive": 0.1,
    }
    rows = [sound, *(sound | {"item_id": f"broken-{i}"} | row for i, row in enumerate(broken))]
    numbers = ("language_confidence", "score", "confidence", *CHANCES)
    return derived(pd.DataFrame(rows).astype(dict.fromkeys(numbers, float)))


def metrics() -> pd.DataFrame:
    """A real metric table over three weeks, with groups large and small."""
    days = pd.date_range("2026-02-20T09:00Z", periods=120, freq="3h")
    items = pd.DataFrame({"item_id": [f"item-{i}" for i in range(120)], "said_at": days})
    odd = items.index % 2 == 1
    items["channel"] = pd.Series(odd).map({True: "mail", False: "form"})
    items["product"] = ["app", None, "card", None] * 30
    items["survey"] = ["nps", "csat"] * 60
    items["rating"] = [float(i % 11) if i % 2 == 0 else float(1 + i % 5) for i in range(120)]
    items["scale_low"] = odd.astype(float)
    items["scale_high"] = [10.0, 5.0] * 60
    items["sentiment"] = ["negative", "neutral", "positive", "unsure", "negative"] * 24
    items["duplicate_of"] = pd.Series([None] * 120, dtype="str")
    items["answer_of"] = pd.Series([None] * 120, dtype="str")
    labels = items["sentiment"].astype("str")
    items = items.assign(language="ru", model_label=labels, drawn_label=labels)
    tables = [f(items, timezone="Europe/Moscow") for f in (compute, corrected.measure)]
    return pd.concat([tables[0], tables[1][0]], ignore_index=True)


def _frame(key: str, defaults: dict[str, Any], broken: tuple[dict[str, Any], ...]) -> pd.DataFrame:
    rows = [defaults | {key: "sound", "ref": "sound"}]
    rows += [defaults | {key: f"broken-{i}", "ref": f"r{i}"} | row for i, row in enumerate(broken)]
    frame = pd.DataFrame(rows)
    frame["said_at"] = pd.to_datetime(frame["said_at"], utc=True, format="ISO8601")
    return frame.astype(NUMBERS)
