from datetime import UTC, datetime

import pytest

from feedback.identity import identify
from feedback.records import Author
from feedback.vault import Vault

NOW = datetime(2026, 9, 1, tzinfo=UTC)
VAULT = Vault(b"k" * 32)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Author(email="Anna@Example.com"), Author(email=" anna@example.COM ")),
        (Author(phone="8 (912) 345-67-89"), Author(phone="+79123456789")),
        (Author(handle="@Anna@social.example"), Author(handle="anna@social.example")),
        (Author(email="a@example.com", phone="+79123456789"), Author(email="a@example.com")),
    ],
)
def test_one_person_is_found_again_however_it_is_written(one: Author, other: Author) -> None:
    assert who(one) == who(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Author(email="a@example.com"), Author(email="b@example.com")),
        (Author(handle="anna"), Author(external_id="anna")),
    ],
)
def test_different_people_stay_apart(one: Author, other: Author) -> None:
    assert who(one) != who(other)


def test_an_id_means_something_in_its_own_source_only() -> None:
    assert who(Author(external_id="7"), "shop") != who(Author(external_id="7"), "app")
    assert who(Author(handle="anna"), "shop") != who(Author(handle="anna"), "app")


@pytest.mark.parametrize(
    "author",
    [
        *(Author(), Author(name="Anna"), Author(phone="call me")),
        *(Author(email="-"), Author(email="n/a"), Author(email="нет"), Author(email="@")),
    ],
)
def test_nobody_is_guessed(author: Author) -> None:
    assert identify(VAULT, author, "mail", NOW, "RU") == (None, [], [])


def test_identities_are_sealed_and_all_of_them_are_kept() -> None:
    author = Author(email="a@example.com", phone="+79123456789", external_id="7", name="Anna")
    found = identify(VAULT, author, "mail", NOW, "RU")
    assert [row["kind"] for row in found.identities] == ["email", "phone", "external_id"]
    assert all(b"example" not in row["value"] for row in found.identities)
    assert VAULT.open(found.people[0]["name"]).decode() == "Anna"


def who(author: Author, source: str = "mail") -> str | None:
    return identify(VAULT, author, source, NOW, "RU").person_id
