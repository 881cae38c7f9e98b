"""The regression over hashed features: its gradient and what it can learn."""

import numpy as np

from feedback.sentiment import features, regression

TEXTS = ["не работает, плохо", "всё хорошо 👍", "", "когда доставка?", "не плохо хорошо"]
LABELS = np.array([0, 2, 1, 1, 2])


def test_the_gradient_is_the_slope_of_the_logits() -> None:
    dice = np.random.default_rng(2)
    texts = regression.design(TEXTS)
    step = dice.normal(size=(features.SIZE + 1, 3))
    errors = dice.normal(size=(len(TEXTS), 3))

    along = (texts.logits(step) * errors).sum()
    np.testing.assert_allclose((texts.gradient(errors) * step).sum(), along, rtol=1e-9)


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
