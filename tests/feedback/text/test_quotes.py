import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.text.quotes import strip_quoted

OWN = "Деньги списали дважды.\n\nВерните, пожалуйста."


@pytest.mark.parametrize(
    "opening",
    [
        "On Tue, 1 Sep 2026 at 10:05, Shop <help@shop.example> wrote:",
        "On Sep 1, 2026, at 10:05 AM, Shop wrote:",
        "On Tue, 1 Sep 2026 at 10:05, A Very Long Name Indeed\n<help@shop.example>\nwrote:",
        "вт, 1 сент. 2026 г. в 10:05, Магазин <help@shop.example>:",
        "1 сентября 2026 г., 10:05 пользователь Магазин <help@shop.example> написал:",
        "1 сент. 2026 г., в 10:05, Магазин <help@shop.example> написал(а):",
        "Вторник, 1 сентября 2026, 10:05 +03:00 от Магазин <help@shop.example>:",
        '01.09.2026, 10:05, "Магазин" <help@shop.example>:',
        "01.09.2026 10:05, Магазин пишет:",
        "вт, 1 вер. 2026 р. о 10:05 Магазин <help@shop.example> пише:",
        "Am Di., 1. Sept. 2026 um 10:05 Uhr schrieb Laden <\nhilfe@shop.example>:",
        "Le mar. 1 sept. 2026 à 10:05, Boutique <aide@shop.example> a écrit :",
        "El mar, 1 sept 2026 a las 10:05, Tienda (<ayuda@shop.example>) escribió:",
        "Il giorno mar 1 set 2026 alle ore 10:05 Negozio <x@shop.example> ha scritto:",
        "Em ter., 1 de set. de 2026 às 10:05, Loja <x@shop.example> escreveu:",
        "Op di 1 sep 2026 om 10:05 schreef Winkel <x@shop.example>:",
        "wt., 1 wrz 2026 o 10:05 Sklep <x@shop.example> napisał(a):",
        "Den tis 1 sep. 2026 kl 10:05 skrev Butik <x@shop.example>:",
        "-----Original Message-----",
        "-------- Исходное сообщение --------",
        "-------- Пересылаемое сообщение --------",
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "From: Shop\nSent: Tuesday, 1 September 2026 10:05\nTo: Anna\nSubject: Re: Money",
        "________________________________\n*От:* Shop\n*Отправлено:* 1 сентября 2026 г. 10:05\n"
        "*Кому:* Anna\n*Тема:* Re: Деньги",
        "Von: Laden <x@shop.example>\nGesendet: Dienstag, 1. September 2026\nAn: Anna",
    ],
)
@pytest.mark.parametrize("margin", ["> ", ""])
def test_a_quoted_reply_is_dropped_however_it_is_announced(opening: str, margin: str) -> None:
    quoted = f"{margin}Добрый день!\n{margin}\n{margin}Чем помочь?"
    assert strip_quoted(f"{OWN}\n\n{opening}\n\n{quoted}\n") == OWN


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nАнна\n+7 495 000-00-00\n\nООО «Ромашка»",
        "С уважением,\nАнна Петрова\nбухгалтер",
        "С наилучшими пожеланиями, Анна",
        "Best regards,\nAnna",
        "Kind Regards\nAnna Smith\nHead of Everything",
        "Mit freundlichen Grüßen\nAnna",
        "Cordialement,\nAnna",
        "З повагою, Ганна",
        "Sent from my iPhone",
        "Отправлено с iPhone",
        "Отправлено из мобильной Почты Mail.ru",
        "Von meinem iPhone gesendet",
        "Get Outlook for iOS<https://aka.example/o0ukef>",
        "С уважением,\nАнна\n\nSent from my Galaxy",
    ],
)
def test_a_signature_is_dropped(signature: str) -> None:
    assert strip_quoted(f"{OWN}\n\n{signature}\n") == OWN


