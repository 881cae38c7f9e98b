"""Which runs of digits in a text are phones or payment cards; libphonenumber is asked last.

Precision comes first: a number that its neighbours call an order or a contract is never taken.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

import phonenumbers
from stdnum import luhn

from feedback.text.number_words import LINKED, NAMED_CARD, NAMED_OTHER, NAMED_PHONE

# A run of at least seven digits with at most three signs between neighbours.
_LONG_NUMBER = re.compile(r"[0-9](?:[ \u00a0()./\u2010-\u2013\u2212-]{0,3}[0-9]){6}")
_RUN = re.compile(r"(?:\+[ (]{0,2}|\(?)[0-9](?:[ \u00a0()./\u2010-\u2013\u2212-]{0,3}[0-9]){6,}")
_GOES_ON = re.compile(
    r"(?!x[0-9])[^\W_]|[.-][0-9]|\s?(?:руб|₽|р\b|тыс|млн|грн|тенге|тг\b|шт\b|кг\b|[$€%]|usd|eur)",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"(?:[^\W_]|[0-9][.-])\Z")
_WORDS = re.compile(r"[^\s\d().+-]")
_GROUP = re.compile(r"[0-9]+")

_DATE = re.compile(
    r"(?:(?:19|20)[0-9]{2}[./ -](?:0?[1-9]|1[0-2])[./ -](?:0?[1-9]|[12][0-9]|3[01])"
    r"|(?:0?[1-9]|[12][0-9]|3[01])[./ -](?:0?[1-9]|1[0-2])[./ -](?:19|20)[0-9]{2})(?![0-9])"
)
_CARD = re.compile(
    r"4[0-9]{15}|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}"
    r"|220[0-4][0-9]{12,15}|62[0-9]{14,17}|3[47][0-9]{13}|6(?:011|5[0-9]{2})[0-9]{12}"
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12}"
)
_CARD_SHAPES = {(16,), (4, 4, 4, 4), (4, 6, 5), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3)}
_NANP = re.compile(r"[2-9][0-9]{2}(?:\) ?|-)[2-9][0-9]{2}-[0-9]{4}")
_BEFORE = 40  # characters before a number that may say what it is
_FOURS = 3  # groups of four digits in a row: a card, an account; no phone in part
_MOST_GROUPS = 8  # as people group a number, its country and area included


def has_long_number(text: str) -> bool:
    """The cheap question: whether a closer look is worth its time."""
    return _LONG_NUMBER.search(text) is not None


class _Number(NamedTuple):
    """Groups of digits that may be one number: what they say and what stands before them."""

    digits: str
    shape: tuple[int, ...]
    raw: str
    before: "_Before"


class _Before:
    """The words before a number; what they say is found out once, and only when asked."""

    def __init__(self, text: str, start: int, last: tuple[int, str]) -> None:
        since, mark = last  # what was found last counts as the mark it becomes
        before = (mark + text[max(since, start - _BEFORE) : start])[-_BEFORE:]
        self.words = before.lower() if _WORDS.search(before) else ""
        self.is_inside = _INSIDE.search(before) is not None
        self.plus = text[start] == "+"

    @cached_property
    def is_linked(self) -> bool:
        return self.words.endswith(LINKED)

    @cached_property
    def names_phone(self) -> bool:
        return NAMED_PHONE.search(self.words) is not None

    @cached_property
    def names_card(self) -> bool:
        return NAMED_CARD.search(self.words) is not None

    @cached_property
    def names_other(self) -> bool:
        return self._other is not None

    @cached_property
    def names_order(self) -> bool:
        """By a word: "карта № 1234" is a card, "с карты за заказ № 1234" is an order."""
        return self._other is not None and self._other[0][0].isalpha()

    @cached_property
    def _other(self) -> re.Match[str] | None:
        return NAMED_OTHER.search(self.words)


def find_personal_numbers(text: str, regions: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind ("phone" or "card") of each, from left to right."""
    last = (0, "")
    for run in _RUN.finditer(text):
        groups = [match.span() for match in _GROUP.finditer(text, *run.span())]
        inner = _inside_fours(groups)
        first = 0
        while first < len(groups):
            if first in inner:
                first += 1
                continue
            start = run.start() if first == 0 else groups[first][0]
            sizes = [n for n in range(_MOST_GROUPS, 0, -1) if first + n not in inner]
            found = _longest(
                text, start, last, groups[first : first + _MOST_GROUPS], sizes, regions
            )
            if found is None:
                first += 1
                continue
            size, kind = found
            end = groups[first + size - 1][1]
            yield _opening(text, start, end), end, kind
            last = (end, f"[{kind}]")
            first += size


