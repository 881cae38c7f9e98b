from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.errors import Refused, Unreadable
from feedback.scales import POINTS, NamedScale, bounds
from feedback.values import (
    EARLIEST,
    parse_consent,
    parse_moment,
    parse_named_rating,
    parse_rating,
)
from feedback.written_dates import MONTHS, WEEKDAYS, DateOrder

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
        "Tue,01 Sep 2026 10:05:00 EDT",
        "Tue Sep 01 2026 17:05:00 GMT+0300 (Moscow Standard Time)",
        "Tue Sep  1 14:05:00 2026",
        "Tue Sep 01 17:05:00 +0300 2026",
        "2026-09-01 17:05 MSK",
        "01.09.2026 17:05 МСК",
        "2026-09-01 17:05 UTC+3",
        "2026-09-01 19:35 GMT+5:30",
        "20260901T140500Z",
        "20260901140500",
        "2026-W36-2T14:05Z",
        "1 сентября 2026 г., 14:05",
        "1 сентября 2026 года в 14:05",
        "вторник, 1 сентября 2026 г. 14:05",
        "01 сент. 2026 14:05:00",
        "1 СЕН 2026 17:05 МСК",
        "01.09.2026 г. 14:05",
        "01.09.2026 14.05",
        "1.9.2026, в 14.05.00",
        "20260901T1405",
        "20260901T1705+0300",
        "\u200e01.09.2026\u200f 14:05",
        "\ufeff2026-09-01 14:05\u200b",
        "Sep 1, 2026 2:05 PM",
        "Sep 1, 2026, 2:05:00\u202fPM",
        "Tuesday, September 1st, 2026 at 2:05 p.m.",
        "1 September 2026 14:05",
        "01-Sep-2026 14:05:00",
        1788271500,
        1788271500000,
        1788271500000000,
        1788271500000000000,
        np.int64(1788271500000000000),
        1788271500.0,
        "1788271500.000",
        20260901140500,
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


@pytest.mark.parametrize(
    "value",
    [
        "2026-09-01",
        "01.09.2026",
        "20260901",
        20260901,
        20260901.0,
        "2026-W36-2",
        "1 сен 2026",
        "1 September 2026",
        "Sep 1, 2026",
        date(2026, 9, 1),
    ],
)
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
        ("01.09.26", "the year has two digits only: declare two_digit_years"),
        ("1 сен 26", "the year has two digits only"),
        ("1 Sentember 2026", "text where a date was expected"),
        ("Sep 2026", "text where a date was expected"),
        ("1 September", "text where a date was expected"),
        ("Mon, 01 Sep 2026 14:05:00 +0300", "the weekday is not that of the date"),
        ("среда, 1 сентября 2026", "the weekday is not that of the date"),
        ("xx, 1 Sep 2026", "text where a date was expected"),
        ("31 июня 2026", "does not exist"),
        ("2026-W54-1", "does not exist"),
        ("2026-W36", "text where a date was expected"),
        ("01.09.2026 14:05 CET", "time zone named in the date is not certain"),
        ("Tue Sep 01 14:05:00 CST 2026", "time zone named in the date is not certain"),
        ("01.09.2010 14:05 MSK", "Moscow time in that year is not certain"),
        ("Tue, 01 Sep 2026 14:05:00 (MSK)", "text where a date was expected"),
        ("2026-09-01 14:05:00+15:00", "time zone of the date does not exist"),
        ("2026-09-01 14:05:00+03:60", "time zone of the date does not exist"),
        ("0026-09-01", "before 2000"),
        ("２０２６-09-01", "text where a date was expected"),
        ("٢٠٢٦-٠٩-٠١", "text where a date was expected"),
        ("1788271500٠", "text where a date was expected"),
        ("45901", "may be a spreadsheet's day"),
        ("2026-09", "text where a date was expected"),
        ("32.01.2026", "does not exist"),
        ("2026-02-30", "does not exist"),
        ("2026-09-01 25:00", "does not exist"),
        ("2026-09-01 13:05 PM", "does not exist"),
        ("2026-09-01 0:05 AM", "does not exist"),
        ("2026-09-01 14:05:00+99:00", "does not exist"),
        ("9/1/2026 13:05 PM", "does not exist|date_order"),
        ("Tue, 31 Feb 2026 14:05:00 +0300", "does not exist"),
        (True, "another kind"),
        ([2026], "another kind"),
        ({"$date": "2026-09-01"}, "another kind"),
        (time(14, 5), "another kind"),
        (45901, "may be a spreadsheet's day"),
        (45901.5868, "may be a spreadsheet's day"),
        (2026, "no moment"),
        ("9" * 40, "text where a date was expected"),
        (915148800, "before 2000"),
        (20261301, "does not exist"),
        ("31.12.1999", "before 2000"),
        (20260901140500.5, "no moment"),
        (202609011405, "before 2000"),
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


