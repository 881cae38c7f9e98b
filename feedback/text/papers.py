"""Accounts and papers by number: IBAN, and the Russian passport, INN and SNILS.

Each needs its checksum, or the word that names it, or both; a wrong check digit leaves it in place.
"""

import re
from collections.abc import Iterator

from stdnum import iban
from stdnum.ru import inn

from feedback.text.number_words import NAMED_OTHER
from feedback.text.spans import Span

_TEN_DIGITS = re.compile(r"[0-9](?:[^0-9\n]{0,12}[0-9]){8}")
_IBAN = re.compile(
    r"(?<![^\W_])[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?![^\W_])",
    re.IGNORECASE | re.ASCII,
)
_LAST_GROUP = re.compile(r"(.*)[ -]")
_BETWEEN = r"(?:[ \u00a0]{0,2}(?:№|номер\w{0,3}|number|no|n)?[ \u00a0.:]{0,3})"
_PASSPORT = re.compile(
    r"\b(?:(?:загран)?паспорт\w{0,6}|passport)\b"
    r"(?:[ \u00a0:,.#№(—–-]{1,3}(?:данн\w{1,4}|сери\w{1,3}|номер\w{0,3}|рф|мой|гражданина|number|no"
    r"|series|is|details)\b){0,4}[ \u00a0:,.#№(—–-]{1,3}"
    rf"([0-9]{{2}} ?[0-9]{{2}}{_BETWEEN}[0-9]{{6}}|[0-9]{{2}}{_BETWEEN}[0-9]{{7}})(?![0-9])"
    r"|\bсери[яи][ \u00a0:]{1,2}([0-9]{2} ?[0-9]{2}[ ,]{0,2}(?:№|номер)[ :]{0,2}[0-9]{6})(?![0-9])",
    re.IGNORECASE,
)
_INN = re.compile(
    r"\b(?:[Ии][Нн][Нн]|INN)(?:[ \u00a0:,№#(—–-]{1,3}(?:физ\w{0,8}|юр\w{0,8}|номер\w{0,3}|is"
    r"|number)\b\.?){0,2}[ \u00a0:,№#=(—–-]{0,4}"
    r"([0-9]{12}|[0-9]{10}|[0-9]{4} [0-9]{4} [0-9]{4}|[0-9]{4} [0-9]{4} [0-9]{2}"
    r"|[0-9]{4} [0-9]{6}(?: [0-9]{2})?|[0-9]{3} [0-9]{3} [0-9]{4}|[0-9]{3}(?: [0-9]{3}){3})"
    r"(?![0-9])"
)
_NAMED_SNILS = re.compile(
    r"\b(?:снилс|snils)(?:[ \u00a0:,№#(—–-]{1,3}(?:номер\w{0,3}|is|number)\b){0,2}"
    r"[ \u00a0:,№#=(—–-]{0,4}([0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{2})(?![0-9])",
    re.IGNORECASE,
)
_SNILS = re.compile(r"(?<![\w-])([0-9]{3}-[0-9]{3}-[0-9]{3} [0-9]{2})(?![\w-])")
_BEFORE = 40  # characters before a number that may say what it is


def find_papers(text: str) -> Iterator[Span]:
    """The word that names the number stays, only the number is taken."""
    if _TEN_DIGITS.search(text) is None:
        return
    yield from _ibans(text)
    yield from _passports(text)
    yield from _inns(text)
    yield from _snils(text)


def _ibans(text: str) -> Iterator[Span]:
    for match in _IBAN.finditer(text):
        raw = match.group()
        while (parted := _LAST_GROUP.match(raw)) and not iban.is_valid(raw, check_country=False):
            raw = parted[1]
        if iban.is_valid(raw, check_country=False):
            yield match.start(), match.start() + len(raw), "iban"


def _passports(text: str) -> Iterator[Span]:
    for match in _PASSPORT.finditer(text):
        yield *match.span(match.lastindex or 0), "passport"


def _inns(text: str) -> Iterator[Span]:
    for match in _INN.finditer(text):
        if inn.is_valid(match[1]):
            yield *match.span(1), "inn"


def _snils(text: str) -> Iterator[Span]:
    for match in _NAMED_SNILS.finditer(text):
        if _is_snils(match[1]):
            yield *match.span(1), "snils"
    for match in _SNILS.finditer(text):
        before = text[max(0, match.start() - _BEFORE) : match.start()].lower()
        if _is_snils(match[1]) and not NAMED_OTHER.search(before):
            yield *match.span(1), "snils"


def _is_snils(raw: str) -> bool:
    """Sum of the first nine digits times 9..1, modulo 101, 100 counting as 0.

    Source: resolution of the board of the Pension Fund of Russia no. 192p of 31 July 2006.
    """
    digits = [int(character) for character in raw if character.isdigit()]
    total = sum(digit * (9 - place) for place, digit in enumerate(digits[:9]))
    return total % 101 % 100 == 10 * digits[9] + digits[10]
