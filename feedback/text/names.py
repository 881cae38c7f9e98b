"""Names of people in a text, Russian and English, where a dictionary or the words around say so.

A name that is a word, a city or a brand as well stays unless the text introduces somebody by it.
"""

import re
from collections.abc import Iterator

from feedback.text.english_names import find_english_names
from feedback.text.russian_names import find_russian_names
from feedback.text.spans import Span

_LATIN = re.compile(r"[A-Z][a-z]")
_CYRILLIC = re.compile(r"[А-ЯЁ][а-яё.]|зовут")


def find_names(text: str) -> Iterator[Span]:
    """A title or a role before a name stays, so "Mr. Hill" is "Mr. [name]"."""
    found: list[tuple[int, int]] = []
    if _CYRILLIC.search(text):
        found += find_russian_names(text)
    if _LATIN.search(text):
        found += find_english_names(text)
    for start, end in found:
        yield start, end, "name"
