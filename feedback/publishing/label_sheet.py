"""Items to be labelled by people in a spreadsheet, and what they wrote into it.

Only the ids, the version, how the item was drawn and the label are read back: never the text, so
an edited text changes nothing, and the apostrophe that makes it harmless does not come back.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from feedback.errors import Changed, Refused
from feedback.publishing.exports import harmless
from feedback.publishing.snapshot import plain
from feedback.publishing.workbook import write_text
from feedback.sentiment.labelled import spelt
from feedback.sentiment.sources import LABELS

COLUMNS = ("item_id", "version", "drawn", "said_on", "channel", "rating", "text", "label")
READ_BACK = ("item_id", "version", "drawn", "label")
WIDTHS = (14, 8, 10, 12, 10, 12, 90, 14)
ENCODINGS = ("utf-8-sig", "cp1251")  # Excel in Russia saves CSV in the latter


@dataclass(frozen=True)
class Sheet:
    """Rows with a readable label: row (as the spreadsheet counts), item_id, version, drawn, label.

    An item that was labelled twice alike is there once. `unreadable` are the numbers of rows with
    another label, `bare` those without any, `contradictory` those that label one item differently.
    """

    rows: pd.DataFrame
    unreadable: list[int]
    bare: list[int]
    contradictory: list[list[int]]


def sheet(items: pd.DataFrame, drawn: str) -> pd.DataFrame:
    """Items with the columns of `feedback.warehouse.corrections.SHOWN` as a frame of COLUMNS."""
    return pd.DataFrame(
        {
            "item_id": items["item_id"],
            "version": items["version"],
            "drawn": drawn,
            "said_on": [f"{when:%Y-%m-%d}" for when in items["said_at"]],
            "channel": items["channel"],
            "rating": [
                rated(*row) for row in items[["rating", "scale_low", "scale_high"]].to_numpy()
            ],
            "text": [plain(text) for text in items["text"]],
            "label": "",
        },
        columns=list(COLUMNS),
    )


def rated(rating: float | None, low: float | None, high: float | None) -> str:
    """A rating on its scale, as "2 (0..10)"; "" where there is none."""
    if rating is None or pd.isna(rating):
        return ""
    known = low is not None and high is not None and not pd.isna(low) and not pd.isna(high)
    return f"{rating:g} ({low:g}..{high:g})" if known else f"{rating:g}"


def content(table: pd.DataFrame, suffix: str) -> bytes:
    """The bytes of a sheet as ".csv" or ".xlsx"; raises `Refused` for any other suffix."""
    if suffix == ".csv":
        return _csv(table)
    if suffix == ".xlsx":
        return _xlsx(table)
    raise Refused("A sheet of labels is a .csv or an .xlsx. No file was written. Name it so.")


def read(path: Path) -> Sheet:
    """What people wrote into a sheet. Raises `Refused` or `Changed` where it is no such sheet."""
    table = _excel(path) if path.suffix.lower() == ".xlsx" else _text(path)
    table.columns = [str(name).strip().lower() for name in table.columns]
    _must_have_its_columns(path, list(table.columns))
    table = table[list(READ_BACK)].fillna("").apply(lambda column: column.str.strip())
    for name in ("item_id", "drawn"):  # ids are hex digits
        table[name] = table[name].str.lower()
    table.insert(0, "row", range(2, len(table) + 2))
    table = table[(table["item_id"] != "") | (table["label"] != "")]
    labels, bare = spelt(table["label"]), table["label"] == ""
    whole = table["version"].str.extract(r"^(\d{1,9})(?:\.0)?$", expand=False)  # as sheets write it
    version = whole.fillna("0").astype(int)
    rows = table.assign(label=labels, version=version)[labels.notna()]
    rows = rows.drop_duplicates(["item_id", "version", "label"])
    doubled = rows.duplicated(["item_id", "version"], keep=False)
    pairs = rows[doubled].groupby(["item_id", "version"], sort=False)["row"]
    return Sheet(
        rows=rows[~doubled],
        contradictory=[numbers.tolist() for _, numbers in pairs],
        unreadable=table.loc[labels.isna() & ~bare, "row"].tolist(),
        bare=table.loc[bare, "row"].tolist(),
    )


def _must_have_its_columns(path: Path, names: list[str]) -> None:
    lacking = [name for name in READ_BACK if name not in names]
    if lacking:
        raise Changed(
            f"{path.name} has no column {', '.join(lacking)}. Nothing was stored. Keep the columns "
            "that `feedback label export` wrote, with their names in the first row."
        )
    twice = [name for name in READ_BACK if names.count(name) > 1]
    if twice:
        raise Changed(
            f"{path.name} has the column {', '.join(twice)} twice. Nothing was stored. Keep one."
        )


def _csv(table: pd.DataFrame) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(value) for value in row] for row in table.to_numpy())
    return out.getvalue().encode("utf-8-sig")


def _xlsx(table: pd.DataFrame) -> bytes:
    book = Workbook()
    page = book.worksheets[0]
    page.title = "Labels"
    page.append(list(COLUMNS))
    for number, row in enumerate(table.to_numpy(), start=2):
        for place, value in enumerate(row, start=1):
            cell = page.cell(number, place)
            if isinstance(value, str):
                write_text(cell, value)
            else:
                cell.value = int(value)
    _dress(page, len(table))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _dress(page: Worksheet, count: int) -> None:
    """A header that stays, texts that wrap, and a list to choose a label from."""
    page.freeze_panes = "A2"
    for place, width in enumerate(WIDTHS):
        letter = chr(ord("A") + place)
        page.column_dimensions[letter].width = width
        page[f"{letter}1"].font = Font(bold=True)
    for cell in page["G"]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    choice = DataValidation(type="list", formula1=f'"{",".join(LABELS)}"', allow_blank=True)
    choice.showErrorMessage = False  # other spellings may be typed
    choice.add(f"H2:H{max(count, 1) + 1}")
    page.add_data_validation(choice)


def _excel(path: Path) -> pd.DataFrame:
    try:
        return pd.read_excel(path, dtype="string")
    except Exception as error:  # noqa: BLE001 - zip, XML and openpyxl each have their own
        raise _no_sheet(path, error) from None


def _text(path: Path) -> pd.DataFrame:
    """CSV with commas, or with semicolons or tabs, as Excel writes it in other countries."""
    for encoding in ENCODINGS:
        try:
            head = path.read_text(encoding).partition("\n")[0]
            mark = max(",;\t", key=head.count)
            return pd.read_csv(path, dtype="string", sep=mark, encoding=encoding, quotechar='"')
        except UnicodeDecodeError:
            continue
        except (OSError, ValueError) as error:
            raise _no_sheet(path, error) from None
    raise _no_sheet(path, UnicodeError())


def _no_sheet(path: Path, error: Exception) -> Refused:
    return Refused(
        f"{path.name} cannot be read as a sheet ({type(error).__name__}). Nothing was stored. Save "
        "it as .csv or .xlsx."
    )