@pytest.mark.parametrize("value", ["29.03.2026 02:30", "25.10.2026 02:30", "2026-10-25T02:00"])
def test_a_time_that_was_there_twice_or_never_is_set_aside(value: str) -> None:
    with pytest.raises(Unreadable, match="clocks were turned in that hour"):
        parse_moment(value, timezone="Europe/Berlin")
    assert parse_moment(f"{value}+02:00", timezone="Europe/Berlin").minute in (0, 30)


@pytest.mark.parametrize(
    ("value", "zone", "utc"),
    [
        ("29.03.2026 03:00", "Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("25.10.2026 03:00", "Europe/Berlin", datetime(2026, 10, 25, 2, tzinfo=UTC)),
        ("2018-11-04", "America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),  # no midnight
        ("2025-11-02", "America/Havana", datetime(2025, 11, 2, 4, tzinfo=UTC)),  # two midnights
        ("2025-11-02T00:00:00", "America/Havana", datetime(2025, 11, 2, 4, tzinfo=UTC)),
    ],
)
def test_a_day_begins_with_its_first_moment_wherever_clocks_are_turned(
    value: str, zone: str, utc: datetime
) -> None:
    assert parse_moment(value, timezone=zone) == utc


def test_two_digits_are_a_year_of_this_century_only_where_that_is_declared() -> None:
    for value in ("01.09.26 14:05", "1-Sep-26 14:05", "1 сентября 26 г. 14:05"):
        assert parse_moment(value, two_digit_years=True) == MOMENT
    assert parse_moment("9/1/26 2:05 PM", date_order="mdy", two_digit_years=True) == MOMENT
    with pytest.raises(Unreadable, match="declare date_order"):
        parse_moment("9/1/26 2:05 PM", two_digit_years=True)


def test_a_short_year_that_may_stand_first_needs_a_declared_order() -> None:
    for value in ("26.09.01", "26.09.01 14.05"):
        with pytest.raises(Unreadable, match="the year may stand first or last"):
            parse_moment(value, two_digit_years=True, not_after=NOW)
    declared = parse_moment("26.09.01", two_digit_years=True, date_order="dmy")
    assert declared == datetime(2001, 9, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("15.08.26", date(2026, 8, 15)),  # or 2015, long ago
        ("01.09.26", date(2026, 9, 1)),
        ("31.12.25", date(2025, 12, 31)),  # or 2031, still to come
        ("26-Sep-01", date(2001, 9, 26)),
        ("26.02.30", None),
        ("32.01.26", None),
    ],
)
def test_a_short_year_stands_last_where_it_cannot_well_stand_first(
    value: str, day: date | None
) -> None:
    if day is None:
        with pytest.raises(Unreadable):
            parse_moment(value, two_digit_years=True, not_after=NOW)
    else:
        assert parse_moment(value, two_digit_years=True, not_after=NOW).date() == day


def test_the_year_2000_begins_where_the_source_is() -> None:
    assert parse_moment("2000-01-01", timezone="Europe/Moscow") >= EARLIEST
    assert parse_moment("2000-01-01", timezone="Pacific/Kiritimati") == EARLIEST
    with pytest.raises(Unreadable, match="before 2000"):
        parse_moment("1999-12-31", timezone="Europe/Moscow")


def test_every_month_and_weekday_has_its_names_in_both_languages() -> None:
    for n in range(1, 13):
        day = datetime(2026, n, 1)
        assert MONTHS[f"{day:%b}".lower()] == MONTHS[f"{day:%B}".lower()] == n
    assert [MONTHS[name] for name in RUSSIAN_MONTHS] == list(range(1, 13))
    assert [WEEKDAYS[name] for name in ["пн", "вт", "ср", "чт", "пт", "сб", "вс"]] == list(
        range(1, 8)
    )


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
RUSSIAN_MONTHS = [
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
]
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(max_examples=50, deadline=None)
@given(MOMENTS, OFFSETS)
def test_every_way_to_write_a_moment_is_read_as_that_moment(
    moment: datetime, offset: timezone
) -> None:
    there = moment.astimezone(offset)
    seconds, russian = int(moment.timestamp()), RUSSIAN_MONTHS[there.month - 1]
    for written in (
        there.isoformat(),
        there.strftime("%Y%m%dT%H%M%S%z"),
        there.strftime("%G-W%V-%u %H:%M:%S%z"),
        there.strftime("%d.%m.%Y %H:%M:%S%z"),
        there.strftime("%a, %d %b %Y %H:%M:%S %z"),
        there.strftime("%a %b %d %Y %H:%M:%S GMT%z (There)"),
        there.strftime("%a %b %d %H:%M:%S %z %Y"),
        there.strftime("%B %d, %Y %I:%M:%S %p %z"),
        there.strftime("%A, %d %B %Y, %H:%M:%S%z"),
        there.strftime(f"%d {russian} %Y г., %H:%M:%S %z"),
        str(seconds),
        *(seconds * per_second for per_second in (1, 10**3, 10**6, 10**9)),
    ):
        assert parse_moment(written) == moment
        if isinstance(written, str):
            assert parse_moment(f"\t {written}\u00a0\n") == moment
    assert parse_moment(f"{there:%d/%m/%Y %H:%M:%S %z}", date_order="dmy") == moment
    assert parse_moment(f"{there:%m-%d-%Y %I:%M:%S %p %z}", date_order="mdy") == moment


@settings(max_examples=50, deadline=None)
@given(st.datetimes(datetime(2000, 1, 2), datetime(2199, 1, 1), timezones=st.just(UTC)))
def test_no_fraction_of_a_second_is_lost(moment: datetime) -> None:
    micro = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    for written in (moment.isoformat(), f"{moment:%d.%m.%Y %H:%M:%S.%f}", micro, str(micro)):
        assert parse_moment(written) == moment


PIECES = [
    *(*MONTHS, *WEEKDAYS, *" .,/-("),
    *("0", "1", "9", "12", "26", "2026", "14:05", "pm", "мск", "est", "г.", "+03", "t", "z"),
]
DAY_FIRST = r"[0-9]{1,2} (?:sep|мая) [0-9]{4} [0-9]{2}:[0-9]{2}(?:[+-][0-9]{2}| [a-z]{1,4})?"


@settings(max_examples=300, deadline=None)
@given(
    st.text()
    | st.text("0123456789./-: TZ+apmz", max_size=24)
    | st.lists(st.sampled_from(PIECES), max_size=7).map("".join)
    | st.from_regex(DAY_FIRST, fullmatch=True)
    | st.integers()
    | st.floats()
    | st.datetimes()
    | st.dates()
    | st.decimals()
    | st.none()
    | st.binary(max_size=3),
    st.sampled_from([None, "dmy", "mdy"]),
    st.sampled_from(["UTC", "Pacific/Kiritimati", "America/Adak"]),
    st.booleans(),
)
def test_no_value_makes_it_raise_anything_but_unreadable(
    value: object, order: DateOrder | None, zone: str, short: bool
) -> None:
    try:
        moment = parse_moment(
            value, date_order=order, timezone=zone, two_digit_years=short, not_after=NOW
        )
    except Unreadable:
        return
    assert EARLIEST <= moment <= NOW + timedelta(days=1)


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
        ("4.000", 4.0),
        ("4,50", 4.5),
        ("5 звёзд", 5.0),
        ("5 Звезд", 5.0),
        ("4 звезды", 4.0),
        ("1 звезда", 1.0),
        ("5 stars", 5.0),
        ("1 star", 1.0),
        ("5*", 5.0),
        ("4,5 ★", 4.5),
        ("5⭐️", 5.0),
        ("4 из 5 звёзд", 4.0),
        ("4 stars out of 5", 4.0),
        ("5️⃣", 5.0),
        ("\u200b4", 4.0),
        ("4\ufeff", 4.0),
    ],
)
def test_a_rating_is_read_as_people_and_forms_write_it(value: object, rating: float) -> None:
    assert parse_rating(value, 1, 5) == rating


