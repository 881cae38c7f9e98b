"""Form answers in table files, on files that the tests write themselves."""

import csv
import json
import os
import textwrap
import tomllib
import tracemalloc
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

from connectors import catalogue
from connectors.contract import Cursor
from connectors.forms.tables import TableSource
from feedback.errors import Changed, Refused, Unreadable
from feedback.records import Consent, RawItem, Utterance
from tests.connectors.source_contract import SourceContract, contents, read_all, refs, through_json

COLUMNS = {"id": "ID", "said_at": "Дата", "text": "Почему?", "rating": "Оценка"}
HEADER = ["ID", "Дата", "Почему?", "Оценка"]
ROWS = [
    ["a1", "01.09.2026 10:00", "Долго ждали;\nно помогли", "4"],
    ["a2", "2026-09-02", "Great, \"thanks\" | \t all", "10"],
    ["a3", "2026-09-03T08:00:00Z", "", "0"],
    ["a4", "04.09.2026", "Ёлки, всё работает", ""],
    ["a5", "2026-09-05 23:30", "ОТЛИЧНО", "9"],
]  # fmt: skip


class TestCsvAsASource(SourceContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> "CsvFile":
        return CsvFile(tmp_path / "nps.csv")


class TestXlsxAsASource(SourceContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> "Workbook":
        return Workbook(tmp_path / "nps.xlsx")


class TestJsonLinesAsASource(SourceContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> "JsonLines":
        return JsonLines(tmp_path / "nps.jsonl")


class TestParquetAsASource(SourceContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> "Parquet":
        return Parquet(tmp_path / "nps.parquet")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1251", "koi8-r"]
)
def test_a_csv_of_any_delimiter_and_encoding_reads_the_same(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, *ROWS], delimiter=delimiter, encoding=encoding)
    said = [answer.text for answer in answers(a_source(tmp_path / "a.csv"))]
    assert said == [row[2] for row in ROWS]


def test_all_formats_give_the_same_answers_and_refs(tmp_path: Path) -> None:
    places = [
        CsvFile(tmp_path / "a.csv"),
        Workbook(tmp_path / "a.xlsx"),
        JsonLines(tmp_path / "a.jsonl"),
        Parquet(tmp_path / "a.parquet"),
    ]
    read = [answers(place.source(100)) for place in places]
    assert read[0] == read[1] == read[2] == read[3]
    assert {refs(place.source(100).pull(None))[0] for place in places} == {"a1"}


def test_an_answer_carries_everything_that_is_mapped(tmp_path: Path) -> None:
    fields = {name: f"col {name}" for name in (
        "id", "said_at", "text", "rating", "subject", "email", "phone", "author", "handle",
        "external_id", "product", "region", "segment", "url", "thread", "reply_to",
    )}  # fmt: skip
    row = {column: f"the {name}" for name, column in fields.items()}
    row |= {"col said_at": "01/09/2026 10:00", "col rating": "4/5", "col text": "<p>Да</p>"}
    write_csv(tmp_path / "a.csv", [list(row), list(row.values())])
    (said,) = answers(
        a_source(
            tmp_path / "a.csv", columns=fields, scale=[1, 5], survey="csat", html=True,
            timezone="Europe/Moscow", date_order="dmy",
        )
    )  # fmt: skip
    assert said.said_at == datetime(2026, 9, 1, 7, tzinfo=UTC)
    assert (said.rating, said.scale, said.survey, said.html) == (4, (1, 5), "csat", True)
    assert (said.text, said.subject, said.url) == ("<p>Да</p>", "the subject", "the url")
    assert (said.thread_ref, said.in_reply_to) == ("the thread", "the reply_to")
    assert (said.product, said.region, said.segment) == ("the product", "the region", "the segment")
    assert said.author.email == "the email"
    assert (said.author.phone, said.author.name) == ("the phone", "the author")
    assert (said.author.handle, said.author.external_id) == ("the handle", "the external_id")


def test_a_consent_column_is_yes_no_or_not_asked(tmp_path: Path) -> None:
    said = ["да", "No", "", "maybe", "TRUE"]
    rows = [[*row, consent] for row, consent in zip(ROWS, said, strict=True)]
    write_csv(tmp_path / "a.csv", [[*HEADER, "CRM?"], *rows])
    source = a_source(tmp_path / "a.csv", columns=COLUMNS | {"consent": "CRM?"})
    assert [answer.consents for answer in answers(source)] == [
        (Consent("crm", True),),
        (Consent("crm", False),),
        (),
        (Consent("crm", True),),
    ]
    read, broken = pulled(source)
    assert read == ["a1", "a2", "a3", "a5"]
    assert [error.reason for error in broken] == ["the consent is neither yes nor no"]


def test_a_consent_is_for_the_purposes_that_the_settings_name(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [[*HEADER, "OK"], [*ROWS[0], "нет"]])
    columns = COLUMNS | {"consent": "OK"}
    source = a_source(tmp_path / "a.csv", columns=columns, consent_for=["analysis", "crm"])
    assert answers(source)[0].consents == (Consent("analysis", False), Consent("crm", False))


def test_a_renamed_consent_column_is_not_taken_for_nobody_asked(tmp_path: Path) -> None:
    line = json.dumps(dict(zip([*HEADER, "OK"], [*ROWS[0], "no"], strict=True)))
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(Changed, match="no column 'Consent'"):
        list(a_source(tmp_path / "a.jsonl", columns=COLUMNS | {"consent": "Consent"}).pull(None))


def test_truth_values_and_numbers_are_a_consent_and_a_thumb(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in ([*HEADER, "OK"], ["a1", *ROWS[0][1:3], True, 1], ["a2", *ROWS[1][1:3], 0, False]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    columns = COLUMNS | {"consent": "OK"}
    first, second = answers(a_source(tmp_path / "a.xlsx", columns=columns, scale="thumbs"))
    assert (first.rating, first.scale, first.consents) == (1, (0, 1), (Consent("crm", True),))
    assert (second.rating, second.scale, second.consents) == (0, (0, 1), (Consent("crm", False),))


def test_a_scale_with_a_name_brings_its_ends_and_refuses_other_words(tmp_path: Path) -> None:
    scores = ["Отлично", "ужасно", "eleven", "", "4"]
    rows = [[*row[:3], score] for row, score in zip(ROWS, scores, strict=True)]
    write_csv(tmp_path / "a.csv", [HEADER, *rows])
    source = a_source(tmp_path / "a.csv", scale="words", survey="csat")
    rated = [(answer.rating, answer.scale, answer.survey) for answer in answers(source)]
    assert rated == [(5, (1, 5), "csat"), (1, (1, 5), "csat"), (None, None, None)]
    _, broken = pulled(source)
    words = 'the rating is none of the answers of the scale "words"'
    assert [error.reason for error in broken] == [words, words]


def test_two_digit_years_are_read_where_they_are_declared(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, ["a1", "01.09.26", "ok", "1"]])
    _, broken = pulled(a_source(tmp_path / "a.csv"))
    assert broken[0].reason == "the year has two digits only: declare two_digit_years"
    (said,) = answers(a_source(tmp_path / "a.csv", two_digit_years=True))
    assert said.said_at == datetime(2026, 9, 1, tzinfo=UTC)


def test_what_the_settings_say_of_the_source_stands_where_the_row_is_silent(
    tmp_path: Path,
) -> None:
    write_csv(tmp_path / "a.csv", [[*HEADER, "P"], [*ROWS[0], "App"], [*ROWS[1], ""]])
    source = a_source(tmp_path / "a.csv", columns=COLUMNS | {"product": "P"}, product="Web")
    assert [answer.product for answer in answers(source)] == ["App", "Web"]


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "jsonl", "parquet"])
def test_a_renamed_column_stops_the_file_and_names_what_is_there(
    tmp_path: Path, suffix: str
) -> None:
    make = {"csv": CsvFile, "xlsx": Workbook, "jsonl": JsonLines, "parquet": Parquet}[suffix]
    source = make(tmp_path / f"a.{suffix}").source(2, columns=COLUMNS | {"text": "Комментарий"})
    for attempt in (source.check, lambda: list(source.pull(None))):
        with pytest.raises(Changed) as caught:
            attempt()
        said = str(caught.value)
        for part in ("nps", f"a.{suffix}", "'Комментарий'", "columns.text", "'Почему?'"):
            assert part in said


def test_a_column_renamed_in_one_file_does_not_silence_the_others(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, ROWS[0]])
    write_csv(tmp_path / "b.csv", [["ID", "Дата", "message", "Оценка"], ROWS[1]])
    write_csv(tmp_path / "c.csv", [HEADER, ROWS[2]])
    stored, cursor = [], None
    with pytest.raises(Changed, match=r"b\.csv"):
        for page in a_source(tmp_path / "*.csv").pull(None):
            stored += refs([page])
            cursor = page.cursor
    assert stored == ["a1", "a3"]
    write_csv(tmp_path / "b.csv", [HEADER, ROWS[1]])
    assert refs(a_source(tmp_path / "*.csv").pull(cursor)) == ["a2"]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_file_without_a_header_does_not_put_its_answers_into_the_message(
    tmp_path: Path, suffix: str
) -> None:
    place = {"csv": CsvFile, "xlsx": Workbook}[suffix](tmp_path / f"a.{suffix}")
    place.rows = [["7", "Иван Петров", "Меня обманули", "anna@example.com"]] * 2
    place.write()
    for attempt in (place.source(2).check, lambda: list(place.source(2).pull(None))):
        with pytest.raises(Changed, match=r"None of its 4 column.*have a header") as caught:
            attempt()
        for hidden in ("'7'", "Иван", "обманули", "anna"):
            assert hidden not in str(caught.value)


