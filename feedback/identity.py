"""Who spoke: one person per strongest identity, found again by keyed hash, readable by nobody else.

The person's key follows from that identity alone, so it is never rewritten: who else claims the
same phone or id is merged later, in `feedback.warehouse.merges`.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import phonenumbers

from feedback.records import Author, Consent
from feedback.shared_addresses import is_shared
from feedback.vault import Vault

KINDS = ("email", "phone", "external_id", "handle")  # strongest first
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
NOBODY = """0 none null nil na n/a unknown undefined anonymous anonym guest user nobody deleted
[deleted] аноним анонимно анонимный гость нет неизвестно пользователь"""


class Claim(NamedTuple):
    """One identity that a person gave. `value` is readable: it is sealed before it is stored."""

    kind: str
    value_hash: str
    value: str


class Identified(NamedTuple):
    """The person behind one record, and what was allowed in it; no person when unknown."""

    person_id: str | None
    shared: bool  # known by an address of many only
    name: str
    seen_at: datetime
    claims: tuple[Claim, ...]
    consents: tuple[dict[str, Any], ...] = ()  # rows of `consent`, without `recorded_at`


def identify(
    vault: Vault,
    author: Author,
    source: str,
    seen_at: datetime,
    region: str,
    own: Collection[str] = (),
) -> Identified:
    """The person behind an author, by e-mail, else phone, else external id, else handle.

    An address of many counts only where there is nothing else. `region` is the country that a
    phone number without a country code is meant in, `own` our own addresses and @domains.
    """
    known = list(_identities(author, source, region))
    personal = [one for one in known if not is_shared(*one, own)]
    name = author.name.encode("utf-8", "replace").decode().strip()
    claimed = personal or known
    if not claimed:
        return Identified(None, False, name, seen_at, ())
    person_id = vault.hash("person", "\0".join(claimed[0]))[:32]
    claims = tuple(Claim(kind, vault.hash(kind, value), value) for kind, value in claimed)
    return Identified(person_id, not personal, name, seen_at, claims)


def allowing(
    vault: Vault,
    who: Identified,
    consents: Collection[Consent],
    said_at: datetime,
    source: str,
    ref: str,
) -> Identified:
    """The same person, with what they allowed or refused in one utterance.

    Who refuses without saying who they are becomes a person of that utterance alone.
    """
    person_id = who.person_id
    if person_id is None and not all(one.given for one in consents):
        person_id = vault.hash("utterance", f"{source}\0{ref}")[:32]
    if person_id is None:
        return who
    told = {"person_id": person_id, "said_at": said_at, "source": source, "ref": ref}
    rows = tuple(told | {"purpose": one.purpose, "given": one.given} for one in consents)
    return who._replace(person_id=person_id, consents=rows)


def _identities(author: Author, source: str, region: str) -> Iterator[tuple[str, str]]:
    """(kind, normalised value), strongest first; ids and bare handles are those of one source."""
    if email := address(author.email):
        yield "email", email
    if phone := _phone(author.phone, region):
        yield "phone", phone
    external_id = _plain(author.external_id)
    if _is_somebody(external_id):
        yield "external_id", f"{source}:{external_id}"
    handle = _plain(author.handle).lstrip("@").lower()
    if _is_somebody(handle):
        yield "handle", address(handle) or f"{source}:{handle}"


def address(text: str) -> str:
    """An e-mail address or @user@host in its one form, "" when it is none, such as "-" or "n/a".

    Compared without case: mailbox names may differ in case by RFC 5321, but no provider of weight
    lets them. A domain in letters of its own becomes its ASCII form (RFC 3490). Dots and +tags
    stay: what they mean is each provider's own affair.
    """
    text = _plain(text).lower()
    if not ADDRESS.fullmatch(text):
        return ""
    mailbox, _, domain = text.rpartition("@")
    try:
        return f"{mailbox}@{domain.encode('idna').decode()}"
    except UnicodeError:  # no name that could be looked up; equal ones are still equal
        return text


def _phone(text: str, region: str) -> str:
    """The number in E.164, with its extension as RFC 3966 writes it, or "" when it is none."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    filler = len(set(written[-7:])) == 1  # as typed where a number is a must
    if filler or not phonenumbers.is_possible_number(number):
        return ""
    return f"{written};ext={number.extension}" if number.extension else written


def _is_somebody(name: str) -> bool:
    return any(map(str.isalnum, name)) and name.lower() not in NOBODY.split()


def _plain(text: str) -> str:
    """Composed (NFC) and trimmed; "" for text that no database could store."""
    text = unicodedata.normalize("NFC", text).strip()
    storable = "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
    return text if storable else ""
