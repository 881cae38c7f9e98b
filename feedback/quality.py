"""What is known of the quality of the data at one moment: plain counts, kinds and times.

Nothing here names a person or quotes a record, for all of it is published.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

COLLECT, REFINE = "collect", "refine"
OF_A_RUN = "batch"  # the suite that judges what a run brought, not what is stored


@dataclass(frozen=True)
class Books:
    """Where the records of one stage went: what was fetched is in exactly one of the others."""

    fetched: int = 0
    new: int = 0
    changed: int = 0
    duplicate: int = 0  # read before with the same content
    set_aside: int = 0
    skipped: int = 0

    @property
    def missing(self) -> int:
        """Records fetched of which the books do not say where they went; below 0: said twice."""
        return self.fetched - self.duplicate - self.brought

    @property
    def brought(self) -> int:
        """Records that were not there before, whatever became of them."""
        return self.new + self.changed + self.set_aside + self.skipped


@dataclass(frozen=True)
class Waiting:
    """Records that were set aside for one reason and wait to be mended or dropped."""

    reason: str
    records: int
    oldest: datetime  # aware; when the first of them was set aside


@dataclass(frozen=True)
class SourceQuality:
    """One source: the books of its two stages, and what of it is set aside now.

    `last` is the last run that brought something, not the last one that looked.
    """

    source: str
    owner: str  # who mends what is set aside; "" when nobody is named
    records: int  # that ever came, repeats left out
    last_run: datetime | None  # aware; when it began
    last: dict[str, Books]  # by stage, COLLECT and REFINE
    ever: dict[str, Books]
    waiting: Sequence[Waiting]  # most records first

    @property
    def set_aside(self) -> int:
        """Records set aside now."""
        return sum(one.records for one in self.waiting)

    @property
    def balanced(self) -> bool:
        """Whether every record fetched went to exactly one place."""
        return not any(b.missing for books in (self.last, self.ever) for b in books.values())


@dataclass(frozen=True)
class Cleaned:
    """What cleaning found: in how many current items, and how often in all of them."""

    kind: str
    items: int
    times: int


@dataclass(frozen=True)
class Texts:
    """Current items; those without a text; of the texts with words in them, the language."""

    items: int
    empty: int
    judged: int  # texts whose language was looked for
    unknown: int  # of those, with no answer


@dataclass(frozen=True)
class Alike:
    """Near-duplicates: messages that were compared, the voices that are left, what was flagged."""

    messages: int
    voices: int
    groups: int  # of two messages or more that say nearly the same
    campaign: int
    flood: int


@dataclass(frozen=True)
class People:
    """Records of people, the people left after merging, and pairs by what became of the merge."""

    records: int
    people: int
    active: int
    undone: int
    shared: int  # not merged, for the address they share is one of many


@dataclass(frozen=True)
class Check:
    """The newest result of one expectation; `source` is "" when it is about all of them."""

    suite: str
    source: str
    expectation: str
    severity: str  # critical | warning
    checked: int
    failed: int
    observed: str
    at: datetime


@dataclass(frozen=True)
class Quality:
    """All of it, at the moment of a snapshot."""

    sources: Sequence[SourceQuality]
    cleaned: Sequence[Cleaned]
    texts: Texts
    alike: Alike
    people: People
    checks: Sequence[Check]


def news(quality: Quality) -> list[object]:
    """What a reader has to be told again when it changes; the same after a run without news.

    A run that finds nothing new still fetches, counts repeats and checks: those counts, all times
    and the checks of a single run are left out, and are as true as the page's "as of".
    """
    return [
        [
            [s.source, s.owner, s.balanced, [[w.reason, w.records] for w in s.waiting]]
            + [[stage, b.new, b.changed, b.set_aside, b.skipped] for stage, b in s.ever.items()]
            for s in quality.sources
        ],
        [[one.kind, one.items, one.times] for one in quality.cleaned],
        *(list(vars(part).values()) for part in (quality.texts, quality.alike, quality.people)),
        [
            [c.suite, c.source, c.expectation, c.severity, c.failed]
            for c in quality.checks
            if c.suite != OF_A_RUN
        ],
    ]
