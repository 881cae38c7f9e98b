"""How far one timeline has been read upward, with a look back for statuses that come late.

A server gives a late status from elsewhere the id of the time it was written, below our last one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

REMEMBERED = 1000  # statuses that the look back keeps per timeline, so that a cursor stays small


@dataclass(frozen=True, slots=True)
class Place:
    """`last` is the highest id read; `seen` has the ids of the look back, each with its edit."""

    last: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)

    def start(self, hours: float) -> str:
        """The id above which to read on; ids at or below it are not asked for again."""
        if not (hours and self.last.isdecimal()):
            return self.last
        floor = min(self.seen, key=rank) if len(self.seen) >= REMEMBERED else ""
        return max(self._window(hours), floor, key=rank)

    def is_new(self, entry_id: str, edited: str) -> bool:
        return self.seen.get(entry_id) != edited

    def after(self, read: Iterable[tuple[str, str]], hours: float) -> "Place":
        """The place once these (id, edited) are stored too."""
        seen = {**self.seen, **dict(read)}
        last = max([self.last, *seen], key=rank)
        start = Place(last).start(hours)
        kept = sorted((i for i in seen if i == last or rank(i) > rank(start)), key=rank)
        return Place(last, {i: seen[i] for i in kept[-REMEMBERED:]})

    def as_json(self) -> dict[str, Any]:
        return {"last": self.last, "seen": dict(self.seen)}

    def _window(self, hours: float) -> str:
        return str(max(0, int(self.last) - snowflake(hours * 3600)))


def rank(entry_id: str) -> tuple[int, str]:
    """Ids are whole numbers written as text."""
    return len(entry_id), entry_id


def snowflake(seconds: float) -> int:
    """Mastodon's ids hold milliseconds since the epoch above 16 bits of sequence."""
    return int(seconds * 1000) << 16
