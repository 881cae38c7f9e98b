"""Writes the three exports of forms: nps.csv (windows-1251), csat.xlsx and reviews.jsonl.

Saved a second time the workbook is the same to the byte: openpyxl's clock is taken out.
"""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from examples.form_answers import Answer
from examples.story import MOSCOW, app_version

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

MODIFIED = re.compile(rb"<dcterms:modified.*?</dcterms:modified>")


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
