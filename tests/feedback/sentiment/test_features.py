"""How tokens become features."""

import numpy as np

from feedback.sentiment import features, tokens


def test_a_negation_reaches_three_words_and_not_itself() -> None:
    assert negated("не работает ваше новое приложение") == ["работает", "ваше", "новое"]


def test_a_negation_ends_at_a_comma_and_at_the_end_of_the_text() -> None:
    assert negated("не дорого, вкусно") == ["дорого"]
    assert negated("не", "вкусно") == []


def test_english_contractions_negate() -> None:
    assert negated("it doesn't work") == ["work"]


def test_an_empty_text_between_others_keeps_its_place() -> None:
    read = features.encode(["хорошо", "", "плохо плохо"])

    assert read.text.tolist() == [0, 0, 1, 2, 2, 2]
    assert read.scale.tolist() == [1, 1, 2**-0.5]


def test_every_feature_has_a_place_in_the_table() -> None:
    read = features.encode(["Очень-очень длинное слово " + "ы" * 500, "👍 5/5 ok!"])

    for places in (read.grams, read.pairs, read.negated_grams):
        assert places.min() >= 0
        assert places.max() < features.SIZE


def test_the_order_of_words_matters() -> None:
    one, other = features.encode(["хорошо плохо"]), features.encode(["плохо хорошо"])

    assert set(one.grams) == set(other.grams)
    assert not np.array_equal(np.sort(one.pairs), np.sort(other.pairs))


def negated(*texts: str) -> list[str]:
    flags = features.encode(texts).negated
    return [t for t, flag in zip(tokens.split(texts)[1:], flags, strict=True) if flag]
