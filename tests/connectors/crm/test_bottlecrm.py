"""BottleCRM, against answers that the real one gave; tests/shared runs the contract on itself."""

import re
import threading
from collections.abc import Iterator

import pytest

from connectors.contract import Contact
from feedback.errors import Changed, Refused, Unavailable
from tests.connectors.crm.fake_bottlecrm import HTML_500, Answer, FakeBottleCrm
from tests.connectors.crm.people import PeopleOfBottleCrm
from tests.connectors.target_contract import (
    TargetContract,
    a_contact,
    an_activity,
    written,
    written_by,
)

CUT: Answer = (0, None)
BUSY: Answer = (503, {"detail": "busy"})


@pytest.fixture
def fake() -> FakeBottleCrm:
    return FakeBottleCrm()


@pytest.fixture
def crm(fake: FakeBottleCrm) -> Iterator[PeopleOfBottleCrm]:
    with fake.running() as base_url:
        yield PeopleOfBottleCrm(base_url, fake.token)


class TestBottleCrmTarget(TargetContract):
    pass


def test_a_write_whose_answer_was_lost_is_looked_up_and_not_repeated(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm
) -> None:
    fake.after = lambda method, path: CUT if method == "POST" else None
    outcomes = written(crm, a_contact(), an_activity("b1"), an_activity("b2"))
    assert [outcome.status for outcome in outcomes] == ["done"] * 3
    assert [method for method, _ in fake.calls].count("POST") == 3
    assert {outcome.remote_id for outcome in outcomes[1:]} == {c["id"] for c in fake.cases}


def test_when_not_even_a_look_up_is_answered_the_outcome_is_unknown_and_the_rest_unsent(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm
) -> None:
    fake.after = lambda method, path: CUT if method == "POST" else BUSY
    writing = crm.target().write([an_activity("b1"), an_activity("b2")])
    outcome = next(writing)
    assert (outcome.status, outcome.remote_id) == ("unknown", "")
    with pytest.raises(Unavailable):
        next(writing)
    fake.after = lambda method, path: None
    sought = [an_activity("b1"), an_activity("b2")]
    assert crm.target().find(sought) == {"b1": fake.cases[0]["id"]}


def test_the_last_objects_unknown_outcome_is_told_without_an_error(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm
) -> None:
    fake.after = lambda method, path: CUT if method == "POST" else BUSY
    assert [outcome.status for outcome in written(crm, an_activity())] == ["unknown"]


def test_a_write_that_never_arrived_stays_unknown(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm
) -> None:
    fake.before = lambda method, path: CUT if method == "POST" else None
    (outcome,) = written(crm, an_activity())
    assert (outcome.status, fake.cases) == ("unknown", [])
    assert "The card was charged" not in outcome.error


@pytest.mark.parametrize(
    ("look_up", "error"), [((403, {}), Refused), ((404, {}), Refused), ((200, {}), Changed)]
)
def test_a_failure_of_the_look_up_is_raised_only_after_the_outcome_is_told(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm, look_up: Answer, error: type[Exception]
) -> None:
    fake.after = lambda method, path: CUT if method == "POST" else look_up
    writing = crm.target().write([an_activity("b1"), an_activity("b2")])
    assert next(writing).status == "unknown"
    with pytest.raises(error):
        next(writing)
    assert [method for method, _ in fake.calls].count("POST") == 1


@pytest.mark.parametrize("answer", ["exists", "html"])
def test_a_contact_that_another_made_meanwhile_is_used(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm, answer: str
) -> None:
    def meanwhile(method: str, path: str) -> Answer | None:
        if method == "POST" and not fake.contacts:
            fake.contacts.append({"id": "theirs", "email": "ANNA@example.org"})
            return HTML_500 if answer == "html" else None
        return None

    fake.before = meanwhile
    (outcome,) = written(crm, a_contact(email="anna@example.org"))
    assert (outcome.status, outcome.remote_id, len(fake.contacts)) == ("done", "theirs", 1)


def test_a_contact_hidden_from_the_token_is_refused_alone(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm
) -> None:
    crm.add_contact("anna@example.org", "Anna K")
    hidden: Answer = (200, {"contacts_count": 0, "results": []})
    fake.before = lambda method, path: (
        hidden if (method, path[:9]) == ("GET", "/api/cont") else None
    )
    outcomes = written(crm, a_contact(), an_activity())
    assert [outcome.status for outcome in outcomes] == ["rejected", "done"]
    assert "already exists" in outcomes[0].error


def test_a_contact_that_is_there_is_not_sent_again(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm
) -> None:
    crm.add_contact("anna@example.org", "Anna K")
    fake.calls.clear()
    written(crm, a_contact(), a_contact(remote_id=fake.contacts[0]["id"]))
    assert fake.calls == [("GET", "/api/contacts/")]


def test_writers_who_meet_leave_one_contact(crm: PeopleOfBottleCrm, fake: FakeBottleCrm) -> None:
    start, outcomes = threading.Barrier(8), []

    def write(n: int) -> None:
        start.wait()
        outcomes.extend(written(crm, a_contact(f"k{n}")))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [outcome.status for outcome in outcomes] == ["done"] * 8
    assert {outcome.remote_id for outcome in outcomes} == {c["id"] for c in fake.contacts}
    assert len(fake.contacts) == 1


def test_an_address_that_is_part_of_others_is_told_apart_on_every_page(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm
) -> None:
    crm.add_contact("an@example.org", "The one")
    wanted = fake.contacts[0]["id"]
    for n in range(150):
        crm.add_contact(f"{n}an@example.org", "Another one")
    assert crm.target().find([a_contact(email="AN@example.org")]) == {"5f1c": wanted}


