"""How many records a pull of each source may plausibly bring, read from volumes.toml.

Imports no Great Expectations: one comparison needs no suite, and this stays cheap to import.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from expectations.entries import entry, refused

REASON = "the count of records is not plausible"
VOLUMES = Path(__file__).with_name("volumes.toml")


@dataclass(frozen=True)
class Plausible:
    """Both ends included."""

    least: int
    most: int


def plausible(source: str, path: Path = VOLUMES) -> Plausible:
    """The range for `source`. Raises `Refused` when the file says something else than ranges."""
    range_ = Plausible(**entry(path, source, {"least": int, "most": int}))
    if not 0 <= range_.least <= range_.most:
        words = f"has least {range_.least} and most {range_.most}, which are not a range of counts"
        raise refused(path, source, words)
    return range_


def doubts(fetched: Mapping[str, int], path: Path = VOLUMES) -> list[str]:
    """One sentence for each source whose count is out of its range."""
    words = []
    for source, count in fetched.items():
        range_ = plausible(source, path)
        if not range_.least <= count <= range_.most:
            words.append(
                f"{source}: {count} records, expected {range_.least} to {range_.most}; "
                f"look at the source, or change its range in {path.name}"
            )
    return words
