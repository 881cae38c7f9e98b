"""What the shipped model promises to those who call it."""

import numpy as np
import pandas as pd
import pytest

from feedback.sentiment import model, reader
from feedback.sentiment.model import COLUMNS, Head, SentimentModel, load
from feedback.sentiment.reader import Reader


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Ужасный сервис, деньги так и не вернули", "ru", "negative"),
        ("Приложение опять не работает!!!", "ru", "negative"),
        ("Очень доволен, доставили быстро, спасибо", "ru", "positive"),
        ("всё супер", "ru", "positive"),
        ("Подскажите, до скольки вы работаете?", "ru", "neutral"),
        ("Terrible service, still no refund", "en", "negative"),
        ("This is great, thank you so much", "en", "positive"),
        ("What time do you open on Monday?", "en", "neutral"),
    ],
)
def test_plain_feedback_is_judged_as_a_reader_would(
    text: str, language: str, expected: str
) -> None:
    assert load().judge([text], [language])["label"].tolist() == [expected]


def test_not_good_is_worse_than_good() -> None:
    scores = load().judge(["good", "not good", "нравится", "не нравится"], ["en", "en", "ru", "ru"])

    assert scores["score"][1] < 0 < scores["score"][0]
    assert scores["score"][3] < 0 < scores["score"][2]


def test_the_answer_has_one_row_per_text_in_the_same_order() -> None:
    texts = ["Отлично", "Awful", "", "Großartig", "Отлично"]
    judged = load().judge(texts, ["ru", "en", "ru", "de", "ru"])

    assert list(judged.columns) == COLUMNS
    assert judged.index.equals(pd.RangeIndex(5))
    assert judged["score"][0] == judged["score"][4] > 0 > judged["score"][1]


def test_no_texts_give_an_empty_table_with_the_columns() -> None:
    judged = load().judge([], [])

    assert list(judged.columns) == COLUMNS
    assert judged.empty


def test_another_language_is_unsure_and_has_no_numbers() -> None:
    judged = load().judge(["Ich liebe es", "C'est nul"], ["de", "fr"])

    assert judged["label"].tolist() == ["unsure", "unsure"]
    assert judged[COLUMNS[1:]].isna().all(axis=None)


@pytest.mark.parametrize("text", ["", "   ", "...", "12", "\x1e", "-", None, float("nan")])
def test_a_text_that_says_nothing_is_unsure_and_has_no_numbers(text: str) -> None:
    judged = load().judge([text], ["ru"])

    assert judged["label"].tolist() == ["unsure"]
    assert judged[COLUMNS[1:]].isna().all(axis=None)


@pytest.mark.parametrize("text", ["👍", ":)", "ok", "))", "<3"])
def test_an_emoji_an_emoticon_or_a_word_gets_numbers(text: str) -> None:
    assert load().judge([text], ["unknown"])[COLUMNS[1:]].notna().all(axis=None)


def test_a_text_is_judged_alike_alone_and_among_others() -> None:
    texts = ["не понравилось", "очень хорошо", "Где мой заказ? " * 3000, "", "так себе 😡"] * 3
    together = load().judge(texts, ["ru"] * len(texts))
    alone = pd.concat([load().judge([text], ["ru"]) for text in texts], ignore_index=True)

    pd.testing.assert_frame_equal(together, alone, check_exact=True)


def test_an_unknown_language_is_guessed_from_the_script_and_needs_more_certainty() -> None:
    judge = small_model(threshold=0.7).judge
    known, guessed = judge(["good", "good"], ["en", "unknown"]).to_dict("records")

    assert (known["label"], guessed["label"]) == ("positive", "unsure")
    assert known["score"] == guessed["score"]
    assert judge(["хорошо"], ["unknown"])["score"].isna().all()  # it has no Russian head


def test_a_polarity_below_the_threshold_is_unsure_but_keeps_its_numbers() -> None:
    judged = small_model(threshold=0.9).judge(["good"], ["en"])

    assert judged["label"].tolist() == ["unsure"]
    assert judged["confidence"][0] == judged["p_positive"][0] > model.LIKELIER_THAN_NOT


def test_a_label_is_only_stated_when_it_is_likelier_than_not() -> None:
    chances = np.array([[0.02, 0.49, 0.49], [0.0, 0.49, 0.51], [0.3, 0.4, 0.3], [0.1, 0.6, 0.3]])
    judged = model.state(chances, np.full(4, 0.7))

    assert judged["label"].tolist() == ["unsure", "positive", "unsure", "neutral"]


def test_texts_and_languages_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        load().judge(["a", "b"], ["en"])


def test_probabilities_add_up_to_one_for_any_text() -> None:
    texts = ["а", "ы" * 100_000, "не " * 5000, "\ud800 x", "👍" * 1000, "a\x00b", "ÅÉ ñ 中文"]
    judged = load().judge(texts, ["ru", "ru", "ru", "en", "en", "en", "en"])

    assert judged[["p_negative", "p_neutral", "p_positive"]].sum(axis=1).round(6).eq(1).all()


def test_the_model_says_what_it_is() -> None:
    assert load().name == "feedback-sentiment"
    assert load().version
    assert load() is load()


def test_the_weights_stay_small() -> None:
    assert model.WEIGHTS.stat().st_size < 10_000_000


def small_model(threshold: float) -> SentimentModel:
    """English only; says the same of every text: positive .75, negative .2, neutral .05."""
    parameters = {name: np.zeros_like(one) for name, one in reader.random(0).items()}
    parameters["out_bias"] = np.log([0.2, 0.05, 0.75]).astype(np.float32)
    table = parameters.pop("table").astype(np.int8)
    silent = Reader(table, np.float32(1), parameters)
    return SentimentModel("0", {"en": Head(silent, 1.0, threshold)}, {})
