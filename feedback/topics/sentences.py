"""Where the clauses of a text begin and end: cut at sentences, commas, and before "но", "but".

A clause is what one opinion is told in; an enumeration is cut too, which did no harm when measured.
"""

import re

Place = tuple[int, int]
_CUT = re.compile(
    r"""(?<=[.!?…;\n])\s+         # after a sentence
    |(?<=[)])\s+(?=[A-ZА-ЯЁ])    # after an emoticon
    |[,—–-]?\s+(?=(?:но|зато|однако|but|however|though|although|yet|whereas)\b)
    |,\s+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WORDS = re.compile(r"\w")


def clauses(text: str) -> list[Place]:
    """The clauses as [start, end), in order; a piece without a word belongs to none."""
    places, start = [], 0
    for match in _CUT.finditer(text):
        places.append((start, match.start()))
        start = match.end()
    places.append((start, len(text)))
    return [(a, b) for a, b in places if _WORDS.search(text, a, b)]
