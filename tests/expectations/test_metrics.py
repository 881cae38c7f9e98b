"""The publish gate: a table as it was computed passes, and each way to spoil it is refused.

Each spoiled row stands on a day of its own, so that one judgement tells them apart.
"""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from expectations.metrics import gate, suite
from expectations.verdict import Verdict
from feedback.metrics.catalogue import DECLARED
from feedback.metrics.compute import COLUMNS, KEY
from tests.expectations import factories
from tests.expectations.factories import TODAY
from tests.expectations.guard import idle

MISSING = "a number or its interval is missing for 5 voices or more"
SHOWN = "a number is shown for fewer than 5 voices"
STATUS = "its status does not fit its n"
OUTSIDE = "its value is outside its own interval"

# The metric of which a sound row is copied, the change to the copy, and what is said of it.
SPOILED: list[tuple[str, dict[str, Any], set[str]]] = [
    (
        "csat",
        {"value": 1.1, "high": 1.2},
        {"its value is outside 0..1", "its high is outside 0..1"},
    ),
    (
        "csat",
        {"value": -0.1, "low": -0.2},
        {"its value is outside 0..1", "its low is outside 0..1"},
    ),
    ("csat", {"low": -0.1}, {"its low is outside 0..1"}),
    ("csat", {"high": 1.1}, {"its high is outside 0..1"}),
    ("nps", {"value": 101}, {"its value is outside -100..100", OUTSIDE}),
    ("nps", {"low": -101}, {"its low is outside -100..100"}),
    ("nps", {"high": 101}, {"its high is outside -100..100"}),
    ("volume", {"low": -1}, {"its low is below 0"}),
    (
        "volume",
        {"value": -1.0, "low": -2.0, "high": -1.0},
        {
            "its value is below 0",
            "its low is below 0",
            "its high is below 0",
            "its count is not its n",
        },
    ),
    ("volume", {"value": 119.0}, {"its count is not its n"}),
    ("csat", {"low": 0.99, "high": 0.999}, {OUTSIDE}),
    ("csat", {"low": 0.001, "high": 0.002}, {OUTSIDE}),
    ("csat", {"n": -1, "status": "few"}, {"its n is negative", SHOWN}),
    ("csat", {"n": 4}, {SHOWN, STATUS}),
    ("csat", {"value": None}, {MISSING}),
    ("csat", {"low": None}, {MISSING}),
    ("csat", {"high": None}, {MISSING}),
    ("csat", {"status": None}, {STATUS}),
    ("csat", {"status": "few"}, {STATUS}),
    ("csat", {"period": date(2026, 3, 21)}, {"its period starts in the future"}),
    ("csat", {"grain": "year"}, {"its grain is not known"}),
    ("csat", {"metric": "luck"}, {"its metric is not in the catalogue"}),
]


def test_a_computed_table_may_be_published() -> None:
    table = factories.metrics()
    assert set(table.status) == {"ok", "few"}
    assert gate(table, today=TODAY) == Verdict()


def test_each_spoiled_row_holds_the_page_back_under_its_key_and_for_its_own_reasons() -> None:
    rows = spoiled_rows()
    found = gate(with_rows(rows), today=TODAY)
    keys = ["/".join(str(row[name]) for name in KEY) for row in rows]
    said = {key: set(words) for key, words in found.refused.items()}
    assert said == {key: reasons for key, (*_, reasons) in zip(keys, SPOILED, strict=True)}
    assert found.stopped == found.warnings == []
    assert not found.ok


def test_no_expectation_is_without_a_row_that_breaks_it() -> None:
    rows = spoiled_rows()
    nameless = [rows[0] | {name: None} for name in (*KEY, "n")]
    nothing_whole = factories.metrics().query("grain != 'period'")
    broken = with_rows([*rows, rows[0], *nameless])
    assert (
        idle(suite(today=TODAY), "row", broken.assign(row="r"), nothing_whole.assign(row="r")) == []
    )


@pytest.mark.parametrize("metric", [metric.name for metric in DECLARED])
def test_a_metric_that_is_missing_for_the_whole_period_stops_the_page(metric: str) -> None:
    table = factories.metrics()
    table = table[~whole(table, metric)]
    found = gate(table, today=TODAY)
    assert found == Verdict(stopped=[f"{metric} is missing for the whole period"])


def test_two_numbers_for_one_key_hold_the_page_back() -> None:
    table = factories.metrics()
    double = pd.concat([table, table[whole(table, "csat")]], ignore_index=True)
    reasons = ["another row has the same key"]
    assert gate(double, today=TODAY) == Verdict(refused={"csat/period/2026-02-20//": reasons})


@pytest.mark.parametrize("column", KEY)
def test_a_row_without_its_whole_key_stops_the_page(column: str) -> None:
    table = factories.metrics().astype({column: object})
    table.loc[3, column] = None
    assert gate(table, today=TODAY).stopped[0].startswith("1 of ")


def test_a_row_without_an_n_is_refused() -> None:
    table = factories.metrics().astype({"n": float})
    table.loc[whole(table, "csat"), "n"] = None
    assert gate(table, today=TODAY).refused == {"csat/period/2026-02-20//": ["it has no n"]}


def test_every_column_is_asked_for() -> None:
    found = gate(factories.metrics().rename(columns=str.upper), today=TODAY)
    assert [words.partition(", found")[0] for words in found.stopped] == [
        f"a column is missing: wanted {', '.join(sorted(COLUMNS))}"
    ]


def test_an_empty_table_stops_the_page() -> None:
    assert "the table is empty" in gate(factories.metrics().iloc[:0], today=TODAY).stopped


def test_the_smallest_group_that_may_be_shown_can_be_set() -> None:
    assert not gate(factories.metrics(), today=TODAY, min_n=6).ok


def spoiled_rows() -> list[dict[str, Any]]:
    """A sound row for each case of SPOILED, moved to a day of its own and then changed."""
    table = factories.metrics()
    return [
        table[whole(table, metric)].iloc[0].to_dict()
        | {"grain": "day", "period": date(2026, 1, 1 + i)}
        | change
        for i, (metric, change, _) in enumerate(SPOILED)
    ]


def with_rows(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.concat([factories.metrics(), pd.DataFrame(rows)], ignore_index=True)


def whole(table: pd.DataFrame, metric: str) -> pd.Series:
    of_period = (table["metric"] == metric) & (table["grain"] == "period")
    return of_period & (table["channel"] == "") & (table["product"] == "")
