"""The customers: names, addresses and numbers that belong to nobody.

E-mail stands at example.com, .org and .net; phones are in ranges set aside for fiction or unused.
"""

import random
from dataclasses import dataclass

from examples.phrases import Phrasebook

MAIL_DOMAINS = ("example.com", "example.com", "example.org", "example.net")
# Published test cards of payment systems; they pay for nothing.
CARDS = ("4111 1111 1111 1111", "5555 5555 5555 4444", "4242 4242 4242 4242", "2200 0000 0000 0053")


@dataclass(frozen=True)
class Person:
    """One customer, the same in every channel."""

    name: str
    female: bool
    handle: str
    email: str
    external_id: str
    language: str
    city: tuple[str, str, str]
    phone: str


def luhn_valid(digits: str) -> bool:
    """Say whether the last digit is the check digit of a card number (ISO/IEC 7812-1)."""
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def long_number(rng: random.Random) -> str:
    """Make a 15-digit identifier that is no card number, whatever it looks like."""
    while True:
        number = f"1002{rng.randrange(10**11):011d}"
        if not luhn_valid(number):
            return number


def phone(rng: random.Random, language: str) -> str:
    """Make a phone number: code 975 is given to no Russian operator, the others are fiction's."""
    tail = rng.randrange(10_000)
    if language == "en":
        return rng.choice((f"+44 7700 900{tail % 1000:03d}", f"+1 202-555-01{tail % 100:02d}"))
    if language == "de":
        return f"+49 30 23125 {tail % 1000:03d}"
    pair = f"{tail // 100:02d}-{tail % 100:02d}"
    return rng.choice((f"+7 975 000-{pair}", f"8 (975) 000-{pair}", f"+7975000{tail:04d}"))


def crowd(
    rng: random.Random, book: Phrasebook, shares: dict[str, float], size: int
) -> list[Person]:
    """Invent `size` people whose languages follow `shares`; handles are unique."""
    languages = rng.choices(list(shares), list(shares.values()), k=size)
    taken: set[str] = set()
    return [_person(rng, book, language, taken) for language in languages]


def _person(rng: random.Random, book: Phrasebook, language: str, taken: set[str]) -> Person:
    gender = rng.choice("fm") if language == "ru" else "any"
    first, latin_first = book.deal(f"{language} {gender} first").split("|")
    last, latin_last = rng.choice(book.sections[f"{language} {gender} last"]).split("|")
    handle = _handle(rng, latin_first, latin_last, taken)
    place = book.deal(f"{'en' if language in ('en', 'de') else 'ru'} any city").split("|")
    return Person(
        name=f"{first} {last}",
        female=gender == "f" or language in ("uk", "kk"),
        handle=handle,
        email=f"{handle}@{rng.choice(MAIL_DOMAINS)}",
        external_id=f"u{rng.randrange(10**9):09d}",
        language=language,
        city=(place[0], place[1], place[2]),
        phone=phone(rng, language),
    )


def _handle(rng: random.Random, first: str, last: str, taken: set[str]) -> str:
    shapes = (f"{first}.{last}", f"{first[0]}.{last}", f"{last}_{first}", f"{first}{last}")
    handle = rng.choice(shapes)
    while handle in taken:
        handle = f"{rng.choice(shapes)}{rng.randrange(70, 2000 + len(taken))}"
    taken.add(handle)
    return handle