@pytest.mark.parametrize(
    "value", [None, "", "  ", "\ufeff", float("nan"), np.float64("nan"), pd.NA]
)
def test_no_answer_is_no_rating(value: object) -> None:
    assert parse_rating(value, 1, 5) is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("eleven", "text where a number"),
        ("четыре", "text where a number"),
        ("5 звёздных войн", "text where a number"),
        ("5**", "text where a number"),
        ("6 stars", "off the scale from 1 to 5"),
        ("8 из 10 звёзд", "another scale"),
        ("4 5", "text where a number"),
        ("80%", "text where a number"),
        ("４", "text where a number"),
        ("٤", "text where a number"),
        ("nan", "text where a number"),
        ("1e400", "text where a number"),
        ("1,000", "text where a number"),
        ("👍", "text where a number"),
        ("🏽", "text where a number"),
        ("хорошо", "text where a number"),
        (0, "off the scale from 1 to 5"),
        (99, "off the scale from 1 to 5"),
        ("5.1", "off the scale from 1 to 5"),
        (float("inf"), "off the scale from 1 to 5"),
        ("☆☆☆☆☆", "off the scale from 1 to 5"),
        ("8/10", "another scale"),
        ("★★★☆", "another scale"),
        (True, "another kind"),
        ([5], "another kind"),
        ({"value": 5}, "another kind"),
        (10**400, "off the scale from 1 to 5"),
        (Decimal("NaN"), "off the scale from 1 to 5"),
    ],
)
def test_a_rating_off_its_scale_is_set_aside_with_the_reason(value: object, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        parse_rating(value, 1, 5)


def test_stars_are_read_where_their_row_is_as_long_as_the_scale() -> None:
    with pytest.raises(Unreadable, match="another scale"):
        parse_rating("★★★★★", 0, 10)
    with pytest.raises(Unreadable, match="another scale"):
        parse_rating("5 stars", 0, 10)
    assert parse_rating("7 из 10 звёзд", 0, 10) == 7
    assert parse_rating("1️⃣0️⃣", 0, 10) == 10
    assert parse_rating("★★★★★★★☆☆☆", 1, 10) == 7
    assert parse_rating("★★☆", 1, 3) == 2


@pytest.mark.parametrize(
    ("scale", "answers"),
    [
        (
            "thumbs",
            {0: ["👎", "👎🏿", "Dislike", "дизлайк", "нет", "NO", "плохо", False, 0, "0.0"]},
        ),
        (
            "thumbs",
            {
                1: [
                    "👍",
                    "👍🏽",
                    "👍️",
                    "👍👍",
                    "👍🏽 👍🏽👍",
                    "good.",
                    "\u200bда\ufeff",
                    " Like ",
                    "лайк",
                    "да",
                    "Yes",
                    "good",
                    True,
                    1,
                    1.0,
                ]
            },
        ),
        ("smileys", {1: ["😡"], 2: ["🙁", "☹️", ":(", ":-("], 3: ["😐", ":|"], 5: ["😀", ":D"]}),
        ("smileys", {4: ["🙂", ":)", ":-)"]}),
        ("words", {1: ["ужасно", "Terrible"], 2: ["плохо", "poor"], 3: ["нормально", "fair"]}),
        (
            "words",
            {
                3: ["average"],
                4: ["хорошо", "good", "хорошо!"],
                5: ["ОТЛИЧНО", "excellent", "отлично !!!"],
            },
        ),
    ],
)
def test_a_thumb_a_face_or_a_word_is_its_point_on_the_scale(
    scale: NamedScale, answers: dict[int, list[object]]
) -> None:
    for point, given_answers in answers.items():
        assert [parse_named_rating(answer, scale) for answer in given_answers] == [
            point for _ in given_answers
        ]


def test_named_scales_have_their_ends() -> None:
    assert [bounds(name) for name in POINTS] == [(0, 1), (1, 5), (1, 5)]


@pytest.mark.parametrize("scale", POINTS)
@pytest.mark.parametrize(
    "value",
    [
        "eleven",
        "👍👎",
        "good?",
        "!",
        "😊",
        "very good",
        5,
        0.5,
        1e400,
        "5",
        "１",
        "🏽",
        [1],
        {},
        ["yes"],
        "None",
        -1,
    ],
)
def test_an_answer_that_is_not_on_the_named_scale_is_set_aside(
    scale: NamedScale, value: object
) -> None:
    with pytest.raises(Unreadable, match=f'none of the answers of the scale "{scale}"'):
        parse_named_rating(value, scale)


def test_one_scale_does_not_read_the_answers_of_another() -> None:
    for scale, value in (("thumbs", ":)"), ("smileys", "👍"), ("words", "да"), ("words", "1")):
        with pytest.raises(Unreadable, match="none of the answers"):
            parse_named_rating(value, scale)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [None, "", " \u00a0", float("nan"), pd.NA])
