"""Sketches: equal for equal words, alike for like ones, none for short ones, the same tomorrow."""

import hashlib

import numpy as np
import pytest

from feedback.sketch import BANDS, METHOD, packed, sketch, unpacked
from feedback.text.normalise import fingerprint

LATE = "Курьер опоздал на три часа и даже не извинился, больше заказывать не стану"
CRASH = "The app crashes every time I open the payment screen on my old telephone"


def test_texts_of_one_fingerprint_have_one_sketch() -> None:
    loud = LATE.upper().replace(",", " -") + "!!!"
    assert fingerprint(loud) == fingerprint(LATE)
    assert (sketch([loud]) == sketch([LATE])).all()


@pytest.mark.parametrize("text", [LATE, CRASH, CRASH + " 🙈🙈"])
def test_a_greeting_or_a_typing_mistake_leaves_a_number_in_common(text: str) -> None:
    one, greeted, mistyped = sketch([text, f"Добрый день! {text}", text[:20] + "ъ" + text[21:]])
    assert (one == greeted).any()
    assert (one == mistyped).any()


def test_other_words_have_no_number_in_common() -> None:
    assert not (sketch([LATE]) == sketch([CRASH])).any()


def test_short_texts_have_no_sketch_however_they_are_padded() -> None:
    short = ["", "ok", "Всё хорошо", "!" * 100, "ха" * 50, "Всё хорошо" + " ." * 100]
    assert not sketch(short).any()
    assert [packed(row) for row in sketch(short)] == [None] * 6


def test_a_sketch_does_not_depend_on_the_texts_around_it() -> None:
    many = [f"{LATE} {n}" if n % 3 else "ok" for n in range(1200)]
    together = sketch(many)
    assert (
        together[[0, 1, 1199]] == np.concatenate([sketch([many[n]]) for n in (0, 1, 1199)])
    ).all()


def test_a_sketch_comes_back_from_its_bytes() -> None:
    made = sketch([LATE, "ok", CRASH])
    assert (unpacked([packed(row) for row in made]) == made).all()
    assert len(packed(made[0]) or b"") == 8 * BANDS


def test_a_sketch_is_what_it_was_when_its_method_got_its_name() -> None:
    """If this fails, sketches have changed: give METHOD a new version, or stored ones mislead."""
    made = b"".join(packed(row) or b"" for row in sketch([LATE, CRASH]))
    assert (METHOD, hashlib.sha256(made).hexdigest()[:16]) == ("rminhash-256 1", "14750b2f2fcdd405")
