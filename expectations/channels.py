"""What must be true only of a mail, of a form's answer, or of a post, once it is cleaned.

All of it warns: such a row can be used, but its source is not set up, or read, as it should be.
"""

from great_expectations import ExpectationSuite
from great_expectations.expectations import (
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToBeNull,
    ExpectColumnValuesToMatchRegex,
    ExpectColumnValuesToNotBeNull,
    ExpectColumnValuesToNotMatchRegex,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column

from expectations.rules import should
from feedback.records import Channel

COLUMNS = ("item_id", "source", "text", "rating", "person_id", "thread_ref", "url")
QUOTED = r"(?m)^>.*\S"
HIGHEST = 100
NOTHING = r"^\s*(?i:nan|nat|none|null|undefined|#?n/a)\s*$"


def suite(channel: Channel) -> ExpectationSuite:
    """The suite of one channel, for its rows alone, with COLUMNS; judge it by "item_id"."""
    rules = {"mail": _mail, "form": _form, "social": _social}[channel]
    return ExpectationSuite(name=channel, expectations=rules())


def _mail() -> list[Expectation]:
    return [
        ExpectColumnValuesToNotBeNull(
            column="thread_ref",
            **should("the mail has no thread, so what answers it cannot be joined to it"),
        ),
        ExpectColumnValuesToNotBeNull(
            column="person_id", **should("the mail has no sender, so its voice is nobody's")
        ),
        ExpectColumnValuesToNotMatchRegex(
            column="text", regex=QUOTED, **should("the mail still quotes the words it answers")
        ),
        ExpectColumnValuesToBeNull(
            column="rating", **should("a mail has a rating: its source may be a form")
        ),
    ]


def _form() -> list[Expectation]:
    return [
        ExpectColumnValuesToBeInSet(
            column="rating",
            value_set=list(range(HIGHEST + 1)),
            **should(f"its rating is not a whole number up to {HIGHEST}, as answers are"),
        ),
        ExpectColumnValuesToNotMatchRegex(
            column="text",
            regex=NOTHING,
            **should("its text is only what a program writes for nothing"),
        ),
    ]


def _social() -> list[Expectation]:
    return [
        ExpectColumnValuesToMatchRegex(
            column="url",
            regex=r"^(?i:https?)://\S+$",
            **should("its url is not one of the web, so nobody can open it"),
        ),
        ExpectColumnValuesToNotBeNull(
            column="url",
            row_condition=Column("person_id").is_null(),
            **should("it has neither a url nor an author, so nobody can look it up"),
        ),
    ]
