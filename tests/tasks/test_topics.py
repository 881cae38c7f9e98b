"""Tagging what is stored: once by each method, beside what was said, again when it is edited."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from feedback.errors import Changed, Refused
from flows.cli import app
from tasks import operate, runs, topics
from tasks import refine as refining
from tasks.collect import collect
from tests.samples import ANSWERS, rows, world, write_answers

OWN = "parking:\n  names: {ru: Парковка, en: Parking}\n  phrases: [delivery]\n"


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> str:
    path = world(tmp_path, database_url)
    go(path)
    return path


def test_every_item_is_tagged_once_and_a_further_run_changes_nothing(settings: str) -> None:
    before = rows(settings, "topic_inference")
    assert len(before) == len(rows(settings, "feedback_item")) == 3
    assert tagged(settings)["The delivery was late and the box was broken"] >= {"delivery"}
    go(settings)
    assert rows(settings, "topic_inference") == before


def test_the_books_of_the_stage_balance(settings: str) -> None:
    books = rows(settings, "run_ledger", "stage", "fetched", "written", "status")
    assert ("topics", 3, 3, "done") in books


def test_an_edited_taxonomy_tags_everything_again_beside_the_old(settings: str) -> None:
    declare(settings, OWN)
    go(settings)
    assert len(rows(settings, "topic_inference")) == 6
    assert tagged(settings)["The delivery was late and the box was broken"] == {"parking"}
    declare(settings, OWN.replace("delivery", "box"))
    go(settings)
    assert len(rows(settings, "topic_inference")) == 9


def test_an_edited_item_is_tagged_anew(settings: str) -> None:
    edited = [ANSWERS[0], [*ANSWERS[1][:3], "The app crashed", ANSWERS[1][4]], ANSWERS[2]]
    write_answers(Path(settings).parent, edited)
    go(settings)
    assert "fault" in tagged(settings)["The app crashed"]
    assert len(rows(settings, "topic_inference")) == 4


def test_a_fault_of_ours_stops_the_batch_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = world(tmp_path)
    monkeypatch.setattr("feedback.topics.tag.key_phrases", lambda _: [(5, 5)])
    with pytest.raises(Changed, match="a place it names lies outside its text"):
        go(path)
    assert rows(path, "topic_inference") == []


def test_check_finds_a_taxonomy_that_cannot_be_used(tmp_path: Path) -> None:
    path = world(tmp_path)
    declare(path, OWN.replace("names", "name"))
    (found,) = [one for one in operate.check(path) if one.what == "understand.taxonomy"]
    assert not found.ok
    assert "own.yaml" in found.said and "'parking'" in found.said
    with pytest.raises(Refused):
        topics.tag.fn(path, "run")


def test_the_list_counts_items_by_topic(settings: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "DAYS", 36_500)
    listed = topics.listed(settings).set_index("topic")
    assert listed["items of 36500 days"]["delivery"] == 1
    assert listed["Russian"]["price"] == "Цена"


def test_a_text_is_tried_without_a_settings_file(tmp_path: Path) -> None:
    text = "Доставка быстрая, но приложение падает"
    told = CliRunner().invoke(
        app, ["topics", "try", text, "--settings", str(tmp_path / "none.toml")]
    )
    assert told.exit_code == 0
    assert "delivery" in told.output and "Доставка" in told.output


def go(settings: str) -> None:
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refining.refine.fn(settings, run.id)
    topics.tag.fn(settings, run.id)


def declare(settings: str, taxonomy: str) -> None:
    path = Path(settings)
    (path.parent / "own.yaml").write_text(taxonomy, encoding="utf-8")
    if "[understand]" not in path.read_text():
        path.write_text(path.read_text() + '\n[understand]\ntaxonomy = "own.yaml"\n')


def tagged(settings: str) -> dict[str, set[str]]:
    """{text: its topics} by the present method."""
    from feedback.settings import load

    method = topics.tagger_of(load(Path(settings))).method
    texts = {
        row[:2]: str(row[2])
        for row in rows(settings, "feedback_item", "item_id", "version", "text")
    }
    found = rows(settings, "topic_inference", "item_id", "version", "topics", "method")
    return {
        texts[one[:2]]: set(json.loads(one[2]) if isinstance(one[2], str) else one[2])
        for one in found
        if one[3] == method
    }
