"""The regression: its gradient, its agreement with the run-time model, what it can learn."""

import numpy as np

from feedback.sentiment import features, regression
from feedback.sentiment.model import Head
from feedback.sentiment.regression import Design
from feedback.sentiment.vectors import WIDTH, WordVectors

TEXTS = ["не работает, плохо", "всё хорошо 👍", "", "когда доставка?", "не плохо хорошо"]
LABELS = np.array([0, 2, 1, 1, 2])


def test_training_and_run_time_compute_the_same_logits() -> None:
    weights = np.random.default_rng(1).normal(size=(features.SIZE + 1, 3))
    head = Head(weights[:-1].astype(np.float32), weights[-1], 1.0, 0.5)

    trained = design(TEXTS).logits(weights)
    served = head.logits(features.encode(TEXTS)) + head.bias
    np.testing.assert_allclose(served, trained, rtol=1e-4, atol=1e-5)


def test_the_gradient_is_the_slope_of_the_logits() -> None:
    dice = np.random.default_rng(2)
    texts = design(TEXTS)
    step = dice.normal(size=(features.SIZE + 1, 3))
    errors = dice.normal(size=(len(TEXTS), 3))

    along = (texts.logits(step) * errors).sum()
    np.testing.assert_allclose((texts.gradient(errors) * step).sum(), along, rtol=1e-9)


def test_words_seen_often_enough_are_learned() -> None:
    weights = regression.fit(design(TEXTS * 5), np.tile(LABELS, 5), np.ones(25), NONE)

    guessed = design(TEXTS).logits(weights).argmax(axis=1)
    assert guessed.tolist() == LABELS.tolist()


def test_rare_features_keep_no_weight() -> None:
    texts = [*TEXTS * 5, "единожды"]
    weights = regression.fit(design(texts), np.append(np.tile(LABELS, 5), 0), np.ones(26), NONE)

    read = features.encode(["единожды"])
    assert not weights[read.grams[read.gram_starts[1]]].any()


def test_an_important_row_outvotes_the_others() -> None:
    labels, importance = np.array([0, 0, 0, 2]), np.array([1.0, 1, 1, 10])
    weights = regression.fit(design(["да"] * 4), labels, importance, NONE)

    assert design(["да"]).logits(weights).argmax() == 2


def test_a_word_never_met_leans_as_the_words_it_means_like() -> None:
    texts, labels = ["плохо"] * 9 + ["чудно"] * 9, np.repeat([0, 2], 9)
    alike = vectors({"плохо": 0, "гадкий": 0, "чудно": 1, "милый": 1})
    leans = []
    for known in (NONE, alike):
        weights = regression.fit(design(texts, known), labels, np.ones(18), known)
        leans.append(design(["милый", "гадкий"]).logits(weights) @ [-1, 0, 1])

    (without_kind, without_bad), (kind, bad) = leans
    assert kind - bad > without_kind - without_bad + 0.1


def test_what_vectors_teach_under_negation_is_kept_apart() -> None:
    texts = ["хорошо", "не хорошо"] * 9
    alike = vectors({"хорошо": 0, "славно": 0})
    weights = regression.fit(design(texts, alike), np.array([2, 0] * 9), np.ones(18), alike)

    said, denied = design(["славно", "не славно"]).logits(weights)
    assert said.argmax() == 2
    assert denied[0] > said[0]


def design(texts: list[str], known: WordVectors | None = None) -> Design:
    return regression.design(texts, known or NONE)


def vectors(directions: dict[str, int]) -> WordVectors:
    return WordVectors(tuple(directions), 3 * np.eye(WIDTH)[list(directions.values())])


NONE = vectors({"слово": 0})
