import re
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


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Дякую, все є", "uk"),
        ("Жақсы қызмет", "kk"),
        ("Тіркеле алмадым, көмектесіңіз", "kk"),
        ("Усё добра, дзякуй", "be"),
    ],
)
def test_unless_a_letter_says_otherwise(word: str, code: str) -> None:
    assert detect([word])[0][0] == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Дякую вам за швидку доставку", "uk"),
        ("Добре, але вже дорого", "uk"),
        ("Рахмет, керемет", "kk"),
        ("Не хватает кнопки, ну вот буде так буде, мы подождём", "ru"),
    ],
)
def test_a_common_word_tells_where_no_letter_does(text: str, code: str) -> None:
    assert detect([text])[0][0] == code


def test_ukrainian_without_a_letter_of_its_own_is_told_by_the_model() -> None:
    assert detect(["Прошу надати знижку на наступне замовлення"])[0][0] == "uk"


@pytest.mark.parametrize("text", ["СУУУУУПЕР", "Нуууу даааа!!!", "ахахахахахах", "Ооооочень долго"])
def test_drawn_out_letters_are_still_russian(text: str) -> None:
    assert detect([text])[0][0] == "ru"


MARKS = "email phone card iban passport inn snils ip address name handle"


@pytest.mark.parametrize("mark", re.findall(r"\w+", MARKS))
def test_marks_of_what_was_taken_out_do_not_decide(mark: str) -> None:
    assert detect([f"[{mark}] [{mark}]"]) == [("unknown", 0.0)]
    assert detect([f"[{mark}] не открывается [{mark}] [{mark}]"])[0][0] == "ru"
    assert detect([f"[{mark}] wird nicht geladen"]) == detect(["wird nicht geladen"])


def test_the_surer_the_answer_the_larger_the_confidence() -> None:
    short, long = detect(["Trato pésimo", "El trato fue pésimo y nadie me devolvió el dinero"])
    assert short[1] < 0.9 < long[1]


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
