"""What a snapshot knows of topics, intents and themes; numbers come as the topic table has them.

Names of topics are somebody's settings, and words of themes are customers' words: both are data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from feedback.metrics.topics import KEY

Names = Mapping[str, Mapping[str, str]]  # {key: {"ru": ..., "en": ...}}


@dataclass(frozen=True)
class ThemeFacts:
    """One theme without a topic; `ratio`, `low`, `high` are None where too little was said.

    `terms` and `quote` are customers' words; `quote` is "" where it may not be shown.
    """

    terms: tuple[str, ...]
    size: int
    size_before: int
    ratio: float | None
    low: float | None
    high: float | None  # may be infinite
    trend: str  # growing | shrinking | steady | unknown
    first_day: date
    quote: str


@dataclass(frozen=True)
class Themes:
    """The themes of a window of two halves of `half` days each, up to `day`."""

    day: date
    half: int
    found: Sequence[ThemeFacts]


@dataclass(frozen=True)
class Topics:
    """Everything the page says of topics; `values` has the columns of `feedback.metrics.topics`.

    Of `voices` with words `tagged` were tagged by `method`. `themes` is None where none were
    looked for.
    """

    method: str
    values: pd.DataFrame
    topics: Names
    intents: Names
    voices: int
    tagged: int
    themes: Themes | None

    def content(self) -> list[Any]:
        """All that is told, as plain data, to know the same again."""
        themes = self.themes
        return [
            [self.method, self.voices, self.tagged],
            [
                {key: dict(names) for key, names in told.items()}
                for told in (self.topics, self.intents)
            ],
            [] if themes is None else [str(themes.day), themes.half, *map(str, themes.found)],
            self.values.sort_values(KEY).to_csv(index=False),
        ]

    def stamped(self) -> pd.DataFrame:
        """The numbers with the method that found them, as they are kept."""
        return self.values.assign(method=self.method)