def test_the_only_wanted_column_renamed_is_named_beside_what_was_found(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [["key", "message"], ["1", "hm"]])
    with pytest.raises(Changed, match="It has: 'key', 'message'"):
        list(a_source(tmp_path / "a.csv").pull(None))


def test_data_among_the_column_names_is_not_shown(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [["ID", "anna@example.com", "+7 900 123-45-67", "x" * 500]])
    with pytest.raises(Changed, match="It has: 'ID'") as caught:
        list(a_source(tmp_path / "a.csv").pull(None))
    for hidden in ("anna", "123-45", "x" * 100):
        assert hidden not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_is_not_a_file_with_no_answers(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(Changed, match="It has: nothing at all"):
        list(a_source(tmp_path / "a.csv").pull(None))


def test_a_header_alone_is_a_file_with_no_answers(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER])
    assert refs(a_source(tmp_path / "a.csv").pull(None)) == []


def test_column_names_match_whatever_white_space_and_composition(tmp_path: Path) -> None:
    apart = "Краткии\u0306 ответ"  # и and a breve: how macOS writes й
    write_csv(tmp_path / "a.csv", [[" ID ", "Дата", apart, "Оценка"], ROWS[0]])
    source = a_source(tmp_path / "a.csv", columns=COLUMNS | {"text": "Краткий ответ"})
    assert answers(source)[0].text == ROWS[0][2]


