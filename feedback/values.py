"""Dates and ratings from other people's tables: read for certain, or `Unreadable` with the reason.

No value is guessed: 01/09/2026 needs a declared order, and a naive time belongs to `timezone`.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import cache
from math import inf, isfinite
from numbers import Real
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from feedback.errors import Refused, Unreadable

DateOrder = Literal["dmy", "mdy"]

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
TOLERANCE = timedelta(days=1)  # clocks and time zones of others

_CLOCK = (
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?(?:\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2}|[+-]\d{2}))?)?"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})" + _CLOCK, re.ASCII | re.IGNORECASE
)
_DOTS = re.compile(
    r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})" + _CLOCK, re.ASCII | re.IGNORECASE
)
_DECLARED = {
    "dmy": r"(?P<day>\d{1,2})([/-])(?P<month>\d{1,2})\2(?P<year>\d{4})",
    "mdy": r"(?P<month>\d{1,2})([/-])(?P<day>\d{1,2})\2(?P<year>\d{4})",
}
_IN_ORDER = {
    order: re.compile(pattern + _CLOCK, re.ASCII | re.IGNORECASE)
    for order, pattern in _DECLARED.items()
}
_RFC_2822 = re.compile(
    r"(?:[a-z]{3},\s*)?\d{1,2}\s+[a-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}(?::\d{2})?"
    r"(?P<zone>\s+(?:[+-]\d{4}|[a-z]{1,5}))?(?:\s*\([^()]*\))?",
    re.ASCII | re.IGNORECASE,
)
_KNOWN_ZONES = frozenset(
    {"UT", "UTC", "GMT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"}
)


def parse_moment(
    value: object,
    *,
    timezone: str = "UTC",
    date_order: DateOrder | None = None,
    not_after: datetime | None = None,
) -> datetime:
    """`value` as an aware moment in UTC; a date alone is its midnight in `timezone`.

    Reads ISO 8601, 01.09.2026 14:05, 9/1/2026 2:05 PM (with `date_order`), RFC 2822, seconds or
    milliseconds since 1970 (as number or digits), and date, datetime and Timestamp objects.
    Raises `Unreadable` for anything else, before 2000, or over a day later than `not_after`.
    """
    moment = _utc(_read(value, date_order), _zone(timezone))
    if moment < EARLIEST:
        raise Unreadable("the date lies before 2000")
    if not_after is not None and moment > not_after + TOLERANCE:
        raise Unreadable("the date lies in the future")
    return moment


def _read(value: object, date_order: DateOrder | None) -> datetime:
    if _is_blank(value):
        raise Unreadable("the date is empty")
    if isinstance(value, datetime):
        clock = time(value.hour, value.minute, value.second, value.microsecond, fold=value.fold)
        return datetime.combine(value.date(), clock, value.tzinfo)
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, str):
        return _read_text(value.strip(), date_order)
    if isinstance(value, np.datetime64):
        return _read(pd.Timestamp(value), date_order)
    if (number := _number(value)) is not None:
        return _epoch(number)
    raise Unreadable("a date was expected, not a value of another kind")


def _read_text(text: str, date_order: DateOrder | None) -> datetime:
    if re.fullmatch(r"[0-9]{9,10}|[0-9]{12,13}", text):
        return _epoch(float(text))
    if re.fullmatch(r"[0-9]{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = _YEAR_FIRST.fullmatch(text) or _DOTS.fullmatch(text)
    if found is None and _IN_ORDER["dmy"].fullmatch(text):
        if date_order is None:
            raise Unreadable("day and month cannot be told apart: declare date_order")
        found = _IN_ORDER[date_order].fullmatch(text)
    if found is not None:
        return _from_parts(found.groupdict())
    if mail := _RFC_2822.fullmatch(text):
        return _from_mail(text, (mail["zone"] or "").strip())
    raise Unreadable("text where a date was expected")


def _from_parts(parts: dict[str, str | None]) -> datetime:
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        if not 1 <= hour <= 12:
            raise Unreadable("the time of day does not exist")
        hour = hour % 12 + (12 if parts["half"] in "pP" else 0)
    fraction = (parts["fraction"] or "0")[:6].ljust(6, "0")
    try:
        return datetime(
            int(parts["year"] or 0),
            int(parts["month"] or 0),
            int(parts["day"] or 0),
            hour,
            int(parts["minute"] or 0),
            int(parts["second"] or 0),
            int(fraction),
            _offset(parts["zone"]),
        )
    except ValueError:
        raise Unreadable("the date or the time of day does not exist") from None


def _offset(zone: str | None) -> tzinfo | None:
    if not zone:
        return None
    if zone[0] not in "+-":
        return UTC
    return datetime.strptime(zone.replace(":", "").ljust(5, "0"), "%z").tzinfo


def _from_mail(text: str, zone: str) -> datetime:
    if zone[:1].isalpha() and zone.upper() not in _KNOWN_ZONES:
        raise Unreadable("the date names a time zone that is not defined")
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        raise Unreadable("the date or the time of day does not exist") from None
    return moment.replace(tzinfo=UTC) if zone == "-0000" else moment  # RFC 2822, 3.3


def _epoch(number: float) -> datetime:
    """Seconds of ten digits at most (to the year 2286), or else milliseconds."""
    seconds = number / 1000 if number >= 1e11 else number
    if not 0 <= seconds < 1e10:
        raise Unreadable("the number is no moment in seconds or milliseconds since 1970")
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def _utc(moment: datetime, zone: tzinfo) -> datetime:
    try:
        local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return local.astimezone(UTC)
    except (OverflowError, ValueError):
        raise Unreadable("the date lies outside the calendar") from None


@cache
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(
            f"the time zone {name!r} is not known: use a name like Europe/Moscow"
        ) from None


_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]{1,9})?")
_OF = re.compile(
    r"([0-9]{1,9}(?:[.,][0-9]{1,9})?)\s*(?:/|из|of|out of)\s*([0-9]{1,9})", re.IGNORECASE
)
_STARS = re.compile(r"([★⭐🌟]*)([☆✩]*)")


def parse_rating(value: object, low: float, high: float) -> float | None:
    """`value` as a number on the scale from `low` to `high`; None where nothing was answered.

    Reads numbers, text with a point or a comma, 4/5, 4 из 5 and stars (★★★★☆).
    Raises `Unreadable` for words, for another scale, and for a number off the scale.
    """
    if _is_blank(value):
        return None
    number = _rating_in(value.strip(), high) if isinstance(value, str) else _number(value)
    if number is None:
        raise Unreadable("a number was expected as the rating, not a value of another kind")
    if not (isfinite(number) and low <= number <= high):
        raise Unreadable(f"the rating lies off the scale from {low:g} to {high:g}")
    return number


def _rating_in(text: str, high: float) -> float:
    text = text.replace("\ufe0f", "")
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    if of := _OF.fullmatch(text):
        if float(of[2]) != high:
            raise Unreadable(f"the rating is given on another scale than to {high:g}")
        return float(of[1].replace(",", "."))
    stars = _STARS.fullmatch(text)
    if stars is None:
        raise Unreadable("text where a number was expected as the rating")
    if high != 5 or (stars[2] and len(text) != high):
        raise Unreadable(f"the stars belong to another scale than to {high:g}")
    return float(len(stars[1]))


def _is_blank(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
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
