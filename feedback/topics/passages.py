"""A text as the passages that themes are found in, and a passage as its words and pairs of words.

A long text tells of several things, so it is read a dozen words at a time; links, names of
accounts, greetings, function words, numbers and what redaction put in are no words here.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from feedback.topics.words import COMMA, STOP, Word, words

STOP_WORDS = Path(__file__).with_name("stop_words.txt")
PASSAGE = 12  # words after which the next sentence begins a new passage
LONGEST = 25  # words, where no sentence ends
_NO_WORDS = re.compile(r"(?:https?://|www\.)\S+|@[\w.@-]+|\[[a-z_]+\]|&[a-z]+;")
_SURFACE = re.compile(r"[\w'’ -]+")
_FUNCTION = frozenset(("PREP", "CONJ", "PRCL", "NPRO", "INTJ", "NUMR"))


class Term(NamedTuple):
    """A word or a pair of neighbours by its dictionary forms; text[start:end] is what was said."""

    name: str
    start: int
    end: int


def passages(text: str) -> list[list[Term]]:
    """The terms of each passage in order; none of a text without words of its own."""
    text = _NO_WORDS.sub(lambda found: ";" * len(found[0]), text)
    found: list[list[Term]] = []
    here, count, before, broken = list[Term](), 0, None, 0
    for word in words(text):
        broken = max(broken, word.broken)
        if not _tells(word):
            continue
        if count >= LONGEST or (count >= PASSAGE and broken == STOP):
            found.append(here)
            here, count = [], 0
        if before and broken < COMMA and _SURFACE.fullmatch(text, before.start, word.end):
            here.append(Term(f"{before.known.lemma} {word.known.lemma}", before.start, word.end))
        here.append(Term(word.known.lemma, word.start, word.end))
        before, broken, count = word, 0, count + 1
    return [*found, here] if here else found


def _tells(word: Word) -> bool:
    lemma = word.known.lemma
    if len(lemma) < 2 or lemma.isdigit() or word.known.kind in _FUNCTION:
        return False
    return not {lemma, word.form} & _stop_words()


@cache
def _stop_words() -> frozenset[str]:
    lines = STOP_WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if line[0] != "#" for word in line.split())