def _inside_fours(groups: list[tuple[int, int]]) -> set[int]:
    """Groups before which no number ends or begins: "4276 3800 1234 5671" is whole or nothing."""
    inner: set[int] = set()
    first = 0
    for is_four, row in groupby(end - start == 4 for start, end in groups):
        size = len(list(row))
        if is_four and size >= _FOURS:
            inner.update(range(first + 1, first + size))
        first += size
    return inner


def _longest(
    text: str,
    start: int,
    last: tuple[int, str],
    groups: list[tuple[int, int]],
    sizes: list[int],
    regions: Sequence[str],
) -> tuple[int, str] | None:
    """How many of the groups make the longest personal number from the first one on."""
    before = _Before(text, start, last)
    if before.is_inside and not before.plus and not before.names_phone:
        return None
    for size in sizes:
        if size > len(groups):
            continue
        end = groups[size - 1][1]
        digits = [text[a:b] for a, b in groups[:size]]
        number = _Number("".join(digits), tuple(map(len, digits)), text[groups[0][0] : end], before)
        if len(number.digits) < 7:
            break
        if not _is_balanced(text[start:end]) or _GOES_ON.match(text, end):
            continue
        if _is_card(number):
            return size, "card"
        if _is_phone(number, regions):
            return size, "phone"
    return None


def _is_balanced(raw: str) -> bool:
    return raw.count("(") == raw.count(")") or (raw[0] == "(" and ")" not in raw)


def _opening(text: str, start: int, end: int) -> int:
    """Take in a bracket that closes inside the number: (916) 123-45-67."""
    if text[start] == "(" and ")" not in text[start:end]:
        return start + 1
    return start - 1 if text[start - 1 : start] == "(" and ")" in text[start:end] else start


def _is_card(number: _Number) -> bool:
    digits, before = number.digits, number.before
    if before.plus or not 12 <= len(digits) <= 19 or not luhn.is_valid(digits):
        return False
    if before.names_card and not before.names_order:
        return True
    stands_apart = number.shape in _CARD_SHAPES and not before.is_linked
    return stands_apart and bool(_CARD.fullmatch(digits)) and not before.names_other


def _is_phone(number: _Number, regions: Sequence[str]) -> bool:
    digits, before, size = number.digits, number.before, len(number.digits)
    if size > 15:
        return False
    if before.plus:
        return size >= 10 and _is_possible(number.raw)
    if before.names_other or _DATE.match(number.raw):
        return False
    if before.names_phone:
        grouped = len(number.shape) > 1 and size <= 12
        return size == 7 or grouped or _is_valid(digits, regions)
    if before.is_linked:
        return False
    return _is_dialled(number) or (_looks_dialled(number) and _is_valid(digits, regions))


def _is_dialled(number: _Number) -> bool:
    """Grouped as nothing else is: 8 495 123-45-67, (202) 555-0143. It need not be in service."""
    digits, shape = number.digits, number.shape
    if shape in {(1, 3, 3, 2, 2), (1, 3, 3, 4)}:
        return digits[0] in "78" and digits[1] in "34589"
    return bool(_NANP.fullmatch(number.raw))


def _looks_dialled(number: _Number) -> bool:
    """Grouped as people write phones; a bare number only as Russian and Kazakh mobiles begin."""
    digits, shape = number.digits, number.shape
    if len(shape) == 1:
        return len(digits) == 11 and digits[0] in "78" and digits[1] in "79"
    if len(digits) == 11 and digits[0] in "78":
        return shape[0] in (1, 4)
    if len(digits) == 10 and digits[0] not in "01":
        return shape in {(3, 3, 4), (3, 3, 2, 2), (3, 7)}
    if digits.startswith(("375", "380")):
        return len(digits) == 12
    if shape == (3, 2, 4):  # a social security number of the United States
        return False
    return digits[0] == "0" and digits[1] != "0" and shape[0] <= 5 and 9 <= len(digits) <= 12


def _is_valid(digits: str, regions: Sequence[str]) -> bool:
    for region in regions:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(digits, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return len(digits) == 12 and _is_possible(digits)


def _is_possible(raw: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse("+" + raw.replace("(0)", "")))
    except phonenumbers.NumberParseException:
        return False
