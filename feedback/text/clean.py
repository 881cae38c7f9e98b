"""From the text as it came to the text we keep, step by step, and what was done to it.

The order matters: a misread text is read again before spaces and invisible characters go, because
they are bytes of its letters; redaction comes last, because it must see what a reader sees.
"""

from collections.abc import Sequence
from typing import NamedTuple

from feedback.text.html import read_html
from feedback.text.mojibake import repair
from feedback.text.normalise import normalise
from feedback.text.quotes import strip_quoted
from feedback.text.redact import REGIONS, redact

_ROUNDS = 5  # readings of one text; two happen, more are made up


class Cleaned(NamedTuple):
    """A text that may be stored and shown, and what was done to it.

    `done` has a key per kind of personal data taken out (email, phone, ...) with how many there
    were, "mojibake": 1 where the text had been read in the wrong encoding, and "html_too_deep": 1
    where quoted and hidden words may be among it, because its HTML could not be parsed.
    """

    text: str
    done: dict[str, int]


def clean(
    text: str, *, html: bool = False, mail: bool = False, regions: Sequence[str] = REGIONS
) -> Cleaned:
    """The whole chain; `mail` also drops quoted replies and signatures. Never raises.

    `regions` are the countries whose national phone numbers are redacted, as in `redact`.
    """
    read = repair(text)
    repaired = read != text
    done: dict[str, int] = {}
    if html:
        read, too_deep = read_html(read)
        done |= {"html_too_deep": 1} if too_deep else {}
    if mail:
        read = strip_quoted(read)
    plain = normalise(read)
    for _ in range(_ROUNDS):  # what is invisible may have hidden a misreading
        again = normalise(repair(plain))
        if again == plain:
            break
        plain, repaired = again, True
    if repaired:
        done["mojibake"] = 1
    redacted = redact(plain, regions)
    return Cleaned(redacted.text, done | redacted.counts)
