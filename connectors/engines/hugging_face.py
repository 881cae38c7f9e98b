"""A text classifier run by Hugging Face transformers, from a folder or from the hub.

A model of the hub is named with its commit: a branch could change under what is published.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from pydantic import Field, model_validator

from connectors.engines.classifier import Classifier, ClassifierSettings, hashed
from feedback.sentiment.engine import Around
from feedback.sentiment.model import Floats

KEPT = ("*.safetensors", "*.bin", "*.json", "*.txt", "*.model")


class TransformersEngine(Classifier):
    """A text classifier run by transformers, from a folder or the hub. Extra `transformers`."""

    class Settings(ClassifierSettings):
        path: Path | None = Field(None, description="A folder that `save_pretrained` wrote; or:")
        model: str = Field("", description="Its name on the hub, as in `owner/name`.")
        revision: str = Field(
            "", pattern="^([0-9a-f]{40})?$", description="The commit of it: 40 hex digits."
        )
        device: str = Field("cpu", description='"cpu", or a device of torch such as "cuda:0".')

        @model_validator(mode="after")
        def _one_place(self) -> Self:
            if bool(self.path) == bool(self.model):
                raise ValueError("give path or model, one of them")
            if self.model and not self.revision:
                raise ValueError("model needs revision, the commit that its page on the hub shows")
            return self

    settings: Settings

    def __init__(self, name: str, settings: Settings, around: Around) -> None:
        del around
        super().__init__(name, settings)

    @property
    def name(self) -> str:
        return self.settings.path.name if self.settings.path else self.settings.model

    def made_of(self) -> str:
        folder = self.settings.path
        if folder is None:
            return self.settings.revision
        if not (folder / "config.json").is_file():
            raise self.refused(f"path is {folder}, and there is no config.json in it")
        return hashed(path for kind in KEPT for path in folder.glob(kind))

    def labels(self) -> list[str]:
        config = self._pipeline.model.config
        if config.problem_type == "multi_label_classification" or config.num_labels < 2:
            raise self.refused("the model does not choose one of several labels")
        return [str(config.id2label[n]) for n in range(config.num_labels)]

    def outputs(self, texts: Sequence[str]) -> Floats:
        told = self._pipeline(
            list(texts),
            top_k=None,
            truncation=True,
            max_length=self.settings.max_tokens,
            batch_size=len(texts),
        )
        scores = [{one["label"]: one["score"] for one in row} for row in told]
        return np.array([[row[name] for name in self.labels()] for row in scores])

    @cached_property
    def _pipeline(self) -> Any:
        self.made_of()  # says what is missing
        try:
            import torch
            from transformers import pipeline
        except ImportError:
            raise self.refused(
                "the extra is not installed: pip install 'feedback-flows[transformers]'"
            ) from None
        torch.set_num_threads(self.settings.threads)
        try:
            return pipeline(
                "text-classification",
                model=str(self.settings.path or self.settings.model),
                revision=self.settings.revision or None,
                device=self.settings.device,
            )
        except Exception as error:  # noqa: BLE001 - its errors have no common kind
            raise self.refused(
                f"the model does not load ({type(error).__name__}); from the hub it also needs the "
                "network, the first time"
            ) from None
