"""What travels between the stages: a record as it came, and what a reader made of it.

`RawItem` keeps the payload untouched, so that a better reader can run over the past.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

Channel = Literal["mail", "form", "social"]
Survey = Literal["nps", "csat", "ces", "goal"]


@dataclass(frozen=True, slots=True)
class RawItem:
    """One record as its source gave it.

    `ref` is the source's own stable id. `content` names what counts as the record's content:
    two payloads of one ref with equal `content` are the same record, with another `content` the
    record was edited. Left empty, the whole payload is the content.
    """

    ref: str
    payload: bytes
    content: str = ""

    @property
    def content_hash(self) -> str:
        """SHA-256, 64 hex digits, of what counts as content."""
        return hashlib.sha256(self.content.encode() or self.payload).hexdigest()


@dataclass(frozen=True, slots=True)
class Author:
    """Who spoke, as far as the source says; empty means not said."""

    email: str = ""
    phone: str = ""
    external_id: str = ""
    handle: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody allowed or refused when they spoke; who was not asked has none."""

    purpose: Literal["analysis", "crm"]
    given: bool


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a reader made of one payload: the source's words in our terms, not yet cleaned.

    `said_at` is aware. `html` and `mail` say how `text` has to be cleaned. A rating carries the
    scale it was given on, as (lowest, highest).
    """

    said_at: datetime
    text: str = ""
    subject: str = ""
    html: bool = False
    mail: bool = False
    author: Author = Author()
    rating: float | None = None
    scale: tuple[float, float] | None = None
    survey: Survey | None = None
    product: str = ""
    region: str = ""
    segment: str = ""
    url: str = ""
    thread_ref: str = ""
    in_reply_to: str = ""
    consents: tuple[Consent, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that is nobody's feedback, such as an auto-reply; kept and counted by its reason."""

    reason: str


class SetAsideStatus(StrEnum):
    """Where a record stands that could not be used, or, when skipped, was nobody's feedback."""

    OPEN = "open"
    SKIPPED = "skipped"
    REPLAYED = "replayed"
    DROPPED = "dropped"


def item_id(source: str, ref: str) -> str:
    """The stable key of an utterance: 32 hex digits of SHA-256 over (source, ref)."""
    return hashlib.sha256(f"{source}\0{ref}".encode()).hexdigest()[:32]
