"""The clean suite: what the raw suite holds too, and texts fit to be read and passed on.

Judging a suite is slow, so the broken rows are judged together.
"""

import time
from typing import Any

import pandas as pd
import pytest

from expectations import clean as suites
from expectations.verdict import Verdict, judge
from tests.expectations import factories
from tests.expectations.factories import NOW
from tests.expectations.guard import idle
from tests.expectations.test_raw import REFUSED as REFUSED_RAW
from tests.expectations.test_raw import SOUND as SOUND_RAW
from tests.expectations.test_raw import WARNED as WARNED_RAW

ADDRESS = "an e-mail address is left in its text"
RUNS = "its url would run or open something"
CONTROL = "its text has control characters"

REFUSED: list[tuple[dict[str, Any], str]] = [
    *REFUSED_RAW,
    ({"product": "x" * 201}, "its product is longer than 200 characters"),
    ({"text": "пишите anna.k+1@mail.example.ru, жду"}, ADDRESS),
    ({"text": "anna@example.com"}, ADDRESS),
    ({"text": "(mailto:anna@example.com)"}, ADDRESS),
    ({"text": "mailto:anna%40example.com"}, ADDRESS),
    ({"text": "anna@sub.example.com."}, ADDRESS),
    ({"text": "почта: иван@пример.рф"}, ADDRESS),
    ({"subject": "Re: anna@example.com"}, "an e-mail address is left in its subject"),
    ({"product": "иван@пример.рф"}, "an e-mail address is left in its product"),
    ({"text": "карта 4111 1111 1111 1111"}, "a payment card is left in its text"),
    ({"text": "4111-1111-1111-1111, жду"}, "a payment card is left in its text"),
    ({"subject": "5555 5555 5555 4444"}, "a payment card is left in its subject"),
    ({"product": "(4111 1111 1111 1111)"}, "a payment card is left in its product"),
    ({"text": "СНИЛС 112-233-445 95."}, "a SNILS is left in its text"),
    ({"subject": "112-233-445 95"}, "a SNILS is left in its subject"),
    ({"product": "112-233-445-95"}, "a SNILS is left in its product"),
    ({"text": "Konto DE89 3704 0044 0532 0130 00 bitte"}, "an IBAN is left in its text"),
    ({"subject": "GB82WEST12345698765432"}, "an IBAN is left in its subject"),
    ({"product": "DE89370400440532013000"}, "an IBAN is left in its product"),
    ({"text": "звоните +79161234567"}, "a mobile phone is left in its text"),
    ({"text": "+7 (916) 123-45-67"}, "a mobile phone is left in its text"),
    ({"subject": "tel:+7-916-123-45-67"}, "a mobile phone is left in its subject"),
    ({"product": "+7 916 123 45 67"}, "a mobile phone is left in its product"),
    ({"url": "javascript:alert(1)"}, RUNS),
    ({"url": " JavaScript:alert(1)"}, RUNS),
    ({"url": "data:text/html,x", "channel": "mail"}, RUNS),
    ({"url": "file:///etc/passwd", "channel": "social"}, RUNS),
    ({"text": "нет\x00 денег"}, CONTROL),
    ({"text": "\x1b[31mred"}, CONTROL),
    ({"text": "del\x7f"}, CONTROL),
    ({"text": "next\x85line"}, CONTROL),
]
WARNED: list[tuple[dict[str, Any], str]] = [
    *(row for row in WARNED_RAW if "longer" not in row[1]),
    ({"text": "<p>Not clean</p>"}, "the text has HTML tags left in it"),
    ({"text": "done<BR/>"}, "the text has HTML tags left in it"),
    ({"text": "Паспорт: 4509 123456"}, "the text names a passport or a tax number"),
    ({"text": "ИНН 7707083893"}, "the text names a passport or a tax number"),
    ({"text": "Не работа\ufffdт"}, "the text has characters that could not be decoded"),
]
SOUND: list[dict[str, Any]] = [
    *SOUND_RAW,
    {"url": "https://example.com/?next=javascript:"},
    {"text": "two\nlines\tand a tab"},
    {"subject": "Re: [e-mail], @anna", "product": "Касса @home 2.0"},
    {"text": "Пишите мне: [e-mail], цена 5 < 6 и b > a, @anna, @anna@server.example"},
    {"text": "3 шт @ 2.50 каждая, a@b"},
    {"text": "Заказ 4111 1111 1111 1111, договор № 5555 5555 5555 4444"},
    {"text": "Заказ 4111111111111111, трек RA123456785RU, заявка 112-233-445 96"},
    {"text": "Счёт 4081 7810 0000 0000 1234, сумма 4111 1111 1111 1112, 0000 0000 0000 0000"},
    {"text": "Версия 10.0.26100.2314 от 01.09.2026 12:30, DE89370400440532013001, SKU AB12CDEF34"},
    {"text": "Паспорт изделия потерял, ИНН не знаю, [card], [snils], [phone]"},
    {"text": "Смотрите icon@2x.png и user@v1.beta2"},
]


def test_each_broken_row_is_refused_for_its_own_reason_and_no_sound_row_is() -> None:
    found = verdict(factories.clean(*(row for row, _ in REFUSED)))
    assert found.refused == {f"broken-{i}": [reason] for i, (_, reason) in enumerate(REFUSED)}
    assert found.stopped == []


@pytest.mark.parametrize(("odd", "reason"), WARNED)
def test_an_odd_row_is_counted_and_goes_on(odd: dict[str, Any], reason: str) -> None:
    found = verdict(factories.clean(odd))
    assert found.ok
    assert [warning.startswith(f"1 of 2 rows: {reason}") for warning in found.warnings] == [True]


def test_sound_rows_pass_without_a_word() -> None:
    assert verdict(factories.clean(*SOUND)) == Verdict()


def test_no_expectation_is_without_a_row_that_breaks_it() -> None:
    broken = factories.clean(*(row for row, _ in REFUSED + WARNED), {"item_id": "sound"})
    assert idle(suites.suite(now=NOW), "item_id", broken) == []


def test_texts_in_an_object_column_are_read_alike() -> None:
    frame = factories.clean(*(row for row, _ in REFUSED)).astype({"text": object})
    assert set(verdict(frame).refused) == {f"broken-{i}" for i in range(len(REFUSED))}


def test_rows_that_share_an_item_id_are_refused_together() -> None:
    found = verdict(factories.clean({"item_id": "twin"}, {"item_id": "twin"}))
    assert found == Verdict(refused={"twin": ["another row has the same item_id"]})


def test_every_column_is_asked_for() -> None:
    found = verdict(factories.clean().rename(columns=str.upper))
    wanted = ", ".join(sorted(suites.COLUMNS))
    assert [words.partition(", found")[0] for words in found.stopped] == [
        f"a column is missing: wanted {wanted}"
    ]


def test_an_empty_frame_stops() -> None:
    assert verdict(factories.clean().iloc[:0]).stopped == ["the table is empty"]


@pytest.mark.parametrize("dtype", ["str", object])
def test_a_long_line_without_spaces_is_judged_in_a_moment(dtype: object) -> None:
    long = [{"text": unit * (100_000 // len(unit))} for unit in ("a", "a.", "@", "a@", "<p", "--")]
    frame = factories.clean(*long).astype({"text": dtype})
    started = time.perf_counter()
    verdict(frame)
    assert time.perf_counter() - started < 10


def verdict(frame: pd.DataFrame) -> Verdict:
    return judge(frame, suites.suite(now=NOW), "item_id")
