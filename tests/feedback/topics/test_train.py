"""Training on a handful of texts: what is learned, what is left out, that it can be repeated."""

from pathlib import Path

import numpy as np
import pytest

from feedback.errors import Changed
from feedback.topics import model, train

HEADER = "label\tchannel\tindustry\ttopics\tintents\tkind\ttext"
ABOUT = {"delivery": "the courier brought the parcel", "price": "this is too costly for my purse"}


def test_the_same_data_give_the_same_bytes_and_the_words_are_learned(tmp_path: Path) -> None:
    data = written(tmp_path)
    for name in ("a.npz", "b.npz"):
        train.train(data, tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    learned = model.read(tmp_path / "a.npz")
    chances = learned.probabilities(
        ["courier parcel", "costly purse", "courier"], ["en", "en", "de"]
    )
    at = learned.labels.index("topic:delivery")
    assert chances[0, at] > 0.5 > chances[1, at]
    assert not chances[2].any()
    assert not learned.stated(chances, ["en", "en", "de"])[2].any()


def test_stored_weights_judge_as_the_learned_ones(tmp_path: Path) -> None:
    data = written(tmp_path)
    train.train(data, tmp_path / "a.npz")
    rows = train.labelled(data, "en")
    texts = rows["text"].tolist()
    matrix = train.design(texts)
    weights = train.fit(matrix, train.marks(rows, train.labels()))
    exact = matrix @ weights[:-1] + weights[-1]
    stored = model.read(tmp_path / "a.npz").heads["en"]
    assert np.abs(stored.logits(texts) + stored.bias - exact).max() < 0.5


def test_rows_whose_sentiment_alone_is_labelled_are_left_out(tmp_path: Path) -> None:
    path = written(tmp_path) / "en.tsv"
    before = len(train.labelled(tmp_path, "en"))
    path.write_text(path.read_text() + "negative\t-\t-\t-\t-\t-\tawful\n")
    assert len(train.labelled(tmp_path, "en")) == before


def test_an_industry_is_never_in_two_parts() -> None:
    industries = ["bank"] * 5 + ["gym"] * 3 + ["zoo"] * 2 + ["rail"] + ["bank"]
    parts = train.folds(industries)
    assert all(len({*parts[np.array(industries) == one]}) == 1 for one in set(industries))
    assert len(set(parts)) == 4


def test_a_label_that_is_never_precise_enough_is_never_stated() -> None:
    chances, truth = np.linspace(0, 1, 40)[:, None], np.zeros((40, 1))
    truth[::4] = 1
    assert train.thresholds(chances, truth, ["topic:price"])[0] == model.NEVER
    truth[20:] = 1
    assert train.thresholds(chances, truth, ["topic:price"])[0] < 0.55


@pytest.mark.parametrize("text", ["", "text\nfine\n"])
def test_tables_of_another_shape_are_refused(tmp_path: Path, text: str) -> None:
    if text:
        (tmp_path / "ru.tsv").write_text(text)
    with pytest.raises(Changed, match="nothing was trained"):
        train.train(tmp_path, tmp_path / "out.npz")


def written(folder: Path) -> Path:
    """Forty texts in each language, of eight industries, two topics."""
    lines = [HEADER] + [
        f"neutral\tchat\ti{n % 8}\t{key}\t-\tplain\t{text} number {n}"
        for n in range(20)
        for key, text in ABOUT.items()
    ]
    for name in ("ru.tsv", "en.tsv"):
        (folder / name).write_text("\n".join(lines) + "\n")
    return folder
