"""Which engine the settings mean, and engines that are made of others."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from connectors.catalogue import engine
from connectors.engines.cascade import CascadeEngine
from connectors.engines.hugging_face import TransformersEngine
from feedback.errors import Refused
from feedback.sentiment import model
from feedback.sentiment.engine import Around, Engine, Forgetful, stated

LABELLED = {"negative": (0.9, 0.05, 0.05), "positive": (0.05, 0.05, 0.9), "unsure": (0.4, 0.3, 0.3)}


def test_the_shipped_model_is_an_engine_like_any_other() -> None:
    shipped = engine("shipped", {}, Forgetful())
    assert (shipped.name, shipped.version) == (model.NAME, model.load().version)


def test_an_engine_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(Refused, match=r"no \[engines\.bgi\], which understand\.engine.*shipped, b"):
        engine("bgi", {"big": {}}, Forgetful())


def test_a_kind_that_is_not_known_is_refused() -> None:
    with pytest.raises(Refused, match=r"\[engines\.big\] has kind 'gpt'.*cascade.*openai"):
        engine("big", {"big": {"kind": "gpt"}}, Forgetful())


def test_weights_of_our_own_training_take_the_shipped_ones_place(tmp_path: Path) -> None:
    table = {"kind": "trained", "path": str(model.WEIGHTS)}
    own = engine("own", {"own": table}, Forgetful())
    assert own.version == model.load().version
    assert own.judge(["Great, thank you!"], ["en"])["label"].tolist() == ["positive"]
    (tmp_path / "w.npz").write_bytes(b"no weights")
    broken = engine("own", {"own": table | {"path": str(tmp_path / "w.npz")}}, Forgetful())
    with pytest.raises(Refused, match=r"w\.npz holds no weights"):
        assert broken.version


def test_a_cascade_asks_the_strong_one_only_where_the_fast_one_is_unsure() -> None:
    fast = Says("fast", ["negative", "unsure", "unsure"])
    strong = Says("strong", ["positive", "negative"])
    rows = a_cascade(fast, strong).judge(["a", "b", "c"], ["en", "ru", "de"])
    assert rows["label"].tolist() == ["negative", "positive", "negative"]
    assert rows["p_positive"].tolist() == [0.05, 0.9, 0.05]
    assert strong.asked == [("b", "ru"), ("c", "de")]


def test_a_cascade_keeps_the_fast_ones_numbers_where_the_strong_one_has_none() -> None:
    fast = Says("fast", ["unsure", "unsure", "unsure"])
    strong = Says("strong", [None, "nothing", "unsure"])
    rows = a_cascade(fast, strong).judge(["a", "b", "c"], ["en"] * 3)
    assert rows["label"].tolist() == ["unsure"] * 3
    assert rows["p_negative"].tolist() == [0.4, 0.4, 0.4]


def test_a_cascade_sure_of_all_asks_nobody_and_bears_both_names() -> None:
    strong = Says("strong", [])
    both = a_cascade(Says("fast", ["positive"]), strong)
    assert both.judge(["a"], ["en"])["label"].tolist() == ["positive"]
    assert strong.asked == []
    assert (both.name, both.version) == ("fast+strong", "1.fast+1.strong")


def test_a_cascade_of_itself_is_refused() -> None:
    tables = {"a": {"kind": "cascade", "strong": "b"}, "b": {"kind": "cascade", "strong": "a"}}
    with pytest.raises(Refused, match=r"\[engines\.a\] is a part of itself"):
        assert engine("a", tables, Forgetful()).name


def test_a_cascade_names_the_part_that_is_missing() -> None:
    tables = {"a": {"kind": "cascade", "strong": "b"}}
    with pytest.raises(Refused, match=r"no \[engines\.b\], which \[engines\.a\] names"):
        assert engine("a", tables, Forgetful()).name


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "give path or model"),
        ({"path": "x", "model": "a/b"}, "give path or model"),
        ({"model": "a/b"}, "model needs revision"),
        ({"model": "a/b", "revision": "main"}, "revision"),
    ],
)
def test_a_model_of_the_hub_is_named_with_its_commit(table: dict[str, str], said: str) -> None:
    with pytest.raises(Refused, match=rf"\[engines\.hub\].*{said}"):
        engine("hub", {"hub": {"kind": "transformers"} | table}, Forgetful())


def test_the_version_of_a_model_of_the_hub_needs_no_network() -> None:
    first, second = (a_hub_model("a" * 40), a_hub_model("b" * 40))
    assert first.name == "owner/name"
    assert first.version != second.version


def test_transformers_that_are_not_installed_are_asked_for() -> None:
    try:
        import transformers  # noqa: F401
    except ImportError:
        with pytest.raises(Refused, match=r"pip install 'feedback-flows\[transformers\]'"):
            a_hub_model("a" * 40).judge(["good"], ["en"])
    else:
        pytest.skip("transformers is installed")


def test_a_tiny_real_model_is_run_by_transformers(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the extra `transformers` is not installed")
    transformers = pytest.importorskip("transformers", reason="as above")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad"]
    (tmp_path / "vocab.txt").write_text("\n".join(words))
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    config = transformers.BertConfig(
        vocab_size=len(words),
        intermediate_size=8,
        id2label={0: "negative", 1: "neutral", 2: "positive"},
        label2id={"negative": 0, "neutral": 1, "positive": 2},
        **sizes,
    )
    transformers.BertForSequenceClassification(config).save_pretrained(tmp_path)
    transformers.BertTokenizerFast(str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    made = engine("t", {"t": {"kind": "transformers", "path": str(tmp_path)}}, Forgetful())
    judged = made.judge(["good", "", "bad " * 600], ["en"] * 3)
    chances = judged[["p_negative", "p_neutral", "p_positive"]].sum(axis=1, min_count=3)
    assert chances.round(5).fillna(0).tolist() == [1, 0, 1]


class Says:
    """An engine that says what it was told to."""

    def __init__(self, name: str, labels: list[str | None]) -> None:
        self.name, self.version, self._labels = name, f"1.{name}", labels
        self.asked: list[tuple[str, str]] = []

    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> pd.DataFrame:
        self.asked += zip(texts, languages, strict=True)
        nothing = (np.nan, np.nan, np.nan)
        chances = [LABELLED.get(label or "", nothing) for label in self._labels]
        put_off = [row for row, label in enumerate(self._labels) if label is None]
        return stated(np.array(chances), 0.7, put_off)


def a_cascade(fast: Engine, strong: Engine) -> CascadeEngine:
    parts = {"fast": fast, "strong": strong}
    settings = CascadeEngine.Settings(kind="cascade", fast="fast", strong="strong")
    return CascadeEngine("both", settings, Around(Forgetful(), parts.__getitem__))


def a_hub_model(revision: str) -> Engine:
    settings = TransformersEngine.Settings(
        kind="transformers", model="owner/name", revision=revision
    )
    return TransformersEngine("hub", settings, Around(Forgetful(), lambda _: model.load()))
