"""From suite and frame to a plain verdict: whose rows, stop or warn, and nothing said aloud.

A column of our own stands for the record: none of the product's suites is needed here.
"""

import logging
import subprocess
import sys
from typing import Any

import great_expectations.expectations as gxe
import pandas as pd
import pytest
from great_expectations import ExpectationSuite

from expectations.rules import must, should
from expectations.verdict import Verdict, judge


def test_rows_are_named_by_our_key_whatever_the_index_says() -> None:
    table = frame(n=[1, -1, 1, -2]).set_index(pd.Index([9, 9, 0, 1]))
    assert judge(table, suite(POSITIVE), "key").refused == {"b": ["negative"], "d": ["negative"]}


def test_a_row_collects_all_its_reasons_and_each_once() -> None:
    again = gxe.ExpectColumnValuesToBeBetween(column="n", min_value=-1, **must("negative"))
    low = gxe.ExpectColumnValuesToBeBetween(column="n", min_value=-5, **must("too low"))
    found = judge(frame(n=[1, -9]), suite(POSITIVE, again, low), "key")
    assert found.refused == {"b": ["negative", "too low"]}


def test_a_warning_says_how_many_and_refuses_nobody() -> None:
    odd = gxe.ExpectColumnValuesToBeBetween(column="n", min_value=0, **should("odd"))
    found = judge(frame(n=[1, -1, -2]), suite(odd), "key")
    assert found == Verdict(warnings=["2 of 3 rows: odd"])
    assert found.ok


def test_a_warning_about_the_table_is_no_stop() -> None:
    small = gxe.ExpectTableRowCountToBeBetween(min_value=5, **should("few rows"))
    assert judge(frame(n=[1]), suite(small), "key") == Verdict(warnings=["few rows"])


@pytest.mark.parametrize("how", [must, should])
def test_a_check_that_cannot_be_made_stops_even_where_it_would_only_warn(how: Any) -> None:
    check = gxe.ExpectColumnValuesToBeBetween(column="n", min_value=0, **how("negative"))
    table = frame(n=["secret words", 1]).astype({"n": object})
    found = judge(table, suite(check), "key")
    assert found.stopped == ["a check could not be made (TypeError): negative"]


def test_a_column_that_no_table_rule_asked_for_still_stops_when_it_is_missing() -> None:
    found = judge(frame(m=[1]), suite(POSITIVE), "key")
    assert len(found.stopped) == 1
    assert found.stopped[0].startswith("a check could not be made")


def test_rows_without_a_key_stop_for_they_cannot_be_named() -> None:
    table = frame(n=[1, -1])
    table.loc[1, "key"] = None
    found = judge(table, suite(POSITIVE), "key")
    assert found.stopped == ["1 of 2 rows have no key, so none can be named"]
    assert found.refused == {}


def test_a_key_of_several_columns_is_joined() -> None:
    table = frame(n=[1, -1]).assign(day=[pd.Timestamp("2026-03-02").date()] * 2)
    assert list(judge(table, suite(POSITIVE), ["key", "day"]).refused) == ["b/2026-03-02"]


def test_the_frame_is_left_as_it_was() -> None:
    table = frame(n=[1, -1]).set_index(pd.Index([5, 7]))
    before = table.copy()
    judge(table, suite(POSITIVE), "key")
    pd.testing.assert_frame_equal(table, before)


def test_judging_prints_and_logs_nothing(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        judge(frame(n=["secret words", -1]), suite(POSITIVE), "key")
        judge(frame(m=[1]), suite(POSITIVE), "key")
    assert capfd.readouterr() == ("", "")
    assert caplog.messages == []


def test_the_package_itself_does_not_import_great_expectations() -> None:
    code = (
        "import sys, expectations, expectations.volumes; print('great_expectations' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


POSITIVE = gxe.ExpectColumnValuesToBeBetween(column="n", min_value=0, **must("negative"))


def suite(*expectations: gxe.Expectation) -> ExpectationSuite:
    return ExpectationSuite(name="test", expectations=[e.copy() for e in expectations])


def frame(**columns: list[Any]) -> pd.DataFrame:
    rows = len(next(iter(columns.values())))
    return pd.DataFrame({"key": list("abcdefgh")[:rows], **columns})