def test_the_second_column_of_one_name_does_not_hide_the_first(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [[*HEADER, "Оценка", ""], [*ROWS[0], "7", "note"]])
    source = a_source(tmp_path / "a.csv")
    assert answers(source)[0].rating == 4
    assert (
        answers(a_source(tmp_path / "a.csv", columns=COLUMNS | {"rating": "Оценка (5)"}))[0].rating
        == 7
    )


def test_rows_with_too_few_or_too_many_cells_are_set_aside_by_number(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, ROWS[0], ["x"], [*ROWS[1], "more"], ROWS[2]])
    read, broken = pulled(a_source(tmp_path / "a.csv"))
    assert read == ["a1", "a3"]
    assert [error.reason for error in broken] == [
        "row 3 of a.csv has 1 cells, the header 4",
        "row 4 of a.csv has 5 cells, the header 4",
    ]
    assert "more" in broken[1].payload.decode()


def test_empty_cells_after_the_last_column_are_no_mistake(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, [*ROWS[0], "", ""]])
    assert pulled(a_source(tmp_path / "a.csv")) == (["a1"], [])


def test_a_blank_row_counts_but_blank_rows_at_the_end_do_not(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, ROWS[0], ["", " ", "", ""], [], ROWS[1], [""] * 4, []])
    read, broken = pulled(a_source(tmp_path / "a.csv"))
    assert read == ["a1", "a2"]
    assert [e.reason for e in broken] == ["row 3 of a.csv is empty", "row 4 of a.csv is empty"]


def test_a_quote_that_is_never_closed_is_told_with_how_much_it_swallowed(tmp_path: Path) -> None:
    lines = "".join(f"b{n},2026-09-01,fine,{n % 11}\n" for n in range(200))
    text = f'{",".join(HEADER)}\na1,2026-09-01,fine,1\na2,2026-09-01,"oops,2\n{lines}'
    (tmp_path / "a.csv").write_text(text)
    read, broken = pulled(a_source(tmp_path / "a.csv"))
    assert read == ["a1"]
    (error,) = broken
    assert "over 201 lines: a quote is not closed" in error.reason


