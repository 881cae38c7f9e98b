"""What must be true of the tags of an item before they are stored beside what was said.

Lists are looked into here, and a column for each rule says whether they hold: Great Expectations
looks at one value at a time.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd
from great_expectations import ExpectationSuite
from great_expectations.expectations import (
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToNotBeNull,
    ExpectCompoundColumnsToBeUnique,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column

from expectations import rules
from feedback.sentiment.model import UNSURE
from feedback.sentiment.sources import LABELS
from feedback.topics.key_phrases import MOST
from feedback.topics.taxonomy import INTENT_KEYS

KEY = ["item_id", "version"]
HOLDS = {
    "topics_known": "it has a topic that the taxonomy does not declare",
    "intents_known": "it has an intent that is not declared",
    "sentiment_known": "a topic of it has a sentiment that is none of the model's",
    "places_inside": "a place it names lies outside its text",
    "phrases_few": f"it has more than {MOST} key phrases",
    "urgency_told": "its urgency does not fit its intents",
}
COLUMNS = (*KEY, "source", "method", *HOLDS)


def frame(
    batch: pd.DataFrame, rows: Sequence[Mapping[str, Any]], topics: Collection[str]
) -> pd.DataFrame:
    """Both side by side, so that an item without tags and tags of no item are seen.

    `batch` has KEY, source and text; `rows` are those of `topic_inference`; the frame has COLUMNS.
    """
    lengths = {
        (item_id, version): len(text)
        for item_id, version, text in batch[[*KEY, "text"]].itertuples(index=False)
    }
    held = [
        {"item_id": row["item_id"], "version": row["version"], "method": row["method"]}
        | _held(row, topics, lengths.get((row["item_id"], row["version"]), 0))
        for row in rows
    ]
    known = pd.DataFrame(held, columns=[*KEY, "method", *HOLDS])
    return batch[[*KEY, "source"]].merge(known, on=KEY, how="outer")


def suite() -> ExpectationSuite:
    """The suite for what `frame` makes; judge it by KEY."""
    return ExpectationSuite(
        name="topics", expectations=[*rules.table(COLUMNS), *_whole(), *_held_by_all()]
    )


def _whole() -> list[Expectation]:
    return [
        ExpectColumnValuesToNotBeNull(column="method", **rules.must("an item has no tags")),
        ExpectColumnValuesToNotBeNull(
            column="source", **rules.must("tags are of no item that was asked for")
        ),
        ExpectCompoundColumnsToBeUnique(
            column_list=[*KEY, "method"], **rules.must("an item is tagged twice by one method")
        ),
    ]


def _held_by_all() -> list[Expectation]:
    tagged = Column("method").is_not_null()
    return [
        ExpectColumnValuesToBeInSet(
            column=name, value_set=["yes"], row_condition=tagged, **rules.must(reason)
        )
        for name, reason in HOLDS.items()
    ]


def _held(row: Mapping[str, Any], topics: Collection[str], length: int) -> dict[str, str]:
    found, intents = row["topics"], row["intents"]
    places = [
        *(place for one in found.values() for place in one["places"]),
        *(place for own in intents.values() for place in own),
        *row["key_phrases"],
    ]
    holds = {
        "topics_known": set(found) <= set(topics),
        "intents_known": set(intents) <= INTENT_KEYS,
        "sentiment_known": {one["sentiment"] for one in found.values()} <= {*LABELS, UNSURE},
        "places_inside": all(0 <= start < end <= length for start, end in places),
        "phrases_few": len(row["key_phrases"]) <= MOST,
        "urgency_told": row["urgency"] == ("high" if "urgent" in intents else "normal"),
    }
    return {name: "yes" if held else "no" for name, held in holds.items()}
