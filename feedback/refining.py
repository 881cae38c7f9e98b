"""From a stored payload to a row that can be believed: read, clean, identify.

What cannot be read becomes a reason in words; no odd record is lost, and none stops the others.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feedback.errors import Unreadable
from feedback.identity import Identified, allowing, identify
from feedback.records import Channel, Skipped, Utterance, item_id
from feedback.text.clean import clean
from feedback.text.normalise import fingerprint
from feedback.vault import Vault

Reader = Callable[[bytes], Utterance | Skipped]
BROKEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Stored:
    """A raw item as the warehouse keeps it, opened."""

    source: str
    ref: str
    version: int
    payload: bytes
    fetched_at: datetime


def read(stored: Stored, reader: Reader) -> Utterance | Skipped | Unreadable:
    """What the source's reader makes of it; a reader that trips over a record sets it aside."""
    try:
        return reader(stored.payload)
    except Unreadable as reason:
        return reason
    except BROKEN as error:
        return Unreadable(f"the reader could not read it ({type(error).__name__})")


def judged_row(stored: Stored, said: Utterance, channel: Channel) -> dict[str, Any]:
    """What the raw suite looks at: the reader's values before any cleaning."""
    low, high = said.scale or (None, None)
    return {
        "key": f"{stored.ref}\0{stored.version}\0{stored.source}",
        "source": stored.source,
        "ref": stored.ref,
        "channel": channel,
        "said_at": said.said_at,
        "text": said.text.strip() or None,
        "rating": said.rating,
        "scale_low": low,
        "scale_high": high,
        "survey": said.survey,
    }


def refine(
    stored: Stored,
    said: Utterance,
    channel: Channel,
    vault: Vault,
    regions: list[str],
    own: Collection[str] = (),
) -> tuple[dict[str, Any], Identified]:
    """The row of `feedback_item` (without its run), and whose words it holds.

    `own` are our own addresses and @domains: nobody is known by them.
    """
    cleaned = clean(said.text, html=said.html, mail=said.mail, regions=regions)
    subject = clean(said.subject, regions=regions)
    who = identify(vault, said.author, stored.source, stored.fetched_at, regions[0], own)
    who = allowing(vault, who, said.consents, said.said_at, stored.source, stored.ref)
    low, high = said.scale or (None, None)
    row = {
        "item_id": item_id(stored.source, stored.ref),
        "version": stored.version,
        "source": stored.source,
        "ref": stored.ref,
        "channel": channel,
        "thread_ref": _plain(said.thread_ref),
        "in_reply_to": _plain(said.in_reply_to),
        "person_id": who.person_id,
        "said_at": said.said_at,
        "received_at": stored.fetched_at,
        "subject": subject.text,
        "text": cleaned.text,
        "fingerprint": fingerprint(cleaned.text),
        "rating": said.rating,
        "scale_low": low,
        "scale_high": high,
        "survey": said.survey,
        "product": _typed(said.product, regions),
        "region": _typed(said.region, regions),
        "segment": _typed(said.segment, regions),
        "url": _plain(said.url),
        "cleaning": dict(Counter(cleaned.done) + Counter(subject.done)),
        "extra": {_plain(k): _typed(v, regions) for k, v in said.extra.items()},
    }
    return row, who


def _typed(text: str, regions: list[str]) -> str | None:
    """What people may have typed into a field that is no comment: cleaned and redacted too."""
    return clean(text, regions=regions).text or None


def _plain(text: str) -> str | None:
    """Text that every database can store (no NUL, no lone surrogate); None when empty."""
    return text.replace("\0", "").encode("utf-8", "replace").decode().strip() or None