def test_broken_bytes_set_their_row_aside_and_not_the_rest_into_gibberish(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, *ROWS])
    whole = (tmp_path / "a.csv").read_bytes()
    (tmp_path / "a.csv").write_bytes(whole.replace("Ёлки".encode(), "Ёл".encode() + b"\xd0"))
    read, broken = pulled(a_source(tmp_path / "a.csv"))
    assert read == ["a1", "a2", "a3", "a5"]
    assert broken[0].reason == "row 5 of a.csv has bytes that its encoding does not know"
    assert answers(a_source(tmp_path / "a.csv"))[0].text == ROWS[0][2]


def test_western_european_text_is_not_taken_for_russian(tmp_path: Path) -> None:
    rows = [["a1", "2026-09-01", "Très déçu, c'est trop cher, größer wäre schöner", "1"]]
    columns = COLUMNS | {"said_at": "When", "text": "Why", "rating": "Score"}
    write_csv(tmp_path / "a.csv", [["ID", "When", "Why", "Score"], *rows], encoding="cp1252")
    assert answers(a_source(tmp_path / "a.csv", columns=columns))[0].text == rows[0][2]


def test_a_declared_encoding_decides(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, *ROWS], encoding="cp866")
    source = a_source(tmp_path / "a.csv", encoding="cp866")
    assert answers(source)[0].text == ROWS[0][2]


def test_excels_own_line_that_names_the_delimiter_is_understood(tmp_path: Path) -> None:
    for sign in ";^":
        body = [f"sep={sign}", sign.join(HEADER), sign.join(["a1", "2026-09-01", "ok, yes", "1"])]
        (tmp_path / "a.csv").write_text("\r\n".join(body), encoding="utf-8")
        assert answers(a_source(tmp_path / "a.csv"))[0].text == "ok, yes"


def test_commas_in_the_question_do_not_hide_the_real_delimiter(tmp_path: Path) -> None:
    question = "Почему, коротко, честно, в двух, трёх словах?"
    write_csv(tmp_path / "a.csv", [["ID", "Дата", question, "Оценка"], ROWS[0]], delimiter=";")
    source = a_source(tmp_path / "a.csv", columns=COLUMNS | {"text": question})
    assert answers(source)[0].text == ROWS[0][2]


def test_line_breaks_inside_an_answer_come_as_they_were_written(tmp_path: Path) -> None:
    text = "one\r\ntwo\rthree\nfour"
    write_csv(tmp_path / "a.csv", [HEADER, ["a1", "2026-09-01", text, "1"]])
    assert answers(a_source(tmp_path / "a.csv"))[0].text == text


def test_a_very_long_answer_is_kept_whole(tmp_path: Path) -> None:
    long = "слово " * 50_000
    write_csv(tmp_path / "a.csv", [HEADER, ["a1", "2026-09-01", long, "1"]])
    assert answers(a_source(tmp_path / "a.csv"))[0].text == long.strip()


def test_without_an_id_column_rows_alike_in_every_cell_are_as_many_answers(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, *[ROWS[0]] * 30, [*ROWS[0][:3], "5"]])
    read = refs(without_ids(tmp_path / "a.csv").pull(None))
    assert len(set(read)) == 31
    assert read[1:30] == [f"{read[0]}#{k}" for k in range(2, 31)]
    assert "#" not in read[0] + read[30]


def test_rows_alike_keep_their_refs_wherever_the_reading_goes_on(tmp_path: Path) -> None:
    rows = [HEADER, ROWS[0], ROWS[1], ["broken"], ROWS[0], ["\udcd0", *ROWS[0][1:]], ROWS[0]]
    with (tmp_path / "a.csv").open("w", newline="", errors="surrogateescape") as file:
        csv.writer(file).writerows(rows)
    source = without_ids(tmp_path / "a.csv", page_size=1)
    pages = list(source.pull(None))
    whole = refs(pages)
    assert len(set(whole)) == 4
    for done in range(1, len(pages)):
        rest = source.pull(through_json(pages[done - 1].cursor))
        assert refs(pages[:done]) + refs(rest) == whole


def test_a_file_that_grew_brings_only_the_new_ones_of_rows_alike(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, ROWS[0], ROWS[0]])
    before = list(without_ids(tmp_path / "a.csv").pull(None))
    write_csv(tmp_path / "a.csv", [HEADER, ROWS[0], ROWS[0], ROWS[1], ROWS[0]])
    again = refs(without_ids(tmp_path / "a.csv").pull(before[-1].cursor))
    assert again[:2] == refs(before)
    assert len(set(again)) == 4


