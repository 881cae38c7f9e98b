"""Teaching the reader: the slopes are those of the loss, and a small lesson is learned."""

from typing import Any

import numpy as np
import pytest

from feedback.sentiment import features, learning, reader
from feedback.sentiment.learning import Lesson
from feedback.sentiment.reader import Parameters, Reader, softmax

TEXTS = ["не работает, плохо", "да да да да да", "", "когда доставка?", "не плохо хорошо"]
TARGETS = np.array([[0.9, 0.1, 0], [0, 0.1, 0.9], [0.2, 0.6, 0.2], [0.1, 0.8, 0.1], [0, 0, 1]])
IMPORTANCE = np.array([1.0, 2, 0.5, 1, 3])
UNHEARD = [1, 12]  # tokens in the midst of two texts


@pytest.mark.parametrize("name", sorted(reader.random(0)))
def test_a_slope_is_how_the_loss_changes(name: str) -> None:
    dice = np.random.default_rng(5)
    parameters: dict[str, Any] = {
        key: one.astype(np.float64) + ("bias" in key) * 0.1 * dice.standard_normal(one.shape)
        for key, one in reader.random(4).items()
    }
    texts = Lesson.of(TEXTS)
    kept = ~np.isin(np.arange(len(texts.words)), UNHEARD)
    slope = learning.slopes(parameters, texts, TARGETS, IMPORTANCE, kept)[name]
    rows = texts.columns if name == "table" else np.arange(len(slope))

    for steepest in np.argsort(-np.abs(slope), axis=None)[:5]:
        place = np.unravel_index(steepest, slope.shape)
        there = (rows[place[0]], *place[1:])
        around = []
        for change in (1e-5, -1e-5):
            moved = parameters | {name: parameters[name].copy()}
            moved[name][there] += change
            around.append(loss(moved, texts, kept))
        assert slope[place] == pytest.approx((around[0] - around[1]) / 2e-5, rel=1e-3)


def test_slopes_are_as_exact_as_the_parameters_and_no_more() -> None:
    slopes = learning.slopes(
        reader.random(0), Lesson.of(TEXTS), TARGETS.astype("f4"), IMPORTANCE.astype("f4")
    )

    assert {one.dtype for one in slopes.values()} == {np.dtype("f4")}


def test_what_was_taught_is_said_at_run_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "EPOCHS", 60)

    assert said(fitted(TEXTS * 8, np.tile(TARGETS, (8, 1))), *TEXTS) == [0, 2, 1, 1, 2]


def test_an_important_text_outvotes_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "EPOCHS", 60)
    targets = np.eye(3)[[0, 0, 0, 2]]

    assert said(fitted(["да"] * 4, targets), "да") == [0]
    assert said(fitted(["да"] * 4, targets, [1, 1, 1, 10]), "да") == [2]


def test_now_and_then_a_token_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    hearing_all = learned_with(monkeypatch, 0.0)

    assert not np.array_equal(hearing_all, learned_with(monkeypatch, 0.5))
    assert np.array_equal(hearing_all, learned_with(monkeypatch, 0.0))


def test_the_same_lesson_is_learned_the_same_way() -> None:
    one, other = (fitted(TEXTS, TARGETS) for _ in range(2))

    assert all((one[name] == other[name]).all() for name in one)


def test_rows_of_the_table_that_no_text_uses_stay_as_they_were() -> None:
    learned, before = fitted(TEXTS, TARGETS), reader.random(7)["table"]
    used = np.unique(Lesson.of(TEXTS).pieces[1:].indices)  # but for the break

    assert (learned["table"][used] != before[used]).any(axis=1).all()
    assert (np.delete(learned["table"], used, 0) == np.delete(before, used, 0)).all()


def learned_with(monkeypatch: pytest.MonkeyPatch, unheard: float) -> np.ndarray:
    monkeypatch.setattr(learning, "UNHEARD", unheard)
    return fitted(TEXTS, TARGETS)["out"]


def fitted(
    texts: list[str], targets: np.ndarray, importance: list[float] | None = None
) -> Parameters:
    weights = np.array(importance or [1.0] * len(texts), np.float32)
    return learning.fit(texts, targets.astype(np.float32), weights, 7)


def said(learned: Parameters, *texts: str) -> list[int]:
    logits = Reader.of(reader.stored(learned)).logits(features.encode(texts))
    return [int(place) for place in logits.argmax(axis=1)]


def loss(parameters: dict[str, Any], texts: Lesson, kept: np.ndarray) -> float:
    vectors = texts.pieces @ parameters["table"]
    logits = reader.read(parameters, vectors, texts.words, texts.starts, kept).logits
    return float(-(IMPORTANCE[:, None] * TARGETS * np.log(softmax(logits))).sum() / len(TARGETS))
