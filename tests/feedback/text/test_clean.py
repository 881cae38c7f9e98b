import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.text.clean import clean


def test_a_reply_in_html_ends_as_the_own_words_without_personal_data() -> None:
    html = (
        "<html><head><style>p{}</style></head><body><p>Не&nbsp;пришёл&shy; заказ 89161234567.</p>"
        "<p>Звоните: 8 916 123-45-67</p><p>С уважением,<br>Анна<br>anna@mail.example</p>"
        "<div class=gmail_quote><div class=gmail_attr>1 сент. 2026, Shop:</div>"
        "<blockquote>Чем помочь?</blockquote></div></body></html>"
    )
    assert clean(html, html=True, mail=True) == (
        "Не пришёл заказ 89161234567.\n\nЗвоните: [phone]",
        {"phone": 1},
    )


def test_an_address_broken_up_by_invisible_characters_is_still_found() -> None:
    assert clean("anna\u200b@mail.\u00adexample").text == "[email]"


def test_an_address_broken_up_by_tags_is_still_found() -> None:
    assert clean("<b>anna</b>@mail<wbr>.example", html=True).text == "[email]"


def test_an_answer_that_is_no_mail_keeps_its_arrows() -> None:
    assert clean("> 100 рублей\nСпасибо").text == "> 100 рублей\nСпасибо"


def test_tags_written_by_a_customer_in_plain_text_stay() -> None:
    assert clean("press <Enter>").text == "press <Enter>"


def test_what_was_done_is_said() -> None:
    misread = "Деньги не вернули, пишите anna@mail.example или a@b.example".encode()
    assert clean(misread.decode("latin-1")) == (
        "Деньги не вернули, пишите [email] или [email]",
        {"mojibake": 1, "email": 2},
    )
    assert clean("Деньги не вернули").done == {}


def test_html_too_deep_to_be_parsed_is_said() -> None:
    page = "<div>" * 20_000 + "<p>Words</p><blockquote>quoted</blockquote>"
    assert clean(page, html=True, mail=True) == ("Words\nquoted", {"html_too_deep": 1})


def test_words_in_angle_brackets_stay_in_a_form_that_sends_html() -> None:
    assert clean("Press <Save>, write <a@b.example>", html=True).text == (
        "Press <Save>, write <[email]>"
    )


def test_a_misread_page_is_read_again_before_its_spaces_go() -> None:
    # In UTF-8 the letters Р and х end in bytes that are spaces when read as Latin-1.
    misread = "<p>Расход&nbsp;хороший, Роутер хуже</p>".encode().decode("latin-1")
    assert clean(misread, html=True).text == "Расход хороший, Роутер хуже"


@pytest.mark.parametrize("odd", ["\x81Â\x80", "à\x08¡\x86"])
def test_what_was_cleaned_is_never_cleaned_again(odd: str) -> None:
    """Only without its control characters does this text look misread."""
    once = clean(odd).text
    assert clean(once) == (once, {})


@settings(max_examples=50, deadline=None)
@given(st.text(), st.booleans(), st.booleans())
def test_no_text_makes_it_raise_and_the_result_can_be_stored(
    text: str, html: bool, mail: bool
) -> None:
    cleaned = clean(text, html=html, mail=mail)
    cleaned.text.encode()
    assert "\0" not in cleaned.text
    assert clean(cleaned.text) == (cleaned.text, {})
