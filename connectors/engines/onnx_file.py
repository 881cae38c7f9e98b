"""A text classifier in a folder on this machine, exported to ONNX: no torch, no network.

The folder is what exporters write: model.onnx, tokenizer.json, and config.json with `id2label`.
"""

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from connectors.engines.classifier import Classifier, ClassifierSettings, hashed
from feedback.sentiment.engine import Around
from feedback.sentiment.model import Floats

NEEDED = ("model.onnx", "tokenizer.json", "config.json")
FED = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}


class OnnxEngine(Classifier):
    """A text classifier in ONNX, in a folder on this machine. Needs the extra `onnx`."""

    class Settings(ClassifierSettings):
        path: Path = Field(description="Folder: model.onnx, tokenizer.json, config.json.")

    settings: Settings

    def __init__(self, name: str, settings: Settings, around: Around) -> None:
        del around
        super().__init__(name, settings)

    @property
    def name(self) -> str:
        return self.settings.path.name

    def made_of(self) -> str:
        folder = self.settings.path
        if missing := [name for name in NEEDED if not (folder / name).is_file()]:
            raise self.refused(f"path is {folder}, and there is no {missing[0]} in it")
        return hashed([*(folder / name for name in NEEDED), *folder.glob("model.onnx_data*")])

    def labels(self) -> list[str]:
        named = self._config.get("id2label")
        if not isinstance(named, dict) or set(named) != {str(n) for n in range(len(named))}:
            raise self.refused("config.json does not name the labels of the model as id2label")
        if self._config.get("problem_type") == "multi_label_classification":
            raise self.refused("the model gives several labels to one text, not one of several")
        return [str(named[str(n)]) for n in range(len(named))]

    def outputs(self, texts: Sequence[str]) -> Floats:
        encoded = self._tokenizer.encode_batch(list(texts))
        fed = {
            name: np.array([getattr(one, FED[name]) for one in encoded], dtype=np.int64)
            for name in self._inputs
        }
        logits = np.asarray(self._session.run(self._output, fed)[0], dtype=np.float64)
        if logits.shape != (len(texts), len(self.labels())):
            raise self.refused(
                f"for {len(texts)} texts the model gave numbers of shape {logits.shape}, and "
                f"config.json names {len(self.labels())} labels"
            )
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    @cached_property
    def _config(self) -> dict[str, Any]:
        self.made_of()  # says what is missing
        try:
            told = json.loads((self.settings.path / "config.json").read_text(encoding="utf-8"))
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise self.refused("config.json is not a JSON object")
        return told

    @cached_property
    def _session(self) -> Any:
        try:
            import onnxruntime
        except ImportError:
            raise self._not_installed() from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = self.settings.threads, 1
        options.log_severity_level = 4
        model = str(self.settings.path / "model.onnx")
        try:
            return onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
        except Exception as error:  # noqa: BLE001 - its errors have no common kind
            raise self.refused(f"model.onnx does not load ({type(error).__name__})") from None

    @cached_property
    def _inputs(self) -> list[str]:
        names = [one.name for one in self._session.get_inputs()]
        if strange := sorted(set(names) - set(FED)):
            raise self.refused(f"the model wants an input {strange[0]!r}, which we do not make")
        return names

    @cached_property
    def _output(self) -> list[str]:
        names = [one.name for one in self._session.get_outputs()]
        return ["logits"] if "logits" in names else names[:1]

    @cached_property
    def _tokenizer(self) -> Any:
        try:
            from tokenizers import Tokenizer
        except ImportError:
            raise self._not_installed() from None
        pad_id = int(self._config.get("pad_token_id") or 0)  # says, too, what is missing
        try:
            made = Tokenizer.from_file(str(self.settings.path / "tokenizer.json"))
        except Exception as error:  # noqa: BLE001 - it raises Exception itself
            raise self.refused(f"tokenizer.json does not load ({type(error).__name__})") from None
        pad = made.padding or {"pad_id": pad_id}
        made.enable_padding(pad_id=pad["pad_id"], pad_token=pad.get("pad_token", "[PAD]"))
        made.enable_truncation(self.settings.max_tokens)
        return made

    def _not_installed(self) -> Exception:
        return self.refused("the extra is not installed: pip install 'feedback-flows[onnx]'")
