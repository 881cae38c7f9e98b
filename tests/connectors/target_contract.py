"""What every CRM target must do: its test class inherits `TargetContract` and says how to look.

The subclass gives one fixture, `crm`: the place as the people who work with it see it.
"""

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

import pytest

from connectors.contract import Activity, Contact, CrmObject, CrmTarget, Outcome
from feedback.errors import FeedbackError, Refused, Unavailable


class Crm(Protocol):
    """A CRM of its own for one test. `away` is a target of one that cannot be reached.

    `losing` is a target whose next write is sent and gets no clear answer; where the target looks
    it up then, it is refused.
    """

    secret: str

    def target(self) -> CrmTarget: ...
    def away(self) -> CrmTarget: ...
    def losing(self) -> AbstractContextManager[CrmTarget]: ...
    def contacts(self) -> list[dict[str, Any]]: ...
    def activities(self) -> list[dict[str, Any]]: ...
    def add_contact(self, email: str, name: str) -> str: ...
    def refused(self) -> CrmObject: ...


class TargetContract:
    def test_a_contact_and_an_activity_are_stored_and_their_remote_ids_told(self, crm: Crm) -> None:
        (contact,) = written(crm, a_contact())
        (activity,) = written(crm, an_activity(contact_id=contact.remote_id, text="Супер 👍"))
        assert (contact.status, activity.status) == ("done", "done")
        assert [c["remote_id"] for c in crm.contacts()] == [contact.remote_id]
        (stored,) = crm.activities()
        assert stored["remote_id"] == activity.remote_id
        assert stored["contact_id"] == contact.remote_id
        assert "Супер 👍" in stored["text"]

    def test_outcomes_come_one_per_object_and_in_order(self, crm: Crm) -> None:
        objects = [an_activity("b1"), a_contact("a1"), an_activity("b2")]
        assert [outcome.key for outcome in written(crm, *objects)] == ["b1", "a1", "b2"]

    def test_writing_twice_changes_nothing(self, crm: Crm) -> None:
        objects = [a_contact(), an_activity()]
        first = written(crm, *objects)
        before = (crm.contacts(), crm.activities())
        again = [replace(o, remote_id=f.remote_id) for o, f in zip(objects, first, strict=True)]
        assert written(crm, *again) == first
        assert (crm.contacts(), crm.activities()) == before

    def test_a_contact_that_people_made_is_found_ignoring_case_and_left_as_it_is(
        self, crm: Crm
    ) -> None:
        theirs = crm.add_contact("Anna.K@Example.org", "Anna, our best customer")
        before = crm.contacts()
        (outcome,) = written(crm, a_contact(email="anna.k@example.ORG", name="A. K."))
        assert (outcome.status, outcome.remote_id) == ("done", theirs)
        assert crm.contacts() == before

    def test_two_contacts_of_one_address_in_a_batch_are_one(self, crm: Crm) -> None:
        one, two = written(
            crm, a_contact("a1", email="x@example.org"), a_contact("a2", "X@example.org")
        )
        assert one.remote_id == two.remote_id
        assert len(crm.contacts()) == 1

    def test_an_activity_with_a_remote_id_is_brought_up_to_date_in_place(self, crm: Crm) -> None:
        (first,) = written(crm, an_activity(text="It broke"))
        changed = an_activity(text="It broke twice", remote_id=first.remote_id)
        assert written(crm, changed) == [first]
        (stored,) = crm.activities()
        assert "It broke twice" in stored["text"]

    def test_what_was_written_is_found_though_its_outcome_was_lost(self, crm: Crm) -> None:
        contact, activity = a_contact(), an_activity()
        told = {outcome.key: outcome.remote_id for outcome in written(crm, contact, activity)}
        found = crm.target().find([contact, activity, an_activity("never-sent")])
        assert found == told

    def test_an_update_of_unknown_outcome_is_repeated_rather_than_found(self, crm: Crm) -> None:
        (first,) = written(crm, an_activity())
        assert crm.target().find([an_activity(remote_id=first.remote_id)]) == {}

    def test_a_sent_write_is_told_as_unknown_before_any_failure_is_raised(self, crm: Crm) -> None:
        told = []
        with crm.losing() as target, suppress(FeedbackError):
            for outcome in target.write([an_activity("b1"), an_activity("b2")]):
                told.append((outcome.key, outcome.status))
        assert told[:1] == [("b1", "unknown")]
        assert told[1:] in ([], [("b2", "unknown")])
        found = crm.target().find([an_activity("b1"), an_activity("b2")])
        assert set(found) <= {key for key, _ in told}, "one is there and nobody was told"

    def test_in_an_empty_crm_nothing_is_found(self, crm: Crm) -> None:
        assert crm.target().find([a_contact(), an_activity()]) == {}

    def test_one_refused_record_does_not_stop_the_rest(self, crm: Crm) -> None:
        refused = crm.refused()
        outcomes = written(crm, an_activity("b1"), refused, an_activity("b2"))
        assert [outcome.status for outcome in outcomes] == ["done", "rejected", "done"]
        assert len(crm.activities()) == 2

    def test_a_refusal_is_explained_without_the_customers_words(self, crm: Crm) -> None:
        refused = crm.refused()
        (outcome,) = written(crm, refused)
        assert outcome.error
        words = (refused.email, refused.name) if isinstance(refused, Contact) else (refused.text,)
        assert not any(word in outcome.error for word in words if word)

    def test_constructing_opens_nothing(self, crm: Crm) -> None:
        away = crm.away()
        with pytest.raises((Unavailable, Refused), match=away.name):
            away.check()

    def test_a_check_proves_access_and_changes_nothing(self, crm: Crm) -> None:
        target = crm.target()
        assert target.name in target.check()
        assert (crm.contacts(), crm.activities()) == ([], [])
        assert target.batch > 0

    def test_the_secret_is_never_printed(self, crm: Crm, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        target = crm.target()
        said = [target.check(), repr(target), repr(vars(target))]
        said += [repr(written(crm, a_contact(), an_activity(), crm.refused()))]
        assert crm.secret not in caplog.text + "".join(said)


def written(crm: Crm, *objects: CrmObject) -> list[Outcome]:
    return written_by(crm.target(), objects)


def written_by(target: CrmTarget, objects: Sequence[CrmObject]) -> list[Outcome]:
    return list(target.write(objects))


def a_contact(
    key: str = "5f1c", email: str = "anna@example.org", name: str = "Anna K", remote_id: str = ""
) -> Contact:
    return Contact(key=key, email=email, name=name, remote_id=remote_id)


def an_activity(
    key: str = "9e0b", text: str = "The card was charged twice", contact_id: str = "", **more: Any
) -> Activity:
    said_at = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    return Activity(key, said_at, "mail", text, contact_id, **more)
