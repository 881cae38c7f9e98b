"""Which mails no customer wrote: bounces, automatic replies, and our own.

Careful on purpose: a newsletter, or a bulk mail as such, is not taken for an automatic reply.
"""

import re
from collections.abc import Sequence
from email.message import Message

from connectors.mail.headers import author, raw, words
from feedback.records import Skipped

_AWAY = re.compile(
    r"(automatic|auto)[ -]?(reply|response)|out of (the )?office|автоматический ответ|автоответ"
    r"|вне офиса|отсутствую на рабочем",
    re.IGNORECASE,
)


def skipped(message: Message, own_addresses: Sequence[str]) -> Skipped | None:
    """Why this is nobody's feedback, or None. `own_addresses` are addresses or @domains."""
    sender = author(message).email
    if _is_bounce(message, sender):
        return Skipped("bounce")
    if _is_auto_reply(message):
        return Skipped("auto-reply")
    if sender and {sender, "@" + sender.rpartition("@")[2]} & {
        own.lower() for own in own_addresses
    }:
        return Skipped("written by us")
    return None


def _is_bounce(message: Message, sender: str) -> bool:
    """By RFC 3464, or as older servers mark what they send back."""
    is_report = message.get_content_type() == "multipart/report"
    is_receipt = _parameter(message, "report-type") == "disposition-notification"
    nobody = raw(message, "Return-Path") == "<>"
    return (
        (is_report and not is_receipt)
        or sender.partition("@")[0] == "mailer-daemon"
        or (sender.partition("@")[0] == "postmaster" and nobody)
        or bool(raw(message, "X-Failed-Recipients"))
    )


def _is_auto_reply(message: Message) -> bool:
    """By RFC 3834, or as older programs and Outlook mark it; read receipts too (RFC 8098)."""
    submitted = raw(message, "Auto-Submitted").partition(";")[0].strip().lower()
    precedence = raw(message, "Precedence").lower()
    marked = any(
        raw(message, name).lower() not in ("", "no")
        for name in ("X-Autoreply", "X-Autorespond", "X-AutoReply-From")
    )
    hushed = precedence in ("bulk", "junk") or bool(raw(message, "X-Auto-Response-Suppress"))
    return (
        submitted not in ("", "no")
        or precedence in ("auto_reply", "auto-reply")
        or marked
        or message.get_content_type() == "multipart/report"
        or (hushed and bool(_AWAY.search(words(raw(message, "Subject")))))
    )


def _parameter(message: Message, name: str) -> str:
    found = re.search(name + r'\s*=\s*"?([\w-]+)', raw(message, "Content-Type"), re.IGNORECASE)
    return found[1].lower() if found else ""
