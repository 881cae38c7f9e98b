"""Numbers and dates as a Russian and an English reader expect them.

The real minus and, before a unit, the no-break space are part of what is expected.
"""

from datetime import UTC, date, datetime

import pytest

from feedback.publishing.formats import (
    ENGLISH,
    RUSSIAN,
    Language,
    days,
    full_days,
    interval,
    moment,
    number,
    quantity,
)


@pytest.mark.parametrize(
    ("value", "digits", "russian", "english"),
    [
        (0, 0, "0", "0"),
        (1234, 0, "1234", "1,234"),
        (12345.678, 1, "12 345,7", "12,345.7"),
        (-0.04, 1, "0,0", "0.0"),
        (-1234567, 0, "−1 234 567", "−1,234,567"),
    ],
)
def test_numbers_are_grouped_and_signed_as_each_language_does(
    value: float, digits: int, russian: str, english: str
) -> None:
    assert number(RUSSIAN, value, digits).replace("\xa0", " ") == russian
    assert number(ENGLISH, value, digits) == english


def test_shares_are_percentages_and_points_carry_their_sign() -> None:
    assert quantity(RUSSIAN, "share", 0.1234) == "12,3\xa0%"
    assert quantity(ENGLISH, "share", 0.1234) == "12.3%"
    assert quantity(ENGLISH, "points", 34) == "+34.0"
    assert quantity(ENGLISH, "points", -4) == "−4.0"


@pytest.mark.parametrize(
    ("language", "unit", "text"),
    [
        (ENGLISH, "share", "21.0–25.9%"),
        (RUSSIAN, "share", "21,0–25,9\xa0%"),
        (ENGLISH, "points", "+0.2 to +0.3"),
        (RUSSIAN, "points", "+0,2…+0,3"),
    ],
)
def test_an_interval_names_its_unit_once(language: Language, unit: str, text: str) -> None:
    assert interval(language, unit, 0.21, 0.259) == text


def test_ranges_of_days_repeat_nothing() -> None:
    first, last = date(2026, 8, 30), date(2026, 9, 2)
    assert days(ENGLISH, first, last) == "30\xa0Aug – 2\xa0Sep"
    assert days(RUSSIAN, last, date(2026, 9, 5)) == "2–5\xa0сен"
    assert days(RUSSIAN, last, last) == "2\xa0сен"
    assert full_days(RUSSIAN, first, last) == "30\xa0августа – 2\xa0сентября\xa02026"
    assert full_days(ENGLISH, date(2025, 12, 31), last).startswith("31\xa0December\xa02025 – 2")


def test_moments_are_told_in_the_time_zone_of_the_page() -> None:
    late = datetime(2026, 10, 31, 22, 5, tzinfo=UTC)
    assert moment(ENGLISH, late, "Europe/Moscow") == "1\xa0November\xa02026, 01:05"
