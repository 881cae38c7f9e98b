"""The topic table in every file, read back as its user reads it."""

import csv
import io
import json

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from feedback.metrics.topics import COLUMNS
from feedback.publishing.publish import make
from feedback.publishing.topic_exports import TOPIC_FIELDS
from feedback.publishing.topic_facts import Themes
from feedback.publishing.topic_rows import topic_rows
from tests.feedback.publishing.samples import AS_OF, DAYS, START, make_snapshot
from tests.feedback.publishing.topic_samples import FORMULA, SCRIPT, make_theme, make_topics

MADE = make(make_snapshot())
TABLE = topic_rows(make_topics(START, DAYS))


def test_every_format_holds_every_number() -> None:
    assert len(lines()) == len(TABLE) > 0
    assert parquet().num_rows == len(TABLE)
    assert book()["Topics"].max_row == len(TABLE) + 1
    assert len(told()["topics"]) == len(TABLE)


def test_each_number_stands_with_topic_n_interval_time_and_method() -> None:
    [row] = [
        one
        for one in parquet().to_pylist()
        if (one["metric"], one["topic"], one["grain"]) == ("topic_share", "price", "period")
        and one["period"] == START
    ]
    assert (row["value"], row["n"], row["status"], row["unit"]) == (0.2, 900, "ok", "share")
    assert row["low"] < 0.2 < row["high"]
    assert (row["as_of"], row["method"]) == (AS_OF, "feedback-topics.0123abcd")
    assert tuple(lines()[0]) == TOPIC_FIELDS


def test_few_has_no_number_in_any_file() -> None:
    few = [one for one in lines() if one["status"] == "few"]
    assert few
    assert {one[name] for one in few for name in ("value", "low", "high")} == {""}
    assert {one["n"] for one in few} <= {"", "0"}
    assert all(one["value"] is None for one in told()["topics"] if one["status"] == "few")


def test_weeks_and_both_periods_are_there() -> None:
    assert {one["grain"] for one in lines()} == {"week", "period"}
    assert len({one["period"] for one in lines() if one["grain"] == "period"}) == 2


def test_the_json_explains_its_columns_and_names_topics_in_both_languages() -> None:
    assert set(told()["topic_columns"]) == set(COLUMNS) == set(told()["topics"][0])
    assert told()["topic_names"]["price"] == {"ru": "Цена", "en": "Price"}
    assert {one["name"] for one in told()["topic_metrics"]} == {
        one["metric"] for one in told()["topics"]
    }


def test_no_cell_of_a_theme_is_a_formula() -> None:
    snapshot = make_snapshot(
        topics=make_topics(START, DAYS, themes=Themes(START, 28, [make_theme(terms=(FORMULA,))]))
    )
    sheet = book(make(snapshot).contents["metrics.xlsx"])["Themes"]
    cell = sheet.cell(2, 1)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (FORMULA, "s", True)


def test_themes_tell_their_words_and_growth_and_hide_a_small_half() -> None:
    [theme] = told()["themes"]
    assert theme["terms"] == ["парковка", SCRIPT, FORMULA]
    assert (theme["size"], theme["size_before"], theme["trend"]) == (40, None, "growing")


def test_a_growth_without_bound_is_no_number_in_json() -> None:
    endless = float("inf")
    new = make_theme(ratio=endless, low=5.1, high=endless, size_before=0)
    topics = make_topics(START, DAYS, themes=Themes(START, 28, [new]))
    content = make(make_snapshot(topics=topics)).contents["metrics.json"]
    [theme] = json.loads(content)["themes"]
    assert (theme["ratio"], theme["low"], theme["high"]) == (None, 5.1, None)


def test_without_topics_there_is_no_file_of_them() -> None:
    made = make(make_snapshot(topics=None))
    assert not {"topics.csv", "topics.parquet"} & set(made.contents)
    assert book(made.contents["metrics.xlsx"]).sheetnames == ["Metrics", "About"]


def lines() -> list[dict[str, str]]:
    text = MADE.contents["topics.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def parquet() -> pa.Table:
    return pq.read_table(io.BytesIO(MADE.contents["topics.parquet"]))


def book(content: bytes | None = None) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content or MADE.contents["metrics.xlsx"]))


def told() -> dict:
    return json.loads(MADE.contents["metrics.json"])
