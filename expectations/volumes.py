"""How many records a pull of each source may plausibly bring, read from volumes.toml.

Imports no Great Expectations: one comparison needs no suite, and this stays cheap to import.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REASON = "the count of records is not plausible"
VOLUMES = Path(__file__).with_name("volumes.toml")


@dataclass(frozen=True)
class Plausible:
    """Both ends included."""

    least: int
    most: int

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most:
            raise ValueError(f"least {self.least} and most {self.most} are not a range of counts")


def plausible(source: str, path: Path = VOLUMES) -> Plausible:
    """The range for `source`; what its entry leaves out comes from [default]."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return Plausible(**table["default"] | table.get("sources", {}).get(source, {}))


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
