"""The word vectors kept in the repository, and what is kept of embeddings."""

from pathlib import Path

import numpy as np
import pytest

from feedback.sentiment import vectors


def test_words_that_mean_alike_lie_near() -> None:
    one, two, other = vectors.read("en").of(["excellent", "superb", "broken"])

    assert cosine(one, two) > cosine(one, other) + 0.1


def test_every_word_stands_once() -> None:
    known = vectors.read("en")

    assert len(set(known.words)) == len(known.words) == len(known.values)


def test_a_language_without_vectors_has_none() -> None:
    assert vectors.read("ru").words == ()
    assert vectors.read("ru").of(["слово", "дело"]).shape == (2, vectors.WIDTH)


def test_an_unknown_word_is_nothing() -> None:
    assert not vectors.read("en").of(["ъъъ"]).any()


def test_what_is_written_keeps_the_angles_between_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_FOLDER", tmp_path)
    plane = np.random.default_rng(0).normal(size=(40, vectors.WIDTH))
    embedded = plane @ np.linalg.qr(np.random.default_rng(1).normal(size=(384, vectors.WIDTH)))[0].T
    words = [f"слово{i}" for i in range(40)]
    vectors.write("ru", words, embedded)
    vectors.read.cache_clear()
    known = vectors.read("ru")
    vectors.read.cache_clear()

    centred = embedded - embedded.mean(axis=0)
    assert known.words == tuple(words)
    assert cosine(*known.values[:2]) == pytest.approx(cosine(*centred[:2]), abs=0.02)
    assert (known.values**2).mean() == pytest.approx(1, abs=0.02)


def cosine(one: vectors.Floats, two: vectors.Floats) -> float:
    return float(one @ two / np.sqrt((one @ one) * (two @ two)))
