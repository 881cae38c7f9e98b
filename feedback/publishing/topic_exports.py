"""The topic table and the themes for programs: two sheets of the workbook, two lists of the JSON.

Quotes of customers go into no file.
"""

from dataclasses import asdict
from typing import Any

from feedback.metrics.compute import FEW
from feedback.metrics.topics import COLUMNS, TOPIC_METRICS
from feedback.publishing.snapshot import Snapshot, declaration, plain
from feedback.publishing.topic_facts import Topics
from feedback.publishing.topic_rows import topic_rows
from feedback.publishing.workbook import Sheet

TOPIC_FIELDS = (*COLUMNS, "unit", "as_of", "method")
THEME_FIELDS = ("terms", "size", "size_before", "ratio", "low", "high", "trend", "first_day")
MEANING = {
    "metric": "topic_share, topic_negative_share or intent_share, see topic_metrics",
    "topic": "key of the topic; of the intent for intent_share",
    "grain": "week (Monday to Sunday) or period (the window, or that of equal length before it)",
    "period": "first day of it, ISO 8601",
    "value": "0 to 1; null when few",
    "n": "tagged voices with words, for topic_negative_share judged mentions; null when few",
    "low": "lower end of the 95 % interval, null when few",
    "high": "upper end of the 95 % interval, null when few",
    "status": "ok, or few: fewer than 5 voices speak of it, not shown",
}


def topic_sheets(snapshot: Snapshot) -> list[Sheet]:
    """The sheets "Topics" and "Themes", where there is something for them."""
    sheets = [("Topics", TOPIC_FIELDS, topic_records(snapshot))]
    themes = [{**one, "terms": ", ".join(one["terms"])} for one in _themes(snapshot.topics)]
    sheets.append(("Themes", THEME_FIELDS, themes))
    return [sheet for sheet in sheets if sheet[2]]


def topic_json(snapshot: Snapshot) -> dict[str, Any]:
    """What the JSON export has of topics; nothing where the snapshot has none."""
    topics = snapshot.topics
    if topics is None:
        return {}
    return {
        "topic_columns": MEANING,
        "topic_metrics": [declaration(metric) for metric in TOPIC_METRICS],
        "topic_method": topics.method,
        "topic_names": {key: dict(names) for key, names in topics.topics.items()},
        "intent_names": {key: dict(names) for key, names in topics.intents.items()},
        "topics": [{name: one[name] for name in COLUMNS} for one in topic_records(snapshot)],
        "themes": _themes(topics),
    }


def topic_records(snapshot: Snapshot) -> list[dict[str, Any]]:
    """One flat record per number, with TOPIC_FIELDS."""
    if snapshot.topics is None:
        return []
    beside = {"unit": "share", "as_of": snapshot.as_of, "method": plain(snapshot.topics.method)}
    found = [{**asdict(row), "topic": row.product, **beside} for row in topic_rows(snapshot.topics)]
    return [{name: one[name] for name in TOPIC_FIELDS} for one in found]


def _themes(topics: Topics | None) -> list[dict[str, Any]]:
    if topics is None or topics.themes is None:
        return []
    found = []
    for one in topics.themes.found:
        told = {name: getattr(one, name) for name in THEME_FIELDS}
        told["terms"] = [plain(term) for term in one.terms]
        told["high"] = None if one.high == float("inf") else one.high
        told["ratio"] = None if one.ratio == float("inf") else one.ratio
        told |= {name: shown(told[name]) for name in ("size", "size_before")}
        found.append(told)
    return found


def shown(n: int) -> int | None:
    """A number of voices; None for fewer than five who are some."""
    return None if 0 < n < FEW else n
