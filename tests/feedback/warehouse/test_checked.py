"""What the checks said is kept per run, and read back as the newest run left it."""

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, inspect, select

from feedback.quality import OF_A_RUN
from feedback.warehouse import checked, retained
from feedback.warehouse.checked import Checked
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import check_result


def test_the_batches_of_a_run_add_up(engine: Engine) -> None:
    with writing(engine) as connection:
        checked.add(connection, "run", [result(checked=10, failed=1), result("b", checked=4)])
    with writing(engine) as connection:
        checked.add(connection, "run", [result(checked=5, failed=2)])
    found = checked.of_run(engine, "run")
    assert list(found.columns) == list(checked.COLUMNS)
    assert counts(found) == {"a": (15, 3), "b": (4, 0)}
    assert str(found["at"].dtype).endswith("UTC]")


def test_a_batch_that_is_rolled_back_is_not_counted(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        checked.add(connection, "run", [result(checked=10)])
        1 / 0  # noqa: B018 - the batch fails after its counts were added
    assert checked.of_run(engine, "run").empty


def test_what_is_judged_as_a_whole_takes_the_place_of_its_first_judgement(engine: Engine) -> None:
    for failed in (1, 0):
        with writing(engine) as connection:
            checked.put(connection, "run", [result(checked=10, failed=failed)])
    assert counts(checked.of_run(engine, "run")) == {"a": (10, 0)}


def test_the_newest_run_of_each_suite_and_source_is_shown_whole(engine: Engine) -> None:
    for run, results in (
        ("1", [result(checked=1), result("gone", checked=1), result(source="mail", checked=7)]),
        ("2", [result(checked=2), result("b", checked=2, failed=1)]),
    ):
        with writing(engine) as connection:
            checked.add(connection, run, results)
    found = latest(engine)
    assert counts(found[found["source"] == "survey"]) == {"a": (2, 0), "b": (2, 1)}
    assert counts(found[found["source"] == "mail"]) == {"a": (7, 0)}


def test_before_the_first_run_there_is_nothing(engine: Engine) -> None:
    assert latest(engine).empty


def test_results_end_once_newer_ones_say_how_things_are(engine: Engine) -> None:
    for run in ("1", "2", "3"):
        put(engine, run, result(), result("b", failed=int(run == "3")))
    before = moment(engine, "3")
    put(engine, "4", result(source="mail"))
    assert retained.end_results(engine, before) == 4
    assert runs(engine) == {"3", "4"}
    assert retained.end_results(engine, datetime.now(UTC)) == 0


def test_the_verdict_that_held_last_stays_for_it_says_what_was_judged(engine: Engine) -> None:
    for run, failed in (("1", 0), ("2", 0), ("3", 1), ("4", 1)):
        put(engine, run, result(suite=OF_A_RUN, failed=failed))
    assert retained.end_results(engine, datetime.now(UTC)) == 1
    assert runs(engine) == {"2", "3", "4"}


def test_the_newest_results_are_found_by_an_index(engine: Engine) -> None:
    """Else each page reads all that was ever checked."""
    with engine.connect() as connection:
        indexes = inspect(connection).get_indexes("check_result")
    assert ["suite", "source", "at"] in [index["column_names"] for index in indexes]


def put(engine: Engine, run: str, *results: Checked) -> None:
    with writing(engine) as connection:
        checked.put(connection, run, results)


def moment(engine: Engine, run: str) -> datetime:
    return checked.of_run(engine, run)["at"].max().to_pydatetime()


def runs(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(select(check_result.c.run_id)))


def latest(engine: Engine) -> pd.DataFrame:
    with engine.connect() as connection:
        return pd.DataFrame(checked.latest(connection), columns=list(checked.COLUMNS))


def result(expectation: str = "a", **given: Any) -> Checked:
    known = {"suite": "raw", "source": "survey", "severity": "critical", "checked": 0, "failed": 0}
    return Checked(expectation=expectation, **known | given)


def counts(found: Any) -> dict[str, tuple[int, int]]:
    return {r.expectation: (r.checked, r.failed) for r in found.itertuples()}
