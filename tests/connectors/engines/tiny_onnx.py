"""A real text classifier in ONNX, so small that a test can build it: a bag of five words."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

WORDS = {"[PAD]": 0, "[UNK]": 1, "good": 2, "bad": 3, "parcel": 4}
LOGITS = {"good": (-3.0, 0.0, 3.0), "bad": (3.0, 0.0, -3.0), "parcel": (0.0, 2.0, 0.0)}


def write(folder: Path, *, extra_input: str = "", **config: Any) -> Path:
    """A folder as exporters write it; labels negative, neutral, positive unless told otherwise."""
    onnx = pytest.importorskip("onnx", reason="onnx is not installed: it builds the tiny model")
    pytest.importorskip("onnxruntime", reason="the extra `onnx` is not installed")
    tokenizers = pytest.importorskip("tokenizers", reason="the extra `onnx` is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    model = tokenizers.Tokenizer(tokenizers.models.WordLevel(WORDS, unk_token="[UNK]"))
    model.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    model.normalizer = tokenizers.normalizers.Lowercase()
    model.save(str(folder / "tokenizer.json"))
    told = {"id2label": {"0": "negative", "1": "neutral", "2": "positive"}, "pad_token_id": 0}
    (folder / "config.json").write_text(json.dumps(told | config), encoding="utf-8")
    onnx.save(_graph(onnx, extra_input), str(folder / "model.onnx"))
    return folder


def _graph(onnx: Any, extra_input: str) -> Any:
    table = np.zeros((len(WORDS), 3), np.float32)
    for word, logits in LOGITS.items():
        table[WORDS[word]] = logits
    make, integer, real = onnx.helper, onnx.TensorProto.INT64, onnx.TensorProto.FLOAT
    inputs = ["input_ids", "attention_mask", *([extra_input] if extra_input else [])]
    nodes = [
        make.make_node("Gather", ["table", "input_ids"], ["words"]),
        make.make_node("Cast", ["attention_mask"], ["mask"], to=real),
        make.make_node("Unsqueeze", ["mask", "last"], ["wide"]),
        make.make_node("Mul", ["words", "wide"], ["kept"]),
        make.make_node("ReduceSum", ["kept", "first"], ["logits"], keepdims=0),
    ]
    constants = [
        onnx.numpy_helper.from_array(table, "table"),
        onnx.numpy_helper.from_array(np.array([2]), "last"),
        onnx.numpy_helper.from_array(np.array([1]), "first"),
    ]
    graph = make.make_graph(
        nodes,
        "bag",
        [make.make_tensor_value_info(name, integer, ["batch", "words"]) for name in inputs],
        [make.make_tensor_value_info("logits", real, ["batch", 3])],
        constants,
    )
    opset = [make.make_opsetid("", 17)]
    return make.make_model(graph, opset_imports=opset, ir_version=8)
