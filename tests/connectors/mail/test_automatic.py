"""Mails that are nobody's feedback, and those that only look so."""

import pytest

from connectors.mail.parse import MailSettings, read_message
from feedback.records import Skipped, Utterance
from tests.connectors.mail.letters import heard, letter, mail_settings


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ("Auto-Submitted: auto-replied (vacation)", "auto-reply"),
        ("Auto-Submitted: auto-generated", "auto-reply"),
        ("Precedence: auto_reply", "auto-reply"),
        ("X-Autoreply: yes", "auto-reply"),
        ("X-Auto-Response-Suppress: All\nSubject: x", None),
        ("Precedence: bulk\nList-Unsubscribe: <https://example.com>", None),
        ("Precedence: list", None),
        ("Auto-Submitted: no", None),
        ("Return-Path: <>", None),
        ("X-Failed-Recipients: a@example.com", "bounce"),
    ],
)
def test_only_what_says_that_it_is_automatic_is_skipped(headers: str, reason: str | None) -> None:
    read = read_message(letter(headers=headers), mail_settings())
    assert (read.reason if isinstance(read, Skipped) else None) == reason


@pytest.mark.parametrize("mark", ["X-Auto-Response-Suppress: All", "Precedence: bulk"])
@pytest.mark.parametrize("subject", ["Automatic reply: Order", "Автоматический ответ: заказ"])
def test_an_absence_note_of_outlook_is_skipped_and_its_subject_alone_is_no_proof(
    subject: str, mark: str
) -> None:
    note = letter(headers=mark).replace(b"Subject: letter", b"Subject: " + subject.encode())
    assert read_message(note, mail_settings()) == Skipped("auto-reply")
    assert heard(letter().replace(b"Subject: letter", b"Subject: " + subject.encode()))


def test_a_bounce_is_skipped_and_a_read_receipt_is_an_auto_reply() -> None:
    report = letter(content_type="multipart/report; report-type=delivery-status; boundary=b")
    receipt = report.replace(b"delivery-status", b"disposition-notification")
    daemon = letter(sender="Mail Delivery System <MAILER-DAEMON@example.com>", date=None)
    assert read_message(report, mail_settings()) == Skipped("bounce")
    assert read_message(receipt, mail_settings()) == Skipped("auto-reply")
    assert read_message(daemon, mail_settings()) == Skipped("bounce")


def test_mail_from_our_own_addresses_is_skipped_and_from_lookalikes_is_not() -> None:
    ours = mail_settings(own=("Support@Shop.example", "@corp.example"))
    for sender in ("support@shop.example", "Anna <ANNA@corp.example>"):
        assert read_message(letter(sender=sender), ours) == Skipped("written by us")
    for sender in ("help@shop.example", "a@notcorp.example", "a@corp.example.org", ""):
        assert isinstance(read_message(letter(sender=sender), ours), Utterance)


def test_an_own_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="neither an address nor an @domain"):
        MailSettings(kind="imap", own_addresses=["shop.example"])
