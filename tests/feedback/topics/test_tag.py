"""What is found in whole texts, by the shipped taxonomy and weights."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from feedback.sentiment import model as sentiment
from feedback.topics import taxonomy
from feedback.topics.sentences import clauses
from feedback.topics.tag import MODEL, PHRASE, Tagger, Tags

OWN = """
parking:
  names: {ru: Парковка, en: Parking}
  phrases: [парковка, parking]
"""


def test_each_topic_has_the_sentiment_of_its_own_clause() -> None:
    tagger = Tagger(taxonomy.topics(), WordJudge())
    text = "Доставка быстрая, отличная цена, но приложение постоянно падает. Спасибо оператору"
    (tags,) = tagger.tag([text], ["ru"])
    felt = {key: one.sentiment for key, one in tags.topics.items() if one.by == PHRASE}
    assert felt == {
        "delivery": "neutral",
        "price": "positive",
        "fault": "negative",
        "support": "neutral",
    }


def test_a_hit_names_its_words_and_how_it_was_found() -> None:
    text = "Курьер привёз не тот заказ"
    (tags,) = tag(text, language="ru")
    found = tags.topics["delivery"]
    assert (found.by, found.places) == (PHRASE, [(0, 6)])


def test_the_model_adds_what_no_phrase_names_and_points_at_words() -> None:
    text = "what time do you close on sundays?"
    (tags,) = tag(text)
    assert "question" in tags.intents
    assert all(0 <= start < end <= len(text) for start, end in tags.intents["question"])


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("подскажите до скольки вы работаете", True),
        ("И это вы называете сервисом? Позор, просто позор!", False),
        ("how can i change my delivery address", True),
    ],
)
def test_a_question_mark_is_neither_necessary_nor_enough(text: str, asked: bool) -> None:
    (tags,) = tag(text, language="ru" if not text.isascii() else "en")
    assert ("question" in tags.intents) is asked


def test_a_plain_question_is_no_complaint() -> None:
    (tags,) = tag("Подскажите, пожалуйста, до скольки вы работаете в субботу?", language="ru")
    assert "complaint" not in tags.intents
    assert tags.urgency == "normal"


def test_urgency_is_high_where_its_words_are_and_they_are_named() -> None:
    text = "Срочно верните деньги"
    (tags,) = tag(text, language="ru")
    assert tags.urgency == "high"
    assert (0, 6) in tags.intents["urgent"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ухожу к конкурентам, надоело", "churn"),
        ("Подам на вас в суд", "risk"),
        ("I am closing my account and going elsewhere", "churn"),
        ("My daughter got an electric shock from it", "risk"),
    ],
)
def test_threats_and_dangers_are_found(text: str, key: str) -> None:
    (tags,) = tag(text, language="ru" if not text.isascii() else "en")
    assert key in tags.intents


def test_a_negated_threat_is_none() -> None:
    (tags,) = tag("Не собираюсь уходить к конкурентам, всё устраивает", language="ru")
    assert "churn" not in tags.intents


def test_general_praise_counts_only_where_nothing_else_is_spoken_of() -> None:
    lonely, beside = tag("Молодцы, так держать", "Супер доставка, молодцы", language="ru")
    assert "praise" in lonely.topics
    assert beside.topics.keys() >= {"delivery"} and "praise" not in beside.topics


def test_a_taxonomy_of_ones_own_finds_its_topics_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    own = Tagger(taxonomy.read(tmp_path / "own.yaml"), sentiment.load())
    (tags,) = own.tag(["Парковка тесная, а курьер опоздал"], ["ru"])
    assert tags.topics.keys() == {"parking"}


def test_the_method_changes_with_the_taxonomy_and_with_the_judge(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "more.yaml").write_text(OWN.replace("parking]", "parking, garage]"), "utf-8")
    own, more = (taxonomy.read(tmp_path / f"{name}.yaml") for name in ("own", "more"))
    methods = [Tagger(told, sentiment.load()).method for told in (own, own, more)]
    methods.append(Tagger(own, OtherJudge()).method)
    assert methods[0] == methods[1]
    assert len(set(methods)) == 3


@settings(max_examples=50, deadline=None)
@given(some.lists(some.text(max_size=200), max_size=4))
def test_no_text_makes_it_raise_and_every_place_is_inside(texts: list[str]) -> None:
    for text, tags in zip(texts, tag(*texts, language="unknown"), strict=True):
        places = [place for one in tags.topics.values() for place in one.places]
        places += [place for own in tags.intents.values() for place in own] + tags.key_phrases
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert {one.by for one in tags.topics.values()} <= {PHRASE, MODEL}


def test_clauses_are_cut_at_sentences_and_at_but() -> None:
    text = "Еда горячая. Курьер вежливый, но опоздал! The app is fine, but slow, а цены :("
    assert [text[start:end] for start, end in clauses(text)] == [
        *("Еда горячая.", "Курьер вежливый", "но опоздал!"),
        *("The app is fine", "but slow", "а цены :("),
    ]


class WordJudge:
    """Judges by two words alone, so that a test knows which clause was shown to it."""

    name, version = "words", "1"

    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> pd.DataFrame:
        good, bad = (np.array([word in text for text in texts]) for word in ("отлич", "падает"))
        label = np.select([good & ~bad, bad & ~good], ["positive", "negative"], "neutral")
        return pd.DataFrame({"label": label, "score": good * 1.0 - bad})


class OtherJudge:
    """Everything is neutral to it."""

    name, version = "other", "1"

    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> pd.DataFrame:
        return pd.DataFrame({"label": ["neutral"] * len(texts), "score": [0.0] * len(texts)})


def tag(*texts: str, language: str = "en") -> list[Tags]:
    tagger = Tagger(taxonomy.topics(), sentiment.load())
    return tagger.tag(list(texts), [language] * len(texts))
