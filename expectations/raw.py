"""What must be true of a batch as it was read from its source, before cleaning.

Importing this takes seconds (Great Expectations): import it inside the task that needs it.
"""

from datetime import datetime, timedelta

from great_expectations import ExpectationSuite
from great_expectations.expectations import ExpectColumnValueLengthsToBeBetween

from expectations import rules
from feedback.values import TOLERANCE

COLUMNS = ("key", *rules.COLUMNS)
LONGEST = 100_000  # characters


def suite(*, now: datetime, ahead: timedelta = TOLERANCE) -> ExpectationSuite:
    """The suite for a frame with COLUMNS; judge it by "key".

    `now` is aware; dates up to `ahead` after it are believed, for clocks and time zones differ.
    """
    return ExpectationSuite(
        name="raw",
        expectations=[
            *rules.table(COLUMNS),
            *rules.identified("key"),
            *rules.dated(now, ahead),
            *rules.said(),
            *rules.rated(),
            *rules.asked(),
            ExpectColumnValueLengthsToBeBetween(
                column="text",
                max_value=LONGEST,
                **rules.should(f"the text is longer than {LONGEST:,} characters"),
            ),
        ],
    )
