"""In which letters a mail is written, whatever it says of them."""

from base64 import b64encode

import pytest

from tests.connectors.mail.letters import heard, letter

RUSSIAN = "Доставка опоздала на три дня, а поддержка не ответила ни на одно письмо."


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-r"])
@pytest.mark.parametrize("named", ["rightly", "x-unknown", "", "us-ascii"])
def test_a_mail_in_russian_keeps_every_letter(charset: str, named: str) -> None:
    content_type = f"text/plain; charset={charset if named == 'rightly' else named}"
    utterance = heard(letter(1, RUSSIAN, charset, content_type=content_type))
    assert utterance.text == RUSSIAN
    assert utterance.mail
    wrong = named != "rightly" and (charset, named) != ("utf-8", "us-ascii")
    assert ("charset_guessed" in utterance.extra) == wrong


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-r"])
def test_russian_that_says_it_is_latin_is_read_as_russian(charset: str) -> None:
    read = heard(letter(1, RUSSIAN, charset, content_type="text/plain; charset=iso-8859-1"))
    assert read.text == RUSSIAN


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r"])
@pytest.mark.parametrize(
    "text", ["Где мой заказ?", "НЕ РАБОТАЕТ ОПЛАТА", "Я в шоке", "спасибо", "ВСЁ ПРОСТО УЖАС", "Фу"]
)
def test_a_few_words_are_enough_to_tell_koi8_from_windows(charset: str, text: str) -> None:
    assert heard(letter(1, text, charset, content_type="text/plain; charset=x")).text == text


@pytest.mark.parametrize("named", ["iso-8859-1", "windows-1252", "", "x-unknown"])
@pytest.mark.parametrize(
    "text", ["Très déçu, la livraison était en retard.", "Über drei Wochen für ÄÖÜ!", "¡Qué mal!"]
)
def test_western_letters_are_not_taken_for_cyrillic(named: str, text: str) -> None:
    body = text.encode("cp1252")
    assert heard(letter(1, body, content_type=f"text/plain; charset={named}")).text == text


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("gb2312", "物流太慢了"),
        ("iso-2022-jp", "ありがとう"),
        ("windows-1256", "شكرا"),
        ("utf-16", "да"),
    ],
)
def test_other_languages_are_read_as_they_are_declared(charset: str, text: str) -> None:
    body = b64encode(text.encode(charset))
    payload = letter(1, body, content_type=f"text/plain; charset={charset}").replace(
        b"8bit", b"base64"
    )
    assert heard(payload).text == text


@pytest.mark.parametrize("name", ["rot13", "unicode_escape", "undefined", "hex", "../x", "x" * 99])
def test_a_codec_that_is_no_charset_is_not_applied(name: str) -> None:
    payload = letter(1, RUSSIAN, content_type=f"text/plain; charset={name}")
    assert heard(payload).text == RUSSIAN


def test_one_broken_letter_does_not_make_utf_8_another_charset() -> None:
    assert heard(letter(1, RUSSIAN.encode()[:-2] + b"\xd0")).text[:-2] == RUSSIAN[:-2]


def test_nul_and_lone_surrogates_never_reach_a_text() -> None:
    payload = letter(1, b"a\0b+2AA-c", content_type="text/plain; charset=utf-7")
    assert heard(payload).text == "ab?c"
