"""The training command's core: deterministic, and what it writes can be read and used."""

from pathlib import Path

import pandas as pd
import pytest

from feedback.sentiment import learning, model, sources, train


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


def test_a_held_out_row_stays_out_whatever_joins() -> None:
    rows = labelled()
    out = train.held_out(rows, seed=0)

    assert 0.02 < out.mean() < 0.25
    assert not train.held_out(rows, seed=1).equals(out)
    assert train.held_out(rows[::-1], seed=0).sort_index().equals(out)


def test_no_set_and_language_has_more_rows_than_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "MOST", 30)
    rows = train.training_rows(labelled(), seed=0)

    assert len(rows) == 30
    again = train.training_rows(labelled()[::-1], seed=0)
    assert set(again["text"]) == set(rows["text"])


def labelled() -> pd.DataFrame:
    words = {"neg": "ужасно плохо", "neu": "вопрос заказ", "pos": "отлично спасибо"}
    return pd.DataFrame(
        [
            {"text": f"{text} {i}", "label": label, "lang": "ru", "set": "cedr"}
            for label, text in words.items()
            for i in range(40)
        ]
    )
