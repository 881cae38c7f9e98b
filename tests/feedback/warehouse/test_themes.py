"""Themes as stored: one voice counts once, and a day's themes stand whole or not at all."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from feedback.topics.discovery import HALF, Theme, discover
from feedback.warehouse import bulk, themes
from feedback.warehouse.bulk import insert
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import (
    consent,
    feedback_item,
    inference,
    person,
    resemblance,
    theme,
    theme_member,
    topic_inference,
)
from feedback.warehouse.theme_list import listed
from tests.feedback.topics.test_themes import voices

MODEL = ("m", "1")
DAY = date(2026, 9, 30)
NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)


def test_the_halves_of_the_window_are_days_of_the_zone(engine: Engine) -> None:
    edge = datetime(2026, 9, 30, 21, tzinfo=UTC) - timedelta(days=HALF)  # midnight in Moscow
    add(engine, said("late", edge), said("before", edge - timedelta(minutes=1)),
        said("first", edge - timedelta(days=HALF)),
        said("old", edge - timedelta(days=HALF, minutes=1)),
        said("tomorrow", edge + timedelta(days=HALF)))  # fmt: skip
    found = themes.voices(engine, MODEL, DAY, "Europe/Moscow")
    late = dict(zip(found["item_id"], found["is_late"], strict=True))
    assert late == {"late": True, "before": False, "first": False}


def test_repeats_and_copies_of_a_campaign_are_one_voice_each(engine: Engine) -> None:
    add(engine, *(said(name) for name in "abcdef"))
    alike(engine, "b", duplicate_of="a", flag="flood")
    alike(engine, "a", flag="flood")
    for name in "cde":
        alike(engine, name, group_id="c", flag="campaign")
    assert themes.voices(engine, MODEL, DAY, "UTC")["item_id"].tolist() == ["a", "c", "f"]


def test_a_flood_of_copies_makes_no_theme(engine: Engine) -> None:
    texts = voices()["text"].tolist()[60:260]
    add(engine, *(said(f"o{n}", text=text) for n, text in enumerate(texts)))
    copies = [f"the parcel locker ate my shoes, number {n}" for n in range(40)]
    add(engine, *(said(f"c{n:02}", text=text) for n, text in enumerate(copies)))
    assert len(found(engine)) == 1
    alike(engine, "c00", flag="flood")
    for n in range(1, 40):
        alike(engine, f"c{n:02}", duplicate_of="c00", flag="flood")
    assert found(engine) == []


def test_who_refused_is_neither_counted_nor_quoted(engine: Engine) -> None:
    plant(engine)
    keep(engine)
    quoted = listed(engine, MODEL, "t", "UTC")["quote"][0]
    with writing(engine) as connection:
        (item,) = connection.execute(
            select(feedback_item).where(feedback_item.c.text == quoted)
        ).all()
        row = {"person_id": f"p-{item.item_id}", "root_id": f"p-{item.item_id}", "shared": False}
        insert(connection, person, [row | {"name": b"", "first_seen": NOON}])
        refused = {"person_id": row["person_id"], "purpose": "analysis", "said_at": NOON,
                   "source": "", "ref": "", "given": False, "recorded_at": NOON}  # fmt: skip
        insert(connection, consent, [refused])
    assert quoted not in listed(engine, MODEL, "t", "UTC")["quote"].tolist()
    keep(engine)
    again = listed(engine, MODEL, "t", "UTC").iloc[0]
    assert again["quote"] != quoted
    assert again["size"] == 59


def test_a_repeat_changes_nothing_not_even_the_run(engine: Engine) -> None:
    plant(engine)
    keep(engine, run="one")
    before = tables(engine)
    keep(engine, run="two")
    assert tables(engine) == before
    assert {row["run_id"] for row in before[0]} == {"one"}


def test_cut_off_anywhere_and_run_again_the_tables_are_the_same(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(engine)
    keep(engine)
    whole = tables(engine)
    for stop_at in range(2):
        with writing(engine) as connection:
            connection.execute(theme.delete())
            connection.execute(theme_member.delete())
        calls = iter(range(9))

        def cut(*given: Any, stop: int = stop_at, **named: Any) -> int:
            if next(calls) == stop:  # noqa: B023
                raise KeyboardInterrupt
            return insert(*given, **named)

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(bulk, "insert", cut)
            keep(engine)
        assert tables(engine) == ([], [])
        keep(engine)
        assert tables(engine) == whole


def test_the_next_day_has_its_own_rows_and_the_members_are_the_latest(engine: Engine) -> None:
    plant(engine)
    keep(engine)
    keep(engine, day=DAY + timedelta(days=1))
    rows, members = tables(engine)
    assert [row["day"] for row in rows] == [DAY, DAY + timedelta(days=1)]
    assert len({row["theme_id"] for row in rows}) == 1
    assert [row["first_day"] for row in rows] == [DAY, DAY]
    assert len(members) == 60


def test_what_the_taxonomy_lacks_is_listed_first_with_its_growth(engine: Engine) -> None:
    plant(engine)
    more = [f"The {a} courier lost a {b} parcel" for a in "abcdefgh" for b in "abcdefghijkl"]
    add(engine, *(said(f"z{n:02}", text=text) for n, text in enumerate(more)))
    tag(engine, {f"z{n:02}": {"delivery": {}} for n in range(96)})
    tag(engine, {f"i{n:04}": {} for n in range(60)})
    keep(engine)
    table = listed(engine, MODEL, "t", "UTC")
    assert table["untagged"].tolist() == [1, 0]
    assert table["topic"].fillna("").tolist() == ["", "delivery"]
    assert table["trend"][0] == "growing"
    assert table["low"][0] > 1


def test_without_themes_the_list_is_empty(engine: Engine) -> None:
    assert listed(engine, MODEL, "t", "UTC").empty


def found(engine: Engine, day: date = DAY) -> list[Theme]:
    texts = themes.voices(engine, MODEL, day, "UTC")
    return discover(texts, day, "en", themes.earlier(engine, day).get("en", []))


def keep(engine: Engine, *, day: date = DAY, run: str = "run") -> None:
    texts = themes.voices(engine, MODEL, day, "UTC")
    themes.store(engine, run, day, texts, {"en": found(engine, day)})


def tables(engine: Engine) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    with engine.connect() as connection:
        rows = connection.execute(select(theme).order_by(theme.c.day, theme.c.theme_id))
        members = connection.execute(select(theme_member).order_by(theme_member.c.item_id))
        return [dict(r._mapping) for r in rows], [dict(m._mapping) for m in members]


def plant(engine: Engine) -> None:
    """The 60 texts of one theme in the later half, 1,000 others in both."""
    earlier = NOON - timedelta(days=HALF + 5)
    rows = [
        said(row.item_id, NOON - timedelta(days=3) if row.is_late else earlier, row.text)
        for row in voices().itertuples()
    ]
    add(engine, *rows)


def said(name: str, at: datetime = NOON, text: str = "words") -> dict[str, Any]:
    return {"item_id": name, "version": 1, "source": "s", "ref": name, "channel": "form",
            "person_id": f"p-{name}", "said_at": at, "received_at": at, "subject": "",
            "text": text, "fingerprint": name, "cleaning": {}, "extra": {},
            "run_id": "r"}  # fmt: skip


def add(engine: Engine, *rows: dict[str, Any]) -> None:
    judged = [
        {"item_id": row["item_id"], "version": 1, "model": "m", "model_version": "1",
         "language": "en", "language_confidence": 1.0, "sentiment": "neutral", "run_id": "r"}
        for row in rows
    ]  # fmt: skip
    with writing(engine) as connection:
        insert(connection, feedback_item, rows)
        insert(connection, inference, judged)


def alike(engine: Engine, name: str, **found: str) -> None:
    row = {"item_id": name, "version": 1, "method": "m", "group_id": None, "duplicate_of": None}
    with writing(engine) as connection:
        insert(connection, resemblance, [row | {"flag": None} | found])


def tag(engine: Engine, topics: dict[str, dict[str, Any]]) -> None:
    rows = [
        {"item_id": name, "version": 1, "method": "t", "topics": found, "intents": {},
         "urgency": "normal", "key_phrases": [], "run_id": "r"}
        for name, found in topics.items()
    ]  # fmt: skip
    with writing(engine) as connection:
        insert(connection, topic_inference, rows)