def test_no_answer_is_neither_a_rating_nor_a_consent(value: object) -> None:
    assert parse_named_rating(value, "thumbs") is None
    assert parse_consent(value) is None


def test_a_consent_is_yes_or_no() -> None:
    for yes in ("да", "Yes", " TRUE ", "1", "ИСТИНА", True, 1, 1.0, np.int64(1)):
        assert parse_consent(yes) is True
    for no in ("Нет", "no", "false", "0", "0.0", "ложь", False, 0, 0.0):
        assert parse_consent(no) is False


@pytest.mark.parametrize("value", ["maybe", "yes, but", "👍", "good", 2, 0.9999999, -1, [True], {}])
def test_a_consent_that_is_neither_yes_nor_no_is_not_guessed(value: object) -> None:
    with pytest.raises(Unreadable, match="neither yes nor no"):
        parse_consent(value)


@settings(max_examples=200, deadline=None)
@given(
    st.text()
    | st.sampled_from([a for answers in POINTS.values() for a in answers])
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.none()
    | st.lists(st.integers()),
    st.sampled_from(list(POINTS)),
)
def test_an_answer_is_on_its_named_scale_or_set_aside_whatever_stands_around_it(
    value: object, scale: NamedScale
) -> None:
    try:
        rating = parse_named_rating(value, scale)
    except Unreadable:
        return
    low, high = bounds(scale)
    assert rating is None or low <= rating <= high
    if isinstance(value, str):
        assert parse_named_rating(f"\n {value}\t", scale) == rating


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
    if isinstance(value, str):
        assert parse_rating(f"\n {value}\t", low, high) == rating
