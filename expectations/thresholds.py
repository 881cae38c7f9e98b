"""From where on a batch is doubted, read from gates.toml, and how far two batches lie apart.

Imports no Great Expectations, so that it stays cheap to import.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from pathlib import Path

from expectations import volumes
from expectations.entries import entry, refused

THRESHOLDS = Path(__file__).with_name("gates.toml")
GATES = {  # name: what is said when it does not hold
    "volume": volumes.REASON,
    "empty": "too many texts are empty",
    "unknown": "the language of too many texts is unknown",
    "unrated": "too few of those asked in a survey gave a rating",
    "new_product": "it names products that this source never named before",
    "new_region": "it names regions that this source never named before",
    "new_survey": "it has a survey that this source never had before",
    "new_channel": "it has a channel that this source never had before",
    "drift_length": "its texts are longer or shorter than they were",
    "drift_rating": "its ratings are spread otherwise than they were",
    "drift_language": "its languages are others than they were",
    "drift_sentiment": "its sentiment is spread otherwise than it was",
}
RARE = 0.02  # a bin below this share on both sides counts with the other rare ones


@dataclass(frozen=True)
class Thresholds:
    """See gates.toml."""

    days: int
    fewest: int
    empty: float
    unknown: float
    unrated: float
    unseen: int
    drift: float
    stop: list[str]

    def most(self, gate: str) -> float:
        """The most that a gate other than "volume" allows."""
        kind = {"new": "unseen", "drift": "drift"}.get(gate.partition("_")[0], gate)
        return float(getattr(self, kind))


KINDS: dict[str, type] = {
    **dict.fromkeys(("days", "fewest", "unseen"), int),
    **dict.fromkeys(("empty", "unknown", "unrated", "drift"), float),
    "stop": list,
}


def thresholds(source: str, path: Path = THRESHOLDS) -> Thresholds:
    """Those of `source`. Raises `Refused` when the file says something else than limits."""
    told = entry(path, source, KINDS)
    if strange := set(told["stop"]) - set(GATES):
        words = f"stops {', '.join(sorted(strange))}, which is none of {', '.join(GATES)}"
        raise refused(path, source, words)
    return Thresholds(**told)


def stability(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    """The population stability index (Siddiqi, Credit Risk Scorecards, 2006) of two counts by bin.

    The sum over bins of (q - p) ln(q / p), p and q being shares before and now: up to 0.1 nothing
    moved, from 0.25 on much did. Half a count is added to each bin, for ln has no value at 0.
    """
    bins = sorted({*before, *now})
    rare = [b for b in bins if max(_share(before, b), _share(now, b)) < RARE]
    common = [[b] for b in bins if b not in rare]
    groups = [*common, rare] if rare else common
    p, q = _smooth(before, groups), _smooth(now, groups)
    return sum((b - a) * log(b / a) for a, b in zip(p, q, strict=True))


def _share(counts: Mapping[str, int], name: str) -> float:
    return counts.get(name, 0) / max(sum(counts.values()), 1)


def _smooth(counts: Mapping[str, int], groups: list[list[str]]) -> list[float]:
    sums = [0.5 + sum(counts.get(name, 0) for name in group) for group in groups]
    return [one / sum(sums) for one in sums]
