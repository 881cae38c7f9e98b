"""Validating: a frame is held against its suite, and what came of every expectation is kept.

Great Expectations is imported inside, for that takes seconds.
"""

from typing import Any

import pandas as pd

from feedback.errors import Changed
from feedback.warehouse import checked
from feedback.warehouse.engine import writing
from tasks.opening import Opened, log


def judged(
    house: Opened, run_id: str, frame: pd.DataFrame, suite: Any, key: str | list[str]
) -> Any:
    """The `Verdict` on a batch that may go on; its results are for the caller to store with it.

    Raises `Changed`, with the results kept, when the batch as a whole may not go on.
    """
    from expectations.verdict import judge

    verdict = judge(frame, suite, key)
    for warning in verdict.warnings:
        log.warning("validate    %-16s %s", suite.name, warning)
    if verdict.stopped:
        stop(house, run_id, verdict, f"The {suite.name} table of {len(frame)} records")
    return verdict


def stop(house: Opened, run_id: str, verdict: Any, what: str) -> None:
    """Keep what was found, then raise `Changed`: nothing of the batch is written."""
    keep(house, run_id, verdict)
    raise Changed(
        f"{what} cannot be judged: {'; '.join(verdict.stopped)}. Nothing of this batch was "
        "written. This is a fault of ours: report it with the run id."
    )


def keep(house: Opened, run_id: str, verdict: Any) -> None:
    """Keep the results of what was judged as a whole."""
    with writing(house.engine) as connection:
        checked.put(connection, run_id, verdict.results)
