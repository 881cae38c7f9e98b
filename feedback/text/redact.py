"""Personal data in free text becomes a mark: [email], [phone], [name] and eight more kinds.

What only looks like it stays: order, contract and ticket numbers, dates, prices, versions, brands.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from feedback.text.addresses import find_addresses
from feedback.text.contacts import find_emails, find_handles
from feedback.text.ip_addresses import find_ip_addresses
from feedback.text.names import find_names
from feedback.text.papers import find_papers
from feedback.text.personal_numbers import find_personal_numbers
from feedback.text.spans import Span, in_order, marked

REGIONS = ("RU", "US", "KZ", "UA", "BY", "GB", "DE", "FR")
KINDS = (
    "email", "handle", "iban", "passport", "inn", "snils", "card", "phone", "ip", "address", "name",
)  # fmt: skip


class Redacted(NamedTuple):
    """A text that may be stored and shown, and how many of each kind were taken out of it."""

    text: str
    counts: dict[str, int]


class Step(NamedTuple):
    """One search that found something: its spans in the text as it was, and the text after it."""

    spans: list[Span]
    text: str


def redact(text: str, regions: Sequence[str] = REGIONS) -> Redacted:
    """`text` with marks in place of personal data; numbers without + are read as of `regions`.

    Idempotent; never raises. `counts` has a key for each of KINDS that was found.
    """
    counts: Counter[str] = Counter()
    for step in steps(text, regions):
        text = step.text
        counts.update(kind for _, _, kind in step.spans)
    return Redacted(text, dict(counts))


def steps(text: str, regions: Sequence[str] = REGIONS) -> Iterator[Step]:
    """Every search that finds something, until none does: a mark may name what stands beside it."""
    finders: tuple[Callable[[str], Iterator[Span]], ...] = (
        find_emails,
        find_handles,
        find_papers,
        partial(find_personal_numbers, regions=regions),
        find_ip_addresses,
        find_addresses,
        find_names,
    )
    is_searched = False
    while not is_searched:
        is_searched = True
        for find in finders:
            if spans := in_order(find(text)):
                is_searched = False
                text = marked(text, spans)
                yield Step(spans, text)
