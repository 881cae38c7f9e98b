"""Teaching the reader: the slopes are those of the loss, and a small lesson is learned."""

from typing import Any

import numpy as np
import pytest

from feedback.sentiment import features, learning, reader
from feedback.sentiment.learning import Tokens
from feedback.sentiment.reader import Parameters
from feedback.sentiment.regression import softmax

TEXTS = ["не работает, плохо", "всё хорошо 👍", "", "когда доставка?", "не плохо хорошо"]
TARGETS = np.array([[0.9, 0.1, 0], [0, 0.1, 0.9], [0.2, 0.6, 0.2], [0.1, 0.8, 0.1], [0, 0, 1]])
IMPORTANCE = np.array([1.0, 2, 0.5, 1, 3])


@pytest.mark.parametrize("name", sorted(reader.start(0)))
def test_a_slope_is_how_the_loss_changes(name: str) -> None:
    parameters: dict[str, Any] = {
        key: one.astype(np.float64) for key, one in reader.start(4).items()
    }
    texts, kept = Tokens.of(TEXTS), np.array([True] * 13 + [False] * 5)
    slope = learning.slopes(parameters, texts, TARGETS, IMPORTANCE, kept)[name]
    rows = np.unique(texts.pieces.indices) if name == "table" else np.arange(len(slope))
    dice = np.random.default_rng(5)

    for place in (tuple(dice.integers(size) for size in slope.shape) for _ in range(5)):
        there = (rows[place[0]], *place[1:])
        around = []
        for change in (1e-4, -1e-4):
            moved = parameters | {name: parameters[name].copy()}
            moved[name][there] += change
            around.append(loss(moved, texts, kept))
        assert slope[place] == pytest.approx((around[0] - around[1]) / 2e-4, abs=2e-5)


def test_what_was_taught_is_said_at_run_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "EPOCHS", 60)
    learned = fitted(TEXTS * 8, np.tile(TARGETS, (8, 1)))
    step = float(np.abs(learned["table"]).max()) / 127
    table = np.rint(learned["table"] / step).astype(np.int8)

    said = reader.Reader(table, step, learned).logits(features.encode(TEXTS))
    assert said.argmax(axis=1).tolist() == TARGETS.argmax(axis=1).tolist()


def test_the_same_lesson_is_learned_the_same_way() -> None:
    one, other = (fitted(TEXTS, TARGETS) for _ in range(2))

    assert all((one[name] == other[name]).all() for name in one)


def test_rows_of_the_table_that_no_text_uses_stay_as_they_were() -> None:
    learned, before = fitted(TEXTS, TARGETS), reader.start(7)["table"]
    used = np.unique(Tokens.of(TEXTS).pieces[1:].indices)  # but for the break

    assert (learned["table"][used] != before[used]).any(axis=1).all()
    assert (np.delete(learned["table"], used, 0) == np.delete(before, used, 0)).all()


def fitted(texts: list[str], targets: np.ndarray) -> Parameters:
    return learning.fit(texts, targets.astype(np.float32), np.ones(len(texts), np.float32), 7)


def loss(parameters: dict[str, Any], texts: Tokens, kept: np.ndarray) -> float:
    vectors = texts.pieces @ parameters["table"]
    said = reader.read(parameters, vectors, texts.words, texts.starts[:-1], kept).logits
    return float(-(IMPORTANCE[:, None] * TARGETS * np.log(softmax(said))).sum() / len(TARGETS))
