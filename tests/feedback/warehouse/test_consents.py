from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import Engine, select

from feedback.identity import allowing, identify
from feedback.records import Author, Consent, Purpose
from feedback.vault import Vault
from feedback.warehouse import consents, merges, people
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import consent, person

NOW = datetime(2026, 9, 1, tzinfo=UTC)
VAULT = Vault(b"k" * 32)
ANNA = Author("anna@x.example", "+79123456789")
HER_PHONE = Author(phone="+79123456789")
BO = Author("bo@x.example")


def test_who_was_not_asked_is_not_refused(engine: Engine) -> None:
    remember(engine, ANNA)
    assert takes_part(engine, ANNA, "crm")
    assert takes_part(engine, ANNA, "analysis")


def test_a_refusal_is_of_one_person_and_one_purpose(engine: Engine) -> None:
    remember(engine, ANNA, given=False)
    remember(engine, BO, given=True)
    assert not takes_part(engine, ANNA, "crm")
    assert takes_part(engine, ANNA, "analysis")
    assert takes_part(engine, BO, "crm")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_latest_word_holds_in_whatever_order_it_came(
    engine: Engine, order: tuple[int, ...]
) -> None:
    for hour in order:
        remember(engine, ANNA, given=hour != 1, hours=hour)
    assert takes_part(engine, ANNA, "crm")
    remember(engine, ANNA, given=False, hours=3)
    assert not takes_part(engine, ANNA, "crm")


@pytest.mark.parametrize("first", [True, False])
def test_of_two_words_at_one_moment_the_refusal_holds(engine: Engine, first: bool) -> None:
    remember(engine, ANNA, given=first, ref="1")
    remember(engine, ANNA, given=not first, ref="2")
    assert not takes_part(engine, ANNA, "crm")


@pytest.mark.parametrize("first", [True, False])
def test_of_two_readings_of_one_record_the_refusal_stays(engine: Engine, first: bool) -> None:
    remember(engine, ANNA, given=first)
    remember(engine, ANNA, given=not first)
    with engine.connect() as connection:
        assert list(connection.scalars(select(consent.c.given))) == [False]


def test_a_refusal_holds_for_all_who_are_one_and_for_no_longer(engine: Engine) -> None:
    remember(engine, ANNA)
    remember(engine, HER_PHONE, given=False)
    assert not takes_part(engine, ANNA, "crm")
    with writing(engine) as connection:
        assert merges.undo(connection, person_of(ANNA), person_of(HER_PHONE), "not the same")
    assert takes_part(engine, ANNA, "crm")
    assert not takes_part(engine, HER_PHONE, "crm")


def test_a_later_word_of_either_of_two_who_are_one_holds(engine: Engine) -> None:
    remember(engine, HER_PHONE, given=False)
    remember(engine, ANNA, given=True, hours=1)
    assert takes_part(engine, HER_PHONE, "crm")


def test_a_consent_is_kept_with_where_and_when_it_was_given(engine: Engine) -> None:
    remember(engine, ANNA, given=True, ref="77")
    with engine.connect() as connection:
        (row,) = connection.execute(select(consent)).mappings()
    assert (row["person_id"], row["purpose"], row["said_at"]) == (person_of(ANNA), "crm", NOW)
    assert (row["source"], row["ref"], row["given"]) == ("form", "77", True)
    assert row["recorded_at"] > NOW


def person_of(author: Author) -> str:
    return str(identify(VAULT, author, "form", NOW, "RU").person_id)


def remember(
    engine: Engine, author: Author, given: bool | None = None, hours: int = 0, ref: str = "1"
) -> None:
    """Store one author, with what they said of being told to a CRM, if anything."""
    who = identify(VAULT, author, "form", NOW, "RU")
    told = [] if given is None else [Consent("crm", given)]
    said_at = NOW + timedelta(hours=hours)
    with writing(engine) as connection:
        people.store(connection, VAULT, [allowing(VAULT, who, told, said_at, "form", ref)])


def takes_part(engine: Engine, author: Author, purpose: Purpose) -> bool:
    own = person.c.person_id
    query = select(own).where(own == person_of(author), consents.may_take_part(own, purpose))
    with engine.connect() as connection:
        return connection.scalar(query) is not None
