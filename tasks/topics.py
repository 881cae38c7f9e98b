"""Tagging: topics, intents, urgency and key phrases of every item that this method has not seen.

An edited taxonomy makes another method, so the next run tags everything again, beside the old tags.
Sentiment of a topic is always the shipped model's: it is asked for every clause, and an engine of
one's choice may cost money each time.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from prefect import task

from feedback import settings as tree
from feedback.sentiment import model as sentiment
from feedback.text.language import detect
from feedback.topics import taxonomy
from feedback.topics.tag import Tagger
from feedback.warehouse import ledger, tagged
from feedback.warehouse.checked import Checked
from feedback.warehouse.engine import hold
from tasks.opening import Opened, log, opened
from tasks.patience import INSIDE
from tasks.validate import proved

BATCH = 5_000  # texts held in memory at once
DAYS = 90


@task(name="topics", **INSIDE)
def tag(settings: str, run_id: str) -> str:
    """Tag what is missing; says what came of it in one line."""
    total, begun = ledger.Counts(), set[str]()
    with (
        opened(settings, "topics") as house,
        hold(house.engine, "tagging") as still_ours,
        ExitStack() as books,
    ):
        tagger = tagger_of(house.settings)
        for batch in tagged.pending(house.engine, tagger.method, BATCH):
            still_ours()
            for source in set(batch["source"]) - begun:
                books.enter_context(ledger.entry(house.engine, run_id, source, tagged.STAGE))
                begun.add(source)
            rows = _tag(tagger, batch)
            results = _proved(house, run_id, tagger, batch, rows)
            for counts in tagged.store(house.engine, run_id, rows, batch, results).values():
                total += counts
            log.info("topics      %-16s %s", "so far", total)
    return str(total)


def listed(settings: str) -> pd.DataFrame:
    """Every topic with its names and how many items of the last DAYS speak of it."""
    with opened(settings) as house:
        tagger = tagger_of(house.settings)
        since = datetime.now(UTC) - timedelta(days=DAYS)
        counts = tagged.topic_counts(house.engine, tagger.method, since)
    rows = [
        (key, one.names.en, one.names.ru, len(one.phrases), counts[key])
        for key, one in tagger.topics.items()
    ]
    items = f"items of {DAYS} days"
    return pd.DataFrame(rows, columns=["topic", "English", "Russian", "phrases", items])


def tried(settings: str, text: str) -> list[tuple[str, pd.DataFrame]]:
    """Tables of what is found in one text; needs no warehouse, and nothing of it is kept."""
    path = Path(settings)
    told = tree.load(path).understand.taxonomy if path.exists() else None
    tagger = Tagger(taxonomy.topics(told), sentiment.load())
    ((language, _),) = detect([text])
    (tags,) = tagger.tag([text], [language])
    topics = [
        (key, one.by, one.sentiment, one.score, _words(text, one.places))
        for key, one in tags.topics.items()
    ]
    intents = [(key, _words(text, places)) for key, places in tags.intents.items()]
    phrases = [(text[start:end],) for start, end in tags.key_phrases]
    return [
        ("Topics", pd.DataFrame(topics, columns=["topic", "by", "sentiment", "score", "words"])),
        (f"Intents, urgency {tags.urgency}", pd.DataFrame(intents, columns=["intent", "words"])),
        ("Key phrases", pd.DataFrame(phrases, columns=["phrase"])),
    ]


def tagger_of(settings: tree.Settings) -> Tagger:
    """What finds topics and intents with these settings. Raises `Refused`."""
    return Tagger(taxonomy.topics(settings.understand.taxonomy), sentiment.load())


def _words(text: str, places: list[tuple[int, int]]) -> str:
    return " … ".join(text[start:end] for start, end in places)


def _tag(tagger: Tagger, batch: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of `topic_inference` without their run."""
    texts = batch["text"].tolist()
    languages = [language for language, _ in detect(texts)]
    keys = zip(batch["item_id"], batch["version"].tolist(), strict=True)
    return [
        {"item_id": item_id, "version": version, "method": tagger.method, **tags.row()}
        for (item_id, version), tags in zip(keys, tagger.tag(texts, languages), strict=True)
    ]


def _proved(
    house: Opened,
    run_id: str,
    tagger: Tagger,
    batch: pd.DataFrame,
    rows: list[Mapping[str, Any]],
) -> list[Checked]:
    """What the suite says of the rows. Raises `Changed`: whatever fails here is our own fault."""
    from expectations.topics import KEY, frame, suite

    return proved(
        house, run_id, frame(batch, rows, tagger.topics), suite(), KEY, "What was tagged of"
    )
