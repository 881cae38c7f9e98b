"""Labelled tables as people have them: other column names, other spellings, other kinds of file."""

from pathlib import Path

import pandas as pd
import pytest

from feedback.errors import Changed, Refused
from feedback.sentiment import labelled


def test_a_csv_and_a_workbook_of_the_same_rows_are_read_alike(tmp_path: Path) -> None:
    table = pd.DataFrame(rows())
    table.to_csv(tmp_path / "a.csv", index=False)
    table.to_excel(tmp_path / "a.xlsx", index=False)
    from_csv, _ = labelled.read(tmp_path / "a.csv")
    from_workbook, _ = labelled.read(tmp_path / "a.xlsx")

    pd.testing.assert_frame_equal(from_csv, from_workbook)
    assert from_csv["label"].tolist() == ["negative", "positive", "neutral"]
    assert from_csv["channel"].tolist() == ["mail", "mail", "chat"]


@pytest.mark.parametrize(
    ("mark", "encoding"), [(";", "utf-8-sig"), (";", "cp1251"), ("\t", "utf-8")]
)
def test_a_csv_is_read_as_excel_saves_it_in_other_countries(
    tmp_path: Path, mark: str, encoding: str
) -> None:
    table = pd.DataFrame(
        {"Отзыв ": ["Всё сломалось, увы", "Спасибо"], "Тон": ["негатив", "позитив"]}
    )
    table.to_csv(tmp_path / "a.csv", index=False, sep=mark, encoding=encoding)
    found, _ = labelled.read(tmp_path / "a.csv", text="Отзыв", label="Тон")

    assert found["text"].tolist() == ["Всё сломалось, увы", "Спасибо"]
    assert found["label"].tolist() == ["negative", "positive"]


def test_labels_are_known_in_words_letters_and_numbers_of_two_languages(tmp_path: Path) -> None:
    spelt = ["Negative", "NEU", "pos", "-1", "0", "1.0", "негативный", "позитив", "нейтрально"]
    pd.DataFrame({"text": "x", "label": spelt}).to_csv(tmp_path / "a.csv", index=False)
    found, left_out = labelled.read(tmp_path / "a.csv")

    assert left_out == 0
    assert [label[:3] for label in found["label"]] == [
        *("neg", "neu", "pos", "neg", "neu", "pos", "neg", "pos", "neu")
    ]


def test_a_row_without_text_or_with_another_label_is_left_out_and_counted(tmp_path: Path) -> None:
    table = pd.DataFrame([*rows(), {"text": " ", "label": "pos"}, {"text": "a", "label": "angry"}])
    table.to_parquet(tmp_path / "a.parquet")
    found, left_out = labelled.read(tmp_path / "a.parquet")

    assert (len(found), left_out) == (3, 2)


def test_the_language_is_detected_where_no_column_says_it(tmp_path: Path) -> None:
    table = pd.DataFrame(rows()).drop(columns="lang")
    table.to_json(tmp_path / "a.jsonl", orient="records", lines=True)
    found, _ = labelled.read(tmp_path / "a.jsonl")

    assert found["lang"].tolist() == ["en", "en", "ru"]


def test_a_missing_column_names_those_there_are(tmp_path: Path) -> None:
    pd.DataFrame({"comment": ["x"], "mark": ["pos"]}).to_csv(tmp_path / "a.csv", index=False)

    with pytest.raises(Changed, match=r"comment, mark but not text, label.*--text and --label"):
        labelled.read(tmp_path / "a.csv")
    found, _ = labelled.read(tmp_path / "a.csv", text="comment", label="mark")
    assert found["text"].tolist() == ["x"]


def test_a_file_of_another_kind_or_a_broken_one_is_refused_without_its_words(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.docx").write_text("x")
    (tmp_path / "a.parquet").write_text("secret words")

    with pytest.raises(Refused, match=r"is none of \.csv"):
        labelled.read(tmp_path / "a.docx")
    with pytest.raises(Refused) as error:
        labelled.read(tmp_path / "a.parquet")
    assert "secret" not in str(error.value)


def test_a_table_without_one_usable_row_is_no_test(tmp_path: Path) -> None:
    pd.DataFrame({"text": ["x"], "label": ["angry"]}).to_csv(tmp_path / "a.csv", index=False)

    with pytest.raises(Changed, match="No row"):
        labelled.read(tmp_path / "a.csv")


def rows() -> list[dict[str, str]]:
    return [
        {"text": "The parcel came torn", "label": "neg", "lang": "en", "channel": "mail"},
        {"text": "What a kind answer", "label": "pos", "lang": "en", "channel": "mail"},
        {"text": "Во сколько вы закрываетесь?", "label": "neu", "lang": "ru", "channel": "chat"},
    ]
