"""A classifier in a folder: a tiny real one is built, and run by the real onnxruntime."""

from pathlib import Path
from typing import Any

import pytest

from connectors.catalogue import engine
from feedback.errors import Refused
from feedback.sentiment.engine import Engine, Forgetful
from feedback.sentiment.model import COLUMNS
from tests.connectors.engines import tiny_onnx


def test_each_text_gets_its_own_label_and_probabilities(tmp_path: Path) -> None:
    made = an_engine(tiny_onnx.write(tmp_path / "tiny"))
    texts = ["bad bad parcel", "Good", "the parcel", "", "good " * 900, "bad good"]
    judged = made.judge(texts, ["en"] * len(texts))
    assert list(judged.columns) == COLUMNS
    labels = ["negative", "positive", "neutral", "unsure", "positive", "unsure"]
    assert judged["label"].tolist() == labels
    chances = judged[["p_negative", "p_neutral", "p_positive"]]
    assert chances.sum(axis=1).drop(3).round(9).eq(1).all()
    assert chances.loc[3].isna().all()
    assert made.name == "tiny"


def test_the_label_of_a_text_does_not_depend_on_its_neighbours(tmp_path: Path) -> None:
    made = an_engine(tiny_onnx.write(tmp_path / "tiny"))
    texts = ["good", *["bad " * n for n in range(1, 70)], "parcel"]
    judged = made.judge(texts, ["en"] * len(texts))
    for text, score in zip(texts, judged["score"], strict=True):
        assert made.judge([text], ["en"])["score"][0] == pytest.approx(score, abs=1e-6)


def test_a_text_is_read_up_to_as_many_tokens_as_are_set(tmp_path: Path) -> None:
    folder, text = tiny_onnx.write(tmp_path / "tiny"), "good " * 8 + "bad " * 50
    for most, label in ((8, "positive"), (512, "negative")):
        assert an_engine(folder, max_tokens=most).judge([text], ["en"])["label"][0] == label


def test_a_language_that_the_model_does_not_read_is_not_guessed_at(tmp_path: Path) -> None:
    made = an_engine(tiny_onnx.write(tmp_path / "tiny"), languages=["en"])
    judged = made.judge(["good", "good"], ["en", "de"])
    assert judged["label"].tolist() == ["positive", "unsure"]
    assert judged["score"].isna().tolist() == [False, True]


def test_text_that_no_encoding_takes_is_judged_all_the_same(tmp_path: Path) -> None:
    made = an_engine(tiny_onnx.write(tmp_path / "tiny"))
    assert made.judge(["good \ud800 \x00"], ["en"])["label"].tolist() == ["positive"]


def test_the_version_is_of_the_files_and_of_what_is_set(tmp_path: Path) -> None:
    folder = tiny_onnx.write(tmp_path / "tiny")
    version = an_engine(folder).version
    assert version == an_engine(folder, threads=2).version
    assert version != an_engine(folder, threshold=0.7).version
    tiny_onnx.write(folder, id2label={"0": "positive", "1": "neutral", "2": "negative"})
    assert version != an_engine(folder).version


def test_nameless_labels_are_refused_until_they_are_told(tmp_path: Path) -> None:
    nameless = {str(n): f"LABEL_{n}" for n in range(3)}
    folder = tiny_onnx.write(tmp_path / "tiny", id2label=nameless)
    with pytest.raises(Refused, match=r"label 'LABEL_0'.*engines\.big\.labels"):
        an_engine(folder).judge(["good"], ["en"])
    told = {"LABEL_0": "negative", "LABEL_1": "neutral", "LABEL_2": "positive"}
    assert an_engine(folder, labels=told).judge(["good"], ["en"])["label"][0] == "positive"


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    folder = tiny_onnx.write(tmp_path / "tiny")
    (folder / missing).unlink()
    with pytest.raises(Refused, match=rf"\[engines\.big\].*no {missing} in it"):
        an_engine(folder).judge(["good"], ["en"])


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"id2label": {"0": "neg", "1": "pos"}}, r"shape \(1, 3\).*names 2 labels"),
        ({"id2label": None}, "does not name the labels"),
        ({"problem_type": "multi_label_classification"}, "several labels to one text"),
    ],
)
def test_a_model_of_another_shape_is_refused(tmp_path: Path, config: Any, said: str) -> None:
    with pytest.raises(Refused, match=said):
        an_engine(tiny_onnx.write(tmp_path / "tiny", **config)).judge(["good"], ["en"])


def test_an_input_that_we_do_not_make_is_refused(tmp_path: Path) -> None:
    folder = tiny_onnx.write(tmp_path / "tiny", extra_input="pixels")
    with pytest.raises(Refused, match="wants an input 'pixels'"):
        an_engine(folder).judge(["good"], ["en"])


@pytest.mark.parametrize("broken", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_file_that_is_damaged_is_named(tmp_path: Path, broken: str) -> None:
    folder = tiny_onnx.write(tmp_path / "tiny")
    (folder / broken).write_bytes(b"garbage")
    with pytest.raises(Refused, match=f"{broken} "):
        an_engine(folder).judge(["good"], ["en"])


def test_a_setting_that_cannot_be_is_named_with_its_table(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"\[engines\.big\].*threshold"):
        an_engine(tmp_path, threshold=0.2)
    with pytest.raises(Refused, match=r"\[engines\.big\].*labels\.POS"):
        an_engine(tmp_path, labels={"POS": "great"})


def an_engine(folder: Path, **more: Any) -> Engine:
    table = {"kind": "onnx", "path": str(folder)} | more
    return engine("big", {"big": table}, Forgetful())
