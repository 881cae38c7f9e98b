"""Themes: what people speak of that nobody declared, found anew each day among all recent texts.

The day is that of the latest words, so a run without news finds what is stored already and writes
nothing.
"""

from typing import Any

import pandas as pd
from prefect import task

from feedback.topics.discovery import LANGUAGES, Theme, discover
from feedback.topics.key_phrases import telling
from feedback.topics.themes import FEWEST_TEXTS
from feedback.warehouse import theme_list
from feedback.warehouse import themes as stored
from feedback.warehouse.engine import hold
from tasks.opening import log, opened
from tasks.patience import INSIDE
from tasks.topics import tagger_of

SAID = 3  # texts with a phrase before it is listed


@task(name="themes", **INSIDE)
def find_themes(settings: str, run_id: str) -> str:
    """Find the themes of the last days and store them; says what came of it in one line."""
    with opened(settings, "themes") as house, hold(house.engine, "themes") as still_ours:
        zone = house.settings.timezone
        day = stored.last_day(house.engine, zone)
        if day is None:
            return "no themes: nothing is stored"
        texts = stored.voices(house.engine, house.model(), day, zone)
        enough = [name for name in LANGUAGES if (texts["language"] == name).sum() >= FEWEST_TEXTS]
        if not enough:
            return f"no themes: too few texts in {' and '.join(LANGUAGES)} ({len(texts)} in all)"
        known = stored.earlier(house.engine, day)
        found = {
            name: discover(texts[texts["language"] == name], day, name, known.get(name, []))
            for name in enough
        }
        still_ours()
        stored.store(house.engine, run_id, day, texts, found)
    told = _told(texts, found)
    log.info("themes      %-16s %s", "", told)
    return told


def listed(settings: str) -> pd.DataFrame:
    """The themes of the latest day for a person to read."""
    with opened(settings) as house:
        zone = house.settings.timezone
        method = tagger_of(house.settings).method
        found = theme_list.listed(house.engine, house.model(), method, zone)
    rows = found.to_dict("records")
    return pd.DataFrame(
        {
            "id": found["theme_id"],
            "theme": [", ".join(terms) for terms in found["terms"]],
            "texts": found["size"],
            "before": found["size_before"],
            "growth": [_growth(row) for row in rows],
            "first seen": found["first_day"],
            "topic": found["topic"],
            "without topic": [_share(row["untagged"]) for row in rows],
            "quote": found["quote"],
        }
    )


def phrases(settings: str) -> dict[str, pd.DataFrame]:
    """{language: the key phrases that tell the last four weeks from the four before}."""
    with opened(settings) as house:
        day = stored.last_day(house.engine, house.settings.timezone)
        if day is None:
            return {}
        texts = stored.voices(house.engine, house.model(), day, house.settings.timezone)
    found = {}
    for name in LANGUAGES:
        own = texts[texts["language"] == name]
        late, early = (own.loc[own["is_late"] == now, "text"].tolist() for now in (True, False))
        told = telling(late, early)
        found[name] = told[told["texts"] >= SAID].round({"z": 1})
    return found


def _told(texts: pd.DataFrame, found: dict[str, list[Theme]]) -> str:
    """Counts by language, nobody's words."""
    parts = [
        f"{name} {len(some)} themes of {sum(len(one.members) for one in some)}"
        f" of {(texts['language'] == name).sum()} texts"
        for name, some in found.items()
    ]
    others = len(texts) - texts["language"].isin(list(found)).sum()
    return f"{', '.join(parts)}; {others} texts in other languages or too few of one"


def _growth(row: dict[str, Any]) -> str:
    """As "growing x2.1 (1.4 to 3.2)"."""
    if row["trend"] == "unknown":
        return "too few texts"
    return f"{row['trend']} x{row['ratio']:.2g} ({row['low']:.2g} to {row['high']:.2g})"


def _share(share: float) -> str:
    return "" if share != share else f"{share:.0%}"  # NaN: nothing was tagged
