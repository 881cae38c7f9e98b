from pathlib import Path
from typing import TypeGuard

import pytest

from connectors import catalogue
from connectors.contract import Activity, CrmObject
from feedback.errors import Unavailable
from tasks import runs
from tasks.collect import collect
from tasks.refine import refine
from tasks.sync import sync
from tasks.understand import understand
from tests.samples import ANSWERS, rows, world
from tests.tasks.flaky_crm import FlakyCrm

LATE = ANSWERS[1][3]


@pytest.fixture
def settings(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Three understood answers, two of them by people with an address, and a flaky CRM."""
    monkeypatch.setitem(catalogue.TARGETS, "flaky", "tests.tasks.flaky_crm:FlakyCrm")
    FlakyCrm.forget()
    settings = world(tmp_path, database_url, more='[crm.flaky]\nkind = "flaky"\n')
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
    understand.fn(settings, run.id)
    return settings


def test_every_person_and_utterance_is_written_once(settings: str) -> None:
    go(settings)
    assert len(FlakyCrm.stored) == 5
    FlakyCrm.asked.clear()
    go(settings)
    assert FlakyCrm.asked == []


def test_a_lost_answer_is_looked_up_and_never_written_blindly(settings: str) -> None:
    FlakyCrm.trouble[LATE] = "answer lost"
    go(settings)
    assert statuses(settings)[LATE] == "unknown"
    FlakyCrm.trouble.clear()
    FlakyCrm.asked.clear()
    go(settings)
    assert [line.split()[0] for line in FlakyCrm.asked] == ["find", "write"]
    assert statuses(settings)[LATE] == "done"
    assert len(FlakyCrm.stored) == 5


def test_a_process_killed_in_the_middle_of_a_call_doubles_nothing(settings: str) -> None:
    FlakyCrm.trouble[LATE] = "killed"
    with pytest.raises(KeyboardInterrupt):
        go(settings)
    assert statuses(settings)[LATE] == "intended"
    FlakyCrm.trouble.clear()
    go(settings)
    assert set(statuses(settings).values()) == {"done"}
    assert len(FlakyCrm.stored) == 5


def test_one_refused_record_stops_nobody_and_is_not_tried_for_ever(settings: str) -> None:
    FlakyCrm.trouble[LATE] = "refused"
    go(settings)
    assert statuses(settings)[LATE] == "rejected"
    assert len(FlakyCrm.stored) == 4
    attempts = len(rows(settings, "sync_log"))
    go(settings)
    assert len(rows(settings, "sync_log")) == attempts


def test_what_was_not_sent_is_tried_again_without_a_look_up(settings: str) -> None:
    FlakyCrm.trouble[LATE] = "away"
    with pytest.raises(Unavailable):
        go(settings)
    assert statuses(settings)[LATE] == "pending"
    FlakyCrm.trouble.clear()
    FlakyCrm.asked.clear()
    go(settings)
    assert not [line for line in FlakyCrm.asked if line.startswith("find")]
    assert len(FlakyCrm.stored) == 5


def test_an_activity_carries_the_remote_id_of_its_contact(settings: str) -> None:
    go(settings)
    found = {one.text: one.contact_id for one in FlakyCrm.stored.values() if is_activity(one)}
    contacts = {f"r-{key}" for key, one in FlakyCrm.stored.items() if not is_activity(one)}
    assert found[LATE] in contacts
    assert found[""] == ""


def test_the_books_of_a_sync_balance_and_name_what_is_unknown(settings: str) -> None:
    FlakyCrm.trouble[LATE] = "answer lost"
    go(settings)
    columns = ("stage", "source", "fetched", "new", "skipped", "written", "reasons")
    books = [row[2:] for row in rows(settings, "run_ledger", *columns) if row[1] == "flaky"]
    assert [row[:4] for row in books] == [(5, 4, 1, 4)]
    assert "unknown" in str(books[0][4])


def is_activity(one: CrmObject) -> TypeGuard[Activity]:
    return isinstance(one, Activity)


def go(settings: str) -> None:
    sync.fn(settings, runs.begin(settings).id, "flaky")


def statuses(settings: str) -> dict[str, str]:
    """{text: status of its activity}."""
    texts = dict(rows(settings, "feedback_item", "item_id", "text"))
    found = rows(settings, "outbox", "kind", "item_id", "status")
    return {str(texts[item]): str(status) for kind, item, status in found if kind == "activity"}
