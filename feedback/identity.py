"""Who spoke: one person per strongest identity, found again by keyed hash, readable by nobody else.

The person's key follows from that identity alone. Weaker identities stay with the person they were
first seen with: people are not merged yet when one of them turns out to have two.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import phonenumbers

from feedback.records import Author
from feedback.vault import Vault

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class Identified(NamedTuple):
    """The person of one author: rows for `person` and `person_identity`; no person when unknown."""

    person_id: str | None
    people: list[dict[str, Any]]
    identities: list[dict[str, Any]]


def identify(
    vault: Vault, author: Author, source: str, seen_at: datetime, region: str
) -> Identified:
    """The person behind an author, by e-mail, else phone, else external id, else handle.

    `region` is the country that a phone number without a country code is meant in.
    """
    known = list(_identities(author, source, region))
    if not known:
        return Identified(None, [], [])
    person_id = vault.hash("person", "\0".join(known[0]))[:32]
    identities = [
        {
            "kind": kind,
            "value_hash": vault.hash(kind, value),
            "person_id": person_id,
            "value": vault.seal(value.encode()),
        }
        for kind, value in known
    ]
    person = {
        "person_id": person_id,
        "root_id": person_id,
        "shared": False,
        "name": vault.seal(author.name.encode("utf-8", "replace")),
        "first_seen": seen_at,
    }
    return Identified(person_id, [person], identities)


def _identities(author: Author, source: str, region: str) -> Iterator[tuple[str, str]]:
    """(kind, normalised value), strongest first. Ids and bare handles mean something only at home.

    E-mail is compared without case: mailbox names may differ in case by RFC 5321, but no provider
    of weight lets them.
    """
    email = author.email.strip().lower()
    if ADDRESS.fullmatch(email):  # not "-" or "n/a", which would make strangers one person
        yield "email", email
    if phone := _phone(author.phone, region):
        yield "phone", phone
    if external_id := author.external_id.strip():
        yield "external_id", f"{source}:{external_id}"
    if handle := author.handle.strip().lstrip("@").lower():
        yield "handle", handle if "@" in handle else f"{source}:{handle}"


def _phone(text: str, region: str) -> str:
    """The number in E.164, or "" when it is none."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
