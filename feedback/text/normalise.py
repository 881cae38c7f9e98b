"""One spelling of the same text (NFC, plain spaces, no invisible characters), and its fingerprint.

Emoji stay whole: a zero-width joiner is dropped between letters, but not inside a family emoji.
"""

import hashlib
import re
import unicodedata

_TAGS = "[\U000e0020-\U000e007f]"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffc\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e001f]"
)
# The flags of England, Scotland and Wales are a black flag spelt out in otherwise unseen tags.
_STRAY_TAGS = re.compile(f"(\U0001f3f4{_TAGS}+)|{_TAGS}")
# Joiners carry meaning inside emoji and in the scripts from Arabic to Myanmar.
_JOINED = "[\u0600-\u109f\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_STRAY_JOINERS = re.compile(f"(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})")
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffc\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028]")
_BLANK_LINES = re.compile(r"\n{3,}")


def normalise(text: str) -> str:
    """`text` in NFC, without zero-width and control characters, spaces and blank lines single.

    Lines and paragraphs stay. Idempotent; never raises.
    """
    if _ODD.search(text):
        text = _visible(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "\n" not in text:
        return " ".join(text.split())
    lines = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    return _BLANK_LINES.sub("\n\n", lines).strip("\n")


def _visible(text: str) -> str:
    text = _LINE_ENDS.sub("\n", text.replace("\u2029", "\n\n"))
    text = _INVISIBLE.sub("", text)
    return _STRAY_JOINERS.sub("", _STRAY_TAGS.sub(r"\1", text))


def fingerprint(text: str) -> str:
    """32 hex digits, equal for texts that differ only in case, spaces and punctuation.

    Emoji count as words. A text of nothing but punctuation is taken as it stands.
    """
    words = folded(text)
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def folded(text: str) -> str:
    """The letters, digits and emoji of `text` without case; all of it when it has none."""
    plain = unicodedata.normalize("NFKC", text.casefold()).casefold()
    return plain.translate(_IGNORED) or "".join(plain.split())


class _Ignored(dict[int, int | None]):
    """For `str.translate`: decides once per character, and remembers."""

    def __missing__(self, code: int) -> int | None:
        dropped = unicodedata.category(chr(code))[0] in "PZC" or 0xFE00 <= code <= 0xFE0F
        self[code] = None if dropped else code
        return self[code]


_IGNORED = _Ignored()
