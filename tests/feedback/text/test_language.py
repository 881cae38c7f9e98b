import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.text.language import detect


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Оплата не проходит уже третий день", "ru"),
        ("Payment has failed for three days", "en"),
        ("Оплата не проходить вже третій день", "uk"),
        ("Төлем үш күн бойы өтпей жатыр", "kk"),
        ("Die Zahlung schlägt seit drei Tagen fehl", "de"),
        ("Le paiement échoue depuis trois jours", "fr"),
        ("El pago falla desde hace tres días", "es"),
        ("WHY DOES IT NEVER WORK", "en"),
    ],
)
def test_the_languages_of_our_customers_are_told_apart(text: str, code: str) -> None:
    (answer,) = detect([text])
    assert answer[0] == code
    assert 0.4 <= answer[1] <= 1


@pytest.mark.parametrize("word", ["Отлично", "супер", "норм", "Ужас", "не приходит код", "Сговор?"])
def test_a_short_cyrillic_text_is_russian(word: str) -> None:
    assert detect([word])[0][0] == "ru"


@pytest.mark.parametrize(("word", "code"), [("Дякую, все є", "uk"), ("Жақсы қызмет", "kk")])
def test_unless_a_letter_says_otherwise(word: str, code: str) -> None:
    assert detect([word])[0][0] == code


@pytest.mark.parametrize("text", ["", "   ", "5", "10/10", "👍👍", "!!!", "ok", "[phone] [email]"])
def test_what_has_no_words_is_unknown(text: str) -> None:
    assert detect([text]) == [("unknown", 0.0)]


def test_links_and_mentions_do_not_decide() -> None:
    assert detect(["@support https://shop.example/help не открывается"])[0][0] == "ru"


def test_there_is_one_answer_per_text_in_order() -> None:
    answers = detect(["Всё сломалось", "", "Everything is broken"])
    assert [code for code, _ in answers] == ["ru", "unknown", "en"]


def test_nothing_is_downloaded_printed_or_logged() -> None:
    program = (
        "import logging, socket\n"
        "logging.basicConfig(level=logging.INFO); socket.socket.connect = None\n"
        "from feedback.text.language import detect\n"
        "assert detect(['Длинный текст без сети. ' * 100])[0][0] == 'ru'"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    ((code, confidence),) = detect([text])
    assert code.isalpha()
    assert 0 <= confidence <= 1


def test_a_lone_surrogate_does_not_make_it_raise() -> None:
    assert detect(["всё \ud800 сломалось"])[0][0] == "ru"
