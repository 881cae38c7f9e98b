"""Which parts of an HTML mail its reader doesn't see: hidden, cut off, or in ink like the paper.

Only what is certain: a size or a colour hides the words beneath it until an element inside
states its own, which newsletters rely on (a cell of size 0 around a paragraph of 13px).
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

Attributes = dict[str, str | None]

_NAMED = re.compile(
    r"\b(?:gmail_signature|moz-signature|ms-outlook-mobile-signature|pre-?header|preview-?text)\b"
)
_LENGTH = re.compile(r"(-?\d*\.?\d+)(px|pt|r?em|%)?")
_READABLE = {"px": 1.1, "pt": 1.1, "": 1.1, "em": 0.1, "rem": 0.1, "%": 10}
_AWAY = ("text-indent", "left", "top", "margin-left")
_AT_RULE = re.compile(r"/\*.*?\*/|@[^{};@]{0,200}\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.DOTALL)
_RULE = re.compile(r"(?:\A|\})([^{}]*)\{([^{}]*)(?=\})")
_ONE_NAME = re.compile(r"\w*([.#][\w-]+)")
_LONGEST_SHEET = 100_000
_COLOURS = {"white": "#ffffff", "black": "#000000"}
_RGB = re.compile(r"rgb\((\d{1,3}),(\d{1,3}),(\d{1,3})\)")


class Ink(NamedTuple):
    """What an element hands down to the words in it."""

    tiny: bool = False
    like_paper: bool = False

    def within(self, attributes: Attributes) -> "Ink":
        """The ink inside an element of these attributes."""
        style = _declared(attributes.get("style") or "")
        paper = (
            style.get("background-color") or style.get("background") or attributes.get("bgcolor")
        )
        colour = style.get("color") or attributes.get("color")
        tiny = _is_tiny(style["font-size"]) if "font-size" in style else self.tiny
        if not colour:
            return Ink(tiny, self.like_paper and not paper)
        same = bool(paper) and _colour(colour) == _colour(paper or "")
        bare = "background-image" not in style
        return Ink(tiny, colour == "transparent" or (same and bare))


def is_unseen(attributes: Attributes, hidden_names: frozenset[str]) -> bool:
    """Whether the element and all in it is hidden, by itself or by a name that a sheet hides."""
    if "hidden" in attributes or "data-signature-widget" in attributes:
        return True
    classes, name = attributes.get("class") or "", attributes.get("id") or ""
    if _NAMED.search(f"{classes} {name}") or _hides(attributes.get("style") or ""):
        return True
    return bool(hidden_names) and not hidden_names.isdisjoint(
        [f"#{name}", *(f".{one}" for one in classes.split())]
    )


def hidden_names(sheets: Iterable[str]) -> frozenset[str]:
    """The classes (".x") and ids ("#x") that style sheets hide on every screen.

    Only plain selectors count, and a later rule that shows the name again wins.
    """
    names: set[str] = set()
    for sheet in sheets:
        for selectors, style in _RULE.findall(_AT_RULE.sub("", sheet[:_LONGEST_SHEET])):
            told = {
                found[1]
                for selector in selectors.split(",")
                if (found := _ONE_NAME.fullmatch(selector.strip()))
            }
            if _hides(style):
                names |= told
            elif "display" in style or "visibility" in style:
                names -= told
    return frozenset(names)


@lru_cache(1000)
def _hides(style: str) -> bool:
    told = _declared(style)
    cut_off = told.get("overflow") == "hidden" and (
        _is_zero(told.get("height"))
        or _is_zero(told.get("width"))
        or _is_zero(told.get("max-width"))
    )
    return (
        told.get("display") == "none"
        or told.get("visibility") in ("hidden", "collapse")
        or _is_zero(told.get("opacity"))
        or _is_zero(told.get("max-height"))
        or cut_off
        or any(_length(told.get(side, ""))[0] <= -900 for side in _AWAY)
    )


@lru_cache(1000)
def _declared(style: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in style.lower().split(";") if ":" in part)
    return {name.strip(): value.replace("!important", "").strip() for name, value in pairs}


def _length(value: str) -> tuple[float, str]:
    found = _LENGTH.fullmatch(value)
    return (float(found[1]), found[2] or "") if found else (1.0, "none")


def _is_zero(value: str | None) -> bool:
    return value is not None and _length(value)[0] == 0


def _is_tiny(value: str) -> bool:
    size, unit = _length(value)
    return size < _READABLE.get(unit, 0)


def _colour(value: str) -> str:
    value = _COLOURS.get(value.lower(), value.lower()).replace(" ", "")
    if found := _RGB.fullmatch(value):
        return "#" + "".join(f"{int(part):02x}" for part in found.groups())
    return "#" + "".join(c + c for c in value[1:]) if re.fullmatch("#[0-9a-f]{3}", value) else value
