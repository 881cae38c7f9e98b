"""What a larger model thinks: kept, looked up, and only of those it was asked about."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from feedback.errors import Changed
from feedback.sentiment import make_teacher, sources, teacher, train


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(teacher, "_FOLDER", tmp_path)
    teacher.read.cache_clear()
    yield
    teacher.read.cache_clear()


@pytest.mark.usefixtures("folder")
def test_what_is_written_can_be_looked_up_by_the_text() -> None:
    chances = np.array([[0.7, 0.2, 0.1], [0.0, 1.0, 0.0], [0.1, 0.1, 0.8]])
    asked = [("плохо", ""), ("заказ", "neutral"), ("хорошо", "")]
    teacher.write("ru", asked, {"": chances, "blogs": chances[::-1]})
    known = teacher.read("ru")

    told = known.of(["хорошо", "плохо"], ["", ""])
    np.testing.assert_allclose(told, chances[[2, 0]], atol=0.01)
    np.testing.assert_allclose(known.of(["хорошо"], [""], "blogs"), chances[[0]], atol=0.01)
    assert np.isnan(known.of(["никто не спрашивал"], [""])).all()


@pytest.mark.usefixtures("folder")
def test_a_text_whose_label_was_mended_is_not_known_any_more() -> None:
    teacher.write("ru", [("заказ", "neutral")], {"": np.array([[0.1, 0.8, 0.1]])})
    known = teacher.read("ru")

    assert not np.isnan(known.of(["заказ"], ["neutral"])).any()
    assert np.isnan(known.of(["заказ", "заказ"], ["negative", ""])).all()


@pytest.mark.usefixtures("folder")
def test_a_teacher_that_was_never_made_is_asked_for() -> None:
    with pytest.raises(Changed, match="There is no teacher_ru"):
        teacher.read("ru")
    teacher.write("ru", [("заказ", "")], {"": np.array([[0.1, 0.8, 0.1]])})
    with pytest.raises(Changed, match="without novels; nothing was trained"):
        teacher.read("ru").of(["заказ"], [""], "novels")


def test_clauses_are_parts_of_a_text_and_never_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teacher, "ONE_IN", 1)
    text = "Доставка была очень быстрой, но коробка пришла совсем мятой. Жаль"

    assert teacher.clauses([text, "Всё было очень хорошо"]) == [
        "Доставка была очень быстрой,",
        "но коробка пришла совсем мятой.",
    ]


def test_words_are_those_met_twice() -> None:
    assert teacher.words(["Хорошо, хорошо!", "плохо хорошо заказ", "заказ 12 12"]) == [
        "хорошо",
        "заказ",
    ]


@pytest.mark.parametrize("language", sources.LANGUAGES)
def test_the_teacher_in_the_repository_knows_our_own_utterances(language: str) -> None:
    rows = sources.own()
    ours = train.training_rows(rows[rows["lang"] == language])
    told = teacher.read(language).of(ours["text"].tolist(), ours["label"].tolist())

    assert not np.isnan(told).any()
    np.testing.assert_allclose(told.sum(axis=1), 1)
    assert (told >= 0).all()


@pytest.mark.usefixtures("folder")
def test_a_teacher_made_without_a_set_has_not_seen_its_labels() -> None:
    told = "дрянь", "прелесть"
    rows = pd.DataFrame(
        [
            {"text": f"{word} {i}", "label": label, "lang": "ru", "set": name}
            for name, labels in (
                ("cedr", ("negative", "positive")),
                ("own", ("positive", "negative")),
            )
            for word, label in zip(told, labels, strict=True)
            for i in range(20)
        ]
    )
    make_teacher.make(
        "ru", rows, lambda texts: np.array([[told[0] in t, told[1] in t] for t in texts], float)
    )
    known = teacher.read("ru")

    assert known.of(["дрянь 1"], [""], "blogs")[0].argmax() == 2  # of our own labels alone
    assert known.of(["дрянь 1"], [""], "feedback")[0].argmax() == 0  # of the blogs' labels alone
