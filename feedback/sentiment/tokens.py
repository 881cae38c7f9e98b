"""Texts to tokens: words, small numbers, punctuation, emoticons and emoji, in lower case.

All texts of a call go through one regular expression as one string; BREAK stands between them.
"""

import re
from collections.abc import Sequence

BREAK = "\x1e"  # the record separator: whitespace for every other rule, so no token spans it
URL, USER, NUMBER = "<url>", "<user>", "<number>"

# Joiners, variation selectors and skin tones: they change how an emoji looks, not what it says.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_STRETCHED = re.compile(r"([^\d\s])\1{2,}")
_EMOJI = (
    "\u203c\u2049\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\u3030\U0001f000-\U0001faff"
)
_MARK = re.compile(r"\[([a-z]+)\]")  # what redaction left in the place of personal data
_TOKEN = re.compile(
    rf"""\x1e
    |https?://\S+ |www\.\S+          # links
    |@\w+                            # handles
    |[:;=]['-]?(?:[)(\[\]/\\|*]+|[dp3](?!\w))  # emoticons
    |<3 |\^_?\^ |-_+-
    |[^\W\d_]+(?:['-][^\W\d_]+)*     # words, with don't and кто-то
    |\d+(?:[.,]\d+)*                 # numbers
    |([!?.)(])\1 |[!?.,:;)("«»%/+*\-]  # punctuation, doubled where it was stretched
    |[{_EMOJI}]
    """,
    re.VERBOSE,
)


def split(texts: Sequence[str]) -> list[str]:
    """The tokens of all texts in order: BREAK before the first text and after each one."""
    joined = BREAK.join(["", *(text.replace(BREAK, " ") for text in texts), ""]).lower()
    joined = _INVISIBLE.sub("", joined.replace("ё", "е").replace("’", "'").replace("…", ".."))
    joined = _STRETCHED.sub(r"\1\1", joined)
    joined = _MARK.sub(lambda mark: "@x" if mark[1] == "handle" else " ", joined)
    return [match.group() for match in _TOKEN.finditer(joined)]


def shape(token: str) -> str:
    """The token as the model knows it: links, handles and long numbers become one token each."""
    first = token[0]
    if first.isdigit():
        return token if len(token) <= 2 else NUMBER
    if first == "@":
        return USER
    if token.startswith(("http:", "https:", "www.")):
        return URL
    return token
