"""The sheet that people fill in: harmless where it is opened, and read back by its ids alone."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from feedback.errors import Changed, Refused
from feedback.publishing import label_sheet

FORMULA = "=cmd|' /C calc'!A0"


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_what_was_written_is_read_back_with_the_rows_of_the_spreadsheet(
    tmp_path: Path, suffix: str
) -> None:
    file = written(tmp_path, suffix, item(), item(item_id="b"), item(item_id="c"))
    fill(file, ["негативный", "", "hm"])
    sheet = label_sheet.read(file)
    assert sheet.rows.to_numpy().tolist() == [[2, "a", 1, "sampled", "negative"]]
    assert (sheet.bare, sheet.unreadable) == ([3], [4])


@pytest.mark.parametrize("words", [FORMULA, "+1", "-1", "@a", "\t=1"])
def test_no_word_of_a_customer_is_a_formula(words: str) -> None:
    table = label_sheet.sheet(pd.DataFrame([item(text=words)]), "sampled")
    page = openpyxl.load_workbook(io.BytesIO(label_sheet.content(table, ".xlsx"))).worksheets[0]
    assert page["G2"].data_type == "s"
    assert page["G2"].quotePrefix
    lines = label_sheet.content(table, ".csv").decode("utf-8-sig").splitlines()
    assert pd.read_csv(io.StringIO("\n".join(lines)))["text"][0].startswith("'")


def test_a_label_can_be_chosen_from_a_list() -> None:
    table = label_sheet.sheet(pd.DataFrame([item(), item(item_id="b")]), "unsure")
    page = openpyxl.load_workbook(io.BytesIO(label_sheet.content(table, ".xlsx"))).worksheets[0]
    [choice] = page.data_validations.dataValidation
    assert choice.formula1 == '"negative,neutral,positive"'
    assert str(choice.sqref) == "H2:H3"


def test_a_text_of_many_lines_is_one_row(tmp_path: Path) -> None:
    file = written(tmp_path, ".csv", item(text="one\ntwo\r\nthree"), item(item_id="b"))
    assert len(file.read_text("utf-8-sig").splitlines()) == 3


def test_csv_that_excel_saved_in_russia_is_read(tmp_path: Path) -> None:
    file = tmp_path / "back.csv"
    text = "item_id;version;drawn;text;label\na;1;sampled;Плохо;негатив\nb;2;unsure;Да;+1\n"
    file.write_bytes(text.encode("cp1251"))
    assert label_sheet.read(file).rows["label"].tolist() == ["negative", "positive"]
    assert label_sheet.read(file).rows["version"].tolist() == [1, 2]


def test_numbers_that_excel_made_of_versions_and_labels_are_read(tmp_path: Path) -> None:
    file = tmp_path / "back.xlsx"
    rows = {"item_id": ["a", "b"], "version": [1.0, 2.0], "drawn": "unsure", "label": [-1.0, 0.0]}
    pd.DataFrame(rows).to_excel(file, index=False)
    sheet = label_sheet.read(file)
    assert sheet.rows["label"].tolist() == ["negative", "neutral"]
    assert sheet.rows["version"].tolist() == [1, 2]


def test_an_item_twice_is_one_row_and_with_two_labels_none(tmp_path: Path) -> None:
    file = written(tmp_path, ".csv", *(item(item_id=one) for one in "abab"), item(version=2))
    fill(file, ["neg", "neg", "негатив", "pos", "pos"])
    sheet = label_sheet.read(file)
    assert sheet.rows["row"].tolist() == [2, 6]
    assert sheet.contradictory == [[3, 5]]


def test_names_of_columns_and_ids_are_read_in_any_case(tmp_path: Path) -> None:
    file = tmp_path / "back.csv"
    file.write_text(" Item_ID ,VERSION,drawn , Label \nA1F,1,Sampled,negative\n")
    [row] = label_sheet.read(file).rows.to_numpy().tolist()
    assert row == [2, "a1f", 1, "sampled", "negative"]


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "back.csv"
    file.write_text("item_id,version,drawn,label,Label\na,1,sampled,negative,positive\n")
    with pytest.raises(Changed, match="column label twice"):
        label_sheet.read(file)


def test_a_file_that_is_no_such_sheet_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"no zip")
    with pytest.raises(Refused, match="cannot be read as a sheet"):
        label_sheet.read(file)
    other = tmp_path / "b.csv"
    other.write_text("text,label\nwords,negative\n")
    with pytest.raises(Changed, match="no column item_id, version, drawn"):
        label_sheet.read(other)
    with pytest.raises(Refused, match=r"\.csv or an \.xlsx"):
        label_sheet.content(pd.DataFrame(), ".ods")


@pytest.mark.parametrize(
    ("rating", "low", "high", "said"),
    [(2, 0, 10, "2 (0..10)"), (4.5, None, None, "4.5"), (None, 1, 5, ""), (float("nan"), 1, 5, "")],
)
def test_a_rating_is_said_on_its_scale(
    rating: float | None, low: float | None, high: float | None, said: str
) -> None:
    assert label_sheet.rated(rating, low, high) == said


def written(folder: Path, suffix: str, *items: dict[str, Any]) -> Path:
    file = folder / f"sheet{suffix}"
    table = label_sheet.sheet(pd.DataFrame(items), "sampled")
    file.write_bytes(label_sheet.content(table, suffix))
    return file


def fill(file: Path, labels: list[str]) -> None:
    """As a person does, in the column that is there for it."""
    if file.suffix == ".csv":
        pd.read_csv(file, dtype="string").assign(label=labels).to_csv(file, index=False)
        return
    book = openpyxl.load_workbook(file)
    for row, label in enumerate(labels, start=2):
        book.worksheets[0][f"H{row}"] = label
    book.save(file)


def item(**changes: Any) -> dict[str, Any]:
    said = datetime(2026, 9, 2, tzinfo=UTC)
    row = {"item_id": "a", "version": 1, "said_at": said, "channel": "mail", "text": "words"}
    return row | {"rating": None, "scale_low": None, "scale_high": None} | changes
