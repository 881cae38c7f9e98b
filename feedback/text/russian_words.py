"""What a Russian word can be, by pymorphy3's own dictionary: a name, a thing, something counted.

The dictionary is loaded when the first word is asked about; answers are kept, a bounded number.
"""

from functools import cache, lru_cache
from typing import NamedTuple

import pymorphy3

_KEPT = 1 << 16  # words; far more than the capitalised ones of a million texts
_NAMES = ("Name", "Surn", "Patr")
_NEVER = ("Abbr", "Init", "Infr")  # an initial, or a clipped form: "Лень" for "Лёня"


_THING = {"NOUN", "inan"}
_NO_THING = ("gent", "Geox", "Orgn")


class Word(NamedTuple):
    """In which cases it can be a first name, a surname, a patronymic, and how often it is one.

    `as_first`, `as_surname` and `as_other` are shares, 0..1, of the dictionary's readings, weighed
    by how often each is met; "other" leaves out the possessive that every Russian surname is too.
    """

    lemma: str
    first: frozenset[str]
    surname: frozenset[str]
    patronymic: frozenset[str]
    as_first: float
    as_surname: float
    as_other: float
    is_known: bool
    is_thing: bool
    is_counted: bool


@lru_cache(maxsize=_KEPT)
def look_up(word: str) -> Word:
    """What `word` can be, whatever its case of letters; never raises."""
    shares = dict.fromkeys((*_NAMES, "other"), 0.0)
    cases: dict[str, set[str]] = {kind: set() for kind in _NAMES}
    parses = _dictionary().parse(word.lower())
    for parse in parses:
        tag = parse.tag
        if any(grammeme in tag for grammeme in _NEVER):
            continue
        kind = next((name for name in _NAMES if name in tag), "other")
        if kind == "Name" and "plur" in tag:  # "Март" is no crowd of Marthas
            continue
        if kind != "other":
            cases[kind].add(str(tag.case))
        elif "Poss" in tag or not parse.is_known:
            continue
        shares[kind] += parse.score
    best = parses[0]
    first = next((parse for parse in parses if "Name" in parse.tag), best)
    return Word(
        lemma=first.normal_form,
        first=frozenset(cases["Name"]),
        surname=frozenset(cases["Surn"]),
        patronymic=frozenset(cases["Patr"]),
        as_first=shares["Name"],
        as_surname=shares["Surn"],
        as_other=shares["other"],
        is_known=best.is_known or _is_double(word),
        is_thing=_THING in best.tag and not any(kind in best.tag for kind in _NO_THING),
        is_counted="NOUN" in best.tag and any("gent" in parse.tag for parse in parses),
    )


def _is_double(word: str) -> bool:
    """ "Анна-Мария": not in the dictionary, but both her names are."""
    parts = word.split("-")
    known = [look_up(part) for part in parts] if len(parts) == 2 and all(parts) else []
    return bool(known) and all(part.is_known and part.first for part in known)


@cache
def _dictionary() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer(lang="ru")
