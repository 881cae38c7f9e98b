"""E-mail addresses, phones and payment cards in free text become [email], [phone], [card].

What only looks like one stays: order, contract and ticket numbers, dates, times, prices, versions.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from feedback.text.personal_numbers import find_personal_numbers, has_long_number

REGIONS = ("RU", "US", "KZ", "UA", "BY", "GB", "DE", "FR")


class Redacted(NamedTuple):
    """A text that may be stored and shown, and how many of each kind were taken out of it."""

    text: str
    counts: dict[str, int]


def redact(text: str, regions: Sequence[str] = REGIONS) -> Redacted:
    """`text` with marks in place of personal data; numbers without + are read as of `regions`.

    Idempotent; never raises. `counts` has a key per kind found: email, phone, card.
    """
    counts: Counter[str] = Counter()
    if "@" in text or "%40" in text:
        text, counts["email"] = _EMAIL.subn("[email]", text)
    while has_long_number(text):  # a mark may name the number after it
        text, found = _numbers(text, regions)
        if not found:
            break
        counts.update(found)
    return Redacted(text, {kind: n for kind, n in counts.items() if n})


_EMAIL = re.compile(
    r"(?<![\w@])\w(?:[\w.+'-]|%2[Bb]){0,63}(?:@|%40)"
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?!(?:png|jpe?g|gif|svg|webp)\b)[^\W\d_]{2,24}"
    r"(?![\w-])"
)


def _numbers(text: str, regions: Sequence[str]) -> tuple[str, Counter[str]]:
    counts: Counter[str] = Counter()
    parts: list[str] = []
    at = 0
    for start, end, kind in find_personal_numbers(text, regions):
        parts += (text[at:start], f"[{kind}]")
        counts[kind] += 1
        at = end
    return "".join(parts) + text[at:], counts
