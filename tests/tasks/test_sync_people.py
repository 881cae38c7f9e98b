from pathlib import Path

import pytest
from sqlalchemy import update

from connectors import catalogue
from connectors.contract import Activity, Contact
from feedback.records import Author
from feedback.sentiment import model as sentiment
from feedback.warehouse import synced
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import outbox
from tasks import people, runs
from tasks.collect import collect
from tasks.opening import opened
from tasks.refine import refine
from tasks.sync import sync
from tasks.understand import understand
from tests.samples import HEADER, rows, world, write_answers
from tests.tasks.flaky_crm import FlakyCrm

PHONE = "+7 912 345-67-89"
PAVEL = ["1", "2026-09-01 10:00", "9", "Everything was fine", "pavel@x.example", PHONE]
OLEG = ["2", "2026-09-02 10:00", "2", "The box was broken", "oleg@x.example", PHONE]
BY_PHONE = ["3", "2026-09-03 10:00", "2", "Nobody called back", "", PHONE]
BO = ["4", "2026-09-04 10:00", "5", "It came late", "bo@x.example", ""]


@pytest.fixture
def settings(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A form with phones, and a CRM in memory."""
    monkeypatch.setitem(catalogue.TARGETS, "flaky", "tests.tasks.flaky_crm:FlakyCrm")
    FlakyCrm.forget()
    path = Path(world(tmp_path, database_url, more='[crm.flaky]\nkind = "flaky"\n'))
    path.write_text(path.read_text().replace('email = "mail"', 'email = "mail", phone = "phone"'))
    return str(path)


def test_people_who_are_one_have_one_contact_for_all_they_said(settings: str) -> None:
    go(settings, PAVEL, OLEG, BY_PHONE, BO)
    assert len(contacts()) == 2
    ids = {text: contact_id for text, contact_id in told().items() if text != BO[3]}
    assert len(ids) == 3
    assert len(set(ids.values())) == 1
    assert ids[BY_PHONE[3]]


def test_the_contact_of_a_mailbox_of_many_bears_nobodys_name(settings: str) -> None:
    path = Path(settings)
    path.write_text(path.read_text().replace('email = "mail"', 'email = "mail", author = "phone"'))
    path.write_text(path.read_text().replace(', phone = "phone"', ""))
    go(settings, ["1", "2026-09-01 10:00", "9", "Fine", "info@firm.example", "Maria"], BO)
    assert {contact.email: contact.name for contact in contacts().values()} == {
        "info@firm.example": "",
        BO[4]: "",
    }


@pytest.mark.parametrize(("first", "second"), [(PAVEL, OLEG), (OLEG, PAVEL)])
def test_a_contact_that_is_there_serves_whoever_is_merged_later(
    settings: str, first: list[str], second: list[str]
) -> None:
    go(settings, first)
    ((key, contact),) = contacts().items()
    go(settings, second)
    assert contacts() == {key: contact}
    assert set(told().values()) == {f"r-{key}"}


@pytest.mark.parametrize(("first", "second"), [(PAVEL, OLEG), (OLEG, PAVEL)])
def test_a_contact_whose_call_was_cut_off_is_looked_up_as_it_was_after_a_merge(
    settings: str, first: list[str], second: list[str]
) -> None:
    said(settings, first)
    with opened(settings) as house:
        due = synced.due_contacts(house.engine, "flaky", "", 10)
        synced.intend(house.engine, "flaky", "contact", due)
    (key,) = (row["item_id"] for row in due)
    FlakyCrm.stored[key] = Contact(key, first[4], "", "", "")
    go(settings, second)
    assert {one.email for one in contacts().values()} == {first[4]}
    assert set(told().values()) == {f"r-{key}"}


def test_after_an_undo_each_has_a_contact(settings: str) -> None:
    go(settings, PAVEL, OLEG)
    assert len(contacts()) == 1
    ((one, other),) = rows(settings, "person_merge", "person_a", "person_b")
    people.undo(settings, str(one), str(other), "not the same")
    go(settings, PAVEL, OLEG)
    assert {one.email for one in contacts().values()} == {"pavel@x.example", "oleg@x.example"}


def test_a_refused_contact_of_one_does_not_stand_for_the_other(settings: str) -> None:
    said(settings, PAVEL, OLEG)
    ((one, other),) = rows(settings, "person_merge", "person_a", "person_b")
    with opened(settings) as house:
        (due,) = synced.due_contacts(house.engine, "flaky", "", 10)
        not_root = str(other if due["item_id"] == one else one)
        synced.intend(house.engine, "flaky", "contact", [due | {"item_id": not_root}])
        with writing(house.engine) as connection:
            connection.execute(update(outbox).values(status="rejected"))
    go(settings, PAVEL, OLEG)
    assert set(contacts()) == {due["item_id"]}


def test_of_who_refused_neither_contact_nor_words_are_sent(settings: str) -> None:
    said(settings, PAVEL, OLEG, BO)
    people.say(settings, Author(email="oleg@x.example"), "", "crm", given=False)
    go(settings, PAVEL, OLEG, BO)
    assert [one.email for one in contacts().values()] == ["bo@x.example"]
    assert set(told()) == {BO[3]}
    people.say(settings, Author(email="pavel@x.example"), "", "crm", given=True)
    go(settings, PAVEL, OLEG, BO)
    assert set(told()) == {PAVEL[3], OLEG[3], BO[3]}


def test_words_that_may_not_be_analysed_are_not_sent(settings: str) -> None:
    said(settings, PAVEL, BO)
    people.say(settings, Author(email="bo@x.example"), "", "analysis", given=False)
    go(settings, PAVEL, BO)
    assert set(told()) == {PAVEL[3]}


def test_a_refusal_holds_from_the_next_batch_on(settings: str) -> None:
    said(settings, PAVEL, BO)
    model = sentiment.load()
    version = (model.name, model.version)
    with opened(settings) as house:
        first = synced.due_contacts(house.engine, "flaky", "", 1)
        next_one = synced.due_contacts(house.engine, "flaky", first[0]["root_id"], 1)
        email = house.vault.open(next_one[0]["email"]).decode()
        people.say(settings, Author(email=email), "", "crm", given=False)
        assert synced.due_contacts(house.engine, "flaky", first[0]["root_id"], 1) == []
        assert len(synced.due_activities(house.engine, "flaky", version, "", 9)) == 1


def said(settings: str, *answers: list[str]) -> None:
    """Collect, refine and understand these answers beside those of before."""
    write_answers(Path(settings).parent, list(answers), [*HEADER, "phone"])
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
    understand.fn(settings, run.id)


def go(settings: str, *answers: list[str]) -> None:
    said(settings, *answers)
    sync.fn(settings, runs.begin(settings).id, "flaky")


def contacts() -> dict[str, Contact]:
    return {key: one for key, one in FlakyCrm.stored.items() if isinstance(one, Contact)}


def told() -> dict[str, str]:
    """{text: the contact it was sent for}."""
    return {
        one.text: one.contact_id for one in FlakyCrm.stored.values() if isinstance(one, Activity)
    }
