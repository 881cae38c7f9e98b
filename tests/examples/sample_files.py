"""Reads the committed samples with nothing but standard readers, to check them from outside.

It shares no code with the generator, nor with the connectors.
"""

import csv
import json
import mailbox
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from io import StringIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

DATA = Path(__file__).parents[2] / "examples" / "data"
EXPECTED = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
MOSCOW = timedelta(hours=3)


def support_mails() -> list[Message]:
    box = mailbox.mbox(DATA / "mail/support.mbox", create=False)
    messages = [message_from_bytes(box.get_bytes(key)) for key in box.keys()]  # noqa: SIM118
    box.close()
    return messages


def shop_mails() -> list[Message]:
    return [
        message_from_bytes(path.read_bytes()) for path in sorted((DATA / "mail/shop").iterdir())
    ]


def mail_day(message: Message) -> date | None:
    try:
        when = parsedate_to_datetime(message["Date"])
    except (TypeError, ValueError):
        return None
    return when.date() if when.year == 2026 else None


def mail_bytes(message: Message) -> bytes:
    """All decoded leaves of a message, one after the other."""
    leaves = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    return b"\n".join(leaf for leaf in leaves if isinstance(leaf, bytes))


def nps_rows() -> list[list[str]]:
    text = (DATA / "forms/nps.csv").read_bytes().decode("windows-1251")
    return list(csv.reader(StringIO(text, newline=""), delimiter=";"))[1:]


def csat_rows() -> list[tuple[Any, ...]]:
    sheet = load_workbook(DATA / "forms/csat.xlsx")["Responses"]
    return list(sheet.iter_rows(min_row=2, values_only=True))


def json_lines(path: str) -> list[dict[str, Any]]:
    """The lines that are JSON; the broken ones are left out."""
    found = []
    for line in (DATA / path).read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return found


def json_day(row: dict[str, Any]) -> date | None:
    """The day in Moscow of a review or post whose date can be read."""
    try:
        when = datetime.fromisoformat(row["created_at"])
    except (TypeError, ValueError):
        return None
    return (when + MOSCOW).date() if when.year == 2026 else None


def nps_scores() -> list[tuple[date, str, int]]:
    """(day, product, score) of every clean NPS answer."""
    found = []
    for row in nps_rows():
        try:
            when, score = datetime.strptime(row[1], "%d.%m.%Y %H:%M"), int(row[2])
        except ValueError:
            continue
        if when.year == 2026 and 0 <= score <= 10 and len(row) == 7:
            found.append((when.date(), row[4], score))
    return found


def stars() -> list[tuple[date, str, int]]:
    """(day, product, stars of 5) of every clean review and CSAT answer."""
    reviews = [
        (json_day(row), row["product"], row["stars"]) for row in json_lines("forms/reviews.jsonl")
    ]
    answers = [
        (row[1].date() if isinstance(row[1], datetime) else None, row[4], row[2])
        for row in csat_rows()
    ]
    return [
        (day, product, score)
        for day, product, score in reviews + answers
        if day and day.year == 2026 and isinstance(score, int) and 1 <= score <= 5
    ]
