"""What must be true of the clean table, before anything is inferred from it or sent on.

Importing this takes seconds (Great Expectations): import it inside the task that needs it.
"""

from datetime import datetime, timedelta

from great_expectations import ExpectationSuite
from great_expectations.expectations import (
    ExpectColumnValueLengthsToBeBetween,
    ExpectColumnValuesToNotMatchRegex,
)
from great_expectations.expectations.expectation import Expectation

from expectations import rules
from expectations.leftovers import KINDS, ExpectColumnValuesToBeFreeOf
from feedback.values import TOLERANCE

COLUMNS = ("item_id", *rules.COLUMNS, "subject", "product", "url")
# Written apart from the redactor on purpose: it has to catch what the redactor's pattern misses.
# Every repeat is bounded, so a long line without spaces stays cheap. A handle in public such as
# @name@server.example is not an address, and neither is a file name such as icon@2x.png.
_BREAK = r"\s<>(),;:\"'\[\]=/|"
E_MAIL = (
    rf"(?<![^{_BREAK}])[^@{_BREAK}]{{0,63}}\w(?:@|%40)(?:[^\W_][\w-]{{0,62}}\.){{1,8}}"
    r"(?!(?:png|jpe?g|gif|svg|webp)\b)[^\W\d_]{2,24}(?![\w-])"
)
WORDS = ("text", "subject", "product")
LONGEST_PRODUCT = 200  # characters; a longer one is a comment in the wrong column
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"  # all but tab, line feed, carriage return
RUNS = r"(?i)^\W*(?:javascript|vbscript|data|file):"  # a link that a CRM would follow
NAMED = r"(?i)\b(?:паспорт|passport|инн)\b[^\d\n]{0,20}\d[\d -]{8,}"
MARKUP = r"(?i)<(?:/?(?:p|br|div|span|td|tr|table|html|body|style|script)\b[^<>]{0,200}|!--)"


def suite(*, now: datetime, ahead: timedelta = TOLERANCE) -> ExpectationSuite:
    """The suite for a frame with COLUMNS; judge it by "item_id"."""
    return ExpectationSuite(
        name="clean",
        expectations=[
            *rules.table(COLUMNS),
            *rules.identified("item_id"),
            *rules.dated(now, ahead),
            *rules.said(),
            *rules.rated(),
            *rules.asked(),
            *_readable(),
        ],
    )


def _readable() -> list[Expectation]:
    free_of = ExpectColumnValuesToNotMatchRegex
    return [
        *(
            free_of(
                column=name, regex=E_MAIL, **rules.must(f"an e-mail address is left in its {name}")
            )
            for name in WORDS
        ),
        *(
            ExpectColumnValuesToBeFreeOf(
                column=name, kind=kind, **rules.must(f"{kind} is left in its {name}")
            )
            for kind in KINDS
            for name in WORDS
        ),
        free_of(
            column="text",
            regex=NAMED,
            **rules.should("the text names a passport or a tax number, and a number"),
        ),
        ExpectColumnValueLengthsToBeBetween(
            column="product",
            max_value=LONGEST_PRODUCT,
            **rules.must(f"its product is longer than {LONGEST_PRODUCT} characters"),
        ),
        free_of(column="url", regex=RUNS, **rules.must("its url would run or open something")),
        free_of(column="text", regex=CONTROL, **rules.must("its text has control characters")),
        free_of(column="text", regex=MARKUP, **rules.should("the text has HTML tags left in it")),
        free_of(
            column="text",
            regex="\ufffd",
            **rules.should("the text has characters that could not be decoded"),
        ),
    ]
