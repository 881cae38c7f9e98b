"""The themes of a day: what is found in a window of texts, with ids that stay from day to day.

The window has two halves of HALF days up to the day; a theme's texts are counted in each. The same
texts after the same earlier day give the same themes, ids included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from feedback.topics import labels, same_themes, themes
from feedback.topics.reading import Floats
from feedback.topics.same_themes import Middle

METHOD = "feedback-themes.1"  # raised when the words of the middles become others
LANGUAGES = ("ru", "en")  # whose dictionary forms are known
HALF = 28  # days
QUOTED = (20, 200)  # characters of a quote, where a theme has such a text


@dataclass(frozen=True)
class Known:
    """A theme as it was on an earlier day."""

    theme_id: str
    first_day: date
    middle: Middle


@dataclass(frozen=True)
class Theme:
    """One theme of a day; `members` are places in the voices it was found in."""

    theme_id: str
    first_day: date
    terms: list[str]
    middle: Middle
    members: list[int]
    quoted: int


def discover(
    voices: pd.DataFrame, day: date, language: str, earlier: Sequence[Known]
) -> list[Theme]:
    """The themes of texts in one language, the largest first; none of fewer than FEWEST_TEXTS.

    `voices` has item_id and text. `earlier` are the themes of that language on the latest day
    before.
    """
    if len(voices) < themes.FEWEST_TEXTS:
        return []
    texts = voices["text"].tolist()
    found = themes.find(texts, [one.middle for one in earlier])
    same = same_themes.counterparts(found.middles, [one.middle for one in earlier])
    ids, result = {one.theme_id for one in earlier}, list[Theme]()
    for place, (middle, terms) in enumerate(zip(found.middles, found.terms, strict=True)):
        members = np.flatnonzero(found.theme == place).tolist()
        if not members:  # all who speak of it speak of another theme more
            continue
        was = same[place]
        before = None if was is None else earlier[was]
        theme_id = before.theme_id if before else same_themes.new_id(day, language, middle, ids)
        ids.add(theme_id)
        said = ((texts[i], found.nearest[i]) for i in members)
        result.append(
            Theme(
                theme_id,
                before.first_day if before else day,
                labels.as_said(terms, said),
                middle,
                members,
                _quoted(voices, members, found.likeness),
            )
        )
    return sorted(result, key=lambda one: (-len(one.members), one.theme_id))


def _quoted(voices: pd.DataFrame, members: list[int], likeness: Floats) -> int:
    """The text nearest to the middle, of a length that can be shown if there is one."""
    texts, ids = voices["text"].tolist(), voices["item_id"].tolist()
    low, high = QUOTED
    fit = [i for i in members if low <= len(texts[i]) <= high] or members
    return min(fit, key=lambda i: (-round(float(likeness[i]), 4), ids[i]))
