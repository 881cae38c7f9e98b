"""Writes the three exports of forms: nps.csv (windows-1251), csat.xlsx and reviews.jsonl.

Each table is first a list of plain rows, so that one place spoils all three.
"""

import csv
import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from examples.dirt import Tally
from examples.mime import fit
from examples.people import long_number
from examples.story import MOSCOW, NPS, STARS, Utterance, app_version, rating
from examples.voice import Voice

NPS_COLUMNS = (
    "Номер ответа",
    "Дата ответа",
    "Оценка (0-10)",
    "Почему вы поставили такую оценку?",
    "Продукт",
    "E-mail",
    "Город",
)
CSAT_COLUMNS = ("Response ID", "Submitted at", "Score (1-5)", "Comment", "Product", "Email", "City")

# How many of each kind in every thousand rows: (nps.csv, csat.xlsx, reviews.jsonl).
AMOUNTS = {
    "bad_date": (2, 1, 1),
    "missing_date": (1, 0, 1),
    "future_date": (1, 1, 1),
    "rating_word": (2, 1, 1),
    "rating_off_scale": (2, 1, 1),
    "empty_answer": (2, 1, 1),
    "broken_record": (1, 0, 2),
    "rating_only": (12, 8, 6),
    "text_only": (2, 1, 2),
    "repeated_text": (2, 1, 2),
    "same_id_same_content": (2, 1, 2),
    "same_id_changed_content": (1, 1, 2),
    "formula_cell": (3, 2, 1),
    "html_in_text": (2, 1, 3),
    "ids_in_text": (3, 2, 3),
    "personal_data": (3, 2, 3),
}
BAD_DATES = {"nps": "32.09.2026 14:05", "csat": "sometime in September", "reviews": "2026-13-01T10"}
BAD_DATES_TOO = {"nps": "вчера вечером", "csat": "09/31/2026", "reviews": "1 сентября"}
RATING_WORDS = {"nps": "одиннадцать", "csat": "eleven", "reviews": "пять"}
FORMULAS = (
    '=HYPERLINK("https://example.com/","жми"): ссылка из письма не открывается',
    "@Мятлик, верните баллы, я всё вижу",
    "=) всё понравилось",
    "+1 к прошлому отзыву, ничего не изменилось",
    "-10 баллов вам за молчание",
)


MODIFIED = re.compile(rb"<dcterms:modified.*?</dcterms:modified>")
HTML = "<p>{}</p><br><b>&laquo;Мятлик&raquo;</b>&nbsp;&amp; Co"


@dataclass(frozen=True)
class Answer:
    """One row of a form: `when` and `score` may be spoiled, hence not only datetime and int."""

    ref: str
    when: datetime | str | None
    score: int | str | None
    text: str
    said: Utterance
    broken: bool = False


def answers(
    rng: random.Random, voice: Voice, tally: Tally, plan: list[Utterance], dirt: dict[str, int]
) -> list[Answer]:
    """Turn utterances into rows, spoil as many as `dirt` says, and count them."""
    table = plan[0].channel
    rows = [_answer(rng, voice, said, number) for number, said in enumerate(plan)]
    order = [kind for kind, number in dirt.items() for _ in range(number)]
    spots = dict(zip(rng.sample(range(len(rows)), len(order)), order, strict=True))
    spoiled: list[Answer] = []
    for number, row in enumerate(rows):
        kind = spots.get(number, "")
        if kind:
            spoiled += _spoil(rng, voice, tally, table, kind, row)
        else:
            tally.count(row.ref)
            spoiled.append(row)
    return spoiled


def _answer(rng: random.Random, voice: Voice, said: Utterance, number: int) -> Answer:
    ref = {"nps": str(10_401 + 3 * number), "csat": f"CS-{1512 + 3 * number:05d}"}.get(said.channel)
    scale = NPS if said.channel == "nps" else STARS
    score = rating(rng, scale, said.polarity)
    text = voice.answer(said)
    if said.channel == "nps":
        text = fit(text, "windows-1251")
    return Answer(ref or long_number(rng), said.when, score, text, said)


def _spoil(
    rng: random.Random, voice: Voice, tally: Tally, table: str, kind: str, row: Answer
) -> list[Answer]:
    """The rows that one clean row becomes under one kind of dirt."""
    spoiled = _spoiled(rng, voice, tally, table, kind, row)
    if kind == "formula_cell":
        tally.look_for(row.ref, [spoiled.text], [])
    if kind == "html_in_text":
        tally.look_for(row.ref, ["«Мятлик»", "& Co"], ["<p>", "<b>", "&amp;"])
    if kind in ("same_id_same_content", "same_id_changed_content", "repeated_text"):
        tally.count(row.ref)
        tally.count(spoiled.ref, kind)
        return [row, spoiled]
    tally.count(spoiled.ref, kind)
    return [spoiled]


