"""People read, and what they say holds: on the page, in the CRM, after a crash, once."""

import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from connectors import catalogue
from connectors.contract import Activity
from feedback.errors import Refused
from tasks import label, runs
from tasks.collect import collect
from tasks.label import Asked
from tasks.publish import publish
from tasks.refine import refine
from tasks.sync import sync
from tasks.understand import understand
from tests.samples import rows, world, write_answers
from tests.tasks.flaky_crm import FlakyCrm

WORDS = ("The box was broken again", "It arrived on Tuesday", "Какой чудесный чайник")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Three understood texts, and a CRM."""
    monkeypatch.setitem(catalogue.TARGETS, "flaky", "tests.tasks.flaky_crm:FlakyCrm")
    FlakyCrm.forget()
    settings = world(tmp_path, more='[crm.flaky]\nkind = "flaky"\n')
    answers = [[str(n), f"2026-09-0{n} 10:00", "9", text, ""] for n, text in enumerate(WORDS, 1)]
    write_answers(tmp_path, answers)
    understood(settings)
    return settings


def test_each_key_is_an_answer_and_each_answer_is_stored(settings: str) -> None:
    heard = read(settings, "1", "0", "з")
    assert labels(settings) == ["negative", "neutral", "positive"]
    assert "Stored 3 answers" in heard[-1]
    assert "unsure" not in "".join(heard)
    assert any("form · 2026-09-01 · rating 9 (0..10)" in word for word in heard)


def test_a_reader_who_is_killed_goes_on_where_they_were(settings: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        read(settings, "n", KeyboardInterrupt)
    assert labels(settings) == ["negative"]
    heard = read(settings, "p", "p")
    assert "2 are still to be read" in heard[0]
    assert labels(settings) == ["negative", "positive", "positive"]


def test_what_is_undone_is_taken_back_at_once_and_asked_again(settings: str) -> None:
    heard = read(settings, "u", "n", "s", "u", "q")
    assert shown(heard)[0] == shown(heard)[-1] != shown(heard)[-2]
    assert any("nothing to undo" in word for word in heard)
    assert labels(settings) == ["negative", ""]
    assert shown(read(settings, "p", "q"))[0] == shown(heard)[0]
    assert labels(settings) == ["negative", "", "positive"]


def test_what_another_reader_said_meanwhile_is_neither_counted_nor_undone(settings: str) -> None:
    keys = iter("nuq")

    def ask() -> str:
        key = next(keys)
        if key == "n":
            read(settings, "n", "q")
        return key

    heard: list[str] = []
    assert "Stored 0 answers" in label.read(settings, Asked(), ask, heard.append)
    assert any(word.startswith("Not stored") for word in heard)
    assert labels(settings) == ["negative"]


def test_what_is_skipped_and_a_key_that_means_nothing_store_nothing(settings: str) -> None:
    assert "Stored 0 answers" in read(settings, "x", "s", "s", "s")[-1]
    assert labels(settings) == []
    assert len(shown(read(settings, "q"))) == 1


@pytest.mark.parametrize(
    "arrow", [["\x1b[A"], ["\x1b", "[", "A"], ["\x1bOB"], ["\x1b[3~"], [*"\x1b[3~"], ["\x1b"]]
)
def test_an_arrow_key_neither_quits_nor_answers(settings: str, arrow: list[str]) -> None:
    heard = read(settings, *arrow, "n", *arrow, "q")
    assert labels(settings) == ["negative"]
    assert len(shown(heard)) == 2


def test_words_cannot_command_the_terminal(tmp_path: Path) -> None:
    settings = world(tmp_path)
    write_answers(tmp_path, [["1", "2026-09-01 10:00", "9", "red \x1b[31mwords", ""]])
    understood(settings)
    assert "\x1b" not in "".join(read(settings, "q"))


def test_a_changed_label_is_told_to_the_crm_once(settings: str) -> None:
    go(settings)
    first = shown(read(settings, "q"))[0]
    [(text, before)] = [(text, said) for text, said in told().items() if text in first]
    key, label_given = ("p", "positive") if before == "negative" else ("n", "negative")
    read(settings, key, "q")
    FlakyCrm.asked.clear()
    go(settings)
    assert len(FlakyCrm.asked) == 1
    assert told()[text] == label_given
    assert len(told()) == 3
    FlakyCrm.asked.clear()
    go(settings)
    assert FlakyCrm.asked == []


def test_a_filled_sheet_is_stored_and_a_second_time_changes_nothing(
    settings: str, tmp_path: Path
) -> None:
    file = tmp_path / "read.xlsx"
    assert "3 rows" in label.export(settings, Asked(), file)
    fill(file, ["negative", "нейтральный", "hm"])
    first, second = (list(label.import_(settings, file)) for _ in range(2))
    assert first[0].startswith("Not stored, rows 4: they have a label that is none")
    assert "Stored 2 new labels; 0 said" in first[-1]
    assert "Stored 0 new labels; 2 said" in second[-1]
    assert labels(settings) == ["negative", "neutral"]
    again = label.export(settings, Asked(), tmp_path / "rest.csv")
    assert "1 rows, 2 of the draw were read before" in again


def test_rows_about_nothing_or_about_older_words_are_named(settings: str, tmp_path: Path) -> None:
    file = tmp_path / "read.csv"
    label.export(settings, Asked(), file)
    table = pd.read_csv(file, dtype="string").assign(label="negative")
    table.loc[0, "item_id"] = "nobody"
    table.loc[1, "version"] = "7"
    table.to_csv(file, index=False)
    told = list(label.import_(settings, file))
    assert told[0].startswith("Not stored, rows 2: they name an item that is not stored")
    assert told[1].startswith("Not stored, rows 3: they are about words that were edited")
    assert labels(settings) == ["negative"]


def test_rows_that_contradict_each_other_are_named_and_none_is_stored(
    settings: str, tmp_path: Path
) -> None:
    file = tmp_path / "read.csv"
    label.export(settings, Asked(), file)
    table = pd.read_csv(file, dtype="string").assign(label="negative")
    table = pd.concat([table, table[:2].assign(label=["positive", "neg"])])
    table.to_csv(file, index=False)
    first, second = (list(label.import_(settings, file)) for _ in range(2))
    assert first[0] == "Not stored, rows 2 and 5 contradict each other: keep one."
    assert "Stored 2 new labels; 0 said" in first[-1]
    assert "Stored 0 new labels; 2 said" in second[-1]
    assert labels(settings) == ["negative", "negative"]


def test_a_sheet_that_is_there_is_never_written_over(settings: str, tmp_path: Path) -> None:
    file = tmp_path / "read.csv"
    label.export(settings, Asked(), file)
    assert file.stat().st_mode & 0o077 == 0
    for write in (
        lambda: label.export(settings, Asked(), file),
        lambda: label.export_training(settings, file, sampled=False),
    ):
        with pytest.raises(Refused, match="there already"):
            write()


def test_the_page_says_how_many_labels_lack_and_then_the_corrected_share(tmp_path: Path) -> None:
    settings = world(tmp_path)
    said = [
        [str(n), f"2026-09-{1 + n % 28:02} 10:00", "", f"{WORDS[n % 3]} {n}", ""] for n in range(90)
    ]
    write_answers(tmp_path, said)
    understood(settings)
    publish.fn(settings, runs.begin(settings).id)
    assert "at least 50 more" in page(tmp_path)
    assert "feedback label --" in page(tmp_path)
    file = tmp_path / "read.csv"
    label.export(settings, Asked(), file)
    pd.read_csv(file, dtype="string").assign(label="negative").to_csv(file, index=False)
    list(label.import_(settings, file))
    publish.fn(settings, runs.begin(settings).id)
    [found] = [row for row in numbers(tmp_path) if row["metric"] == "negative_share_corrected"]
    assert (found["value"], found["n"]) == (pytest.approx(1.0), 90)
    plain = [r for r in numbers(tmp_path) if r["metric"] == "negative_share" and not r["channel"]]
    assert plain[0]["value"] == 1.0


def test_what_people_labelled_can_be_learned_from(settings: str, tmp_path: Path) -> None:
    read(settings, "n", "p", "0", unsure=False)
    none = label.export_training(settings, tmp_path / "a.tsv", sampled=False)
    assert "0 labelled texts" in none
    told = label.export_training(settings, tmp_path / "b.parquet", sampled=True)
    assert "customers' words" in told
    assert "can no longer be measured" in told
    table = pd.read_parquet(tmp_path / "b.parquet")
    assert list(table.columns) == ["text", "label", "lang", "set"]
    assert set(table["set"]) == {"corrections"}
    assert set(table["text"]) <= set(WORDS)
    assert (tmp_path / "a.tsv").read_text() == "text\tlabel\tlang\tset\n"


@pytest.mark.parametrize("sample", ["0", "-1", "many", "nan", "0%", "100%", "1.5", "99.9"])
def test_a_sample_that_is_no_number_is_refused(settings: str, sample: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="neither a number"):
        label.export(settings, Asked(sample=sample), tmp_path / "nowhere.csv")


def test_a_draw_of_nothing_says_so(settings: str) -> None:
    with pytest.raises(Refused, match="nothing to read"):
        read(settings, "q", source="survey", language="de")


def test_a_source_that_is_none_is_told_from_one_without_texts(settings: str) -> None:
    with pytest.raises(Refused, match=r"no source 'nope'.*There are survey"):
        read(settings, "q", source="nope")


def read(settings: str, *keys: str | type[BaseException], **asked: object) -> list[str]:
    """What a reader hears who presses these keys; an exception stands for being killed."""
    heard: list[str] = []
    pressed: Iterator[str | type[BaseException]] = iter(keys)

    def ask() -> str:
        key = next(pressed)
        if not isinstance(key, str):
            raise key
        return key

    heard.append(label.read(settings, Asked(**asked), ask, heard.append))  # type: ignore[arg-type]
    return heard


def shown(heard: list[str]) -> list[str]:
    return [word.split("] ", 1)[1] for word in heard if word.startswith("\n[")]


def told() -> dict[str, str]:
    found = (one for one in FlakyCrm.stored.values() if isinstance(one, Activity))
    return {one.text: one.sentiment for one in found}


def labels(settings: str) -> list[str]:
    return [str(one) for _, one in rows(settings, "correction", "id", "sentiment")]


def fill(file: Path, given: list[str]) -> None:
    book = openpyxl.load_workbook(file)
    for row, one in enumerate(given, start=2):
        book.worksheets[0][f"H{row}"] = one
    book.save(file)


def understood(settings: str) -> None:
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
    understand.fn(settings, run.id)


def go(settings: str) -> None:
    sync.fn(settings, runs.begin(settings).id, "flaky")


def page(folder: Path) -> str:
    return (folder / "site/current/index.html").read_text()


def numbers(folder: Path) -> list[dict[str, object]]:
    found = json.loads((folder / "site/current/metrics.json").read_text())["records"]
    return [row for row in found if row["grain"] == "period"]
