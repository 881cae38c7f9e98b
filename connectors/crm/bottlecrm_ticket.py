"""What a ticket in BottleCRM says: title, the customer's words, the facts, and our key.

Two tickets may not share a title, even if both say "Thanks"; the last line finds one again.
"""

import hashlib
from datetime import UTC

from connectors.contract import Activity

TITLE = 64


def marker(key: str) -> str:
    """The line that holds our idempotency key."""
    return f"feedback-flows:{key}"


def title(one: Activity) -> str:
    """The subject, else the beginning of the text, and a number that makes it unlike all others."""
    number = f" #{hashlib.sha256(one.key.encode()).hexdigest()[:10]}"
    words = " ".join((one.subject or one.text).split()) or f"Feedback ({one.channel})"
    room = TITLE - len(number)
    return (words if len(words) <= room else words[: room - 1].rstrip() + "…") + number


def description(one: Activity) -> str:
    """The words first, as people read them; then what is known of them, a line each."""
    said_at = one.said_at.astimezone(UTC)
    facts = {
        "Said": f"{said_at:%Y-%m-%d %H:%M} UTC, {one.channel}",
        "Product": one.product,
        "Sentiment": one.sentiment,
        "Rating": _rating(one),
        "Link": one.url,
    }
    lines = [f"{fact}: {value}" for fact, value in facts.items() if value]
    return "\n".join([one.text.strip(), "", *lines, marker(one.key)]).lstrip()


def name_parts(name: str, email: str) -> tuple[str, str]:
    """First and last name, 255 characters at most; BottleCRM wants both, so "-" stands for none."""
    first, _, last = " ".join(name.split()).partition(" ")
    return (first or email.partition("@")[0].strip())[:255], (last or "-")[:255]


def _rating(one: Activity) -> str:
    if one.rating is None:
        return ""
    scale = f" ({one.scale_low:g} to {one.scale_high:g})" if _has_scale(one) else ""
    return f"{one.rating:g}{scale}"


def _has_scale(one: Activity) -> bool:
    return one.scale_low is not None and one.scale_high is not None
