from datetime import UTC, datetime

import pytest

from feedback.identity import Identified, allowing, identify
from feedback.records import Author, Consent
from feedback.vault import Vault

NOW = datetime(2026, 9, 1, tzinfo=UTC)
VAULT = Vault(b"k" * 32)
OWN = {"@ours.example", "desk@shop.example"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Author(email="Anna@Example.com"), Author(email=" anna@example.COM ")),
        (Author(phone="8 (912) 345-67-89"), Author(phone="+79123456789")),
        (Author(handle="@Anna@social.example"), Author(handle="anna@social.example")),
        (Author(email="a@example.com", phone="+79123456789"), Author(email="a@example.com")),
        (Author(email="anna@почта.рф"), Author(email="Anna@XN--80A1ACNY.XN--P1AI")),
        (Author(email="zoe\u0308@example.com"), Author(email="zoë@example.com")),
        (Author(handle="@anna@Пример.рф"), Author(handle="anna@xn--e1afmkfd.xn--p1ai")),
    ],
)
def test_one_person_is_found_again_however_it_is_written(one: Author, other: Author) -> None:
    assert who(one) == who(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Author(email="a@example.com"), Author(email="b@example.com")),
        (Author(handle="anna"), Author(external_id="anna")),
        (Author(email="an.na@gmail.com"), Author(email="anna@gmail.com")),
        (Author(email="anna+shop@gmail.com"), Author(email="anna@gmail.com")),
        (Author(phone="+7 495 123-45-67 ext. 12"), Author(phone="+7 495 123-45-67 ext. 13")),
        (Author(external_id="Ab"), Author(external_id="ab")),
    ],
)
def test_different_people_stay_apart(one: Author, other: Author) -> None:
    assert who(one) != who(other)


def test_an_id_means_something_in_its_own_source_only() -> None:
    assert who(Author(external_id="7"), "shop") != who(Author(external_id="7"), "app")
    assert who(Author(handle="anna"), "shop") != who(Author(handle="anna"), "app")


def test_a_handle_with_its_host_is_one_everywhere() -> None:
    author = Author(handle="@anna@social.example")
    assert who(author, "posts") == who(author, "toots")


@pytest.mark.parametrize(
    "author",
    [
        *(Author(), Author(name="Anna"), Author(phone="call me"), Author(phone="+7 999 999-99-99")),
        *(Author(email="-"), Author(email="n/a"), Author(email="нет"), Author(email="@")),
        *(Author(handle="Аноним"), Author(handle="@"), Author(external_id="0")),
        *(Author(external_id="N/A"), Author(external_id="-")),
        *(Author(email="\udcff@example.com"), Author(handle="a\0b")),
    ],
)
def test_nobody_is_guessed(author: Author) -> None:
    found = identify(VAULT, author, "mail", NOW, "RU")
    assert (found.person_id, found.shared, found.claims) == (None, False, ())


@pytest.mark.parametrize(
    "email",
    [
        *(
            "info@firm.example",
            "Info+Moscow@firm.example",
            "no-reply@firm.example",
            "SALES@a.example",
        ),
        *("почта@firm.example", "office@firm.example", "customer.service@firm.example"),
        *("test@test.example", "hello@firm.example", "ann@ours.example", "desk@shop.example"),
    ],
)
def test_by_an_address_of_many_nobody_is_known(email: str) -> None:
    alone = identify(VAULT, Author(email=email), "mail", NOW, "RU", OWN)
    assert alone.person_id
    assert alone.shared
    phone = Author(phone="+79123456789")
    both = identify(VAULT, Author(email=email, phone=phone.phone), "mail", NOW, "RU", OWN)
    assert both == identify(VAULT, phone, "mail", NOW, "RU", OWN)
    assert not both.shared


@pytest.mark.parametrize(
    "email", ["informer@firm.example", "ann@xours.example", "ann.info@firm.example"]
)
def test_an_address_that_only_looks_like_one_of_many_is_somebodys(email: str) -> None:
    assert not identify(VAULT, Author(email=email), "mail", NOW, "RU", OWN).shared


def test_every_identity_is_claimed_the_strongest_first() -> None:
    author = Author("a@example.com", "+79123456789", "7", "@anna", "Anna")
    found = identify(VAULT, author, "mail", NOW, "RU")
    assert [(claim.kind, claim.value) for claim in found.claims] == [
        ("email", "a@example.com"),
        ("phone", "+79123456789"),
        ("external_id", "mail:7"),
        ("handle", "mail:anna"),
    ]


def test_another_key_gives_other_hashes_and_people() -> None:
    other = identify(Vault(b"o" * 32), Author(email="a@example.com"), "mail", NOW, "RU")
    found = identify(VAULT, Author(email="a@example.com"), "mail", NOW, "RU")
    assert other.person_id != found.person_id
    assert other.claims[0].value_hash != found.claims[0].value_hash


def test_who_refuses_without_a_name_is_a_person_of_that_utterance_alone() -> None:
    nobody = identify(VAULT, Author(), "form", NOW, "RU")
    one, same, other = (told(nobody, ref, given=False) for ref in ("1", "1", "2"))
    assert one.person_id == same.person_id != other.person_id
    assert one.consents[0]["person_id"] == one.person_id
    assert told(nobody, "1", given=True) == nobody


def told(found: Identified, ref: str, given: bool) -> Identified:
    return allowing(VAULT, found, [Consent("crm", given)], NOW, "form", ref)


def who(author: Author, source: str = "mail") -> str | None:
    return identify(VAULT, author, source, NOW, "RU").person_id
