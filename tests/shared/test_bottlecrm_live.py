"""The CRM contract and the worst moments of the network, on a real BottleCRM.

Skipped with its reason where the dump, PostgreSQL or an environment with BottleCRM is missing.
"""

import threading
from collections.abc import Iterator

import pytest

from connectors.contract import Contact, CrmObject
from tests.connectors.crm.lossy import LossyProxy
from tests.connectors.crm.people import PeopleOfBottleCrm
from tests.connectors.target_contract import (
    TargetContract,
    a_contact,
    an_activity,
    written,
    written_by,
)
from tests.shared.bottlecrm import bottlecrm

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def real() -> Iterator[PeopleOfBottleCrm]:
    with bottlecrm() as running:
        yield PeopleOfBottleCrm(running.base_url, running.token)


@pytest.fixture
def crm(real: PeopleOfBottleCrm) -> PeopleOfBottleCrm:
    """Empty of contacts and tickets."""
    for ticket in real.activities():
        real.call("DELETE", f"/api/cases/{ticket['remote_id']}/")
    for contact in real.contacts():
        real.call("DELETE", f"/api/contacts/{contact['remote_id']}/")
    return real


class TestRealBottleCrm(TargetContract):
    pass


@pytest.mark.parametrize("one", [a_contact(), an_activity()], ids=["contact", "ticket"])
def test_a_lost_answer_leaves_exactly_one_remote_object(
    crm: PeopleOfBottleCrm, one: CrmObject
) -> None:
    port = int(crm.base_url.rpartition(":")[2])
    with LossyProxy(port, loses=b"POST /api/", then_gone=True).running() as proxy:
        lossy = crm.target(f"http://127.0.0.1:{proxy.port}")
        (outcome,) = written_by(lossy, [one])
    assert outcome.status == "unknown"
    found = crm.target().find([one])
    assert list(found.values()) == [o["remote_id"] for o in crm.contacts() + crm.activities()]
    assert len(found) == 1


def test_a_lost_answer_is_looked_up_at_once_when_the_line_holds(crm: PeopleOfBottleCrm) -> None:
    port = int(crm.base_url.rpartition(":")[2])
    with LossyProxy(port, loses=b"POST /api/cases/").running() as proxy:
        outcomes = written_by(
            crm.target(f"http://127.0.0.1:{proxy.port}"), [an_activity("b1"), an_activity("b2")]
        )
    assert [outcome.status for outcome in outcomes] == ["done", "done"]
    assert {o.remote_id for o in outcomes} == {a["remote_id"] for a in crm.activities()}
    assert len(crm.activities()) == 2


def test_a_second_sync_of_everything_creates_nothing(crm: PeopleOfBottleCrm) -> None:
    objects = [a_contact(f"k{n}", email=f"person{n}@example.org") for n in range(12)]
    first = written(crm, *objects)
    assert written(crm, *objects) == first
    assert len(crm.contacts()) == 12


def test_eight_simultaneous_syncs_of_one_contact_leave_one(crm: PeopleOfBottleCrm) -> None:
    start, outcomes = threading.Barrier(8), []

    def write(n: int) -> None:
        start.wait()
        email = "Anna@example.org" if n % 2 else "anna@EXAMPLE.org"
        outcomes.extend(written(crm, Contact(f"k{n}", email, "Anna K")))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (contact,) = crm.contacts()
    assert [outcome.status for outcome in outcomes] == ["done"] * 8
    assert {outcome.remote_id for outcome in outcomes} == {contact["remote_id"]}


def test_a_ticket_that_people_merged_is_still_found(crm: PeopleOfBottleCrm) -> None:
    one, two = written(crm, an_activity("b1"), an_activity("b2"))
    crm.call("POST", f"/api/cases/{one.remote_id}/merge/{two.remote_id}/", {})
    assert len(crm.activities()) == 1
    assert crm.target().find([an_activity("b1")]) == {"b1": one.remote_id}


def test_an_update_leaves_what_people_changed(crm: PeopleOfBottleCrm) -> None:
    (anna,) = written(crm, a_contact())
    (ticket,) = written(crm, an_activity())
    theirs = {"name": "Refund", "status": "Pending", "priority": "Urgent"}
    crm.call("PATCH", f"/api/cases/{ticket.remote_id}/", theirs)
    written(crm, an_activity(contact_id=anna.remote_id, remote_id=ticket.remote_id, text="New"))
    (stored,) = crm.activities()
    assert {field: stored[field] for field in theirs} == theirs
    assert stored["contact_id"] == anna.remote_id
    assert stored["text"].startswith("New\n")
