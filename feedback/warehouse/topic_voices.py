"""What voices speak of and want, for the numbers; and the words behind an alert, for an operator.

A voice counts once, as everywhere: repeats and people who refused analysis are left out, and so is
what came without words, which can speak of nothing.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Engine, Select, select

from feedback.warehouse import bulk
from feedback.warehouse.current import compared, is_current, may_be_counted
from feedback.warehouse.tables import feedback_item, resemblance, topic_inference
from feedback.warehouse.tagged import tagged_by

item, tags = feedback_item.c, topic_inference.c


def voices(engine: Engine, method: str, since: datetime, until: datetime) -> pd.DataFrame:
    """Voices with words said from `since` to before `until`, in the order they were said.

    Columns: said_at, topics and intents as {key: sentiment}, both None where the method has not
    tagged it; the sentiment of an intent is "".
    """
    found = bulk.frame(engine, _said(method, since, until, item.said_at, tags.topics, tags.intents))
    found["said_at"] = pd.to_datetime(found["said_at"], utc=True)
    for name, felt in (("topics", _felt), ("intents", _unfelt)):
        read = [None if one is None else felt(one) for one in found[name]]
        found[name] = pd.Series(read, index=found.index, dtype=object)
    return found


def alerts(
    engine: Engine, method: str, since: datetime, until: datetime, intents: Collection[str]
) -> pd.DataFrame:
    """One row per voice and intent of `intents` found in it, the latest first.

    Columns: item_id, said_at, channel, intent, words: those that led to it, of the redacted text.
    """
    names = ("item_id", "said_at", "channel", "intent", "words")
    query = _said(
        method, since, until, item.item_id, item.said_at, item.channel, item.text, tags.intents
    ).where(tags.method.is_not(None))
    rows = []
    with engine.connect() as connection:
        for item_id, said_at, channel, text, found in connection.execute(query):
            for intent in sorted(found.keys() & set(intents)):
                words = " … ".join(text[start:end] for start, end in found[intent])
                rows.append((item_id, said_at, channel, intent, words))
    return pd.DataFrame(rows[::-1], columns=list(names))


def _said(method: str, since: datetime, until: datetime, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(
            feedback_item.outerjoin(topic_inference, tagged_by(method)).outerjoin(
                resemblance, compared()
            )
        )
        .where(item.said_at >= since, item.said_at < until, is_current(), may_be_counted())
        .where(resemblance.c.duplicate_of.is_(None), item.text != "")
        .order_by(item.said_at, item.item_id)
    )


def _felt(topics: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {key: found["sentiment"] for key, found in topics.items()}


def _unfelt(intents: dict[str, Any]) -> dict[str, str]:
    return dict.fromkeys(intents, "")
