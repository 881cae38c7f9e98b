"""The regression: its gradient, its agreement with the run-time model, what it can learn."""

import numpy as np

from feedback.sentiment import features, regression
from feedback.sentiment.model import Head

TEXTS = ["не работает, плохо", "всё хорошо 👍", "", "когда доставка?", "не плохо хорошо"]
LABELS = np.array([0, 2, 1, 1, 2])


def test_training_and_run_time_compute_the_same_logits() -> None:
    weights = np.random.default_rng(1).normal(size=(features.SIZE + 1, 3))
    head = Head(weights[:-1].astype(np.float32), weights[-1], 1.0, 0.5)

    trained = regression.design(TEXTS).logits(weights)
    served = head.logits(features.encode(TEXTS)) + head.bias
    np.testing.assert_allclose(served, trained, rtol=1e-4, atol=1e-5)


def test_the_gradient_is_the_slope_of_the_logits() -> None:
    dice = np.random.default_rng(2)
    design = regression.design(TEXTS)
    step = dice.normal(size=(features.SIZE + 1, 3))
    errors = dice.normal(size=(len(TEXTS), 3))

    along = (design.logits(step) * errors).sum()
    np.testing.assert_allclose((design.gradient(errors) * step).sum(), along, rtol=1e-9)


def test_words_seen_often_enough_are_learned() -> None:
    weights = regression.fit(regression.design(TEXTS * 5), np.tile(LABELS, 5), np.ones(25))

    guessed = regression.design(TEXTS).logits(weights).argmax(axis=1)
    assert guessed.tolist() == LABELS.tolist()


def test_rare_features_keep_no_weight() -> None:
    texts = [*TEXTS * 5, "единожды"]
    weights = regression.fit(
        regression.design(texts), np.append(np.tile(LABELS, 5), 0), np.ones(26)
    )

    read = features.encode(["единожды"])
    assert not weights[read.grams[read.gram_starts[1]]].any()


def test_an_important_row_outvotes_the_others() -> None:
    labels, importance = np.array([0, 0, 0, 2]), np.array([1.0, 1, 1, 10])
    weights = regression.fit(regression.design(["да"] * 4), labels, importance)

    assert regression.design(["да"]).logits(weights).argmax() == 2