def test_a_row_that_lies_in_two_exports_is_one_answer(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, ROWS[0], ROWS[0]])
    write_csv(tmp_path / "b.csv", [HEADER, ROWS[0], ROWS[0], ROWS[0]])
    assert len(set(refs(without_ids(tmp_path / "*.csv").pull(None)))) == 3


def test_a_new_empty_column_or_another_order_leaves_every_answer_the_same(tmp_path: Path) -> None:
    columns = {k: v for k, v in COLUMNS.items() if k != "id"}
    write_csv(tmp_path / "a.csv", [HEADER, *ROWS])
    before = contents(a_source(tmp_path / "a.csv", columns=columns).pull(None))
    turned = [[*reversed(row), ""] for row in [HEADER, *ROWS]]
    turned[0][-1] = "New question"
    write_csv(tmp_path / "a.csv", turned)
    assert contents(a_source(tmp_path / "a.csv", columns=columns).pull(None)) == before


def test_a_row_without_its_id_is_set_aside(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, ["", *ROWS[0][1:]], ROWS[1]])
    read, broken = pulled(a_source(tmp_path / "a.csv"))
    assert (read, [e.reason for e in broken]) == (["a2"], ["row 2 of a.csv has no id"])


def test_an_id_that_no_key_can_hold_is_replaced_by_its_digest(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, ["x" * 5000, *ROWS[0][1:]], ["a\nb", *ROWS[1][1:]]])
    for ref in refs(a_source(tmp_path / "a.csv").pull(None)):
        assert len(ref) < 50
        assert ref.isprintable()


def test_files_read_before_are_not_opened_again(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, ROWS[0]])
    cursor = last(a_source(tmp_path / "*.csv"))
    spoil_keeping_size_and_time(tmp_path / "a.csv")
    write_csv(tmp_path / "b.csv", [HEADER, ROWS[1]])
    assert refs(a_source(tmp_path / "*.csv").pull(cursor)) == ["a2"]


def test_a_file_that_has_changed_is_read_again_from_its_start(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, *ROWS[:2]])
    pages = list(a_source(tmp_path / "a.csv", page_size=1).pull(None))
    write_csv(tmp_path / "a.csv", [HEADER, *ROWS[:3]])
    for cursor in (pages[0].cursor, pages[1].cursor):
        again = refs(a_source(tmp_path / "a.csv").pull(cursor))
        assert again == ["a1", "a2", "a3"]


def test_a_column_that_is_mapped_anew_is_looked_for_in_files_read_before(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, ROWS[0]])
    cursor = last(a_source(tmp_path / "a.csv"))
    with pytest.raises(Changed, match="'Ответ'"):
        list(a_source(tmp_path / "a.csv", columns=COLUMNS | {"text": "Ответ"}).pull(cursor))


def test_a_file_that_is_gone_is_forgotten_and_the_others_go_on(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, ROWS[0]])
    write_csv(tmp_path / "b.csv", [HEADER, ROWS[1]])
    cursor = last(a_source(tmp_path / "*.csv"))
    (tmp_path / "a.csv").unlink()
    write_csv(tmp_path / "c.csv", [HEADER, ROWS[2]])
    (page,) = a_source(tmp_path / "*.csv").pull(cursor)
    assert refs([page]) == ["a3"]
    assert sorted(page.cursor["files"]) == ["b.csv", "c.csv"]


def test_a_pattern_reaches_into_folders_and_passes_over_lock_files(tmp_path: Path) -> None:
    for folder in ("2026/09", "2026/10"):
        (tmp_path / folder).mkdir(parents=True)
    write_csv(tmp_path / "2026/09/a.csv", [HEADER, ROWS[0]])
    write_csv(tmp_path / "2026/10/a.csv", [HEADER, ROWS[1]])
    (tmp_path / "2026/10/~$a.csv").write_text("lock")
    source = a_source(tmp_path / "2026/**/*.csv")
    assert refs(source.pull(None)) == ["a1", "a2"]
    assert sorted(last(source)["files"]) == ["09/a.csv", "10/a.csv"]


def test_a_file_whose_name_looks_like_a_pattern_is_read(tmp_path: Path) -> None:
    write_csv(tmp_path / "nps [final].csv", [HEADER, ROWS[0]])
    assert refs(a_source(tmp_path / "nps [final].csv").pull(None)) == ["a1"]


