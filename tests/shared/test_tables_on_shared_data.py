"""The table source on a real form export and on 10,000 texts that others collected.

Needs the folder `shared` beside the checkout, or FEEDBACK_SHARED; skipped without it.
"""

import os
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from connectors.forms.tables import TableSource
from feedback.errors import Changed
from feedback.records import RawItem, Utterance
from tests.connectors.source_contract import items, read_all, refs

SHARED = Path(os.environ.get("FEEDBACK_SHARED", Path(__file__).parents[2].parent / "shared"))
EXPORTS = SHARED / "data" / "real" / "nps-form-export"
TEXTS = SHARED / "data" / "sentiment"
pytestmark = [
    pytest.mark.skipif(not EXPORTS.is_dir(), reason=f"there is no form export at {EXPORTS}"),
    pytest.mark.skipif(not TEXTS.is_dir(), reason=f"there are no texts at {TEXTS}"),
]
QUESTION = "On a scale of 0-10, how would you rate Sudzilla?"


@pytest.mark.parametrize(("name", "order"), [("input_01.csv", "mdy"), ("input_02.csv", None)])
def test_every_row_of_a_real_export_is_an_answer(name: str, order: str | None) -> None:
    source = an_export(name, date_order=order)
    read, broken = read_all(source, source.pull(None))
    assert (len(read), broken) == (39, [])
    said = [source.read(item.payload) for item in items(source.pull(None))]
    assert all(isinstance(answer, Utterance) and answer.rating is not None for answer in said)
    assert {answer.said_at.date().isoformat() for answer in said if isinstance(answer, Utterance)}


def test_both_exports_of_one_form_tell_the_same_story() -> None:
    first, second = (
        [(a.rating, a.text, a.said_at.replace(microsecond=0)) for a in heard(source)]
        for source in (an_export("input_01.csv", date_order="mdy"), an_export("input_02.csv"))
    )
    assert first == second


def test_the_american_dates_of_a_real_export_are_not_guessed() -> None:
    source = an_export("input_01.csv")
    read, broken = read_all(source, source.pull(None))
    assert read == []
    assert {error.reason for error in broken} == {
        "day and month cannot be told apart: declare date_order"
    }


def test_a_question_reworded_in_a_real_export_stops_the_run() -> None:
    with pytest.raises(Changed, match="Sudzilla"):
        list(an_export("input_01.csv", rating="How would you rate us?").pull(None))


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl", "xlsx"])
def test_ten_thousand_texts_come_out_as_they_went_in(tmp_path: Path, suffix: str) -> None:
    frame = pq.read_table(TEXTS / "sentiment_ru.parquet").slice(0, 10_000).to_pandas()
    path = tmp_path / f"texts.{suffix}"
    write = {
        "parquet": lambda: frame.to_parquet(path),
        "csv": lambda: frame.to_csv(path, index=False, sep=";"),
        "jsonl": lambda: frame.to_json(path, orient="records", lines=True, force_ascii=False),
        "xlsx": lambda: frame.to_excel(path, index=False),
    }
    write[suffix]()
    given: dict[str, Any] = {"columns": {"text": "text"}, "said_on": "2026-11-01"}
    source = TableSource(
        "texts", TableSource.Settings(kind="table", channel="form", path=str(path), **given)
    )
    pages = list(source.pull(None))
    said = [source.read(item.payload) for item in items(pages)]
    assert [answer.text for answer in said] == [text.strip() for text in frame["text"]]
    assert len(set(refs(pages))) == len(frame)


def an_export(name: str, rating: str = QUESTION, **changed: Any) -> TableSource:
    given: dict[str, Any] = {
        "kind": "table",
        "channel": "form",
        "path": str(EXPORTS / name),
        "columns": {"said_at": "Timestamp", "text": "...why?", "rating": rating},
        "scale": [0, 10],
        "survey": "nps",
    }
    return TableSource("nps", TableSource.Settings(**given | changed))


def heard(source: TableSource) -> list[Utterance]:
    said = []
    for page in source.pull(None):
        for record in page.records:
            assert isinstance(record, RawItem)
            answer = source.read(record.payload)
            assert isinstance(answer, Utterance)
            said.append(answer)
    return said
