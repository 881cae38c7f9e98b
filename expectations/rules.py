"""How an expectation is written here, and the rules that more than one table shares.

Value expectations pass over nulls in silence, so each column that must be filled has its own rule.
"""

from datetime import datetime, timedelta
from typing import Any, get_args

from great_expectations.expectations import (
    ExpectColumnPairValuesAToBeGreaterThanB,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToBeUnique,
    ExpectColumnValuesToMatchRegex,
    ExpectColumnValuesToNotBeNull,
    ExpectTableColumnsToMatchSet,
    ExpectTableRowCountToBeBetween,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column

from feedback.records import Channel, Survey
from feedback.values import EARLIEST

COLUMNS = (  # of a record, whatever stage it has come to
    "source",
    "ref",
    "said_at",
    "text",
    "rating",
    "scale_low",
    "scale_high",
    "survey",
    "channel",
)
CHANNELS = get_args(Channel)
SURVEYS = get_args(Survey)


def must(reason: str) -> dict[str, Any]:
    """A row that breaks the rule is set aside with this reason; a table that does is stopped."""
    return {"severity": "critical", "meta": {"reason": reason}}


def should(reason: str) -> dict[str, Any]:
    """Rows that break the rule are counted in the report and go on."""
    return {"severity": "warning", "meta": {"reason": reason}}


def table(columns: tuple[str, ...]) -> list[Expectation]:
    """The table has these columns (others may stand beside them) and at least one row."""
    return [
        ExpectTableColumnsToMatchSet(
            column_set=list(columns), exact_match=False, **must("a column is missing")
        ),
        ExpectTableRowCountToBeBetween(min_value=1, **must("the table is empty")),
    ]


def identified(key: str) -> list[Expectation]:
    """Every row has its key, its source and its ref, and no two rows share a key."""
    return [
        *(
            ExpectColumnValuesToNotBeNull(column=name, **must(f"it has no {name}"))
            for name in ("source", "ref")
        ),
        ExpectColumnValuesToBeUnique(column=key, **must(f"another row has the same {key}")),
    ]


def dated(now: datetime, ahead: timedelta) -> list[Expectation]:
    """A time of speaking, from 2000 on and not later than `now` + `ahead` (both aware)."""
    return [
        ExpectColumnValuesToNotBeNull(column="said_at", **must("it has no readable date")),
        ExpectColumnValuesToBeBetween(
            column="said_at", min_value=EARLIEST, **must("its date is before the year 2000")
        ),
        ExpectColumnValuesToBeBetween(
            column="said_at", max_value=now + ahead, **must("its date is in the future")
        ),
    ]


def said() -> list[Expectation]:
    """A text with something in it, or at least a rating."""
    unrated = Column("rating").is_null()
    reason = must("it has neither a text nor a rating")
    return [
        ExpectColumnValuesToNotBeNull(column="text", row_condition=unrated, **reason),
        ExpectColumnValuesToMatchRegex(column="text", regex=r"\S", row_condition=unrated, **reason),
    ]


def rated() -> list[Expectation]:
    """A rating comes with its scale, and lies on it."""
    given = Column("rating").is_not_null()
    no_scale = must("its rating has no scale")
    return [
        ExpectColumnValuesToNotBeNull(column="scale_low", row_condition=given, **no_scale),
        ExpectColumnValuesToNotBeNull(column="scale_high", row_condition=given, **no_scale),
        _at_least("rating", "scale_low", must("its rating is below its scale")),
        _at_least("scale_high", "rating", must("its rating is above its scale")),
        ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="scale_high",
            column_B="scale_low",
            ignore_row_if="either_value_is_missing",
            **must("its scale does not go from low to high"),
        ),
    ]


def asked() -> list[Expectation]:
    """A known channel and survey; a recommendation is asked for on 0 to 10."""
    off = should("the recommendation scale is not 0 to 10, so it is not in the Net Promoter Score")
    nps = (Column("survey") == "nps") & Column("rating").is_not_null()
    return [
        ExpectColumnValuesToNotBeNull(column="channel", **must("it has no channel")),
        ExpectColumnValuesToBeInSet(
            column="channel", value_set=list(CHANNELS), **must("its channel is not known")
        ),
        ExpectColumnValuesToBeInSet(
            column="survey", value_set=list(SURVEYS), **must("its survey is not known")
        ),
        ExpectColumnValuesToBeInSet(column="scale_low", value_set=[0], row_condition=nps, **off),
        ExpectColumnValuesToBeInSet(column="scale_high", value_set=[10], row_condition=nps, **off),
    ]


def _at_least(column: str, bound: str, how: dict[str, Any]) -> Expectation:
    return ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=column,
        column_B=bound,
        or_equal=True,
        ignore_row_if="either_value_is_missing",
        **how,
    )
