"""The exports hold the numbers, typed, and nothing that a spreadsheet would run.

Each file is read back as its user reads it, not compared as text.
"""

import csv
import io
import json
import zipfile
from datetime import date

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from feedback.publishing.exports import FIELDS, FORMATS, export
from feedback.publishing.snapshot import rows
from tests.feedback.publishing.samples import AS_OF, FORMULA, SCRIPT, make_row, make_snapshot
from tests.feedback.publishing.samples import make_values as values

SNAPSHOT = make_snapshot()
TABLE = rows(SNAPSHOT)


def test_every_format_holds_every_row() -> None:
    assert len(_csv()) == len(TABLE)
    assert _sheet().max_row == len(TABLE) + 1
    assert len(json.loads(export("json", SNAPSHOT, TABLE))["records"]) == len(TABLE)
    assert _parquet().num_rows == len(TABLE)


def test_csv_opens_in_excel_with_a_byte_order_mark() -> None:
    assert export("csv", SNAPSHOT, TABLE).startswith(b"\xef\xbb\xbfmetric,")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_text_that_begins_like_a_formula_gets_an_apostrophe_in_csv(start: str) -> None:
    name = f"{start}1+1"
    snapshot = make_snapshot(values=values([make_row(product=name)]))
    products = {row["product"] for row in _csv(export("csv", snapshot, rows(snapshot)))}
    assert f"'{name}" in products
    assert name not in products


def test_negative_numbers_stay_numbers_in_csv() -> None:
    assert any(float(row["low"]) < 0 for row in _csv() if row["low"])


def test_no_cell_of_the_workbook_is_a_formula() -> None:
    sheet = _sheet()
    cells = [cell for line in sheet.iter_rows() for cell in line]
    assert "f" not in {cell.data_type for cell in cells}
    assert any(cell.value == FORMULA and cell.quotePrefix for cell in cells)


def test_the_workbook_freezes_its_header_and_formats_shares_as_percentages() -> None:
    sheet = _sheet()
    formats = {
        (sheet.cell(row, 1).value, sheet.cell(row, 6).number_format)
        for row in range(2, sheet.max_row + 1)
    }
    assert sheet.freeze_panes == "A2"
    assert {("csat", "0.0%"), ("volume", "#,##0")} <= formats
    assert sheet.cell(2, FIELDS.index("period") + 1).is_date


def test_the_second_sheet_explains_the_numbers() -> None:
    text = [c for line in _book()["About"].iter_rows(values_only=True) for c in line if c]
    assert {AS_OF.isoformat(), "Net Promoter Score", SNAPSHOT.model} <= set(text)


def test_the_times_inside_the_workbook_are_the_time_of_the_numbers() -> None:
    with zipfile.ZipFile(io.BytesIO(export("xlsx", SNAPSHOT, TABLE))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 10, 31, 3, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2026-10-31T03:00:00Z") == 2


def test_parquet_is_typed() -> None:
    schema = _parquet().schema
    assert schema.field("period").type == pa.date32()
    assert schema.field("n").type == pa.int64()
    assert schema.field("as_of").type == pa.timestamp("us", tz="UTC")


def test_json_explains_its_columns_and_knows_no_nan() -> None:
    text = export("json", SNAPSHOT, TABLE).decode()
    content = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    assert set(content["columns"]) == set(content["records"][0])
    assert content["as_of"] == AS_OF.isoformat()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_group_that_is_too_small_has_no_number_in_any_export(kind: str) -> None:
    few = make_row(product="tiny", value=0.123456, n=3, low=0.111, high=0.999, status="few")
    snapshot = make_snapshot(values=values([few]))
    found = [row for row in _records(kind, snapshot) if row["product"] == "tiny"]
    assert len(found) == 1
    assert all(found[0][name] in (None, "") for name in ("value", "n", "low", "high"))
    assert found[0]["status"] == "few"


@pytest.mark.parametrize("kind", FORMATS)
def test_names_that_no_file_format_takes_are_cleaned_and_published(kind: str) -> None:
    bad = make_row(product="a\x00b\x1b\tc", channel=None)
    snapshot = make_snapshot(values=values([bad]))
    assert any(row["product"] == "a b  c" for row in _records(kind, snapshot))


def test_markup_in_names_is_left_as_it_is_where_it_is_harmless() -> None:
    assert SCRIPT in {row["product"] for row in _csv()}


def test_rows_come_in_one_order_whatever_order_they_were_given_in() -> None:
    turned = make_snapshot(values=values().iloc[::-1])
    assert rows(turned) == TABLE
    assert TABLE[0].metric == "volume"
    assert TABLE[0].period < date(2026, 9, 1)


def _records(kind: str, snapshot):
    content = export(kind, snapshot, rows(snapshot))
    if kind == "csv":
        return _csv(content)
    if kind == "json":
        return json.loads(content)["records"]
    if kind == "parquet":
        return pq.read_table(io.BytesIO(content)).to_pylist()
    header, *lines = openpyxl.load_workbook(io.BytesIO(content))["Metrics"].values
    return [dict(zip(header, line, strict=True)) for line in lines]


def _csv(content: bytes | None = None) -> list[dict[str, str]]:
    text = (content or export("csv", SNAPSHOT, TABLE)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _book():
    return openpyxl.load_workbook(io.BytesIO(export("xlsx", SNAPSHOT, TABLE)))


def _sheet():
    return _book()["Metrics"]


def _parquet() -> pa.Table:
    return pq.read_table(io.BytesIO(export("parquet", SNAPSHOT, TABLE)))
