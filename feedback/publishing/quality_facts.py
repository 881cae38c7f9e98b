"""`quality.json`: the facts of the page on data quality for programs, with what each field means.

Names and shapes are a promise to programs: whoever changes one changes SCHEMA.
"""

import json
from dataclasses import asdict
from typing import Any

from feedback.metrics.intervals import wilson
from feedback.publishing.snapshot import Snapshot
from feedback.quality import Quality, SourceQuality

SCHEMA = "feedback-quality/1"
FIELDS = {
    "sources": "per source; books are by stage: collect, then refine",
    "sources.source": "its name",
    "sources.owner": 'who mends what is set aside; "" when nobody is named',
    "sources.records": "that ever came, repeats left out",
    "sources.last_run": "when the last run began that brought something; null before the first",
    "sources.last": "books of that run: fetched = new + changed + duplicate + set_aside + skipped",
    "sources.ever": "the same books over all runs",
    "sources.balanced": "whether all of these books add up",
    "sources.waiting": "what is set aside now: reason, records, oldest",
    "sources.set_aside": "records set aside now",
    "sources.set_aside_share": "of records; 0 to 1, null without records",
    "sources.set_aside_low": "lower end of its 95 % interval (Wilson)",
    "sources.set_aside_high": "upper end of its 95 % interval (Wilson)",
    "cleaned": "what cleaning found: kind, in how many current items, how often in all of them",
    "texts": "current items, those without a text; texts judged, those of unknown language",
    "alike": "messages compared, voices left, groups of near-duplicates, flagged messages",
    "people": "records, people after merging, pairs merged (active), undone, kept apart (shared)",
    "checks": "newest result of each expectation: rows checked, rows failed, what was observed",
}


def quality_json(snapshot: Snapshot, quality: Quality) -> bytes:
    """The same facts for programs: a header that explains the fields, then the facts."""
    content = {
        "schema": SCHEMA,
        "fields": FIELDS,
        "title": snapshot.title,
        "as_of": snapshot.as_of,
        "timezone": snapshot.timezone,
        "sources": [_source_facts(source) for source in quality.sources],
        "cleaned": [vars(one) for one in quality.cleaned],
        "texts": vars(quality.texts),
        "alike": vars(quality.alike),
        "people": vars(quality.people),
        "checks": [vars(check) for check in quality.checks],
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1, default=_iso)
    return (text + "\n").encode("utf-8", "replace")


def _source_facts(source: SourceQuality) -> dict[str, Any]:
    low, high = wilson(source.set_aside, source.records) if source.records else (None, None)
    return {
        **asdict(source),
        "balanced": source.balanced,
        "set_aside": source.set_aside,
        "set_aside_share": source.set_aside / source.records if source.records else None,
        "set_aside_low": None if low is None else float(low),
        "set_aside_high": None if high is None else float(high),
    }


def _iso(value: Any) -> str:
    return str(value.isoformat())
