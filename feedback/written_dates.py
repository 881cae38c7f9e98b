"""Dates written as text, in digits or with English and Russian names: one meaning, or none.

A weekday that is not that of its date makes the date unreadable: one of the two is wrong.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal, NamedTuple

from feedback.errors import Unreadable

DateOrder = Literal["dmy", "mdy"]


class Written(NamedTuple):
    """What is known of how a source writes dates.

    `order` is that of 01/09/2026. With `two_digit_years`, 26 is 2026. No date is later than
    `latest`, an aware moment.
    """

    order: DateOrder | None = None
    two_digit_years: bool = False
    latest: datetime | None = None


_UNDECLARED = Written()

_MONTHS = (
    "jan january янв январь января",
    "feb february фев февр февраль февраля",
    "mar march мар март марта",
    "apr april апр апрель апреля",
    "may май мая",
    "jun june июн июнь июня",
    "jul july июл июль июля",
    "aug august авг август августа",
    "sep sept september сен сент сентябрь сентября",
    "oct october окт октябрь октября",
    "nov november ноя нояб ноябрь ноября",
    "dec december дек декабрь декабря",
)
_WEEKDAYS = (
    "mon monday пн понедельник",
    "tue tues tuesday вт вторник",
    "wed wednesday ср среда",
    "thu thur thurs thursday чт четверг",
    "fri friday пт пятница",
    "sat saturday сб суббота",
    "sun sunday вс воскресенье",
)
MONTHS = {name: n for n, names in enumerate(_MONTHS, start=1) for name in names.split()}
WEEKDAYS = {name: n for n, names in enumerate(_WEEKDAYS, start=1) for name in names.split()}

MOSCOW = timezone(timedelta(hours=3))
MOSCOW_SINCE = date(2014, 10, 27)  # before, MSK was sometimes three hours and sometimes four
_ZONES: dict[str, timezone] = dict.fromkeys(("z", "ut", "utc", "gmt"), UTC) | dict.fromkeys(
    ("msk", "мск"), MOSCOW
)
_AMERICAN: dict[str, timezone] = {  # RFC 2822, 4.3: in its order only, for CST is China's as well
    name: timezone(timedelta(hours=-behind))
    for behind, names in ((4, "edt"), (5, "est cdt"), (6, "cst mdt"), (7, "mst pdt"), (8, "pst"))
    for name in names.split()
}

_CLOCK = (
    r"(?:[t ,]+(?:(?:в|at) )?(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?"
    r"(?: ?(?P<zone>(?:utc|gmt)[+-]\d{1,2}(?::\d{2})?|(?:utc|gmt)?[+-]\d{2}(?::?\d{2})?"
    r"|[a-zа-яё]{1,5})(?: ?\([^()]*\))?)?)?"  # in brackets, what a zone is called
)
_YEAR = r"(?P<year>\d{4}|\d{2})(?: ?(?:года|г\.?))?"
_MONTH = r"(?P<month>[a-zа-яё]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_WEEKDAY = r"(?:(?P<weekday>[a-zа-яё]{2,11})\.?(?:, ?| ))?"
_DOTTED = rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_YEAR}"

_DAY_FIRST = re.compile(f"{_WEEKDAY}{_DAY}[ -]{_MONTH},?[ -]{_YEAR}{_CLOCK}", re.ASCII)
_IN_ORDER = re.compile(
    rf"(?P<one>\d{{1,2}})(?P<sign>[/-])(?P<two>\d{{1,2}})(?P=sign){_YEAR}{_CLOCK}", re.ASCII
)
_CERTAIN = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"(?P<year>\d{{4}})(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}}){_CLOCK}",
        rf"{_DOTTED}{_CLOCK}",
        rf"{_DOTTED},? (?:в )?(?P<hour>\d{{1,2}})\.(?P<minute>\d{{2}})(?:\.(?P<second>\d{{2}}))?",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        r"(?:(?:t|(?=\d{6}))(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?"
        r"(?P<zone>z|[+-]\d{4})?)?",
        rf"(?P<year>\d{{4}})-w(?P<week>\d{{2}})-(?P<day>\d){_CLOCK}",
        rf"{_WEEKDAY}{_MONTH} {_DAY},? {_YEAR}{_CLOCK}",
        rf"{_WEEKDAY}{_MONTH} {_DAY}{_CLOCK} (?P<year>\d{{4}})",
    )
)


def read_date(text: str, written: Written = _UNDECLARED) -> datetime:
    """`text` as a datetime, naive where it names no zone. Raises `Unreadable`."""
    parts, zones = _parts(" ".join(text.lower().split()), written.order)
    if len(parts["year"]) == 2:
        if not written.two_digit_years:
            raise Unreadable("the year has two digits only: declare two_digit_years")
        if written.order is None and _year_may_stand_first(parts, written.latest):
            raise Unreadable("the year may stand first or last: declare date_order")
        parts["year"] = f"20{parts['year']}"
    zone = _zone(parts.get("zone"), zones)
    try:
        moment = datetime.combine(_day(parts), _clock(parts), zone)
    except ValueError:
        raise Unreadable("the date or the time of day does not exist") from None
    if zone is MOSCOW and moment.date() < MOSCOW_SINCE:
        raise Unreadable("the offset of Moscow time in that year is not certain")
    if "weekday" in parts and _named(parts["weekday"], WEEKDAYS) != moment.isoweekday():
        raise Unreadable("the weekday is not that of the date")
    return moment


def _parts(text: str, order: DateOrder | None) -> tuple[dict[str, str], dict[str, timezone]]:
    """The parts by name, and the names that zones have in that kind of text."""
    if found := _IN_ORDER.fullmatch(text):
        if order is None:
            raise Unreadable("day and month cannot be told apart: declare date_order")
        day, month = ("one", "two") if order == "dmy" else ("two", "one")
        return _given(found) | {"day": found[day], "month": found[month]}, _ZONES
    if found := _DAY_FIRST.fullmatch(text):
        return _given(found), _ZONES | _AMERICAN
    for pattern in _CERTAIN:
        if found := pattern.fullmatch(text):
            return _given(found), _ZONES
    raise Unreadable("text where a date was expected")


def _year_may_stand_first(parts: dict[str, str], latest: datetime | None) -> bool:
    """Whether 26.09.01 is rather 2026-09-01: later than 2001-09-26, and not yet to come.

    01.09.26 is the first of September: with points the day comes first, and 2001 is long ago.
    """
    if not parts["month"].isdecimal() or int(parts["day"]) <= int(parts["year"]):
        return False
    try:
        first = date(2000 + int(parts["day"]), int(parts["month"]), int(parts["year"]))
    except ValueError:
        return False
    return latest is None or first <= latest.date()


def _given(found: re.Match[str]) -> dict[str, str]:
    return {name: part for name, part in found.groupdict().items() if part is not None}


def _day(parts: dict[str, str]) -> date:
    year, day = int(parts["year"]), int(parts["day"])
    if "week" in parts:
        return date.fromisocalendar(year, int(parts["week"]), day)
    month = parts["month"]
    return date(year, int(month) if month.isdecimal() else _named(month, MONTHS), day)


def _named(name: str, numbers: dict[str, int]) -> int:
    if name not in numbers:
        raise Unreadable("text where a date was expected")
    return numbers[name]


def _clock(parts: dict[str, str]) -> time:
    hour = int(parts.get("hour", 0))
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half == "p" else 0)
    fraction = int(parts.get("fraction", "0")[:6].ljust(6, "0"))
    return time(hour, int(parts.get("minute", 0)), int(parts.get("second", 0)), fraction)


def _zone(name: str | None, zones: dict[str, timezone]) -> timezone | None:
    if name is None or name in zones:
        return zones[name] if name else None
    offset = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", name)
    if offset is None:
        raise Unreadable("the time zone named in the date is not certain: write it as +03:00")
    hours, minutes = int(offset[2]), int(offset[3] or 0)
    if hours > 14 or minutes > 59:
        raise Unreadable("the time zone of the date does not exist")
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(ahead if offset[1] == "+" else -ahead)
