"""Refining the past again with other settings: as if they had been so from the start."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from feedback.warehouse.aside import Chosen
from feedback.warehouse.tables import raw_item
from tasks import refine as tasks
from tasks import runs
from tasks.aside import drop, replay
from tasks.collect import collect
from tasks.compare import compare
from tasks.opening import opened
from tasks.sync import sync
from tasks.topics import tag
from tasks.understand import understand
from tests import postgres
from tests.samples import crm_rows, rows, world, write_answers

LONG = "Курьер опоздал на три часа и даже не извинился передо мной"
FIRST = [
    ["1", "2026-09-01 10:00", "9", f"<p>{LONG}</p>", "anna@example.com", "8 916 123-45-67"],
    ["2", "2026-09-02 11:00", "2", LONG, "anna@example.com", ""],
    ["3", "2026-09-03 12:00", "7", "call 030 901820 &amp; ask", "", "(650) 253-0000"],
    ["4", "03/09/2026 12:00", "7", "which month?", "bo@example.com", ""],
    ["5", "2026-09-04 12:00", "eleven", "no number", "", ""],
    ["6", "never", "7", "no date at all", "eva@example.com", ""],
]
EDITS = [
    ["2", "2026-09-02 11:00", "3", f"{LONG}!", "anna@example.com", ""],
    ["4", "04/09/2026 12:00", "7", "which month now?", "bo@example.com", ""],
    ["7", "2026-09-09 12:00", "7", f"<p>{LONG}!</p>", "anna@example.com", ""],
]
PRESENT = 'date_order = "dmy"\nhtml = true\n'
NOW = {"set_aside": ("stage", "source", "ref", "version", "content_hash", "reason", "status")}
TABLES: dict[str, tuple[str, ...]] = NOW | {
    "raw_item": ("source", "ref", "version", "content_hash"),
    "feedback_item": (
        *("item_id", "version", "source", "ref", "channel", "thread_ref", "in_reply_to"),
        *("person_id", "said_at", "subject", "text", "fingerprint", "rating", "scale_low"),
        *("scale_high", "survey", "product", "region", "segment", "url", "extra", "cleaning"),
    ),
    "person": ("person_id", "root_id", "shared"),
    "person_merge": ("person_a", "person_b", "kind", "value_hash", "status"),
    "consent": ("person_id", "purpose", "said_at", "source", "ref", "given"),
    "person_identity": ("kind", "value_hash", "person_id"),
    "inference": (
        *("item_id", "version", "model", "model_version", "language", "language_confidence"),
        *("sentiment", "score", "confidence"),
    ),
    "topic_inference": (
        *("item_id", "version", "method", "topics", "intents", "urgency", "key_phrases"),
    ),
    "resemblance": ("item_id", "version", "group_id", "duplicate_of", "answer_of", "flag"),
}


@pytest.fixture
def past(database_url: str, tmp_path: Path) -> str:
    """A world in which nothing was collected yet."""
    return phoned(world(tmp_path / "past", database_url))


@pytest.fixture
def worlds(past: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """And one with the same key, which has the new settings from the start."""
    if "sqlite" in database(past):
        yield past, alike(tmp_path, "sqlite:///feedback.db")
        return
    with postgres.database(request.getfixturevalue("postgres_server")) as url:
        yield past, alike(tmp_path, url)


def test_the_past_becomes_what_it_would_be_had_the_settings_always_been_so(
    worlds: tuple[str, str],
) -> None:
    past, present = worlds
    change(present)
    for settings in worlds:
        go(settings, FIRST)
        go(settings, FIRST + EDITS)
    assert stored(past) != stored(present)
    change(past)
    rebuild(past)
    assert stored(past) == stored(present)


def test_the_way_back_leads_back(worlds: tuple[str, str]) -> None:
    """What is accepted now and was not before is taken away again, with all that hangs on it."""
    past, present = worlds
    before = Path(present).read_text()
    change(past)
    for settings in worlds:
        go(settings, FIRST)
        go(settings, FIRST + EDITS)
    Path(past).write_text(before.replace(database(present), database(past)))
    rebuild(past)
    assert stored(past) == stored(present)


def test_rebuilding_without_a_change_writes_nothing(past: str) -> None:
    go(past, FIRST)
    before = rows(past, "feedback_item"), rows(past, "inference"), rows(past, "person")
    told = rebuild(past)
    assert (rows(past, "feedback_item"), rows(past, "inference"), rows(past, "person")) == before
    assert told.startswith("Rebuilt 6 records: 3 came out as before, 0 otherwise, 0 are new, 3 are")


def test_the_books_of_a_rebuilding_balance(past: str) -> None:
    go(past, FIRST)
    change(past)
    run_id = runs.begin(past).id
    tasks.rebuild.fn(past, run_id)
    counts = ("fetched", "new", "changed", "duplicate", "set_aside", "skipped", "written")
    book = rows(past, "run_ledger", "run_id", "stage", "status", *counts)
    assert (run_id, "refine", "done", 6, 1, 2, 1, 2, 0, 3) in book


@pytest.mark.parametrize("survives", [0, 2])
def test_a_rebuilding_that_is_cut_off_leaves_every_item_and_is_finished_by_the_next(
    worlds: tuple[str, str], survives: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    past, present = worlds
    change(present)
    for settings in worlds:
        go(settings, FIRST)
        go(settings, FIRST + EDITS)
    change(past)
    before = len(rows(past, "feedback_item"))
    monkeypatch.setattr(tasks, "BATCH", 3)
    with cut_off(monkeypatch, survives), pytest.raises(KeyboardInterrupt):
        rebuild(past)
    assert len(rows(past, "feedback_item")) >= before
    assert len(rows(past, "raw_item")) == len(rows(present, "raw_item"))
    rebuild(past)
    assert stored(past) == stored(present)


def test_only_what_was_fetched_since_a_day_is_refined_again(past: str) -> None:
    go(past, FIRST)
    age(past, days=10, but="1")
    change(past)
    untouched = [row for row in rows(past, "feedback_item") if row[3] != "1"]
    told = rebuild(past, since=date.today() - timedelta(days=2))
    assert told.startswith("Rebuilt 1 records: 0 came out as before, 1 otherwise")
    found = rows(past, "feedback_item")
    assert [row for row in found if row[3] != "1"] == untouched
    assert ("1", LONG) in rows(past, "feedback_item", "ref", "text")


def test_a_crm_gets_what_came_out_otherwise_and_nothing_else(past: str) -> None:
    go(past, FIRST)
    sync.fn(past, runs.begin(past).id, "contacts")
    change(past)
    rebuild(past)
    run_id = runs.begin(past).id
    sync.fn(past, run_id, "contacts")
    told = [row[1] for row in rows(past, "sync_log", "run_id", "item_id") if row[0] == run_id]
    refs = dict(rows(past, "feedback_item", "item_id", "ref"))
    assert {refs[item] for item in told if item in refs} == {"1", "3", "4"}
    texts = {text for (text,) in rows(past, "feedback_item", "text")}
    assert {text for (text,) in crm_rows(past, "crm_activities", "text")} == texts


def test_what_a_person_dropped_stays_dropped(past: str) -> None:
    go(past, FIRST)
    drop(past, Chosen(source="survey"), "not wanted")
    change(past)
    rebuild(past)
    assert {row[0] for row in rows(past, "set_aside", "status")} == {"dropped"}
    assert len(rows(past, "feedback_item")) == 3


def test_what_is_accepted_now_counts_as_replayed_and_says_by_which_run(
    past: str,
) -> None:
    go(past, FIRST)
    change(past)
    rebuild(past)
    status = dict(rows(past, "set_aside", "ref", "status"))
    assert status == {"4": "replayed", "5": "open", "6": "open"}
    ((action, why),) = rows(past, "set_aside_log", "action", "why")
    assert action == "replay"
    assert str(why).startswith("rebuilt by run ")


def test_an_item_whose_payload_is_over_its_days_stays_as_it_was(past: str) -> None:
    go(past, FIRST)
    age(past, days=400, but="3")
    go(past, FIRST)
    change(past)
    item = [row for row in rows(past, "feedback_item") if row[3] == "1"]
    anna = [row for row in rows(past, "person_identity") if row[2] == item[0][7]]
    told = rebuild(past)
    assert told.endswith("2 stay as they were: their payloads are over their days.")
    assert [row for row in rows(past, "feedback_item") if row[3] == "1"] == item
    assert len(anna) == 2
    assert set(anna) <= set(rows(past, "person_identity"))


def test_a_payload_ends_after_its_days_unless_something_waits_for_it(
    past: str,
) -> None:
    go(past, FIRST)
    drop(past, Chosen(reason="number"), "no")
    age(past, days=366)
    go(past, FIRST)
    kept = {ref for ref, payload in rows(past, "raw_item", "ref", "payload") if payload}
    assert kept == {"4", "6"}  # those that are open
    assert len(rows(past, "raw_item")) == 6
    replay(past, Chosen(), "")
    go(past, FIRST)
    assert {ref for ref, p in rows(past, "raw_item", "ref", "payload") if p} == {"4", "6"}


def test_a_record_whose_payload_ended_is_still_a_duplicate(past: str) -> None:
    go(past, FIRST)
    age(past, days=366)
    go(past, FIRST)
    before = rows(past, "raw_item", "ref", "version"), rows(past, "feedback_item")
    go(past, [*FIRST, ["9", "2026-09-09", "9", "new", "", ""]])
    found = rows(past, "raw_item", "ref", "version")
    assert set(found) - set(before[0]) == {("9", 1)}
    assert [row for row in rows(past, "feedback_item") if row[3] != "9"] == before[1]


def test_payloads_are_kept_for_ever_when_so_set(past: str) -> None:
    path = Path(past)
    path.write_text("raw_days = 0\n" + path.read_text())
    go(past, FIRST)
    age(past, days=9999)
    go(past, FIRST)
    assert all(payload for (payload,) in rows(past, "raw_item", "payload"))


def stored(settings: str) -> dict[str, list[tuple[object, ...]]]:
    """All that is true now; what stands in the log of the past aside."""
    found = {table: rows(settings, table, *columns) for table, columns in TABLES.items()}
    found["set_aside"] = [row for row in found["set_aside"] if row[-1] != "replayed"]
    newest = {row[0]: row[1] for row in sorted(found["feedback_item"], key=lambda row: row[1])}
    for table in (
        "inference",
        "topic_inference",
        "resemblance",
    ):  # of older versions they are read by nobody
        found[table] = [row for row in found[table] if newest.get(row[0]) == row[1]]
    return found


def rebuild(settings: str, since: date | None = None) -> str:
    run = runs.begin(settings)
    told = tasks.rebuild.fn(settings, run.id, since)
    tasks.refine.fn(settings, run.id)
    compare.fn(settings, run.id)
    understand.fn(settings, run.id)
    tag.fn(settings, run.id)
    return told


def go(settings: str, answers: list[list[str]]) -> None:
    header = ["id", "when", "score", "words", "mail", "phone"]
    write_answers(Path(settings).parent, answers, header)
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    tasks.refine.fn(settings, run.id)
    compare.fn(settings, run.id)
    understand.fn(settings, run.id)
    tag.fn(settings, run.id)


def phoned(settings: str) -> str:
    path = Path(settings)
    mapped = path.read_text().replace('email = "mail"', 'email = "mail", phone = "phone"')
    path.write_text(mapped)
    return settings


def alike(folder: Path, url: str) -> str:
    """A second world with the key of the first, so that keyed hashes are alike."""
    settings = phoned(world(folder / "present", url))
    shutil.copy(folder / "past/.feedback/key", folder / "present/.feedback/key")
    return settings


def change(settings: str) -> None:
    """Declare what was not known before: the order of dates, HTML, the countries of phones."""
    path = Path(settings)
    declared = path.read_text().replace("survey =", f"{PRESENT}survey =")
    path.write_text(f'phone_regions = ["US", "DE"]\n{declared}')


def database(settings: str) -> str:
    return next(line for line in Path(settings).read_text().splitlines() if "database =" in line)


def age(settings: str, days: int, but: str = "") -> None:
    """As if all raw items, but that of one ref, had been fetched so long ago."""
    when = datetime.now(UTC) - timedelta(days=days)
    with opened(settings) as house, house.engine.begin() as connection:
        past = update(raw_item).where(raw_item.c.ref != but).values(fetched_at=when)
        connection.execute(past)


class cut_off:  # noqa: N801 - reads as a sentence where it is used
    """The process dies in the middle of the transaction that stores the batch after so many."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, survives: int) -> None:
        self.monkeypatch, self.left = monkeypatch, survives

    def __enter__(self) -> None:
        from feedback.warehouse import ledger

        self.add = add = ledger.add

        def dying(*args: Any) -> None:
            add(*args)
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt

        self.monkeypatch.setattr(ledger, "add", dying)

    def __exit__(self, *_: object) -> None:
        from feedback.warehouse import ledger

        self.monkeypatch.setattr(ledger, "add", self.add)