def _spoiled(
    rng: random.Random, voice: Voice, tally: Tally, table: str, kind: str, row: Answer
) -> Answer:
    when, earlier = row.said.when, len(tally.dirt.get(kind, []))
    again = earlier % 2
    changes: dict[str, Callable[[], dict[str, Any]]] = {
        "bad_date": lambda: {"when": (BAD_DATES_TOO if again else BAD_DATES)[table]},
        "missing_date": lambda: {"when": None},
        "future_date": lambda: {"when": when.replace(year=2036)},
        "rating_word": lambda: {"score": RATING_WORDS[table]},
        "rating_off_scale": lambda: {"score": -1 if again else 99},
        "empty_answer": lambda: {"score": None, "text": "   " if again else ""},
        "rating_only": lambda: {"text": ""},
        "text_only": lambda: {"score": None},
        "broken_record": lambda: {"broken": True},
        "repeated_text": lambda: {
            "ref": _next_ref(rng, row.ref),
            "when": when + timedelta(minutes=3),
        },
        "same_id_same_content": dict,
        "same_id_changed_content": lambda: {"text": _changed(row.text)},
        "formula_cell": lambda: {"text": FORMULAS[earlier % len(FORMULAS)]},
        "html_in_text": lambda: {"text": HTML.format(row.text)},
        "ids_in_text": lambda: {"text": _with_line(voice, tally, kind, row)},
        "personal_data": lambda: {"text": _with_line(voice, tally, kind, row)},
    }
    return replace(row, **changes[kind]())


def _with_line(voice: Voice, tally: Tally, kind: str, row: Answer) -> str:
    slots = voice.slots(row.said)
    language = "en" if row.said.person.language in ("en", "de") else "ru"
    section = "pii any" if kind == "personal_data" else "ids any"
    line = voice.book.expand(voice.book.deal(f"{language} {section}"), slots, False)
    private = [slots[name] for name in ("phone", "email", "card") if slots[name] in line]
    tally.look_for(row.ref, [slots["num15"]] if slots["num15"] in line else [], private)
    return fit(f"{row.text} {line}", "windows-1251" if row.said.channel == "nps" else "utf-8")


def _next_ref(rng: random.Random, ref: str) -> str:
    """The id of an answer sent again: forms count with gaps, reviews have long numbers."""
    if len(ref) == 15:
        return long_number(rng)
    prefix = ref.rstrip("0123456789")
    return f"{prefix}{int(ref.removeprefix(prefix)) + 1:0{len(ref) - len(prefix)}d}"


def _changed(text: str) -> str:
    note = "UPD: мне ответили, вопрос решается." if not text.isascii() else "UPD: they replied."
    return f"{text} {note}"


def nps_csv(rows: list[Answer]) -> bytes:
    """Semicolons, windows-1251, CRLF, dates as people in Moscow write them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(NPS_COLUMNS)
    for row in rows:
        when = row.when.strftime("%d.%m.%Y %H:%M") if isinstance(row.when, datetime) else row.when
        stray = ("три", "лишние", "ячейки") if row.broken else ()
        writer.writerow((row.ref, when, row.score, *stray, *_ending(row)))
    return out.getvalue().encode("windows-1251")


def _ending(row: Answer) -> tuple[str, str, str, str]:
    person = row.said.person
    return row.text, row.said.product, person.email, person.city[0]


def reviews_jsonl(rows: list[Answer]) -> bytes:
    """One JSON object a line, UTF-8; a broken record is a line cut in the middle."""
    lines = []
    for row in rows:
        line = json.dumps(_review(row), ensure_ascii=False)
        lines.append(line[: len(line) // 2] if row.broken else line)
    return ("\n".join(lines) + "\n").encode()


def _review(row: Answer) -> dict[str, Any]:
    when = row.when.astimezone(UTC).isoformat() if isinstance(row.when, datetime) else row.when
    app = row.said.product == "App"
    return {
        "id": int(row.ref),
        "created_at": when,
        "stars": row.score,
        "product": row.said.product,
        "text": row.text,
        "author_id": row.said.person.external_id,
        "app_version": app_version(row.said.when.date()) if app else None,
        "city": row.said.person.city[0],
    }


def csat_xlsx(rows: list[Answer]) -> bytes:
    """Real Excel dates without a zone (they are Moscow time); cells with "=" stay text."""
    book = Workbook()
    sheet = book.create_sheet("Responses", 0)
    book.remove(book.worksheets[1])
    sheet.append(CSAT_COLUMNS)
    for number, row in enumerate(rows, start=2):
        when = row.when.replace(tzinfo=None) if isinstance(row.when, datetime) else row.when
        values = (row.ref, when, row.score, *_ending(row))
        for column, value in enumerate(values, start=1):
            _put(sheet, number, column, value)
    about = book.create_sheet("About")
    about.append(("Survey", "How satisfied were you with our service? (1-5)"))
    about.append(("Time zone", "Europe/Moscow"))
    return _frozen(book)


def _put(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    if value in ("", None):
        return
    cell = sheet.cell(row, column, value)
    if isinstance(value, str):
        cell.data_type = "s"
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm:ss"


def _frozen(book: Workbook) -> bytes:
    """Save with fixed times and no compression: the same bytes whatever the day and the zlib."""
    first, out = io.BytesIO(), io.BytesIO()
    book.properties.created = datetime(2026, 10, 23, tzinfo=MOSCOW).replace(tzinfo=None)
    book.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = MODIFIED.sub(b"", content)
            target.writestr(zipfile.ZipInfo(name, (2026, 10, 23, 0, 0, 0)), content)
    return out.getvalue()
