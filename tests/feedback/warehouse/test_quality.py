"""What is read of the quality of the data, on each kind of database."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Table

from feedback.quality import COLLECT, REFINE, Alike, Books, Cleaned, People, Quality, Texts, Waiting
from feedback.text.language import UNKNOWN
from feedback.warehouse import bulk, collected, quality, refined
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import (
    check_result,
    feedback_item,
    inference,
    person,
    person_merge,
    raw_item,
    resemblance,
    run_ledger,
    set_aside,
)

NOW = datetime(2026, 10, 31, 3, 0, tzinfo=UTC)
MODEL = ("sentiment", "1")


def test_the_stages_are_those_of_the_ledger() -> None:
    assert (COLLECT, REFINE) == (collected.STAGE, refined.STAGE)


def test_an_empty_warehouse_has_nothing_but_its_sources(engine: Engine) -> None:
    found = read(engine)
    assert [source.source for source in found.sources] == ["mail"]
    assert found.sources[0].last_run is None
    assert found.sources[0].ever == {COLLECT: Books(), REFINE: Books()}
    assert (found.texts, found.alike) == (Texts(0, 0, 0, 0), Alike(0, 0, 0, 0, 0))
    assert found.people == People(0, 0, 0, 0, 0)
    assert (found.cleaned, found.checks) == ((), ())


def test_the_books_of_a_source_are_those_of_all_its_runs(engine: Engine) -> None:
    put(
        engine,
        run_ledger,
        books(run_id="a", fetched=5, new=4, duplicate=1),
        books(run_id="b", fetched=7, new=1, duplicate=6, started_at=NOW + timedelta(days=1)),
        books(run_id="a", stage=REFINE, fetched=4, new=3, set_aside=1),
        books(run_id="a", stage="understand", fetched=3, new=3),
    )
    mail = read(engine).sources[0]
    assert mail.ever == {
        COLLECT: Books(fetched=12, new=5, duplicate=7),
        REFINE: Books(fetched=4, new=3, set_aside=1),
    }
    assert mail.balanced


def test_the_last_run_is_the_last_that_brought_something(engine: Engine) -> None:
    put(
        engine,
        run_ledger,
        books(run_id="a", fetched=5, new=5),
        books(run_id="b", fetched=1, changed=1, started_at=NOW + timedelta(days=1)),
        books(run_id="b", fetched=1, changed=1, stage=REFINE, started_at=NOW + timedelta(days=2)),
        books(run_id="c", fetched=6, duplicate=6, started_at=NOW + timedelta(days=3)),
    )
    mail = read(engine).sources[0]
    assert mail.last_run == NOW + timedelta(days=1)
    assert mail.last == {COLLECT: Books(1, changed=1), REFINE: Books(1, changed=1)}


def test_books_that_lost_a_record_are_not_balanced(engine: Engine) -> None:
    put(engine, run_ledger, books(fetched=5, new=3))
    mail = read(engine).sources[0]
    assert mail.ever[COLLECT].missing == 2
    assert not mail.balanced


def test_what_waits_is_counted_by_reason_with_its_oldest(engine: Engine) -> None:
    put(
        engine,
        set_aside,
        aside(ref="1", reason="b"),
        aside(ref="2", reason="a", first_seen=NOW - timedelta(days=3)),
        aside(ref="3", reason="a"),
        aside(ref="4", reason="a", status="dropped"),
        aside(ref="5", reason="a", status="skipped"),
        aside(ref="6", reason="a", status="replayed"),
    )
    [mail] = read(engine).sources
    assert mail.waiting == (Waiting("a", 2, NOW - timedelta(days=3)), Waiting("b", 1, NOW))


def test_a_reason_is_counted_without_the_row_the_file_and_the_size_that_it_names(
    engine: Engine,
) -> None:
    put(
        engine,
        set_aside,
        aside(ref="1", reason="row 7 of anna of ours.csv is not JSON"),
        aside(ref="2", reason="row 12 of answers has no id"),
        aside(ref="3", reason="row 9 of b.jsonl is not JSON", first_seen=NOW - timedelta(days=1)),
        *(aside(ref=str(n), reason=f"The message has {n} bytes, too many.") for n in (700, 80, 9)),
    )
    [mail] = read(engine).sources
    assert mail.waiting == (
        Waiting("The message has … bytes, too many.", 3, NOW),
        Waiting("a row is not JSON", 2, NOW - timedelta(days=1)),
        Waiting("a row has no id", 1, NOW),
    )


def test_the_share_is_of_all_records_that_ever_came_each_counted_once(engine: Engine) -> None:
    put(engine, raw_item, raw("1"), raw("2"), raw("2", version=2))
    put(
        engine,
        set_aside,
        aside(ref="1", stage=REFINE),
        aside(ref="3"),
        aside(ref="4", status="replayed"),
    )
    [mail] = read(engine).sources
    assert (mail.set_aside, mail.records) == (2, 4)


def test_a_source_that_left_the_settings_comes_last_with_nobody_named(engine: Engine) -> None:
    put(engine, set_aside, aside(source="a gone one"))
    put(engine, run_ledger, books(source="also gone", fetched=1, new=1))
    found = read(engine, {"mail": "team"}).sources
    assert [(one.source, one.owner) for one in found] == [
        ("mail", "team"),
        ("a gone one", ""),
        ("also gone", ""),
    ]


def test_cleaning_is_counted_in_items_and_in_times_of_current_versions(engine: Engine) -> None:
    put(
        engine,
        feedback_item,
        item("1", cleaning={"email": 2, "phone": 1}),
        item("2", cleaning={"email": 1}),
        item("3", cleaning={"card": 1}),
        item("3", version=2, cleaning={}),
        item("4", cleaning={"phone": 1, "email": 2}),
    )
    assert read(engine).cleaned == (Cleaned("email", 3, 5), Cleaned("phone", 2, 2))


def test_empty_texts_and_unknown_languages_are_counted_of_what_can_have_one(
    engine: Engine,
) -> None:
    put(engine, feedback_item, item("1"), item("2", text=""), item("3"), item("4"))
    put(
        engine,
        inference,
        inferred("1", language="ru"),
        inferred("2", language=UNKNOWN),
        inferred("3", language=UNKNOWN),
        inferred("3", language="ru", model_version="0"),
    )
    assert read(engine).texts == Texts(items=4, empty=1, judged=2, unknown=1)


def test_repeats_are_counted_as_messages_voices_groups_and_flags(engine: Engine) -> None:
    put(engine, feedback_item, *(item(ref) for ref in "12345"))
    put(
        engine,
        resemblance,
        alike("1", group_id="1", flag="campaign"),
        alike("2", group_id="1", duplicate_of="1", flag="campaign"),
        alike("3", group_id="3", flag="flood"),
        alike("4"),
        alike("5", version=7, group_id="1"),
    )
    assert read(engine).alike == Alike(messages=4, voices=3, groups=1, campaign=2, flood=1)


def test_merges_are_counted_as_pairs_whatever_speaks_for_them(engine: Engine) -> None:
    put(engine, person, someone("a"), someone("b", root_id="a"), someone("c"))
    put(
        engine,
        person_merge,
        merge("a", "b", kind="email"),
        merge("a", "b", kind="phone"),
        merge("a", "c", status="undone"),
        merge("b", "c", status="shared"),
    )
    assert read(engine).people == People(records=3, people=2, active=1, undone=1, shared=1)


def test_of_each_suite_and_source_the_newest_results_are_read(engine: Engine) -> None:
    later = NOW + timedelta(hours=1)
    put(
        engine,
        check_result,
        checked(run_id="a", failed=1),
        checked(run_id="a", expectation="a rule that is no more"),
        checked(run_id="b", failed=2, at=later),
        checked(run_id="a", source="forms", failed=3),
        checked(run_id="a", suite="clean", failed=4),
    )
    found = [(c.suite, c.source, c.failed) for c in read(engine).checks]
    assert found == [("clean", "mail", 4), ("raw", "forms", 3), ("raw", "mail", 2)]


@pytest.mark.parametrize("name", ["sources", "checks", "cleaned"])
def test_what_is_read_is_plain_and_the_same_every_time(engine: Engine, name: str) -> None:
    put(engine, run_ledger, books(fetched=1, new=1))
    put(engine, check_result, checked())
    put(engine, feedback_item, item("1", cleaning={"b": 1, "a": 1}))
    assert getattr(read(engine), name) == getattr(read(engine), name)
    assert isinstance(getattr(read(engine), name), tuple)


def read(engine: Engine, owners: Mapping[str, str] | None = None) -> Quality:
    return quality.read(engine, MODEL, owners or {"mail": ""})


def put(engine: Engine, table: Table, *rows: dict[str, Any]) -> None:
    with writing(engine) as connection:
        assert bulk.insert(connection, table, rows) == len(rows)


def books(**changes: Any) -> dict[str, Any]:
    counts = ("fetched", "new", "changed", "duplicate", "set_aside", "skipped", "written")
    row = dict.fromkeys(counts, 0) | {"run_id": "run", "source": "mail", "stage": COLLECT}
    row |= {"reasons": {}, "status": "done", "problem": "", "started_at": NOW, "ended_at": NOW}
    return row | changes


def aside(**changes: Any) -> dict[str, Any]:
    row = {"stage": COLLECT, "source": "mail", "ref": "1", "version": 0, "content_hash": ""}
    row |= {"reason": "a", "payload": None, "status": "open", "first_seen": NOW, "last_seen": NOW}
    return row | {"run_id": "run"} | changes


def raw(ref: str, version: int = 1) -> dict[str, Any]:
    row = {"source": "mail", "ref": ref, "version": version, "content_hash": f"{version}"}
    return row | {"payload": None, "fetched_at": NOW, "run_id": "run"}


def item(item_id: str, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(column.name for column in feedback_item.columns)
    row |= {"item_id": item_id, "version": 1, "source": "mail", "ref": item_id, "channel": "mail"}
    row |= {"said_at": NOW, "received_at": NOW, "subject": "", "text": "words", "fingerprint": ""}
    return row | {"cleaning": {}, "extra": {}, "run_id": "run"} | changes


def inferred(item_id: str, **changes: Any) -> dict[str, Any]:
    row = {"item_id": item_id, "version": 1, "model": MODEL[0], "model_version": MODEL[1]}
    row |= {"language_confidence": 1.0, "sentiment": "unsure", "score": None, "confidence": None}
    return row | {"run_id": "run"} | changes


def alike(item_id: str, **changes: Any) -> dict[str, Any]:
    row = {"item_id": item_id, "version": 1, "method": "m", "sketch": None, "group_id": None}
    return row | {"duplicate_of": None, "flag": None} | changes


def someone(person_id: str, root_id: str = "") -> dict[str, Any]:
    row = {"person_id": person_id, "root_id": root_id or person_id, "shared": False}
    return row | {"name": b"", "first_seen": NOW}


def merge(a: str, b: str, **changes: Any) -> dict[str, Any]:
    row = {"person_a": a, "person_b": b, "kind": "email", "value_hash": "h", "reason": ""}
    row |= {"status": "active", "merged_at": NOW, "undone_at": None, "undone_why": ""}
    return row | changes


def checked(**changes: Any) -> dict[str, Any]:
    row = {"run_id": "run", "suite": "raw", "source": "mail", "expectation": "a rule"}
    row |= {"severity": "critical", "checked": 1, "failed": 0, "observed": "", "at": NOW}
    return row | changes
