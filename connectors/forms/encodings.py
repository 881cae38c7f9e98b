"""Which encoding a text file is in: a mark at its start, else valid UTF-8, else the likelier.

Russian letters in KOI8-R read as windows-1251 come out with their case turned over, and vice versa.
"""

import codecs
import re
from pathlib import Path

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHUNK = 2**20
_LATIN_NEXT_TO_CYRILLIC = re.compile("[a-z][а-яё]|[а-яё][a-z]", re.IGNORECASE)
_CYRILLIC_PAIR = re.compile("[а-яё]{2}", re.IGNORECASE)


def encoding_of(path: Path) -> str:
    """A codec's name. Reads the whole file where it has to, a megabyte at a time."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
        for mark, name in MARKS:
            if head.startswith(mark):
                return name
        if head[:1000].count(0) > len(head[:1000]) // 4:  # one stray NUL makes no UTF-16
            return (
                "utf-16-le" if head[1:1000:2].count(0) >= head[0:1000:2].count(0) else "utf-16-be"
            )
        decoder, chunk = codecs.getincrementaldecoder("utf-8")(), head
        while True:
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError:
                return _not_clean_utf8(chunk or head)
            if not chunk:
                return "utf-8"
            chunk = file.read(CHUNK)


def _not_clean_utf8(sample: bytes) -> str:
    text = sample.decode("utf-8", "surrogateescape")
    odd = sum(1 for sign in text if "\udc80" <= sign <= "\udcff")
    good = sum(1 for sign in text if sign > "\x7f") - odd
    return "utf-8" if good > odd else _single_byte(sample)  # a few broken bytes, or none whole


def _single_byte(sample: bytes) -> str:
    cyrillic = sample.decode("cp1251", "replace")
    if len(_LATIN_NEXT_TO_CYRILLIC.findall(cyrillic)) > len(_CYRILLIC_PAIR.findall(cyrillic)):
        return "cp1252"  # single accented letters among plain ones: café, größer
    return max(("cp1251", "koi8-r"), key=lambda name: _russian(sample.decode(name, "replace")))


def _russian(text: str) -> int:
    """Running text is mostly small letters."""
    small = sum(1 for sign in text if "а" <= sign <= "я" or sign == "ё")
    return small - sum(1 for sign in text if "А" <= sign <= "Я" or sign == "Ё")
