"""The words of a text with their places and dictionary forms: Russian by pymorphy3, English by
simplemma. What redaction put in the place of personal data, `[email]`, is no word.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import pymorphy3
import simplemma

from feedback.sentiment.features import NEGATORS

_KEPT = 1 << 16  # words of which the answer is kept
_WORD = re.compile(r"\[[a-z]+\]|([^\W\d_]+(?:['’-][^\W\d_]+)*|\d+)|([.!?…;:\n()]+)|(,)")
_CYRILLIC = re.compile("[а-яё]")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
NEGATION_SCOPE = 3  # words
_SCOPE_ENDS = frozenset(("но", "а", "зато", "but", "however"))
COMMA, STOP = 1, 2


class Known(NamedTuple):
    """What a form can be: its keys for a phrase to match, its first lemma, its part of speech."""

    keys: tuple[str, ...]  # lemmas, and the form itself marked with "="
    lemma: str
    kind: str  # of a Russian word, as pymorphy3 calls it; "" of any other
    case: str


class Word(NamedTuple):
    """One word, text[start:end]. `broken`: what stands before it, nothing, COMMA or STOP."""

    start: int
    end: int
    form: str
    known: Known
    broken: int
    denied: bool  # a negation stands before it in its clause, at most NEGATION_SCOPE words away


def words(text: str) -> list[Word]:
    """The words in order; no text makes it raise."""
    found: list[Word] = []
    broken, since = STOP, NEGATION_SCOPE
    for match in _WORD.finditer(text):
        if match[1] is None:
            broken = max(broken, STOP if match[2] else COMMA if match[3] else 0)
            continue
        form = fold(match[1])
        if broken or form in _SCOPE_ENDS:
            since = NEGATION_SCOPE
        denied = since < NEGATION_SCOPE
        found.append(Word(match.start(), match.end(), form, look_up(form), broken, denied))
        broken, since = 0, 0 if negates(form) else since + 1
    return found


def fold(form: str) -> str:
    """In lower case, ё as е, no apostrophes ("don't" and "dont" are one), no long stretches."""
    form = form.lower().replace("ё", "е").replace("’", "'")
    form = form.removesuffix("'s")
    return _STRETCHED.sub(r"\1\1", form.replace("'", ""))


def negates(form: str) -> bool:
    """Whether a folded form denies what follows."""
    return form in NEGATORS


@lru_cache(maxsize=_KEPT)
def look_up(form: str) -> Known:
    """What a folded form can be."""
    if _CYRILLIC.search(form):
        return _russian(form)
    lemmas = tuple(dict.fromkeys(_english(form)))
    return Known((*lemmas, f"={form}"), lemmas[0], "", "")


def _russian(form: str) -> Known:
    parses = _dictionary().parse(form)
    lemmas = dict.fromkeys(parse.normal_form.replace("ё", "е") for parse in parses)
    first = parses[0]
    return Known(
        (*lemmas, f"={form}"), next(iter(lemmas)), first.tag.POS or "", first.tag.case or ""
    )


def _english(form: str) -> Iterator[str]:
    if (form in NEGATORS and form.endswith("nt")) or form == "cannot":
        yield from (form, "not")  # "doesn't work" and "does not work" are one
    else:
        yield str(simplemma.lemmatize(form, lang="en")).lower()


@cache
def _dictionary() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer(lang="ru")
