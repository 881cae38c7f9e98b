"""The publish gate: what must be true of the metric table before anybody sees it.

Here one broken row holds everything back, for a page with a wrong number in it is a wrong page.
"""

from datetime import date

import pandas as pd
from great_expectations import ExpectationSuite
from great_expectations.expectations import (
    ExpectColumnDistinctValuesToContainSet,
    ExpectColumnPairValuesAToBeGreaterThanB,
    ExpectColumnPairValuesToBeEqual,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToBeNull,
    ExpectColumnValuesToNotBeNull,
    ExpectCompoundColumnsToBeUnique,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column

from expectations import rules
from expectations.verdict import Verdict, judge
from feedback.metrics.catalogue import DECLARED
from feedback.metrics.compute import COLUMNS, FEW, KEY

NUMBERS = ("value", "low", "high")
RANGES = {
    "count": (0, None, "below 0"),
    "share": (0, 1, "outside 0..1"),
    "points": (-100, 100, "outside -100..100"),
}


def gate(table: pd.DataFrame, *, today: date, min_n: int = FEW) -> Verdict:
    """Whether `table`, as `compute` makes it, may be published: it may if the verdict is `ok`.

    `today` is the date in the metrics' own time zone. Refused rows are named by their key, such
    as "csat/week/2026-03-02/mail/".
    """
    return judge(table, suite(today=today, min_n=min_n), KEY)


def suite(*, today: date, min_n: int = FEW) -> ExpectationSuite:
    """The suite for a frame with the columns of `feedback.metrics.compute`."""
    return ExpectationSuite(
        name="metrics",
        expectations=[
            *rules.table(tuple(COLUMNS)),
            *_keys(today),
            *_numbers(),
            *_small_groups(min_n),
            *_completeness(),
        ],
    )


def _keys(today: date) -> list[Expectation]:
    names, grains = [metric.name for metric in DECLARED], ["day", "week", "period"]
    return [
        *(
            ExpectColumnValuesToNotBeNull(column=name, **rules.must(f"it has no {name}"))
            for name in (*KEY, "n")
        ),
        ExpectCompoundColumnsToBeUnique(
            column_list=KEY, **rules.must("another row has the same key")
        ),
        ExpectColumnValuesToBeInSet(
            column="metric", value_set=names, **rules.must("its metric is not in the catalogue")
        ),
        ExpectColumnValuesToBeInSet(
            column="grain", value_set=grains, **rules.must("its grain is not known")
        ),
        ExpectColumnValuesToBeBetween(
            column="period", max_value=today, **rules.must("its period starts in the future")
        ),
    ]


def _numbers() -> list[Expectation]:
    return [
        ExpectColumnValuesToBeBetween(column="n", min_value=0, **rules.must("its n is negative")),
        *(_within(unit, column) for unit in RANGES for column in NUMBERS),
        _at_least("value", "low"),
        _at_least("high", "value"),
        ExpectColumnPairValuesToBeEqual(
            column_A="value",
            column_B="n",
            ignore_row_if="either_value_is_missing",
            row_condition=Column("metric").is_in(_names("count")),
            **rules.must("its count is not its n"),
        ),
    ]


def _small_groups(min_n: int) -> list[Expectation]:
    few, enough = Column("n") < min_n, Column("n") >= min_n
    shown = rules.must(f"a number is shown for fewer than {min_n} voices")
    absent = rules.must(f"a number or its interval is missing for {min_n} voices or more")
    status = rules.must("its status does not fit its n")
    return [
        *(ExpectColumnValuesToBeNull(column=c, row_condition=few, **shown) for c in NUMBERS),
        *(ExpectColumnValuesToNotBeNull(column=c, row_condition=enough, **absent) for c in NUMBERS),
        ExpectColumnValuesToNotBeNull(column="status", **status),
        ExpectColumnValuesToBeInSet(
            column="status", value_set=["few"], row_condition=few, **status
        ),
        ExpectColumnValuesToBeInSet(
            column="status", value_set=["ok"], row_condition=enough, **status
        ),
    ]


def _completeness() -> list[Expectation]:
    whole = (Column("grain") == "period") & (Column("channel") == "") & (Column("product") == "")
    return [
        ExpectColumnDistinctValuesToContainSet(
            column="metric",
            value_set=[metric.name],
            row_condition=whole,
            **rules.must(f"{metric.name} is missing for the whole period"),
        )
        for metric in DECLARED
    ]


def _within(unit: str, column: str) -> Expectation:
    least, most, outside = RANGES[unit]
    return ExpectColumnValuesToBeBetween(
        column=column,
        min_value=least,
        max_value=most,
        row_condition=Column("metric").is_in(_names(unit)),
        **rules.must(f"its {column} is {outside}"),
    )


def _at_least(column: str, bound: str) -> Expectation:
    return ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=column,
        column_B=bound,
        or_equal=True,
        ignore_row_if="either_value_is_missing",
        **rules.must("its value is outside its own interval"),
    )


def _names(unit: str) -> list[str]:
    return [metric.name for metric in DECLARED if metric.unit == unit]
