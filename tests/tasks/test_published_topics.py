"""Topics from what is stored to the page: who is counted, what is kept, what may be read."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from feedback.records import Author
from feedback.settings import load
from feedback.warehouse.engine import connect, writing
from feedback.warehouse.tables import inference, theme, theme_member
from flows.cli import app
from tasks import people, runs, topics
from tasks.collect import collect
from tasks.compare import compare
from tasks.publish import publish
from tasks.refine import refine
from tasks.understand import understand
from tests.connectors.engines import tiny_onnx
from tests.samples import rows, world, write_answers

WORDS = [
    "The delivery was late and the box was broken",
    "Доставка опоздала, я ухожу к конкурентам",
    "Delivery is slow, I will contact my lawyer",
    "The courier was rude and the delivery late",
    "Delivery took three weeks, never again",
    "Everything is fine, thank you",
]
PARKING = "Nowhere to park near your shop"
TINY = '[understand]\nengine = "tiny"\n[engines.tiny]\nkind = "onnx"\npath = "tiny"\n'


def test_shares_of_topics_reach_page_files_and_warehouse(tmp_path: Path, database_url: str) -> None:
    settings = spoken(world(tmp_path, database_url))
    go(settings)
    [(value, n, method)] = [
        row[3:]
        for row in rows(settings, "topic_value", "metric", "topic", "grain", "value", "n", "method")
        if row[:3] == ("topic_share", "delivery", "period")
    ]
    assert (round(float(str(value)), 4), n) == (round(5 / 6, 4), 6)
    assert str(method).startswith("feedback-topics.")
    [told] = [
        one
        for one in facts(tmp_path)["topics"]
        if (one["metric"], one["topic"], one["grain"]) == ("topic_share", "delivery", "period")
    ]
    assert (told["value"], told["n"]) == (value, n)
    assert "83.3%" in page(tmp_path)


def test_repeats_and_ratings_without_words_are_in_no_share(tmp_path: Path) -> None:
    settings = spoken(world(tmp_path), [*WORDS, "", WORDS[0]])
    same = [["90", "2026-09-12 10:00", "2", WORDS[3], "who3@example.com"]]
    write_answers(tmp_path, [*answers([*WORDS, ""]), *same])
    go(settings)
    assert len(rows(settings, "feedback_item")) == 8
    assert voices(settings) == {6}


def test_people_who_refused_analysis_are_left_out(tmp_path: Path) -> None:
    settings = spoken(world(tmp_path))
    go(settings)
    people.say(settings, Author("who1@example.com"), "", "analysis", False)
    go(settings)
    newest = max(str(row[0]) for row in rows(settings, "publication", "snapshot"))
    assert voices(settings, newest) == {5}


def test_a_run_without_news_leaves_the_page_alone(tmp_path: Path) -> None:
    settings = spoken(world(tmp_path))
    go(settings)
    before = rows(settings, "topic_value")
    go(settings)
    assert rows(settings, "topic_value") == before
    assert len(rows(settings, "publication")) == 1


def test_other_numbers_of_topics_are_a_new_snapshot_and_the_old_are_kept(tmp_path: Path) -> None:
    settings = spoken(world(tmp_path))
    go(settings)
    declare(settings, "parking:\n  names: {ru: Парковка, en: Parking}\n  phrases: [delivery]\n")
    go(settings)
    kept = set(rows(settings, "topic_value", "snapshot", "topic", "metric"))
    assert len({row[0] for row in kept}) == 2
    assert {row[1] for row in kept if row[2] == "topic_share"} >= {"delivery", "parking"}
    assert "Parking" in page(tmp_path)


def test_without_tags_the_page_says_why_there_are_no_topics(tmp_path: Path) -> None:
    settings = spoken(world(tmp_path))
    go(settings, tagged=False)
    assert "No topics yet: no voice of this period is tagged" in page(tmp_path)
    assert rows(settings, "topic_value") == []


def test_alerts_list_who_spoke_when_and_the_words_that_led_to_it(tmp_path: Path) -> None:
    settings = spoken(world(tmp_path))
    go(settings)
    told = CliRunner().invoke(app, ["topics", "alerts", "--settings", settings])
    assert told.exit_code == 0, told.output
    [line] = [line for line in told.output.splitlines() if "risk" in line]
    ids = dict(rows(settings, "feedback_item", "text", "item_id"))
    assert str(ids[WORDS[2]]) in line
    assert "2026-09-03" in line and "form" in line and "lawyer" in line
    assert "churn" in told.output
    assert "thank" not in told.output


def test_alerts_say_when_nothing_is_stored(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["topics", "alerts", "--settings", world(tmp_path)])
    assert told.exit_code == 0
    assert "Alerts: none" in told.output


@pytest.mark.parametrize(("quotes", "engine"), [(False, ""), (True, ""), (True, TINY)])
def test_a_theme_is_shown_with_a_quote_only_where_the_settings_allow_it(
    tmp_path: Path, quotes: bool, engine: str
) -> None:
    if engine:
        tiny_onnx.write(tmp_path / "tiny")
    settings = spoken(
        world(tmp_path, more=engine), [*WORDS, *[f"{PARKING}, part {n}" for n in range(12)]]
    )
    if quotes:
        path = Path(settings)
        path.write_text(path.read_text().replace("[publish]", "[publish]\nquotes = true"))
    go(settings, published=False)
    find(settings)
    go(settings)
    assert "park" in page(tmp_path)
    assert (PARKING in page(tmp_path)) is quotes
    assert [one["terms"] for one in facts(tmp_path)["themes"]] == [["park"]]


def spoken(settings: str, words: list[str] = WORDS) -> str:
    write_answers(Path(settings).parent, answers(words))
    return settings


def answers(words: list[str]) -> list[list[str]]:
    """One answer of one person a day."""
    return [
        [str(n), f"2026-09-{n + 1:02} 10:00", "3", text, f"who{n}@example.com"]
        for n, text in enumerate(words)
    ]


def go(settings: str, *, tagged: bool = True, published: bool = True) -> None:
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
    compare.fn(settings, run.id)
    understand.fn(settings, run.id)
    if tagged:
        topics.tag.fn(settings, run.id)
    if published:
        publish.fn(settings, run.id)


def find(settings: str) -> None:
    """Store one theme of all who speak of parking, one of whose words is a name that one said."""
    ids = [str(i) for i, text in rows(settings, "feedback_item", "item_id", "text")
           if str(text).startswith(PARKING)]  # fmt: skip
    row = {
        "day": date(2026, 9, 18),
        "theme_id": "t",
        "method": "m",
        "language": "en",
        "terms": ["park", "dubrovsky"],
        "size": 12,
        "size_before": 0,
        "first_day": date(2026, 9, 18),
        "quoted": ids[0],
        "centroid": b"",
        "run_id": "run",
    }
    engine = connect(load(Path(settings)).database.get_secret_value())
    with writing(engine) as connection:
        connection.execute(theme.insert(), [row])
        members = [{"item_id": i, "version": 1, "theme_id": "t"} for i in ids]
        connection.execute(theme_member.insert(), members)
        connection.execute(update(inference).values(language="en"))
    engine.dispose()


def voices(settings: str, snapshot: str = "") -> set[object]:
    found = rows(settings, "topic_value", "n", "metric", "grain", "snapshot")
    return {n for n, *of, s in found if of == ["topic_share", "period"] and s.startswith(snapshot)}


def declare(settings: str, taxonomy: str) -> None:
    path = Path(settings)
    (path.parent / "own.yaml").write_text(taxonomy, encoding="utf-8")
    path.write_text(path.read_text() + '\n[understand]\ntaxonomy = "own.yaml"\n')


def page(folder: Path) -> str:
    return (folder / "site/current/index.html").read_text(encoding="utf-8")


def facts(folder: Path) -> dict:
    return json.loads((folder / "site/current/metrics.json").read_text(encoding="utf-8"))
