"""The reader: what it hears, and what it must not hear."""

import numpy as np

from feedback.sentiment import features, reader
from feedback.sentiment.reader import Reader


def test_no_text_hears_its_neighbours() -> None:
    texts = ["всё хорошо", "", "ужасно, не работает", "ok 👍"]
    together = logits(*texts)

    alone = np.vstack([logits(text) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_the_order_of_words_matters() -> None:
    one, other = logits("not bad but good", "not good but bad")

    assert np.abs(one - other).max() > 1e-3


def test_a_token_not_kept_is_as_if_it_were_silent() -> None:
    parameters = reader.start(1)
    vectors = np.random.default_rng(1).normal(size=(4, reader.WIDTH)).astype(np.float32)
    vectors[0] = 0
    said, starts = np.array([1, 2, 3, 0]), np.array([0])

    kept = np.array([True, False, True, True])
    heard = reader.read(parameters, vectors, said, starts, kept)
    assert not heard.inputs[0][1].any()
    assert not heard.outputs[-1][1].any()


def test_a_text_without_a_token_reads_as_the_bias() -> None:
    parameters = reader.start(2) | {"out_bias": np.array([1, 2, 3], np.float32)}
    step = float(np.abs(parameters["table"]).max()) / 127
    table = np.rint(parameters["table"] / step).astype(np.int8)

    read = Reader(table, step, parameters).logits(features.encode(["", "да"]))
    np.testing.assert_allclose(read[0], [1, 2, 3])
    assert not np.allclose(read[1], [1, 2, 3])


def logits(*texts: str) -> np.ndarray:
    parameters = reader.start(3)
    step = float(np.abs(parameters["table"]).max()) / 127
    table = np.rint(parameters["table"] / step).astype(np.int8)
    return Reader(table, step, parameters).logits(features.encode(texts))
