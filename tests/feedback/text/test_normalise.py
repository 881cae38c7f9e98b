import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.text.normalise import fingerprint, normalise

ODD = st.text(
    st.sampled_from(
        "ab йе\u0301\u0306 \n\r\t\x00\x0b\x85\u200b\u200d\u200c\u2028\u2029\ufeff\u00a0👩\U0001f3f4"
    )
)


def test_composed_and_decomposed_letters_become_the_same() -> None:
    assert normalise("и\u0306од") == normalise("йод") == "йод"


def test_zero_width_and_control_characters_are_dropped() -> None:
    assert normalise("о\u200bтв\u00adет\ufeff \x00да\x1b\x7f") == "ответ да"


def test_spaces_become_single_and_paragraphs_stay() -> None:
    assert normalise(" a \t\u00a0b \r\n\r\n\r\n  c\rd ") == "a b\n\nc\nd"


def test_every_kind_of_line_end_is_a_line_end() -> None:
    assert normalise("a\u2028b\x85c\x0bd\u2029e") == "a\nb\nc\nd\n\ne"


@pytest.mark.parametrize(
    "emoji", ["👩‍👩‍👧‍👦", "❤️‍🔥", "👍🏽", "🏳️‍🌈", "🏴\U000e0067\U000e0062\U000e007f", "1️⃣"]
)
def test_emoji_stay_whole(emoji: str) -> None:
    assert normalise(f"так {emoji} да") == f"так {emoji} да"


def test_a_joiner_between_letters_is_dropped() -> None:
    assert normalise("при\u200dвет") == "привет"


def test_a_joiner_that_persian_needs_is_kept() -> None:
    assert normalise("می\u200cخواهم") == "می\u200cخواهم"


def test_letters_that_only_look_alike_are_not_changed() -> None:
    assert normalise("cосна") == "cосна"  # the first letter is Latin


def test_invisible_tags_cannot_carry_words() -> None:
    assert normalise("a\U000e0068\U000e0069b") == "ab"


def test_lone_surrogates_are_dropped_so_that_the_text_can_be_stored() -> None:
    assert normalise("a\ud800b").encode() == b"ab"


@settings(max_examples=100, deadline=None)
@given(st.text() | ODD)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    assert "\n\n\n" not in once


EMOJI = ("👩‍👩‍👧‍👦", "❤️‍🔥", "👍🏽", "🏳️‍🌈", "1️⃣", "😡", "☹️", "🇰🇿")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*EMOJI, "так", "ok", "\u200b", "\u00ad", " ", "\n"]), max_size=12))
def test_of_all_that_is_shown_nothing_is_lost(pieces: list[str]) -> None:
    said = normalise("".join(f"{piece} " for piece in pieces))
    for emoji in EMOJI:
        assert said.split().count(emoji) == pieces.count(emoji)


@settings(max_examples=100, deadline=None)
@given(st.text("aаeеoоpрcсxхABВEЕKКMМHНOОPРCСTТXХ", max_size=30))
def test_no_letter_is_swapped_for_its_lookalike(word: str) -> None:
    assert normalise(word) == word


@settings(max_examples=100, deadline=None)
@given(st.text() | ODD)
def test_a_text_never_grows_and_can_be_stored(text: str) -> None:
    said = normalise(text)
    # Unicode itself takes some Indic letters apart; a paragraph separator is a blank line.
    longest = unicodedata.normalize("NFC", text.replace("\u2029", "\n\n"))
    assert len(said) <= len(longest)
    assert b"\0" not in said.encode()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Всё  плохо!!!", "всё плохо"),
        ("Great, thanks.", "great thanks"),
        ("STRASSE", "straße"),
        ("ok 👍", "OK👍️"),
    ],
)
def test_the_same_words_have_one_fingerprint(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("👍", "👎"),
        ("!!!", "???"),
        (":)", ":("),
        ("да", "нет"),
        ("", "..."),
        ("5", "6"),
        ("й", "и"),
    ],
)
def test_other_words_have_another_fingerprint(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


@settings(max_examples=50, deadline=None)
@given(st.text() | ODD)
def test_a_fingerprint_is_hexadecimal_and_blind_to_spaces(text: str) -> None:
    assert len(bytes.fromhex(fingerprint(text))) == 16
    assert fingerprint(f"  {text}\n") == fingerprint(text)
