"""Turns the hand-written lines in words/*.txt into sentences nobody reads twice.

A line may hold [this|or this], <his/her> and {slot}; a deck is used up before it is reshuffled.
"""

import random
import re
from pathlib import Path

WORDS = Path(__file__).parent / "words"
CHOICE = re.compile(r"\[([^\[\]]*)\]")
GENDER = re.compile(r"<([^<>/]*)/([^<>/]*)>")
SLOT = re.compile(r"\{(\w+)\}")


def read_sections(path: Path) -> dict[str, list[str]]:
    """Read a words file into {section heading: its lines}."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            lines = sections.setdefault(line[3:], [])
        elif line.strip():
            lines.append(line.strip())
    return sections


class Phrasebook:
    """All sections of all languages, dealt like cards: `ru app neg`, `en hello any`."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.sections = {
            f"{language} {name}": lines
            for language in ("ru", "en")
            for name, lines in read_sections(WORDS / f"{language}.txt").items()
        }
        self.sections |= read_sections(WORDS / "other.txt") | read_sections(WORDS / "people.txt")
        self._decks: dict[str, list[str]] = {}

    def has(self, section: str) -> bool:
        """Say whether anything was written under this heading."""
        return section in self.sections

    def deal(self, section: str) -> str:
        """Take the next line of a section, unexpanded; no line returns before all were used."""
        deck = self._decks.get(section)
        if not deck:
            deck = self._decks[section] = list(self.sections[section])
            self.rng.shuffle(deck)
        return deck.pop()

    def expand(self, line: str, slots: dict[str, str], female: bool) -> str:
        """Choose among alternatives, fit the speaker's gender and fill the slots."""
        while CHOICE.search(line):
            line = CHOICE.sub(lambda found: self.rng.choice(found[1].split("|")), line, count=1)
        line = GENDER.sub(lambda found: found[2 if female else 1], line)
        slots = slots | {"а": "а" if female else ""}
        return SLOT.sub(lambda found: slots[found[1]], line)
