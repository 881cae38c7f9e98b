"""Whose words, about what, when, and in which thread."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest

from connectors.mail.parse import read_message
from feedback.errors import Unreadable
from feedback.records import Author
from tests.connectors.mail.letters import heard, letter, mail_settings


@pytest.mark.parametrize(
    "subject",
    [
        b"=?koi8-r?B?" + b64encode("Жалоба на доставку".encode("koi8-r")) + b"?=",
        b"=?windows-1251?Q?=C6=E0=EB=EE=E1=E0_=ED=E0_?=\r\n"
        b" =?windows-1251?Q?=E4=EE=F1=F2=E0=E2=EA=F3?=",
        "Жалоба на доставку".encode("cp1251"),
        "Жалоба на доставку".encode("koi8-r"),
        "Жалоба на доставку".encode(),
        b"=?utf-8?B?"
        + b64encode("Жалоба на доставку".encode()[:9])
        + b"?=\r\n =?utf-8?B?"
        + b64encode("Жалоба на доставку".encode()[9:])
        + b"?=",
        "=?x-unknown?Q?Жалоба_на_доставку?=".encode("cp1251"),
    ],
)
def test_a_subject_is_decoded_whether_encoded_or_raw(subject: bytes) -> None:
    payload = letter().replace(b"Subject: letter", b"Subject: " + subject)
    assert heard(payload).subject == "Жалоба на доставку"


@pytest.mark.parametrize(
    ("sender", "author"),
    [
        ("Anna <Anna@Example.COM>", Author(email="anna@example.com", name="Anna")),
        ("anna@example.com", Author(email="anna@example.com")),
        ("Петрова, Анна <a@example.com>", Author(email="a@example.com", name="Петрова, Анна")),
        ('"anna@example.com" <anna@example.com>', Author(email="anna@example.com")),
        ("=?koi8-r?B?4c7OwQ==?= <a@example.com>", Author(email="a@example.com", name="Анна")),
        ("Анна <a@example.com>".encode("cp1251"), Author(email="a@example.com", name="Анна")),
        ("undisclosed-recipients:;", Author()),
        ("", Author()),
    ],
)
def test_the_author_is_the_address_in_small_letters_and_the_name(
    sender: bytes | str, author: Author
) -> None:
    assert heard(letter(sender=sender)).author == author


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Mon, 01 Jun 2026 10:00:00 +0300", datetime(2026, 6, 1, 7, tzinfo=UTC)),
        ("1 Jun 26 10:00 GMT", datetime(2026, 6, 1, 10, tzinfo=UTC)),
        ("Mon, 01 Jun 2026 10:00:00 -0000", datetime(2026, 6, 1, 10, tzinfo=UTC)),
        ("Mon, 01 Jun 2026 10:00:00 -0000 (MSK)", datetime(2026, 6, 1, 10, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_as_the_moment_it_means(date: str, moment: datetime) -> None:
    utterance = heard(letter(date=date))
    assert utterance.said_at == moment
    assert "said_at_from" not in utterance.extra


@pytest.mark.parametrize(
    "date",
    [
        None,
        "yesterday",
        "Mon, 01 Jun 2026 10:00:00",
        "31 Feb 2026 10:00 +0300",
        "1 Jun 2026 10:00 MSK",
    ],
)
def test_without_a_date_that_names_a_moment_the_receiving_server_is_believed(
    date: str | None,
) -> None:
    received = "Received: by a; someday\nReceived: from b by c; Tue, 2 Jun 2026 09:30:00 +0300"
    utterance = heard(letter(date=date, headers=received))
    assert utterance.said_at == datetime(2026, 6, 2, 6, 30, tzinfo=UTC)
    assert utterance.extra["said_at_from"] == "Received"
    with pytest.raises(Unreadable, match="no readable Date"):
        read_message(letter(date=date), mail_settings())


def test_a_thread_begins_with_the_first_reference() -> None:
    answer = letter(3, headers="References: <1@x> <2@x>\nIn-Reply-To: <2@x>")
    assert (heard(answer).thread_ref, heard(answer).in_reply_to) == ("<1@x>", "<2@x>")
    short = letter(3, headers="In-Reply-To: <2@x> (your letter)")
    assert (heard(short).thread_ref, heard(short).in_reply_to) == ("<2@x>", "<2@x>")
    first = heard(letter(3))
    assert (first.thread_ref, first.in_reply_to) == ("<3@example.com>", "")
