"""Numbers, intervals and dates as a Russian and an English reader write them.

Written out here because the machine's locale may lack either language, and differs by machine.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
FIVE_DIGITS = 10_000  # Russian typography groups digits from here on


@dataclass(frozen=True)
class Language:
    """How one language writes numbers and dates; `code` is its BCP 47 tag."""

    code: str
    decimal: str
    group: str
    group_from: int
    percent: str
    range_sign: str
    months: str  # twelve words, as they stand after a day
    short_months: str


RUSSIAN = Language(
    "ru",
    ",",
    NBSP,
    FIVE_DIGITS,
    f"{NBSP}%",
    "…",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "янв фев мар апр мая июн июл авг сен окт ноя дек",
)
ENGLISH = Language(
    "en",
    ".",
    ",",
    1000,
    "%",
    " to ",
    "January February March April May June July August September October November December",
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
)
LANGUAGES = (RUSSIAN, ENGLISH)


def number(language: Language, value: float, digits: int = 0, *, signed: bool = False) -> str:
    """A number with the language's separators and a real minus; `signed` adds a plus."""
    text = f"{abs(value):,.{digits}f}"
    group = language.group if abs(value) >= language.group_from else ""
    text = text.replace(",", "\0").replace(".", language.decimal).replace("\0", group)
    if not any(digit in text for digit in "123456789"):
        return text
    return (MINUS if value < 0 else "+" if signed else "") + text


def quantity(
    language: Language, unit: str, value: float, digits: int | None = None, *, signed: bool = False
) -> str:
    """A value in its unit: a count whole, a share as a percentage, points with their sign."""
    if unit == "share":
        return number(language, 100 * value, _or(digits, 1), signed=signed) + language.percent
    if unit == "points":
        return number(language, value, _or(digits, 1), signed=True)
    return number(language, value, _or(digits, 0), signed=signed)


def interval(
    language: Language, unit: str, low: float, high: float, *, signed: bool = False
) -> str:
    """Both ends of an interval, the unit once: 21.0–25.9%, -12.0 to +4.0."""
    first = quantity(language, unit, low, signed=signed)
    last = quantity(language, unit, high, signed=signed)
    if unit == "share":
        first = first.removesuffix(language.percent)
    dash = language.range_sign if signed or unit == "points" else "–"
    return f"{first}{dash}{last}"


def day(language: Language, when: date) -> str:
    """12 Sep, 12 сен."""
    return f"{when.day}{NBSP}{language.short_months.split()[when.month - 1]}"


def full_day(language: Language, when: date) -> str:
    """12 September 2026, 12 сентября 2026."""
    return f"{when.day}{NBSP}{language.months.split()[when.month - 1]}{NBSP}{when.year}"


def days(language: Language, first: date, last: date) -> str:
    """12–14 Sep, 30 Aug – 2 Sep; one day alone stays one day."""
    if first == last:
        return day(language, first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(language, last)}"
    return f"{day(language, first)} – {day(language, last)}"


def full_days(language: Language, first: date, last: date) -> str:
    """1 September – 30 October 2026, with both years where they differ."""
    start = full_day(language, first)
    if first.year == last.year:
        start = start.removesuffix(f"{NBSP}{first.year}")
    return f"{start} – {full_day(language, last)}"


def moment(language: Language, when: datetime, timezone: str) -> str:
    """22 November 2026, 09:00, in the given time zone; its name stands once on the page."""
    local = when.astimezone(ZoneInfo(timezone))
    return f"{full_day(language, local.date())}, {local:%H:%M}"


def short_moment(language: Language, when: datetime, timezone: str) -> str:
    """22 Nov 2026, 09:00, for cards and tables."""
    local = when.astimezone(ZoneInfo(timezone))
    return f"{day(language, local.date())}{NBSP}{local.year}, {local:%H:%M}"


def _or(digits: int | None, default: int) -> int:
    return default if digits is None else digits
