"""From the text as it came to the text we keep: HTML, quotations, spelling, personal data.

Redaction comes last: it must see what a reader sees, not what a tag or a soft hyphen breaks up.
"""

from collections.abc import Sequence

from feedback.text.html import html_to_text
from feedback.text.normalise import normalise
from feedback.text.quotes import strip_quoted
from feedback.text.redact import REGIONS, Redacted, redact


def clean(
    text: str, *, html: bool = False, mail: bool = False, regions: Sequence[str] = REGIONS
) -> Redacted:
    """The whole chain; `mail` also drops quoted replies and signatures. Never raises.

    `regions` are the countries whose national phone numbers are redacted, as in `redact`.
    """
    if html:
        text = html_to_text(text)
    if mail:
        text = strip_quoted(text)
    return redact(normalise(text), regions)
