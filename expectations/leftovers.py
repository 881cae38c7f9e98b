"""Personal numbers that redaction should have taken out, written apart from it on purpose.

Only what is certain is found, by shape and check digits: an order number has to stay.
"""

import re
from typing import Any

import pandas as pd
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics import (
    ColumnMapMetricProvider,
    column_condition_partial,
)

_ALONE, _END = r"(?<![\w+-])(?<!\d[ .])", r"(?![-. ]?\d)(?!\w)"
_CARD = re.compile(rf"{_ALONE}[2-6]\d{{3}}([ \u00a0-])\d{{4}}\1\d{{4}}\1\d{{4}}{_END}")
_ORDER = re.compile(r"(?i)(?:\b(?:заказ|договор|сч[её]т|order|contract|account)\w*|№|#)\W*\Z")
_SNILS = re.compile(rf"{_ALONE}\d{{3}}-\d{{3}}-\d{{3}}[ \u00a0-]\d{{2}}{_END}")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_MOBILE = re.compile(
    r"(?<![\w+])\+7[ (\u00a0-]{0,2}9\d{2}[ )\u00a0-]{0,2}\d{3}[ -]?\d{2}[ -]?\d{2}(?!\d)"
)


def has_card(text: str) -> bool:
    """Sixteen digits in fours with the check digit of ISO/IEC 7812-1 (Luhn), called no order."""
    return any(
        _luhn(_digits(found[0])) and not _ORDER.search(text[: found.start()][-40:])
        for found in _CARD.finditer(text)
    )


def has_snils(text: str) -> bool:
    """XXX-XXX-XXX XX with its check number: the digits times 9 to 1, modulo 101, 100 being 0."""
    return any(_snils(_digits(found[0])) for found in _SNILS.finditer(text))


def has_iban(text: str) -> bool:
    """An International Bank Account Number, by ISO 13616 and the check of ISO 7064 (mod 97)."""
    return any(_mod_97(found[0].replace(" ", "")) for found in _IBAN.finditer(text))


def has_mobile(text: str) -> bool:
    """A Russian mobile number in its international form, +7 9XX XXX XX XX."""
    return _MOBILE.search(text) is not None


KINDS = {
    "a payment card": has_card,
    "a SNILS": has_snils,
    "an IBAN": has_iban,
    "a mobile phone": has_mobile,
}


class ColumnValuesFreeOf(ColumnMapMetricProvider):
    """The condition below, as Great Expectations wants it."""

    condition_metric_name = "column_values.free_of"
    condition_value_keys = ("kind",)

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, kind: str, **_: Any) -> pd.Series:  # noqa: N805
        found = KINDS[kind]
        return pd.Series([not found(text) for text in column], index=column.index, dtype=bool)


class ExpectColumnValuesToBeFreeOf(ColumnMapExpectation):
    """No text of the column holds a number of this one of `KINDS`."""

    kind: str

    map_metric = "column_values.free_of"
    success_keys = ("kind", "mostly")
    args_keys = ("column", "kind")


def _digits(text: str) -> list[int]:
    return [int(sign) for sign in text if sign.isdecimal()]


def _luhn(digits: list[int]) -> bool:
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return len(set(digits)) > 1 and (sum(digits[::-2]) + sum(doubled)) % 10 == 0


def _snils(digits: list[int]) -> bool:
    total = sum(digit * weight for digit, weight in zip(digits, range(9, 0, -1), strict=False))
    return total > 0 and total % 101 % 100 == 10 * digits[9] + digits[10]


def _mod_97(iban: str) -> bool:
    number = "".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])
    return len(iban) >= 15 and int(number) % 97 == 1