@pytest.mark.parametrize(
    "words",
    [
        "On Thursday I paid, and nothing came.",
        "On your site I see this:\n\n    error 500\n\nWhat now?",
        "В письме от 10.10.2026 я писал:\nверните деньги.\nИ что?",
        "Заказ от 10.10.2026, почта anna@mail.example:\nгде он?",
        "From: Moscow\nTo: Kazan\nDate: 10.10.2026\nThe train was late.",
        "Sent from my desk, it is much easier than from my phone.",
        "С уважением отношусь к вам, но хватит.",
        "Плохо:\n-- долго\n-- дорого",
        "With regards to the payment: it failed.",
        "Best app ever",
        "Спасибо!",
    ],
)
def test_own_words_that_only_look_like_a_quotation_stay(words: str) -> None:
    assert strip_quoted(f"Добрый день.\n{words}") == f"Добрый день.\n{words}"


def test_answers_between_the_lines_are_kept() -> None:
    text = "On 1 Sep 2026 at 10:05, Shop wrote:\n> Which colour?\nRed.\n\n> Which size?\nLarge."
    assert strip_quoted(text) == "Red.\n\nLarge."


def test_an_answer_below_the_quotation_is_kept() -> None:
    text = "01.09.2026, 10:05, Shop <help@shop.example>:\n> Чем помочь?\n\nУже ничем."
    assert strip_quoted(text) == "Уже ничем."


def test_a_greeting_above_a_long_signature_is_dropped_too() -> None:
    disclaimer = "\n".join(["Confidential."] * 20)
    assert strip_quoted(f"{OWN}\n\nС уважением,\nАнна\n-- \n{disclaimer}") == OWN


def test_a_line_above_the_attribution_that_begins_like_one_stays() -> None:
    text = "Am heutigen Tage\nAm Di., 1. Sept. 2026 um 10:05 schrieb L <\nx@shop.example>:\n> Hallo"
    assert strip_quoted(text) == "Am heutigen Tage"


def test_words_after_the_signature_that_are_a_postscript_stay() -> None:
    text = "Верните деньги.\n\nС уважением,\nАнна\n\nP.S. И за доставку."
    assert strip_quoted(text) == "Верните деньги.\n\nP.S. И за доставку."


def test_a_text_of_nothing_but_quotation_gives_nothing() -> None:
    assert strip_quoted("> Чем помочь?\n> Пишите") == ""
    assert strip_quoted("-----Original Message-----\nFrom: Shop\n\nHello") == ""


def test_a_signature_alone_stays_because_it_is_all_there_is() -> None:
    assert strip_quoted("С уважением, Анна") == "С уважением, Анна"


def test_a_long_mail_of_openings_takes_time_in_proportion_to_its_length() -> None:
    assert len(strip_quoted("On 1 Sep 2026 I said\n" * 5_000)) > 50_000


@pytest.mark.parametrize(
    "piece",
    ["--\n", "Best\n", "С уважением\n", "____\n", "—\n", "x\n--\n", "Пункт первый, текст.\n—\n"],
)
def test_a_long_mail_of_signatures_takes_time_in_proportion_to_its_length(piece: str) -> None:
    start = time.process_time()
    assert "Пункт" in strip_quoted("Пункт\n" + piece * (50_000 // len(piece)))
    assert time.process_time() - start < 3  # it was minutes


def test_a_long_signature_is_dropped_only_under_the_standard_mark() -> None:
    many = "\n".join(["строка"] * 16)
    assert strip_quoted(f"Слова\n-- \n{many}") == "Слова"
    assert strip_quoted(f"Слова\n--\n{many}") == f"Слова\n--\n{many}"
    assert strip_quoted(f"Слова\n--\n{many[7:]}") == "Слова"


PIECES = (
    "On 1 Sep 2026 at 10:05, Shop <a@b.example> wrote:",
    "> quoted",
    "own words",
    "",
    "-- ",
    "С уважением,",
    "Анна",
    "From: Shop",
    "Sent: 1 September 2026",
    "Subject: x",
    "-----Original Message-----",
    "Sent from my iPhone",
    "P.S. more",
    "_____________",
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("\n".join) | st.text())
def test_what_was_stripped_is_not_stripped_again(text: str) -> None:
    once = strip_quoted(text)
    assert strip_quoted(once) == once
    assert "> quoted" not in once


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["> quoted", "", "own words"]), min_size=1, max_size=9))
def test_own_words_around_marked_quotations_are_never_lost(lines: list[str]) -> None:
    assert strip_quoted("\n".join(lines)).count("own words") == lines.count("own words")
