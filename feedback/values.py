"""Dates, ratings and consents from other people's tables: certain, or `Unreadable` and why.

No value is guessed: 01/09/2026 needs a declared order, and a naive time belongs to `timezone`.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import inf, isfinite
from numbers import Integral, Real
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from feedback.errors import Refused, Unreadable
from feedback.scales import POINTS, YES_NO, NamedScale
from feedback.written_dates import DateOrder, Written, read_date

EARLIEST = datetime(1999, 12, 31, 10, tzinfo=UTC)  # the year 2000 in the zone first to see it
TOLERANCE = timedelta(days=1)  # clocks and time zones of others

_UNSEEN = dict.fromkeys(  # spreadsheets and right-to-left forms put these around a value
    [0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS = re.compile(r"[1-9][0-9]{0,18}(?:\.[0-9]{1,9})?")
_FIRST_DAY, _LAST_DAY = 36_526, 73_050  # 2000 to 2099, as spreadsheets count days


def parse_moment(
    value: object,
    *,
    timezone: str = "UTC",
    date_order: DateOrder | None = None,
    two_digit_years: bool = False,
    not_after: datetime | None = None,
) -> datetime:
    """`value` as an aware moment in UTC; a date alone is its first moment in `timezone`.

    Reads ISO 8601, 01.09.2026 14:05 or 14.05, 9/1/2026 2:05 PM (with `date_order`), RFC 2822,
    names of months in English and Russian, units since 1970 from seconds to nanoseconds (as
    number or digits), and date, datetime and Timestamp objects.
    Raises `Unreadable` for anything else, for 26.09.01 (without `date_order`), for a time of day
    that `timezone` had twice or not at all, before 2000, or over a day later than `not_after`.
    """
    latest = None if not_after is None else not_after + TOLERANCE
    moment = _utc(_read(value, Written(date_order, two_digit_years, latest)), _zone(timezone))
    if moment < EARLIEST:
        raise Unreadable("the date lies before 2000")
    if latest is not None and moment > latest:
        raise Unreadable("the date lies in the future")
    return moment


def _read(value: object, written: Written) -> datetime:
    if _is_blank(value):
        raise Unreadable("the date is empty")
    if isinstance(value, datetime):
        clock = time(value.hour, value.minute, value.second, value.microsecond, fold=value.fold)
        return datetime.combine(value.date(), clock, value.tzinfo)
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, np.datetime64):
        return _read(pd.Timestamp(value), written)
    if isinstance(value, str):
        text = _seen(value)
        return _counted(Decimal(text)) if _DIGITS.fullmatch(text) else read_date(text, written)
    if (number := _number(value)) is not None:
        return _counted(int(value) if isinstance(value, Integral) and number < inf else number)
    raise Unreadable("a date was expected, not a value of another kind")


def _counted(number: float | Decimal) -> datetime:
    """20260901, or units since 1970: from 1973 to 2286 their magnitude tells which they are."""
    if number % 1 == 0 and len(digits := f"{number:.0f}") in (8, 14):
        return read_date(digits)
    for unit in (1, 10**3, 10**6, 10**9):
        if 10**8 <= number / unit < 10**10:
            return _EPOCH + timedelta(microseconds=round(Fraction(number) * 10**6 / unit))
    if _FIRST_DAY <= number < _LAST_DAY + 1:
        raise Unreadable("the number may be a spreadsheet's day: format its column as a date")
    raise Unreadable("the number is no moment that is certain")


def _utc(moment: datetime, zone: tzinfo) -> datetime:
    try:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
            _prove_once(moment)
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        raise Unreadable("the date lies outside the calendar") from None


def _prove_once(local: datetime) -> None:
    """Where clocks are turned, an hour is there twice or never; every day has a first moment."""
    if local.time() != time() and local.utcoffset() != local.replace(fold=1).utcoffset():
        raise Unreadable("clocks were turned in that hour: write the time with its offset")


@cache
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(
            f"the time zone {name!r} is not known: use a name like Europe/Moscow"
        ) from None


_AMOUNT = r"[0-9]{1,9}(?:\.[0-9]{1,9}|,(?![0-9]{3}(?![0-9]))[0-9]{1,9})?"  # 1,000: 1 or 1000?
_NUMBER = re.compile(rf"[+-]?{_AMOUNT}")
_STAR = r"(?:\s*(?:[*★⭐🌟]|зв[её]зд(?:а|ы)?|stars?))"
_OF = re.compile(
    rf"({_AMOUNT}){_STAR}?\s*(?:/|из|of|out of)\s*([0-9]{{1,9}}){_STAR}?", re.IGNORECASE
)
_COUNTED_STARS = re.compile(rf"({_AMOUNT}){_STAR}", re.IGNORECASE)
_KEYCAPS = re.compile(r"(?:[0-9]\u20e3){1,2}")
_STARS = re.compile(r"([★⭐🌟]*)([☆✩]*)")
_DRESS = dict.fromkeys([0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)])  # emoji style, skin tones
_THUMBS = re.compile(r"([👍👎])(?: ?\1)+")
_ENDING = re.compile(r"(?<=[^\W\d_]) ?[.,;!…]+$")


def parse_rating(value: object, low: float, high: float) -> float | None:
    """`value` as a number on the scale from `low` to `high`; None where nothing was answered.

    Reads numbers, text with a point or a comma, keycaps, 4/5, 4 из 5 and stars: ★★★★☆, and on a
    scale to five "4 stars" and 4*.
    Raises `Unreadable` for words, for another scale, and for a number off the scale.
    """
    if _is_blank(value):
        return None
    number = _rating_in(_seen(value), high) if isinstance(value, str) else _number(value)
    if number is None:
        raise Unreadable("a number was expected as the rating, not a value of another kind")
    if not (isfinite(number) and low <= number <= high):
        raise Unreadable(f"the rating lies off the scale from {low:g} to {high:g}")
    return number


def _rating_in(text: str, high: float) -> float:
    text = text.translate(_DRESS)
    if _KEYCAPS.fullmatch(text):
        text = text.replace("\u20e3", "")
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    if of := _OF.fullmatch(text):
        if float(of[2]) != high:
            raise Unreadable(f"the rating is given on another scale than to {high:g}")
        return float(of[1].replace(",", "."))
    return _starred(text, high)


def _starred(text: str, high: float) -> float:
    if counted := _COUNTED_STARS.fullmatch(text):
        if high != 5:
            raise Unreadable(f"the stars belong to another scale than to {high:g}")
        return float(counted[1].replace(",", "."))
    stars = _STARS.fullmatch(text)
    if not text or stars is None:
        raise Unreadable("text where a number was expected as the rating")
    if len(text) != high and (stars[2] or high != 5):
        raise Unreadable(f"the stars belong to another scale than to {high:g}")
    return float(len(stars[1]))


def parse_named_rating(value: object, scale: NamedScale) -> float | None:
    """The number of a thumb, a face or a word; None where nothing was answered.

    Raises `Unreadable` for what is not listed in `feedback.scales`.
    """
    if _is_blank(value):
        return None
    point = POINTS[scale].get(_answer(value))
    if point is None:
        raise Unreadable(f'the rating is none of the answers of the scale "{scale}"')
    return point


def parse_consent(value: object) -> bool | None:
    """Yes or no; None where nobody was asked. Raises `Unreadable` for anything else."""
    if _is_blank(value):
        return None
    given = YES_NO.get(_answer(value))
    if given is None:
        raise Unreadable("the consent is neither yes nor no")
    return given


def _answer(value: object) -> str:
    """As answers are listed: without "!" behind a word, and one thumb for several alike."""
    given = value if isinstance(value, str | bool) else _number(value)
    answer = " ".join(_seen(str(given)).translate(_DRESS).lower().split())
    thumbs = _THUMBS.fullmatch(answer)
    return thumbs[1] if thumbs else _ENDING.sub("", answer)


def _seen(text: str) -> str:
    return text.translate(_UNSEEN).strip()


def _is_blank(value: object) -> bool:
    if isinstance(value, str):
        return not _seen(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return isinstance(value, float | np.floating) and bool(value != value)


def _number(value: object) -> float | None:
    """None for what is no number, truth values among them."""
    if not isinstance(value, Real | Decimal) or isinstance(value, bool):
        return None
    try:
        return float(value)
    except (OverflowError, ValueError):
        return inf
