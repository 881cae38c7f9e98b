"""How texts become tokens."""

import pytest

from feedback.sentiment import tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Всё СУПЕР", ["все", "супер"]),
        ("кто-то don’t", ["кто-то", "don't"]),
        ("оооочень!!!!", ["оочень", "!!"]),
        ("спасибо)))) но :((( ", ["спасибо", "))", "но", ":(("]),
        ("👍🏽❤️", ["👍", "❤"]),
        ("5/5", ["5", "/", "5"]),
        ("#отзыв", ["отзыв"]),
    ],
)
def test_a_text_is_read_as_a_reader_would(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_links_handles_and_long_numbers_are_known_by_kind_only() -> None:
    shapes = [tokens.shape(word) for word in words("@shop https://shop.example/a?b=1 заказ 48213")]

    assert shapes == [tokens.USER, tokens.URL, "заказ", tokens.NUMBER]


def test_a_mark_of_redaction_is_no_word_and_a_handle_is_known_as_one() -> None:
    shapes = [tokens.shape(word) for word in words("[handle] [name] не помог, звоните [phone]")]

    assert shapes == [tokens.USER, "не", "помог", ",", "звоните"]


def test_a_record_separator_inside_a_text_does_not_split_it_in_two() -> None:
    assert tokens.split(["раз\x1eдва", "три"]) == ["\x1e", "раз", "два", "\x1e", "три", "\x1e"]


def words(text: str) -> list[str]:
    return [token for token in tokens.split([text]) if token != tokens.BREAK]
