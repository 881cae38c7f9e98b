from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.errors import Refused, Unreadable
from feedback.values import parse_moment, parse_rating

MOMENT = datetime(2026, 9, 1, 14, 5, tzinfo=UTC)
NOW = datetime(2026, 9, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2026-09-01T14:05:00Z",
        "2026-09-01 14:05",
        "2026-09-01T17:05:00+03:00",
        "2026-09-01 17:05:00.000000 +0300",
        "2026-09-01 14:05:00 UTC",
        "2026/09/01 14:05",
        " 01.09.2026 14:05 ",
        "1.9.2026, 14:05:00",
        "01.09.2026 2:05 PM",
        "Tue, 01 Sep 2026 17:05:00 +0300",
        "1 Sep 2026 14:05:00 GMT",
        "Tue, 01 Sep 2026 17:05:00 +0300 (MSK)",
        "Tue, 01 Sep 2026 14:05:00 -0000",
        1788271500,
        1788271500000,
        1788271500.0,
        "1788271500",
        "1788271500000",
        np.int64(1788271500),
        Decimal(1788271500),
        MOMENT,
        datetime(2026, 9, 1, 14, 5),
        pd.Timestamp("2026-09-01 14:05", tz="UTC"),
        pd.Timestamp("2026-09-01 17:05", tz="Europe/Moscow"),
        np.datetime64("2026-09-01T14:05"),
    ],
)
def test_a_date_is_read_in_every_shape_that_has_one_meaning(value: object) -> None:
    moment = parse_moment(value)
    assert moment == MOMENT
    assert moment.tzinfo is UTC
    assert type(moment) is datetime


@pytest.mark.parametrize("value", ["2026-09-01", "01.09.2026", "20260901", date(2026, 9, 1)])
def test_a_date_alone_is_its_midnight_where_the_source_is(value: object) -> None:
    expected = datetime(2026, 8, 31, 21, tzinfo=UTC)
    assert parse_moment(value, timezone="Europe/Moscow") == expected


def test_a_naive_time_belongs_to_the_declared_zone_and_its_summer_time() -> None:
    assert parse_moment("01.07.2026 12:00", timezone="Europe/Berlin").hour == 10
    assert parse_moment("01.12.2026 12:00", timezone="Europe/Berlin").hour == 11


def test_a_stated_offset_wins_over_the_declared_zone() -> None:
    assert parse_moment("2026-09-01T14:05Z", timezone="Asia/Almaty") == MOMENT


def test_an_unknown_offset_in_mail_means_utc() -> None:
    assert parse_moment("1 Sep 2026 14:05:00 -0000", timezone="Asia/Almaty") == MOMENT


def test_slashes_are_read_in_the_declared_order_only() -> None:
    mdy = parse_moment("11/1/2019 8:51:12", date_order="mdy")
    dmy = parse_moment("11/1/2019 8:51:12", date_order="dmy")
    assert (mdy.month, mdy.day, mdy.hour) == (11, 1, 8)
    assert (dmy.month, dmy.day, dmy.hour) == (1, 11, 8)
    with pytest.raises(Unreadable, match="declare date_order"):
        parse_moment("11/1/2019 8:51:12")


def test_a_month_that_does_not_exist_in_the_declared_order_is_not_swapped() -> None:
    with pytest.raises(Unreadable, match="does not exist"):
        parse_moment("13/1/2026", date_order="mdy")


def test_noon_and_midnight_in_english_are_not_mixed_up() -> None:
    assert parse_moment("9/1/2026 12:05 AM", date_order="mdy").hour == 0
    assert parse_moment("9/1/2026 12:05 p.m.", date_order="mdy").hour == 12


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "empty"),
        ("  ", "empty"),
        (pd.NaT, "empty"),
        (pd.NA, "empty"),
        (float("nan"), "empty"),
        (np.datetime64("NaT"), "empty"),
        ("yesterday", "text where a date was expected"),
        ("01.09.26", "text where a date was expected"),
        ("2026-09", "text where a date was expected"),
        ("32.01.2026", "does not exist"),
        ("2026-02-30", "does not exist"),
        ("2026-09-01 25:00", "does not exist"),
        ("2026-09-01 14:05:00+99:00", "does not exist"),
        ("9/1/2026 13:05 PM", "does not exist|date_order"),
        ("Tue, 01 Sep 2026 14:05:00 MSK", "time zone"),
        ("Tue, 31 Feb 2026 14:05:00 +0300", "does not exist"),
        (True, "another kind"),
        ([2026], "another kind"),
        (45901, "before 2000"),
        (20260901, "before 2000"),
        ("31.12.1999", "before 2000"),
        (20260901140500, "no moment"),
        (float("inf"), "no moment"),
        (10**400, "no moment"),
        (-1, "no moment"),
    ],
)
def test_a_date_that_cannot_be_read_is_set_aside_with_the_reason(
    value: object, reason: str
) -> None:
    with pytest.raises(Unreadable, match=reason):
        parse_moment(value)


