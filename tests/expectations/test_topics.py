"""Tags of an item: each expectation has a row that breaks it, and real tags pass."""

from typing import Any

import pandas as pd

from expectations import topics as suites
from expectations.verdict import Verdict, judge
from feedback.sentiment import model
from feedback.topics import taxonomy
from feedback.topics.tag import Tagger
from tests.expectations.guard import idle

TEXT = "Курьер опоздал"
SOUND: dict[str, Any] = {
    "method": "feedback-topics.1",
    "topics": {"delivery": {"by": "phrase", "places": [(0, 6)], "sentiment": "unsure", "score": 0}},
    "intents": {"complaint": [(7, 14)]},
    "urgency": "normal",
    "key_phrases": [(0, 6)],
}
FEELING = {"by": "phrase", "places": [(0, 6)], "sentiment": "angry", "score": 0}
REFUSED: list[tuple[dict[str, Any], str]] = [
    (
        {"topics": {"weather": SOUND["topics"]["delivery"]}},
        "it has a topic that the taxonomy does not declare",
    ),
    ({"intents": {"joke": []}}, "it has an intent that is not declared"),
    (
        {"topics": {"delivery": FEELING}},
        "a topic of it has a sentiment that is none of the model's",
    ),
    ({"intents": {"churn": [(0, 99)]}}, "a place it names lies outside its text"),
    ({"key_phrases": [(3, 3)]}, "a place it names lies outside its text"),
    ({"key_phrases": [(0, 6)] * 6}, "it has more than 5 key phrases"),
    ({"urgency": "high"}, "its urgency does not fit its intents"),
    ({"intents": {"urgent": [(0, 6)]}}, "its urgency does not fit its intents"),
]


def test_each_broken_row_is_refused_for_its_own_reason() -> None:
    found = verdict(framed(*(row for row, _ in REFUSED)))
    assert found.refused == {f"i{n}/1": [reason] for n, (_, reason) in enumerate(REFUSED, 1)}


def test_no_expectation_is_without_a_row_that_breaks_it() -> None:
    broken = framed(*(row for row, _ in REFUSED))
    twice = pd.concat([broken.head(1)] * 2)
    lost = broken.head(1).assign(item_id="lost", source=None)
    bare = broken.head(1).assign(item_id="bare", method=None)
    assert idle(suites.suite(), suites.KEY, pd.concat([broken, twice, lost, bare])) == []


def test_items_without_tags_and_tags_of_no_item_are_found() -> None:
    found = verdict(
        suites.frame(batch("a"), [SOUND | {"item_id": "c", "version": 1}], ["delivery"])
    )
    assert found.refused["a/1"] == ["an item has no tags"]
    assert "tags are of no item that was asked for" in found.refused["c/1"]


def test_real_tags_pass() -> None:
    texts = ["Курьер опоздал, срочно верните деньги", "", "👍", "The app keeps crashing, but ok"]
    tagger = Tagger(taxonomy.topics(), model.load())
    rows = [
        {"item_id": f"i{n}", "version": 1, "method": tagger.method, **tags.row()}
        for n, tags in enumerate(tagger.tag(texts, ["ru", "unknown", "unknown", "en"]))
    ]
    items = batch(*(f"i{n}" for n in range(4))).assign(text=texts)
    assert verdict(suites.frame(items, rows, taxonomy.topics())) == Verdict()


def framed(*broken: dict[str, Any]) -> pd.DataFrame:
    rows = [SOUND | row | {"item_id": f"i{n}", "version": 1} for n, row in enumerate([{}, *broken])]
    return suites.frame(batch(*(row["item_id"] for row in rows)), rows, taxonomy.topics())


def batch(*ids: str) -> pd.DataFrame:
    return pd.DataFrame({"item_id": ids, "version": 1, "source": "s", "text": TEXT})


def verdict(frame: pd.DataFrame) -> Verdict:
    return judge(frame, suites.suite(), suites.KEY)
