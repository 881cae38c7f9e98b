"""The training command's core: deterministic, and what it writes can be read and used."""

from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from feedback.errors import Changed
from feedback.sentiment import learning, model, sources, teacher, train


@pytest.fixture(autouse=True)
def in_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    few = sources.own().iloc[::40]
    monkeypatch.setattr(sources, "own", lambda: few)
    monkeypatch.setattr(learning, "EPOCHS", 3)


def test_the_same_data_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    labelled().to_parquet(tmp_path / "a.parquet")
    for name, seed in (("one", 0), ("two", 0), ("three", 1)):
        train.train(tmp_path, tmp_path / f"{name}.npz", seed)
    one, two, three = ((tmp_path / f"{n}.npz").read_bytes() for n in ("one", "two", "three"))

    assert one == two
    assert one != three
    versions = {model.read(tmp_path / f"{name}.npz").version for name in ("one", "two", "three")}
    assert len(versions) == 2


def test_what_was_trained_judges(tmp_path: Path) -> None:
    labelled().to_parquet(tmp_path / "a.parquet")
    train.train(tmp_path, tmp_path / "w.npz")
    judged = model.read(tmp_path / "w.npz").judge(["ужасно", "отлично"], ["ru", "ru"])

    assert judged["score"][0] < 0 < judged["score"][1]


def test_without_a_strict_set_the_shipped_calibration_is_kept_and_said(tmp_path: Path) -> None:
    labelled().assign(set="corrections").to_parquet(tmp_path / "a.parquet")
    said = train.train(tmp_path, tmp_path / "w.npz")

    assert "Temperature and threshold of ru are the shipped ones" in said
    ours, shipped = model.read(tmp_path / "w.npz").heads["ru"], model.load().heads["ru"]
    assert (ours.temperature, ours.threshold) == (shipped.temperature, shipped.threshold)


@pytest.mark.parametrize("out", ["nowhere/w.npz", "weights"])
def test_weights_that_could_not_be_written_are_refused_before_training(
    out: str, tmp_path: Path
) -> None:
    with pytest.raises(Changed, match="nothing was trained"):
        train.train(tmp_path, tmp_path / out)


def test_a_held_out_row_stays_out_whatever_joins() -> None:
    rows = labelled()
    out = train.held_out(rows)

    assert 0.02 < out.mean() < 0.25
    assert train.held_out(rows[::-1]).sort_index().equals(out)


def test_no_set_and_language_has_more_rows_than_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "MOST", 30)
    rows = train.training_rows(labelled())

    assert len(rows) == 30
    again = train.training_rows(labelled()[::-1])
    assert set(again["text"]) == set(rows["text"])


def test_a_fold_left_out_teaches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    blogs = labelled().assign(label="neutral")
    rows = pd.concat([blogs, ours("Курьер пришёл очень поздно, но был вежлив")])
    monkeypatch.setattr(teacher, "read", lambda language: Opinions())
    monkeypatch.setattr(teacher, "ONE_IN", 1)

    texts, targets, _ = train.lesson(rows[~train.left_out(rows, "blogs")], "blogs")
    assert texts == ["Курьер пришёл очень поздно, но был вежлив", "Курьер пришёл очень поздно,"]
    np.testing.assert_allclose(targets[1], Opinions.SAYS["blogs"])  # a clause has no label
    texts, targets, _ = train.lesson(rows, "")
    assert len(texts) > len(labelled())
    np.testing.assert_allclose(targets[-1], Opinions.SAYS[""])


def test_a_text_that_the_teacher_was_not_asked_about_is_learned_by_its_label(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(teacher, "read", lambda language: Opinions())

    _, targets, _ = train.lesson(ours("не спрошено", "да"), "")
    np.testing.assert_allclose(targets[0], [0, 1, 0])
    np.testing.assert_allclose(targets[1], [0.1, 0.65, 0.25])  # half label, half teacher


def test_the_only_fold_of_a_language_is_not_left_out() -> None:
    assert train.folds(pd.concat([labelled(), ours("да")])) == ["blogs", "feedback"]
    assert train.folds(ours("да")) == []
    assert train.calibration(ours("да"), seed=0) == (1.0, 1.0)


class Opinions:
    """A teacher that says one thing with, another without the blogs, and skips what it may."""

    SAYS: ClassVar[dict[str, list[float]]] = {"": [0.2, 0.3, 0.5], "blogs": [0.7, 0.2, 0.1]}

    def of(self, texts: list[str], labels: list[str], without: str) -> np.ndarray:
        said = np.tile(self.SAYS[without], (len(texts), 1))
        said[[text.startswith(("не спрошено", "но был")) for text in texts]] = np.nan
        return said


def ours(*texts: str) -> pd.DataFrame:
    return pd.DataFrame(
        [{"text": text, "label": "neutral", "lang": "ru", "set": "own"} for text in texts]
    )


def labelled() -> pd.DataFrame:
    words = {"neg": "ужасно плохо", "neu": "вопрос заказ", "pos": "отлично спасибо"}
    return pd.DataFrame(
        [
            {"text": f"{text} {i}", "label": label, "lang": "ru", "set": "cedr"}
            for label, text in words.items()
            for i in range(40)
        ]
    )
