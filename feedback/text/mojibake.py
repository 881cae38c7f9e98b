"""Text that was read in the wrong encoding, read again: "РџСЂРёРІРµС‚", "Ïðèâåò", "рТЙЧЕФ".

A sound text is never worth the risk: without strong evidence, nothing is touched.
"""

import math
import re

import ftfy
import ftfy.bad_codecs  # registers the codecs called sloppy: they give every byte a character


def _high(encoding: str, first: int = 0x80, last: int = 0xFF) -> str:
    """The characters of the bytes from `first` to `last`."""
    return bytes(range(first, last + 1)).decode(encoding, "replace")


_FOLLOWING = re.escape(_high("sloppy-windows-1252", 0x80, 0xBF) + _high("latin-1", 0x80, 0xBF))
_FOLLOWING_1251 = re.escape(_high("sloppy-windows-1251", 0x80, 0xBF) + "\ufffd")
# Two or more characters where UTF-8 has one, or control characters that Windows-1252 prints. Both
# patterns begin with one set of characters, which lets a sound text pass three times as fast.
_LOOKS_LIKE_UTF8 = re.compile(
    f"[Â-ðР-Урв\x80-\x84\x86-\x9f](?:(?<=[\x80-\x9f])|(?<=[Â-Þ])[{_FOLLOWING}]"
    f"|(?<=[à-ï])[{_FOLLOWING}]{{2}}|(?<=ð)[{_FOLLOWING}]{{3}}"
    f"|(?<=[Р-У])[{_FOLLOWING_1251}][Р-У][{_FOLLOWING_1251}]|(?<=[рв])[{_FOLLOWING_1251}]{{2}})"
)
_LOOKS_LIKE_ONE_BYTE = re.compile(
    "[À-ÿА-Я]{2}(?:(?<=[а-я][А-Я]{2})|(?<=[À-ÿ]{2})[À-ÿ]{2}|(?<=[А-Я]{2})[А-Я]{2})"
)
# The only byte that Windows-1251 has no character for: in И, ‘ and many emoji.
_LOST_BYTE = re.compile("(?<=[Р-УрвџЂ])\ufffd")


def _reading(wrong: str, right: str) -> dict[int, int]:
    table = str.maketrans(_high(wrong), _high(right))
    western = wrong == "sloppy-windows-1252"
    return str.maketrans(_high("latin-1"), _high(right)) | table if western else table


_READINGS = (
    _reading("sloppy-windows-1252", "sloppy-windows-1251"),
    _reading("sloppy-windows-1252", "koi8-r"),
    _reading("sloppy-windows-1251", "koi8-r"),
    _reading("koi8-r", "sloppy-windows-1251"),
)
# The 150 commonest of 892 reviews written for the sentiment model; Ukrainian shares most of them.
_COMMON_PAIRS = frozenset(
    re.findall(
        r"\S+",
        "аб ав ад ае аж аз ак ал ам ан ар ас ат ач аю ая ба бе бо бр бы ва ве ви вк во вс вы га "
        "го да де ди дн до ду ев ег ед ез ек ел ем ен ер ес ет жа же жи за иб ив ид ие из ий ик "
        "ил ин ис ит ич ия ка ки ко ку ла ле ли ло лу ль лю ма ме ми мо на не ни нн но нт ну ны "
        "нь ня об ов ог од ож ой ок ол ом он оп ор ос от оч ош па пе пи пл по пр ра ре ри ро ру "
        "са се си ск сл со сп ст сь ся сё та тв те ти тн то тр тс ту ть уд уж уп хо ча че чи чн "
        "чт ше ый ьн ят ",
    )
)
_PAIR = re.compile("(?=([\u0400-\u045f]{2}))")
_FEWEST_PAIRS = 8
_SOUND = 0.5  # the share of common pairs that a reading must reach
_ROUNDS = 3  # some texts were misread twice


def repair(text: str) -> str:
    """`text` as it was meant, or `text` itself where its encoding is not certainly wrong.

    Never raises. What an earlier program replaced by "?" stays lost.
    """
    if text.isascii():
        return text
    for _ in range(_ROUNDS):
        others: list[str] = []
        if _LOOKS_LIKE_ONE_BYTE.search(text):
            others = [_reread(text, reading) for reading in _READINGS]
        repaired = max((other for other in others if other != text), key=_balance, default=text)
        if repaired == text and _LOOKS_LIKE_UTF8.search(text):
            repaired = _in_utf8(text)
        if repaired == text:
            break
        text = repaired
    return text


def _in_utf8(text: str) -> str:
    repaired = ftfy.fix_encoding(text)  # that step of ftfy alone
    if repaired != text and _LOST_BYTE.search(text):
        return ftfy.fix_encoding(_LOST_BYTE.sub("\x98", text))
    return repaired


def _reread(text: str, reading: dict[int, int]) -> str:
    """The lines of `text` that gain by it read again, if together they leave no doubt."""
    lines = [(line, line.translate(reading)) for line in text.split("\n")]
    gaining = [pair for pair in lines if _soundness(pair[1]) > _soundness(pair[0])]
    before, after = "\n".join(line for line, _ in gaining), "\n".join(line for _, line in gaining)
    pairs, was, becomes = len(_pairs(after)), _soundness(before), _soundness(after)
    certain = pairs >= _FEWEST_PAIRS and becomes >= _SOUND and becomes - was >= 1 / math.sqrt(pairs)
    return "\n".join(max(pair, key=_soundness) for pair in lines) if certain else text


def _soundness(text: str) -> float:
    """The share of adjacent Cyrillic letters that are common neighbours in Russian."""
    pairs = _pairs(text)
    return len(pairs & _COMMON_PAIRS) / len(pairs) if pairs else 0.0


def _balance(text: str) -> int:
    pairs = _pairs(text)
    return 2 * len(pairs & _COMMON_PAIRS) - len(pairs)


def _pairs(text: str) -> set[str]:
    # Each once: "ХАХАХАХА" is one pair said often, and no evidence.
    return set(_PAIR.findall(text.lower()))
