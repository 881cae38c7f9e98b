"""What every connector promises: where feedback comes from (`Source`), where it goes (`CrmTarget`).

A page's cursor is safe to store only once the page is stored; nothing is opened in a constructor.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from feedback.errors import Unreadable
from feedback.records import Channel, RawItem, Skipped, Utterance

Cursor = Mapping[str, Any]
"""Where to go on, as JSON. Only the source that made it reads it."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some records, and the cursor from which the rest can be pulled once these are stored."""

    records: Sequence[RawItem | Unreadable]
    cursor: Cursor


class SourceSettings(BaseModel):
    """What can be said of every source in `[sources.<name>]`; each kind adds its own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    channel: Channel
    product: str = ""
    region: str = ""
    segment: str = ""
    owner: str = Field("", description="Who mends what is set aside from here.")


class Source(Protocol):
    """A place where customers speak.

    `check` is a cheap proof of access that changes nothing and returns one sentence for a person.
    `pull` yields pages after the cursor, oldest first where the place allows it, and raises
    `Unavailable`, `Refused` or `Changed`. `read` is pure: it raises `Unreadable` for one bad
    record and never looks outside its payload.
    """

    name: str
    channel: Channel

    def check(self) -> str: ...
    def pull(self, since: Cursor | None) -> Iterator[Page]: ...
    def read(self, payload: bytes) -> Utterance | Skipped: ...


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to be found by e-mail, or created. `key` is the idempotency key, ours and stable."""

    key: str
    email: str
    name: str = ""
    phone: str = ""
    remote_id: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """One utterance for the CRM. `contact_id` is the contact's remote id, "" when unknown.

    `remote_id` is set when the activity is there already and has to be brought up to date.
    """

    key: str
    said_at: datetime
    channel: str
    text: str
    contact_id: str = ""
    subject: str = ""
    product: str = ""
    sentiment: str = ""
    rating: float | None = None
    scale_low: float | None = None
    scale_high: float | None = None
    url: str = ""
    remote_id: str = ""


CrmObject = Contact | Activity


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one object. `done` carries the remote id.

    `rejected` means the target will never take this one (its reason in `error`); `unknown` means
    it may have been written: it has to be looked up before it is tried again.
    """

    key: str
    status: Literal["done", "rejected", "unknown"]
    remote_id: str = ""
    error: str = ""


class CrmTarget(Protocol):
    """Where people work with feedback.

    A contact is found by its e-mail before it is created. `find` looks up objects whose outcome
    is unknown and returns {key: remote id} of those that are there. `batch` is how many objects
    `write` is given at once.
    """

    name: str
    batch: int

    def check(self) -> str: ...
    def find(self, objects: Sequence[CrmObject]) -> dict[str, str]: ...
    def write(self, objects: Sequence[CrmObject]) -> Iterator[Outcome]:
        """One outcome per object, in order, as soon as it is known.

        Raises `Unavailable`, `Refused` or `Changed`: then no object without an outcome may have
        been written. So an object that was sent is told as `unknown` first, even when a look-up
        after it fails, and the failure is raised before the next object is sent.
        """
        ...
