"""Spoils a mailbox the way real ones are: robots, lost dates, doubles, cut-off messages.

Where a date is missing or unreadable, the From_ line does not know it either (it says 1970).
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from examples.mail_files import Letter, Mailbox
from examples.mime import Part, date_header, encoded_words, from_line, message, multipart, text_part
from examples.story import LANGUAGES
from examples.voice import sentence

Written = list[tuple[Letter, bytes]]

# How many of each kind in every thousand rows: (support.mbox, shop/).
AMOUNTS = {
    "auto_reply": (5, 2),
    "bounce": (3, 1),
    "same_id_same_content": (2, 1),
    "unknown_charset": (2, 1),
    "broken_record": (1, 1),
    "missing_date": (1, 1),
    "bad_date": (1, 0),
    "future_date": (1, 0),
    "no_message_id": (1, 0),
    "personal_data": (9, 4),
    "ids_in_text": (6, 2),
}


def spoil(box: Mailbox, letters: list[Letter], amounts: dict[str, int]) -> Written:
    """Write all letters, as many of each kind dirty as `amounts` says, oldest first."""
    rng = box.rng
    order = [kind for kind, number in amounts.items() for _ in range(number)]
    parents = {letter.parent.ref for letter in letters if letter.parent}
    free = [n for n, it in enumerate(letters) if not it.parent and it.ref not in parents]
    rng.shuffle(free)
    spots: dict[int, str] = {}
    for kind in order:
        wanted = ("ru",) if kind == "unknown_charset" else LANGUAGES
        spot = next(n for n in free if letters[n].said.person.language in wanted)
        free.remove(spot)
        spots[spot] = kind
    written: Written = []
    for n, letter in enumerate(letters):
        kind = spots.get(n, "")
        written += WRITERS[kind](box, letter) if kind else [(letter, box.write(letter))]
    return sorted(written, key=lambda pair: pair[0].said.when)


def separator(letter: Letter, content: bytes) -> str:
    """The From_ line of one message."""
    dated = f"\nDate: {date_header(letter.said.when)[:16]}".encode() in content
    when = letter.said.when if dated else datetime(1970, 1, 1, tzinfo=UTC)
    return from_line(when, letter.said.person.email)


def _twice(box: Mailbox, letter: Letter) -> Written:
    content = box.write(letter)
    box.tally.count(letter.ref, "same_id_same_content")
    later = replace(letter, said=replace(letter.said, when=letter.said.when + timedelta(hours=2)))
    return [(letter, content), (later, content)]


def _with_line(kind: str, section: str) -> Callable[[Mailbox, Letter], Written]:
    def write(box: Mailbox, letter: Letter) -> Written:
        slots = box.voice.slots(letter.said)
        language = "en" if letter.said.person.language in ("en", "de") else "ru"
        line = box.voice.book.deal(f"{language} {section}")
        line = box.voice.book.expand(line, slots, letter.said.person.female)
        letter = replace(letter, own=[*letter.own, line])
        private = [slots[name] for name in ("phone", "email", "card") if slots[name] in line]
        kept = [slots["num15"]] if slots["num15"] in line else []
        box.tally.look_for(letter.ref, kept, private)
        return [(letter, box.write(letter, (kind,)))]

    return write


def _unknown_charset(box: Mailbox, letter: Letter) -> Written:
    eight_bit = len(box.tally.dirt.get("unknown_charset", [])) % 2
    charset = "windows-1251" if eight_bit else "utf-8"
    return [(letter, box.write(letter, (), charset, "x-unknown-8"))]


def _without(kind: str, header: str, value: str = "") -> Callable[[Mailbox, Letter], Written]:
    def write(box: Mailbox, letter: Letter) -> Written:
        content = box.write(letter, (kind,), "utf-8")
        top, body = content.split(b"\n\n", 1)
        lines = [line for line in top.split(b"\n") if not line.startswith(header.encode() + b":")]
        if value:
            lines.append(f"{header}: {value}".encode())
        return [(letter, b"\n".join(lines) + b"\n\n" + body)]

    return write


def _auto_reply(box: Mailbox, letter: Letter) -> Written:
    text = sentence(box.voice.line(letter.said, "autoreply any"))
    english = letter.said.person.language in ("en", "de")
    subject = "Automatic reply: your order" if english else "Автоответ: ваше обращение"
    headers = box.headers(replace(letter, subject=subject))
    robot = box.rng.choice(
        (
            [("Auto-Submitted", "auto-replied")],
            [("Auto-Submitted", "auto-replied (vacation)"), ("Precedence", "bulk")],
            [("X-Autoreply", "yes"), ("Auto-Submitted", "auto-replied")],
        )
    )
    box.tally.count(letter.ref, "auto_reply")
    return [(letter, message(headers + robot, text_part(text, cte="base64")))]


def _bounce(box: Mailbox, letter: Letter) -> Written:
    said = letter.said
    headers = [
        ("Return-Path", "<>"),
        ("From", "Mail Delivery System <MAILER-DAEMON@mx.example.net>"),
        ("To", f"{encoded_words(box.to[0])} <{box.to[1]}>"),
        ("Subject", "Undelivered Mail Returned to Sender"),
        ("Date", date_header(said.when)),
        ("Message-ID", letter.ref),
        ("Auto-Submitted", "auto-replied"),
    ]
    note = text_part(f"<{said.person.email}>: host mx.example.net said: 550 5.1.1 User unknown")
    status = Part(
        (("Content-Type", "message/delivery-status"),),
        (
            "Reporting-MTA: dns; mx.example.net\n\n"
            f"Final-Recipient: rfc822; {said.person.email}\nAction: failed\nStatus: 5.1.1\n"
        ).encode(),
    )
    report = multipart("report", [note, status], "=_bounce", report_type="delivery-status")
    box.tally.count(letter.ref, "bounce")
    return [(letter, message(headers, report))]


def _cut_off(box: Mailbox, letter: Letter) -> Written:
    """A multipart message that ends before its first text begins: nothing can be saved."""
    content = Part(
        (("Content-Type", 'multipart/alternative; boundary="----=_cut"'),),
        b"------=_cut\nContent-Type: text/plain; char",
    )
    box.tally.count(letter.ref, "broken_record")
    return [(letter, message(box.headers(letter), content))]


def garbage(rng: random.Random) -> bytes:
    """Bytes that were never a message: a compressed file under the wrong name."""
    return b"\x1f\x8b\x08\x00" + bytes(rng.randrange(128, 256) for _ in range(700))


WRITERS: dict[str, Callable[[Mailbox, Letter], Written]] = {
    "auto_reply": _auto_reply,
    "bounce": _bounce,
    "same_id_same_content": _twice,
    "unknown_charset": _unknown_charset,
    "broken_record": _cut_off,
    "missing_date": _without("missing_date", "Date"),
    "bad_date": _without("bad_date", "Date", "32 Sep 2026 at noon"),
    "future_date": _without("future_date", "Date", "Tue, 09 Sep 2036 12:00:00 +0300"),
    "no_message_id": _without("no_message_id", "Message-ID"),
    "personal_data": _with_line("personal_data", "pii any"),
    "ids_in_text": _with_line("ids_in_text", "ids any"),
}
