"""Reading one message: which of its parts are the customer's words, and its ref."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mail.parse import MailSettings, message_ref, raw_item, read_message
from feedback.errors import Unreadable
from feedback.records import Utterance
from tests.connectors.mail.letters import heard, letter, mail_settings, multipart, part

RUSSIAN = "Доставка опоздала на три дня, а поддержка не ответила ни на одно письмо."


def test_plain_text_is_taken_before_html_and_html_where_the_text_is_empty() -> None:
    both = multipart("alternative", part("text/plain", "Слова"), part("text/html", "<b>Слова</b>"))
    assert (heard(both).text, heard(both).html) == ("Слова", False)
    hollow = multipart("alternative", part("text/plain", " \r\n"), part("text/html", "<b>Да</b>"))
    assert (heard(hollow).text, heard(hollow).html) == ("<b>Да</b>", True)


def test_words_around_a_picture_are_all_kept() -> None:
    split = multipart(
        "mixed", part("text/plain", "До"), part("image/png", "x"), part("text/plain", "После")
    )
    assert heard(split).text == "До\n\nПосле"
    mixed = multipart("mixed", part("text/html", "<p>1</p>"), part("text/plain", "2 < 3\r\n4"))
    assert heard(mixed).text == "<p>1</p>\n\n2 &lt; 3<br>4"
    assert heard(mixed).html


def test_attachments_and_attached_mails_are_nobodys_words() -> None:
    inner = letter(9, "Чужое письмо").decode()
    payload = multipart(
        "mixed",
        part("text/plain", "Моё"),
        part("text/plain", "Файл", "Content-Disposition: attachment"),
        part("text/plain; name=log.txt", "Журнал"),
        part("message/rfc822", inner),
    )
    assert heard(payload).text == "Моё"


def test_html_says_its_charset_itself_where_the_mail_does_not() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"><p>Zażółć</p>'
    assert "Zażółć" in heard(letter(1, page, "iso-8859-2", content_type="text/html")).text


def test_a_multipart_without_a_boundary_keeps_its_text() -> None:
    assert heard(letter(1, RUSSIAN, content_type="multipart/mixed")).text == RUSSIAN


def test_parts_nested_without_end_are_set_aside() -> None:
    nest = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)
    )
    with pytest.raises(Unreadable, match="too deeply"):
        read_message(b"Date: Mon, 1 Jun 2026 10:00:00 +0300\n" + nest, mail_settings())


def test_what_the_settings_say_of_the_source_is_in_every_utterance() -> None:
    settings = MailSettings(kind="imap", product="shop", region="ru", segment="b2c")
    read = read_message(letter(), settings)
    assert isinstance(read, Utterance)
    assert (read.product, read.region, read.segment) == ("shop", "ru", "b2c")


def test_copies_of_a_mail_have_one_ref_whatever_their_transport_did() -> None:
    sent = letter(1, "Первая\r\n\r\nFrom here on better.\r\n")
    copies = [
        sent.replace(b"\r\n", b"\n"),
        b"Received: by mx; Tue, 2 Jun 2026 10:00:00 +0300\r\nX-Spam: no\r\n" + sent + b"\r\n",
        sent.replace(b"\r\nFrom here", b"\r\n>From here"),
        sent.replace(b"Subject: letter", b"Subject:  letter "),
    ]
    assert {message_ref(copy) for copy in copies} == {message_ref(sent)}
    assert {raw_item(copy).content_hash for copy in copies} == {raw_item(sent).content_hash}


def test_two_mails_with_one_message_id_are_two_records() -> None:
    one, two = letter(1, "Раз"), letter(1, "Два")
    assert message_ref(one)[0].split()[0] == message_ref(two)[0].split()[0] == "<1@example.com>"
    assert message_ref(one)[0] != message_ref(two)[0]


def test_a_mail_without_message_id_is_known_by_its_digest() -> None:
    ref, content = message_ref(letter(1, message_id=""))
    assert ref == content
    assert len(ref) == 24


@given(st.binary(max_size=400), st.integers(0, 300), st.integers(0, 40))
def test_no_bytes_whatever_are_fatal(noise: bytes, at: int, cut: int) -> None:
    whole = multipart(
        "alternative", part("text/plain; charset=koi8-r", "x"), part("text/html", "y")
    )
    payload = whole[:at] + noise + whole[at + cut :]
    ref, content = message_ref(payload)
    assert (ref + content).encode()
    try:
        read = read_message(payload, mail_settings())
    except Unreadable as error:
        assert len(error.reason) > 10
        return
    if isinstance(read, Utterance):
        said = "".join([read.text, read.subject, read.author.email, read.author.name, ref])
        assert "\0" not in said
        assert said.encode()
