"""The numbers as an Excel workbook: a sheet of numbers and a sheet that explains them.

XLSX is a zip full of times of day; they are all set to `as_of`, so equal numbers give equal bytes.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from feedback.metrics.topics import TOPIC_METRICS
from feedback.publishing.snapshot import Snapshot, plain

NUMBER_FORMATS = {"share": "0.0%", "count": "#,##0", "points": "+0.0;-0.0;0.0"}
WIDTHS = {"metric": 18, "channel": 16, "product": 28, "as_of": 26, "model": 26,
          "topic": 18, "method": 26, "terms": 44}  # fmt: skip
LANGUAGES = ("ru", "en")
Sheet = tuple[str, Sequence[str], Sequence[Mapping[str, Any]]]  # name, columns, records


def workbook(snapshot: Snapshot, sheets: Sequence[Sheet]) -> bytes:
    """An XLSX file of the sheets, with frozen headers and filters, and "About" as the second."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, fields, records in sheets:
        _numbers(book.create_sheet(name), fields, records)
    _about(book.create_sheet("About", 1), snapshot)
    moment = snapshot.as_of.astimezone(UTC).replace(tzinfo=None)
    book.properties.creator = "feedback-flows"
    book.properties.created = book.properties.modified = moment
    return _packed(book, moment)


def _numbers(sheet: Worksheet, fields: Sequence[str], records: Sequence[Mapping[str, Any]]) -> None:
    _line(sheet, 1, fields)
    for row, record in enumerate(records, start=2):
        _line(sheet, row, [_excel(record[field]) for field in fields])
        for name in ("value", "low", "high") if "unit" in fields else ():
            cell = sheet.cell(row, fields.index(name) + 1)
            cell.number_format = NUMBER_FORMATS.get(record["unit"], "General")
    _header(sheet, [WIDTHS.get(field, 11) for field in fields])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(fields))}{len(records) + 1}"


def _about(sheet: Worksheet, snapshot: Snapshot) -> None:
    facts = [
        ("Title / Название", snapshot.title),
        ("As of / По состоянию на", snapshot.as_of.isoformat()),
        ("Window / Период", f"{snapshot.window_start} .. {snapshot.window_end}"),
        ("Time zone / Часовой пояс", snapshot.timezone),
        ("Model / Модель", snapshot.model),
        ("Runs / Запуски", ", ".join(snapshot.runs)),
        ("low, high", "95 % interval / 95-процентный интервал"),
        ("status = few", "fewer than 5 answers, not shown / меньше 5 ответов, не показано"),
    ]
    words = [f"{field} {code}" for field in ("title", "question", "caveat") for code in LANGUAGES]
    table = [(["metric", "unit", "higher is", "owner", *words])]
    for metric in [*snapshot.metrics, *(TOPIC_METRICS if snapshot.topics else ())]:
        texts = [texts.get(code, "") for texts in (metric.title, metric.question, metric.caveat)
                 for code in LANGUAGES]  # fmt: skip
        table.append([metric.name, metric.unit, metric.higher_is, metric.owner, *texts])
    for row, line in enumerate([*facts, (), *table], start=1):
        _line(sheet, row, list(line))
    _header(sheet, [24, 26, 12, 20, 24, 24, 44, 44, 60, 60], frozen=False)
    for cell in sheet[len(facts) + 2]:
        cell.font = Font(bold=True)


def _line(sheet: Worksheet, row: int, values: Sequence[Any]) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        if isinstance(value, str):
            write_text(cell, value)
        else:
            cell.value = value


def write_text(cell: Any, value: str) -> None:
    """Text stays text: openpyxl would make a formula of a leading "=", Excel of an edited cell."""
    cell.value = plain(value)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(("=", "+", "-", "@"))


def _header(sheet: Worksheet, widths: Sequence[int], *, frozen: bool = True) -> None:
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    if frozen:
        sheet.freeze_panes = "A2"
        for cell in sheet[1]:
            _bold(cell)


def _bold(cell: Any) -> None:
    if isinstance(cell, Cell):
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top")


def _excel(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _packed(book: Workbook, moment: datetime) -> bytes:
    loose, packed = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(loose, "w") as archive:
        ExcelWriter(book, archive).save()  # not Workbook.save: that stamps the time of saving
    with zipfile.ZipFile(loose) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=moment.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return packed.getvalue()
