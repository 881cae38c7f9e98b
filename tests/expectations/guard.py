"""Finds expectations that no row of a test breaks: a check that cannot fail is a defect.

Each expectation is judged alone, because one verdict does not tell which of two caught a row.
"""

from collections.abc import Sequence

import pandas as pd
from great_expectations import ExpectationSuite

from expectations.verdict import Verdict, judge

OF_THE_TABLE = {"expect_table_columns_to_match_set", "expect_table_row_count_to_be_between"}


def idle(suite: ExpectationSuite, key: str | Sequence[str], *frames: pd.DataFrame) -> list[str]:
    """The expectations about rows that hold in all `frames`, each judged alone."""
    found = []
    for expectation in suite.expectations:
        alone = ExpectationSuite(name="alone", expectations=[expectation.copy()])
        held = all(judge(frame, alone, key) == Verdict() for frame in frames)
        if held and expectation.expectation_type not in OF_THE_TABLE:
            found.append(f"{expectation.expectation_type} {expectation.configuration.kwargs}")
    return found