@pytest.mark.parametrize("name", ["none.csv", "*.csv", "sub", "old.xls"])
def test_a_path_without_a_readable_file_is_refused_and_says_what_can_be_read(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf")
    source = a_source(tmp_path / name)
    for attempt in (source.check, lambda: list(source.pull(None))):
        with pytest.raises(Refused, match=r"\[sources\.nps\].*\.xlsx"):
            attempt()


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet"])
@pytest.mark.parametrize("content", [b"", b"not what the name says", b"PK\x03\x04PAR1" * 9])
def test_a_damaged_file_says_so(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Changed, match=name):
        list(a_source(tmp_path / name).pull(None))


def test_a_workbook_gives_real_dates_whole_numbers_and_the_sheet_asked_for(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Summary"])
    sheet = book.create_sheet("Ответы")
    sheet.append([*HEADER, "Time", "None"])
    sheet.append([1234.0, datetime(2026, 9, 1, 10, 30), "Хорошо", 9.0, time(10, 30), None])
    sheet.append([1235, date(2026, 9, 2), "Плохо", 3])
    book.save(tmp_path / "a.xlsx")
    source = a_source(tmp_path / "a.xlsx", sheet="Ответы", timezone="Europe/Moscow")
    assert refs(source.pull(None)) == ["1234", "1235"]
    first, second = answers(source)
    assert first.said_at == datetime(2026, 9, 1, 7, 30, tzinfo=UTC)
    assert second.said_at == datetime(2026, 9, 1, 21, tzinfo=UTC)
    assert first.rating == 9
    with pytest.raises(Changed, match="'Ответы'"):
        list(a_source(tmp_path / "a.xlsx", sheet="Answers").pull(None))


def test_a_workbook_that_states_a_wrong_size_is_read_whole(tmp_path: Path) -> None:
    Workbook(tmp_path / "right.xlsx")
    with zipfile.ZipFile(tmp_path / "right.xlsx") as right:
        parts = {name: right.read(name) for name in right.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'ref="A1:D6"', b'ref="A1:A2"')
    assert b'ref="A1:A2"' in parts[sheet]
    with zipfile.ZipFile(tmp_path / "wrong.xlsx", "w") as wrong:
        for name, part in parts.items():
            wrong.writestr(name, part)
    assert refs(a_source(tmp_path / "wrong.xlsx").pull(None)) == [row[0] for row in ROWS]


def test_json_lines_reach_into_objects_and_set_aside_what_is_no_object(tmp_path: Path) -> None:
    lines = [
        '{"id": 7, "at": "2026-09-01", "body": {"text": "Ок \\ud83d"},'
        ' "account": {"acct": "anna"}}',
        "{broken",
        "[1, 2]",
        "",
        '{"id": 8, "at": "2026-09-01", "body": {"text": {"no": "text"}}}',
        '{"id": 9, "at": "2026-09-01", "body": {"text": ["один", "два"]}}',
        "",
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    columns = {"id": "id", "said_at": "at", "text": "body.text", "handle": "account.acct",
               "email": "account.email"}  # fmt: skip
    source = a_source(tmp_path / "a.jsonl", columns=columns, scale=None)
    read, broken = pulled(source)
    assert read == ["7", "9"]
    assert [e.reason.partition("a.jsonl ")[2] or e.reason for e in broken] == [
        "is not JSON",
        "is not a JSON object",
        "is empty",
        "has an object in a mapped column: name one of its fields with a dot",
    ]
    first, last_one = answers(source)
    assert (first.author.handle, first.text) == ("anna", "Ок \ufffd")
    assert last_one.text == "один, два"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ('"at": ["2026-09-01"]', "a date was expected, not a value of another kind"),
        ('"at": true', "a date was expected, not a value of another kind"),
        ('"at": {"day": 1}', "has an object in a mapped column: name one of its fields with a dot"),
        ('"at": NaN', "the date is empty"),
        ('"at": 1e400', "has a number in a mapped column that is too large to be read"),
        ('"at": -Infinity', "has a number in a mapped column that is too large to be read"),
        ('"at": 45901.25', "the number may be a spreadsheet's day: format its column as a date"),
        ('"at": "２０２６-09-01"', "text where a date was expected"),
        ('"score": [5]', "a number was expected as the rating, not a value of another kind"),
        ('"score": true', "a number was expected as the rating, not a value of another kind"),
        ('"score": 1e400', "has a number in a mapped column that is too large to be read"),
        ('"score": "NaN"', "text where a number was expected as the rating"),
        ('"score": "５"', "text where a number was expected as the rating"),
        ('"score": "٥"', "text where a number was expected as the rating"),
        ('"score": 1' + "0" * 400, "the rating lies off the scale from 0 to 10"),
        ('"ok": ["yes"]', "the consent is neither yes nor no"),
        ('"ok": 2', "the consent is neither yes nor no"),
        ('"id": 1e400', "row 1 of a.jsonl has a number in a mapped column that is too large to be"),
    ],
)
def test_a_value_of_a_wrong_type_never_becomes_another_value(
    tmp_path: Path, changed: str, reason: str
) -> None:
    whole = {"id": "a", "at": "2026-09-01", "text": "Да", "score": 5, "ok": "yes"}
    fields = {name: f'"{name}": {json.dumps(value)}' for name, value in whole.items()}
    fields[changed.split('"')[1]] = changed
    lines = f"{{{', '.join(fields.values())}}}\n{json.dumps(whole | {'id': 'b'})}\n"
    (tmp_path / "a.jsonl").write_text(lines, encoding="utf-8")
    columns = {"id": "id", "said_at": "at", "text": "text", "rating": "score", "consent": "ok"}
    read, broken = pulled(a_source(tmp_path / "a.jsonl", columns=columns))
    assert (read, len(broken)) == (["b"], 1)
    assert broken[0].reason.startswith(reason)


def test_a_rating_that_is_not_a_number_in_the_tables_own_way_was_not_given(tmp_path: Path) -> None:
    lines = '{"ID": 1, "Дата": "2026-09-01", "Почему?": "Да", "Оценка": %s}\n'
    (tmp_path / "a.jsonl").write_text(lines % "NaN" + lines % "5", encoding="utf-8")
    assert [answer.rating for answer in answers(a_source(tmp_path / "a.jsonl"))] == [None, 5]


def test_parquet_gives_times_numbers_and_nested_fields(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "at": datetime(2026, 9, 1, tzinfo=UTC), "a": {"text": "Да"}, "score": 4.0},
        {"id": 2, "at": datetime(2026, 9, 2, tzinfo=UTC), "a": {"text": None}, "score": 5.0},
        {"id": 3, "at": datetime(2026, 9, 2, tzinfo=UTC), "a": None, "score": float("nan")},
    ]
    table = pa.Table.from_pylist(rows).append_column("price", pa.array([Decimal("1.50")] * 3))
    pq.write_table(table, tmp_path / "a.parquet")
    columns = {"id": "id", "said_at": "at", "text": "a.text", "rating": "score"}
    source = a_source(tmp_path / "a.parquet", columns=columns, scale=[1, 5])
    read, broken = pulled(source)
    assert (read, [e.reason for e in broken]) == (["1", "2"], ["neither text nor rating"])
    assert [(answer.text, answer.rating) for answer in answers(source)] == [("Да", 4), ("", 5)]