def test_a_date_in_the_future_is_set_aside_but_for_a_day_of_tolerance() -> None:
    with pytest.raises(Unreadable, match="lies in the future"):
        parse_moment("2036-09-01", not_after=NOW)
    soon = NOW + timedelta(hours=23)
    assert parse_moment(soon, not_after=NOW) == soon


def test_a_zone_that_does_not_exist_is_a_setting_to_mend() -> None:
    with pytest.raises(Refused, match="Europe/Moscow"):
        parse_moment("2026-09-01", timezone="Moskau")


@pytest.mark.parametrize("value", ["secret words", "my card 4111", "99 Luftballons"])
def test_a_reason_never_quotes_the_customer(value: str) -> None:
    with pytest.raises(Unreadable) as of_date:
        parse_moment(value)
    with pytest.raises(Unreadable) as of_rating:
        parse_rating(value, 0, 10)
    assert value not in of_date.value.reason + of_rating.value.reason


MOMENTS = st.datetimes(datetime(2000, 1, 2), datetime(2199, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(max_examples=50, deadline=None)
@given(MOMENTS, OFFSETS)
def test_every_way_to_write_a_moment_is_read_as_that_moment(
    moment: datetime, offset: timezone
) -> None:
    there = moment.astimezone(offset)
    for written in (
        there.isoformat(),
        there.strftime("%d.%m.%Y %H:%M:%S%z"),
        there.strftime("%a, %d %b %Y %H:%M:%S %z"),
        int(moment.timestamp()),
        int(moment.timestamp()) * 1000,
    ):
        assert parse_moment(written) == moment


@settings(max_examples=100, deadline=None)
@given(
    st.text()
    | st.text("0123456789./-: TZ+apmz", max_size=24)
    | st.integers()
    | st.floats()
    | st.datetimes()
    | st.dates()
    | st.decimals()
    | st.none()
    | st.binary(max_size=3),
    st.sampled_from([None, "dmy", "mdy"]),
    st.sampled_from(["UTC", "Pacific/Kiritimati", "America/Adak"]),
)
def test_no_value_makes_it_raise_anything_but_unreadable(
    value: object, order: object, zone: str
) -> None:
    try:
        moment = parse_moment(value, date_order=order, timezone=zone, not_after=NOW)  # type: ignore[arg-type]
    except Unreadable:
        return
    assert datetime(2000, 1, 1, tzinfo=UTC) <= moment <= NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("value", "rating"),
    [
        (4, 4.0),
        (4.5, 4.5),
        (np.int64(4), 4.0),
        (Decimal("4.5"), 4.5),
        ("4", 4.0),
        (" 4,5 ", 4.5),
        ("4.0", 4.0),
        ("4/5", 4.0),
        ("4 / 5", 4.0),
        ("4 из 5", 4.0),
        ("4 out of 5", 4.0),
        ("★★★★☆", 4.0),
        ("★★★★", 4.0),
        ("⭐️⭐️⭐️", 3.0),
    ],
)
def test_a_rating_is_read_as_people_and_forms_write_it(value: object, rating: float) -> None:
    assert parse_rating(value, 1, 5) == rating


@pytest.mark.parametrize("value", [None, "", "  ", float("nan"), np.float64("nan"), pd.NA])
def test_no_answer_is_no_rating(value: object) -> None:
    assert parse_rating(value, 1, 5) is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("eleven", "text where a number"),
        ("четыре", "text where a number"),
        ("4 5", "text where a number"),
        ("80%", "text where a number"),
        (0, "off the scale from 1 to 5"),
        (99, "off the scale from 1 to 5"),
        ("5.1", "off the scale from 1 to 5"),
        (float("inf"), "off the scale from 1 to 5"),
        ("☆☆☆☆☆", "off the scale from 1 to 5"),
        ("8/10", "another scale"),
        ("★★★☆", "another scale"),
        (True, "another kind"),
        ([5], "another kind"),
    ],
)
def test_a_rating_off_its_scale_is_set_aside_with_the_reason(value: object, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        parse_rating(value, 1, 5)


def test_stars_are_not_read_on_a_scale_of_ten() -> None:
    with pytest.raises(Unreadable, match="another scale"):
        parse_rating("★★★★★", 0, 10)


@settings(max_examples=100, deadline=None)
@given(
    st.text()
    | st.text("0123456789.,/★☆ ", max_size=9)
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.none()
    | st.booleans(),
    st.sampled_from([(0, 10), (1, 5), (-100, 100)]),
)
def test_a_rating_is_on_its_scale_or_set_aside(value: object, scale: tuple[float, float]) -> None:
    low, high = scale
    try:
        rating = parse_rating(value, low, high)
    except Unreadable:
        return
    assert rating is None or low <= rating <= high
