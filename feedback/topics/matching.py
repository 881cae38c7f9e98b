"""Finding declared phrases in the words of a text, with their places.

Only phrases whose first word occurs are tried, so a long taxonomy costs hardly more than a short.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.topics.taxonomy import Phrase, Taxonomy, compiled
from feedback.topics.words import STOP, Word, negates

Place = tuple[int, int]  # [start, end) in the text
Places = Mapping[str, Sequence[Place]]


@dataclass(frozen=True)
class _Entry:
    key: str
    phrase: Phrase
    blocks: bool
    denies: bool  # begins with a negation itself


class Matcher:
    """The phrases of a taxonomy, by the words they begin with.

    With `denials` a phrase that is denied just before it in its clause is not counted.
    """

    def __init__(self, taxonomy: Taxonomy, *, denials: bool = False) -> None:
        self.denials = denials
        self._by_first: dict[str, list[_Entry]] = defaultdict(list)
        for key, one in taxonomy.items():
            for blocks, written in ((False, one.phrases), (True, one.blocking)):
                for phrase in map(compiled, written):
                    denies = any(negates(step.lstrip("=")) for step in phrase.steps[0])
                    for first in phrase.steps[0]:
                        self._by_first[first].append(_Entry(key, phrase, blocks, denies))

    def find(self, words: Sequence[Word]) -> dict[str, list[Place]]:
        """{key: places of its phrases}, only keys that are found; places in order, each once."""
        found: dict[str, set[Place]] = defaultdict(set)
        blocked: dict[str, list[Place]] = defaultdict(list)
        for at, word in enumerate(words):
            for key in word.known.keys:
                for entry in self._by_first.get(key, ()):
                    if self.denials and word.denied and not (entry.denies or entry.blocks):
                        continue
                    if (last := _last(entry.phrase, words, at)) is not None:
                        place = (word.start, words[last].end)
                        (blocked[entry.key].append if entry.blocks else found[entry.key].add)(place)
        kept = {
            key: sorted(p for p in places if not any(_touch(p, b) for b in blocked.get(key, ())))
            for key, places in found.items()
        }
        return {key: places for key, places in kept.items() if places}


def _last(phrase: Phrase, words: Sequence[Word], at: int) -> int | None:
    """Where a phrase that begins at `at` ends, if it stands there; it never spans two sentences."""
    for step, gap in zip(phrase.steps[1:], phrase.gaps[1:], strict=True):
        for reach in (1, 2) if gap else (1,):
            if at + reach >= len(words) or words[at + reach].broken == STOP:
                return None
            if not step.isdisjoint(words[at + reach].known.keys):
                at += reach
                break
        else:
            return None
    return at


def _touch(a: Place, b: Place) -> bool:
    return a[0] < b[1] and b[0] < a[1]
