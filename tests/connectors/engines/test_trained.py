"""Weights of one's own: a file that holds none is refused, whatever it holds instead."""

from pathlib import Path

import numpy as np
import pytest

from connectors.engines import trained
from feedback.errors import Refused
from feedback.sentiment import model

SHIPPED = model.WEIGHTS.read_bytes()


def without_an_array(path: Path) -> bytes:
    with np.load(model.WEIGHTS) as whole:
        np.savez(path, **{name: whole[name] for name in whole if name != "ru_layer1"})
    return path.read_bytes()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not weights",
        SHIPPED[: len(SHIPPED) // 2],
        SHIPPED[:5000] + bytes(200) + SHIPPED[5200:],
        without_an_array,
    ],
)
def test_a_file_that_is_no_whole_model_is_refused(content: object, tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    path.write_bytes(content(path) if callable(content) else content)  # type: ignore[arg-type]

    with pytest.raises(Refused, match="holds no weights"):
        trained.read(path)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is no file"):
        trained.read(tmp_path / "w.npz")


def test_a_whole_model_is_read() -> None:
    assert trained.read(model.WEIGHTS).version == model.load().version
