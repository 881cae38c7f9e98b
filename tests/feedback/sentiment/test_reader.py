"""The reader: what it hears, what it must not hear, and how it is kept."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from feedback.sentiment import features, reader
from feedback.sentiment.reader import Reader


def test_no_text_hears_its_neighbours() -> None:
    texts = ["всё хорошо", "", "ужасно, не работает", "ok 👍", "Где мой заказ? " * 50] * 7
    together = logits(*texts)

    alone = np.vstack([logits(text) for text in texts])
    np.testing.assert_array_equal(together, alone)  # to the last bit: a rerun finds no change


def test_the_order_of_words_matters() -> None:
    one, other = logits("not bad but good", "not good but bad")

    assert np.abs(one - other).max() > 1e-3


def test_no_texts_have_no_logits() -> None:
    assert logits().shape == (0, 3)


def test_a_token_not_kept_is_as_if_it_were_silent() -> None:
    parameters = reader.random(1)
    vectors = np.random.default_rng(1).normal(size=(4, reader.WIDTH)).astype(np.float32)
    kept = np.array([True, False, True, True])
    heard = reader.read(parameters, vectors, np.array([1, 2, 3, 0]), np.array([0]), kept)

    assert heard.share.tolist() == [[0.5]]
    assert not heard.inputs[0][1].any()
    assert not heard.outputs[-1][1].any()


def test_a_text_without_a_token_reads_as_the_bias() -> None:
    parameters = reader.random(2) | {"out_bias": np.array([1, 2, 3], np.float32)}
    read = Reader.of(reader.stored(parameters)).logits(features.encode(["", "да"]))

    np.testing.assert_allclose(read[0], [1, 2, 3])
    assert not np.allclose(read[1], [1, 2, 3])


def test_what_is_stored_reads_nearly_as_what_was_learned() -> None:
    parameters, texts = reader.random(3), features.encode(["не очень", "отличный сервис"])
    pieces = parameters["table"][texts.grams % reader.BUCKETS] * reader.loudness(texts)[:, None]
    vectors = np.add.reduceat(pieces, texts.gram_starts)

    exact = reader.read(parameters, vectors, texts.words, texts.starts).logits
    np.testing.assert_allclose(logits("не очень", "отличный сервис"), exact, atol=0.05)


def test_threads_that_read_leave_the_process_its_cores() -> None:
    before = [one["num_threads"] for one in threadpool_info()]
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _: logits("не очень", "отличный сервис"), range(40)))

    assert [one["num_threads"] for one in threadpool_info()] == before
    assert all((one == said[0]).all() for one in said)


@pytest.mark.parametrize("name", ["table", "layer1"])
def test_what_is_stored_in_part_is_no_reader(name: str) -> None:
    whole = reader.stored(reader.random(0))
    for broken in (
        {key: one for key, one in whole.items() if key != name},
        whole | {name: whole[name][:-1]},
        whole | {name: np.full(whole[name].shape, np.nan)},
    ):
        with pytest.raises(ValueError, match=name):
            Reader.of(broken)


def logits(*texts: str) -> np.ndarray:
    return Reader.of(reader.stored(reader.random(3))).logits(features.encode(texts))