def test_a_key_that_begins_another_key_is_told_apart(crm: PeopleOfBottleCrm) -> None:
    written(crm, an_activity("b10"))
    assert crm.target().find([an_activity("b1")]) == {}


def test_a_ticket_that_people_merged_is_still_there(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm
) -> None:
    (outcome,) = written(crm, an_activity())
    fake.cases[0]["merged"] = True
    assert crm.target().find([an_activity()]) == {"9e0b": outcome.remote_id}


def test_an_update_leaves_what_people_changed_and_adds_the_contact(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm
) -> None:
    (ticket,) = written(crm, an_activity())
    theirs = crm.add_contact("boss@example.org", "The boss")
    (anna,) = written(crm, a_contact())
    fake.cases[0] |= {"name": "Refund", "status": "Pending", "contacts": [{"id": theirs}]}
    written(crm, an_activity(contact_id=anna.remote_id, remote_id=ticket.remote_id))
    case = fake.cases[0]
    assert (case["name"], case["status"]) == ("Refund", "Pending")
    assert [contact["id"] for contact in case["contacts"]] == [theirs, anna.remote_id]


def test_an_update_that_would_change_nothing_is_not_sent(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm
) -> None:
    (ticket,) = written(crm, an_activity(text=" Words. \n"))
    written(crm, an_activity(text=" Words. \n", remote_id=ticket.remote_id))
    assert "PATCH" not in [method for method, _ in fake.calls]


def test_an_update_of_a_deleted_ticket_is_refused_and_makes_no_new_one(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm
) -> None:
    gone = an_activity(remote_id="00000000-0000-0000-0000-000000000000")
    (outcome,) = written(crm, gone)
    assert (outcome.status, fake.cases) == ("rejected", [])
    assert "gone" in outcome.error


@pytest.mark.parametrize("email", ["", "no address", "nul\0@example.org", "bad\ud800@example.org"])
def test_a_contact_without_a_usable_address_is_refused_unsent(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm, email: str
) -> None:
    (outcome,) = written(crm, a_contact(email=email))
    assert (outcome.status, fake.calls) == ("rejected", [])
    assert crm.target().find([a_contact(email=email)]) == {}


@pytest.mark.parametrize(
    ("name", "phone", "stored"),
    [
        (
            "Мария Ивановна Петрова",
            "+7 900 000-00-00",
            ("Мария", "Ивановна Петрова", "+7 900 000-00-00"),
        ),
        ("Cher", "ask at the desk", ("Cher", "-", None)),
        ("", "", ("anna", "-", None)),
    ],
)
def test_a_name_is_split_and_a_phone_sent_only_if_it_is_one(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm, name: str, phone: str, stored: tuple[str, ...]
) -> None:
    (outcome,) = written(crm, Contact("k", "anna@example.org", name, phone))
    contact = fake.contacts[0]
    assert (contact["first_name"], contact["last_name"], contact.get("phone")) == stored
    assert outcome.status == "done"


def test_a_ticket_shows_the_words_first_and_then_the_facts(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm
) -> None:
    one = an_activity(
        text="Оплата не прошла.\nДважды!", product="App", sentiment="negative", rating=2.0,
        scale_low=1.0, scale_high=5.0, url="https://example.org/1",
    )  # fmt: skip
    written(crm, one)
    assert re.fullmatch("Оплата не прошла. Дважды! #[0-9a-f]{10}", fake.cases[0]["name"])
    assert fake.cases[0]["description"].splitlines() == [
        *("Оплата не прошла.", "Дважды!", "", "Said: 2026-11-02 09:30 UTC, mail"),
        *("Product: App", "Sentiment: negative", "Rating: 2 (1 to 5)"),
        *("Link: https://example.org/1", "feedback-flows:9e0b"),
    ]


def test_the_same_words_of_two_customers_are_two_tickets(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm
) -> None:
    outcomes = written(crm, an_activity("b1", text="Thanks!"), an_activity("b2", text="Thanks!"))
    assert [outcome.status for outcome in outcomes] == ["done", "done"]
    assert len(fake.cases) == 2


def test_a_ticket_sent_again_is_recognised_by_its_title(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm
) -> None:
    assert written(crm, an_activity()) == written(crm, an_activity())
    assert len(fake.cases) == 1


@pytest.mark.parametrize("subject", ["", "x" * 300, "я" * 65])
def test_any_title_fits(crm: PeopleOfBottleCrm, fake: FakeBottleCrm, subject: str) -> None:
    (outcome,) = written(crm, an_activity(text="", subject=subject))
    assert outcome.status == "done"
    assert 0 < len(fake.cases[0]["name"]) <= 64


def test_a_wrong_token_names_the_setting_to_change(crm: PeopleOfBottleCrm) -> None:
    crm.secret = "bcrm_pat_another"
    for call in (crm.target().check, lambda: written(crm, an_activity())):
        with pytest.raises(Refused, match=r"crm\.desk\.token") as refused:
            call()
        assert crm.secret not in str(refused.value)


def test_a_wrong_address_refuses_the_run_and_not_each_record(crm: PeopleOfBottleCrm) -> None:
    elsewhere = crm.target(f"{crm.base_url}/elsewhere")
    with pytest.raises(Refused, match="404"):
        written_by(elsewhere, [an_activity()])


@pytest.mark.parametrize("body", [{}, {"contacts_count": 1, "results": None}, []])
def test_another_shape_is_called_changed(
    crm: PeopleOfBottleCrm, fake: FakeBottleCrm, body: object
) -> None:
    fake.before = lambda method, path: (200, body) if method == "GET" else None
    with pytest.raises(Changed):
        crm.target().find([a_contact()])


def test_a_settings_table_is_checked_before_anything_is_sent(crm: PeopleOfBottleCrm) -> None:
    with pytest.raises(Refused, match="https"):
        crm.target("ftp://example.org").check()
