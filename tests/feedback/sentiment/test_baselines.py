"""VADER and TextBlob behind our `judge`: what they say, and that they are not asked for Russian."""

import numpy as np
import pytest

from feedback.sentiment import baselines, model

LEXICONS = baselines.installed()


def test_both_are_installed_for_work_on_the_project() -> None:
    assert [one.name for one in LEXICONS] == ["vaderSentiment", "textblob"]


@pytest.mark.parametrize("lexicon", LEXICONS, ids=lambda one: one.name)
def test_a_lexicon_states_a_polarity_for_its_own_words_and_neutral_for_others(
    lexicon: baselines.Lexicon,
) -> None:
    texts = ["This is terrible", "Wonderful, I love it", "The door is made of wood"]
    judged = lexicon.judge(texts, ["en"] * 3)

    assert judged["label"].tolist() == ["negative", "positive", "neutral"]
    assert tuple(judged.columns) == tuple(model.COLUMNS)


@pytest.mark.parametrize("lexicon", LEXICONS, ids=lambda one: one.name)
def test_a_lexicon_has_no_opinion_on_another_language(lexicon: baselines.Lexicon) -> None:
    judged = lexicon.judge(["Wonderful", "Ужасно"], ["en", "ru"])

    assert judged["label"].tolist() == ["positive", "unsure"]
    assert np.isnan(judged["p_negative"][1])
    assert np.isnan(judged["score"][1])


@pytest.mark.parametrize("lexicon", LEXICONS, ids=lambda one: one.name)
def test_of_an_unknown_language_the_script_decides(lexicon: baselines.Lexicon) -> None:
    judged = lexicon.judge(["great", "отлично"], ["unknown", "unknown"])

    assert judged["label"].tolist() == ["positive", "unsure"]
