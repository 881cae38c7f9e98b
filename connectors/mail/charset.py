"""Bytes of a mail to text: the declared charset where it fits, else a guess that is named as one.

Guessed by letter frequency, not with charset-normalizer: that takes half of short KOI8-R for 1251.
"""

import codecs
import re

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}\Z")
_NOT_CHARSETS = {"unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined"}
# What mail programs write, and what they mean: wider sets of the same family (WHATWG Encoding).
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_ext",
}
_WESTERN = {"cp1252", "latin-1", "iso8859-15", "utf-8"}
_EIGHT_BIT = re.compile(r"(cp125|iso8859|koi8|mac|latin)")
_HIGH_RUN = re.compile(rb"[\xa3\xa8\xb3\xb8\xc0-\xff]+")  # letters in windows-1251, KOI8-R or both
_LOW_LETTER = re.compile(rb"[A-Za-z]")
_ADDRESS = re.compile(rb"<[^>]{0,999}>|https?:\S+|[^\s@]{0,64}@\S+")
_COMMON = {
    letter: 12 - place // 3 for place, letter in enumerate("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё")
}


def decoded(data: bytes, declared: str = "") -> tuple[str, str]:
    """The text without NUL and lone surrogates, and "" or the codec that had to be guessed."""
    codec = _codec(declared)
    text = _strictly(data, codec) if codec else None
    if text is not None and not _is_misnamed(data, codec):
        return _storable(text), ""
    codec = _guess(data)
    return _storable(data.decode(codec, "replace")), "" if data.isascii() else codec


def _codec(declared: str) -> str:
    name = declared.strip().strip("\"'").lower().partition("*")[0]
    name = name.removeprefix("x-").removesuffix("-i").removesuffix("-e")
    if not _NAME.match(name):
        return ""
    try:
        found = codecs.lookup(name)
    except LookupError:
        return ""
    is_charset = (
        getattr(found, "_is_text_encoding", True)
        and found.name.replace("_", "-") not in _NOT_CHARSETS
    )
    return _MEANT.get(found.name, found.name) if is_charset else ""


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeError:
        return None


def _is_misnamed(data: bytes, codec: str) -> bool:
    """Whether an 8-bit charset, into which any bytes fit, was named for other text."""
    if data.isascii() or not _EIGHT_BIT.match(codec):
        return False
    if _strictly(data, "utf-8") is not None:  # takes two foreign letters of chance for granted
        return codec in _WESTERN or sum(byte > 127 for byte in data) >= 4
    return codec in _WESTERN and _is_cyrillic(data, least=4)


def _guess(data: bytes) -> str:
    high = sum(byte > 127 for byte in data)
    torn = data.decode("utf-8", "replace").count("�")
    if torn * 20 <= high:  # a cut or broken letter does not make it another charset
        return "utf-8"
    if not _is_cyrillic(data):
        return "cp1252" if _strictly(data, "cp1252") is not None else "latin-1"
    return max(("cp1251", "koi8-r"), key=lambda codec: _russian(data.decode(codec, "replace")))


def _is_cyrillic(data: bytes, least: int = 1) -> bool:
    """Long runs of high letters; Western text has single accented ones among ASCII letters."""
    runs = [len(run) for run in _HIGH_RUN.findall(data)]
    high, low = sum(runs), len(_LOW_LETTER.findall(_ADDRESS.sub(b" ", data)))
    long_runs = sum(length for length in runs if length >= 4)
    return long_runs * 2 > high or (high > low and high >= least)


def _russian(text: str) -> int:
    """How well the letters fit Russian: frequent ones count, capitals within a word do not."""
    score, before = 0, ""
    for letter in text:
        if not letter.isascii():
            score += _COMMON.get(letter.lower(), -3)
            score -= (12 if before.islower() else before.isupper()) if letter.isupper() else 0
        before = letter
    return score


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()