def test_an_id_that_a_table_turned_into_a_fraction_is_whole_again(tmp_path: Path) -> None:
    rows = [{"ID": 123456789012345.0, "Дата": "2026-09-01", "Почему?": "Да", "Оценка": 1.0}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    assert refs(a_source(tmp_path / "a.parquet").pull(None)) == ["123456789012345"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["a1", "01.09.2026", " ", ""], "neither text nor rating"),
        (["a1", "01/09/2026", "ok", ""], "declare date_order"),
        (["a1", "never", "ok", ""], "date"),
        (["a1", "", "ok", ""], "the date is empty"),
        (["a1", "01.09.2026", "ok", "eleven"], "rating"),
        (["a1", "01.09.2026", "ok", "99"], "off the scale"),
    ],
)
def test_an_answer_that_cannot_be_read_for_certain_is_set_aside(
    tmp_path: Path, row: list[str], reason: str
) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, row])
    read, broken = pulled(a_source(tmp_path / "a.csv"))
    assert read == []
    assert reason in broken[0].reason


def test_a_file_without_dates_is_dated_by_the_settings_alone(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [["Почему?"], ["Да"]])
    source = a_source(
        tmp_path / "a.csv", columns={"text": "Почему?"}, said_on="2026-11-01", scale=None,
        timezone="Europe/Moscow",
    )  # fmt: skip
    assert answers(source)[0].said_at == datetime(2026, 10, 31, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"columns": {"said_at": "x"}}, "text, rating or both"),
        ({"columns": {"text": "x"}}, "columns.said_at, or said_on"),
        ({"said_on": "2026-11-01"}, "columns.said_at, or said_on"),
        ({"scale": None}, "needs scale"),
        ({"scale": [10, 0]}, "lowest, highest"),
        ({"scale": "faces"}, "'thumbs', 'smileys' or 'words'"),
        ({"consent_for": ["sale"]}, "'analysis' or 'crm'"),
        ({"consent_for": []}, "at least 1"),
        ({"timezone": "Moscow"}, "not a time zone"),
        ({"encoding": "win1251x"}, "not an encoding"),
        ({"columns": {"txt": "x"}}, "Extra inputs"),
    ],
)
def test_settings_that_cannot_work_say_why(
    tmp_path: Path, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        a_source(tmp_path / "a.csv", **wrong)


def test_a_large_file_is_read_in_little_memory(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", [HEADER, *([f"r{n}", *ROWS[0][1:]] for n in range(60_000))])
    tracemalloc.start()
    try:
        count = sum(len(page.records) for page in a_source(tmp_path / "a.csv").pull(None))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 60_000
    assert peak < 12_000_000  # the file has 5 MB, its rows as Python objects some 60


def test_the_settings_of_the_how_to_page_are_accepted() -> None:
    page = Path(__file__).parents[3] / "docs" / "how-to" / "collect-form-answers.md"
    block = textwrap.dedent(page.read_text("utf-8").split("```toml")[1].split("```")[0])
    source = catalogue.source("nps", tomllib.loads(block)["sources"]["nps"])
    assert isinstance(source, TableSource)


# What the tests above are made of


class CsvFile:
    """Five answers in a file; see `Place`."""

    secret = ""
    broken_words = "сломано"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = [HEADER, *map(list, ROWS)]
        self.refs = [row[0] for row in ROWS]
        self.write()

    def source(self, page_size: int, **changed: Any) -> TableSource:
        return a_source(self.path, page_size=page_size, **changed)

    def add_one(self) -> str:
        self.rows.append(["a6", "2026-09-06", "Новое", "5"])
        self.write()
        return "a6"

    def break_one(self) -> None:
        self.rows[3] = ["a3", "2026-09-03", self.broken_words, "одиннадцать"]
        self.write()

    def write(self) -> None:
        write_csv(self.path, self.rows)


class Workbook(CsvFile):
    def write(self) -> None:
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in self.rows:
            book.active.append(row)
        book.save(self.path)


class JsonLines(CsvFile):
    def break_one(self) -> None:
        super().break_one()
        self.path.write_text(self.path.read_text("utf-8").replace('{"ID": "a3"', '{"ID "a3"'))

    def write(self) -> None:
        rows = (dict(zip(HEADER, row, strict=True)) for row in self.rows[1:])
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        self.path.write_text(text, encoding="utf-8")


class Parquet(CsvFile):
    def write(self) -> None:
        rows = [dict(zip(HEADER, row, strict=True)) for row in self.rows[1:]]
        pq.write_table(pa.Table.from_pylist(rows), self.path)


def a_source(path: Path, **changed: Any) -> TableSource:
    given: dict[str, Any] = {
        "kind": "table",
        "channel": "form",
        "path": str(path),
        "columns": COLUMNS,
        "scale": [0, 10],
        "survey": "nps",
    }
    return TableSource("nps", TableSource.Settings(**given | changed))


def without_ids(path: Path, **changed: Any) -> TableSource:
    columns = {field: column for field, column in COLUMNS.items() if field != "id"}
    return a_source(path, columns=columns, **changed)


def write_csv(
    path: Path, rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8"
) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def answers(source: TableSource) -> list[Utterance]:
    """What can be read, in order."""
    read = []
    for page in source.pull(None):
        for record in page.records:
            try:
                heard = source.read(record.payload) if isinstance(record, RawItem) else None
            except Unreadable:
                continue
            read += [heard] if isinstance(heard, Utterance) else []
    return read


def pulled(source: TableSource) -> tuple[list[str], list[Unreadable]]:
    return read_all(source, source.pull(None))


def last(source: TableSource) -> Cursor:
    *_, page = source.pull(None)
    return through_json(page.cursor)


def spoil_keeping_size_and_time(path: Path) -> None:
    stat = path.stat()
    path.write_bytes(b"#" * stat.st_size)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
