"""IP addresses of both versions in a text.

Four numbers and three dots are as often the version of an app: the words around decide.
"""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from feedback.text.spans import Span

_DOTTED = re.compile(r"[0-9]\.[0-9]{1,3}\.[0-9]")
_COLONS = 7  # of an address written in full
_V4 = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w-]|\.[0-9])")
_V6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])")
_NAMED_VERSION = re.compile(
    r"\b(?:верс\w*|version\w*|ver|v|build|сборк\w*|билд\w*|release\w*|релиз\w*|прошивк\w*|firmware"
    r"|обнов\w*|updat\w*|upgrad\w*|patch\w*|патч\w*|app|приложени\w*|android|андроид\w*|ios|windows"
    r"|chrome|драйвер\w*|drivers?)\b\W*(?:\w+\W+){0,2}\Z"
)
_NAMED_IP = re.compile(
    r"(?<![^\W_])(?:ip|айпи|адрес\w*|address\w*|host|хост\w*|server|сервер\w*|proxy|прокси|dns|ping|пинг\w*"
    r"|login|вход\w*|заш[её]л|router|роутер\w*|firewall\w*|файрвол\w*"
    r"|block\w*|блокир\w*|заблокир\w*|забан\w*|subnet\w*|подсет\w*|ssh|curl)(?![^\W_])"
)
_FROM = re.compile(r"\b(?:from|с|со|из)\s{1,2}\Z")
_PORT = re.compile(r":[0-9]{2,5}\b|/[0-9]{1,2}\b")
_LAN = re.compile(r"192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.")  # 10.x is as often a version
_WIDE = 3  # of four numbers with three digits each: no version grows so
_BEFORE = 40  # characters before the address that may say what it is


def find_ip_addresses(text: str) -> Iterator[Span]:
    """Addresses of other machines; those of this one and network masks tell nothing and stay."""
    if _DOTTED.search(text):
        for match in _V4.finditer(text):
            before = text[max(0, match.start() - _BEFORE) : match.start()].lower()
            if _is_v4(match.group(), before, has_port=bool(_PORT.match(text, match.end()))):
                yield *match.span(), "ip"
    if "::" in text or text.count(":") >= _COLONS:
        for match in _V6.finditer(text):
            if _is_v6(match.group()):
                yield *match.span(), "ip"


def _is_v4(raw: str, before: str, *, has_port: bool) -> bool:
    try:
        address = IPv4Address(raw)
    except AddressValueError:
        return False
    if address.is_loopback or address.is_unspecified or raw.startswith("255."):
        return False
    if _NAMED_VERSION.search(before):
        return False
    wide = sum(len(part) == 3 for part in raw.split("."))
    is_host = has_port or before.endswith(("//", "@"))
    if is_host or wide >= _WIDE or _LAN.match(raw) or _NAMED_IP.search(before):
        return True
    return wide > 0 and raw[1] != "." and _FROM.search(before) is not None


def _is_v6(raw: str) -> bool:
    if sum(map(bool, raw.split(":"))) < 3:
        return False
    try:
        IPv6Address(raw)
    except AddressValueError:
        return False
    return True
