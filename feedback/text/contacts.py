"""E-mail addresses, @handles and links to profiles in a text.

A link to a post of a channel, to a repository or to a community's wall is no profile and stays.
"""

import re
from collections.abc import Iterator

from feedback.text.spans import Span

_EMAIL = re.compile(
    r"(?<![\w@])\w(?:[\w.+'-]|%2[Bb]){0,63}(?:[@\uff20]|%40)"
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}"
    r"(?:(?!(?:png|jpe?g|gif|svg|webp)\b)[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})(?![\w-])"
)
# Around the sign of a price ("5 @ shop.example") nobody writes one of these.
_SPACED = re.compile(
    r"(?<![\w@])\w[\w.+'-]{0,63}\s{1,2}@\s{1,2}(?:gmail|mail|yandex|ya|yahoo|hotmail|outlook|icloud|bk"
    r"|inbox|list|rambler|proton|protonmail)\.(?:com|ru|net|me|by|kz)(?![\w-])",
    re.IGNORECASE,
)
_HOST = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,4}[^\W\d_]{2,24}"
_NOBODY = (
    r"(?!(?i:home|work|all|here|everyone|channel|localhost|media|import|types|override|deprecated"
    r"|autowired|param|returns?|font-face|keyframes|supports|property|staticmethod|dataclass"
    r"|\d+(?:fps|min|mins|мин|руб|rub|usd|eur|kbps|mbps))(?![\w-])"
    r"|[\w.-]{1,64}/[A-Za-z])"  # a scope of packages: @types/node
)
_HANDLE = re.compile(
    rf"(?<![\w@/%+&])@{_NOBODY}(?:[^\W\d]|\d{{1,8}}(?=[^\W\d]{{3}}))\w{{1,30}}"
    rf"(?:[.-]\w{{1,30}}){{0,3}}(?:@{_HOST})?(?![\w@])"
)
_WORD = r"[\w-]{2,64}(?:\.[\w-]{1,64}){0,4}"
_REST = r"(?:/?[/?#][^\s<>\"'«»()\[\]@]{0,300}(?<![.,!?;:/]))?"
_NOT_VK = (
    r"(?!(?:wall|photo|video|club|public|event|app|album|topic|doc|market|clip|story|audio)s?-?\d"
    r"|(?:feed|market|away|share|im|search|video|write)\b)"
)
_NOT_META = (
    r"(?!(?:p|reels?|stories|explore|tv|groups|events|watch|share|sharer|pages|marketplace|help)\b)"
)
_PROFILE = re.compile(
    r"(?<![\w.@/-])(?:tg://resolve\?domain=\w{2,32}|(?:https?://)?(?:(?:www|m|mobile|old|[a-z]{2})\.)?(?:"
    r"(?:t|telegram)\.me/(?!(?:joinchat|share|proxy|addstickers|iv)\b)(?:s/)?[a-z]\w{2,31}(?!/?\w)"
    rf"|vk\.(?:com|ru)/{_NOT_VK}[a-z]\w{{1,31}}(?:\.\w{{1,31}}){{0,3}}"
    rf"|(?:instagram|facebook|fb|threads)\.(?:com|net)/{_NOT_META}{_WORD}"
    r"|(?:twitter|x)\.com/(?!(?:i|home|search|hashtag|share|intent|explore|settings)\b)\w{1,15}"
    rf"|linkedin\.com/in/{_WORD}|bsky\.app/profile/{_WORD}|reddit\.com/u(?:ser)?/{_WORD}"
    rf"|youtube\.com/(?:channel|user|c)/{_WORD}|discord\.com/users/\d{{15,20}}"
    rf"|ok\.ru/(?:profile/\d{{5,20}}|(?!(?:group|video|live|topic|game|profile|feed)){_WORD})"
    r"|github\.com/[a-z\d][a-z\d-]{1,38}(?![\w-]|/\w)"
    rf"|{_HOST}/@\w{{1,31}}(?:\.\w{{1,31}}){{0,3}}(?:@{_HOST})?"
    rf"){_REST})/?(?!\w)",
    re.IGNORECASE,
)


def find_emails(text: str) -> Iterator[Span]:
    """Addresses with a domain; the @ may be %40, as in links, or stand apart at a known host."""
    if "@" in text or "%40" in text or "\uff20" in text:
        for pattern in (_EMAIL, _SPACED):
            for match in pattern.finditer(text):
                yield *match.span(), "email"


def find_handles(text: str) -> Iterator[Span]:
    """@name, @name@host, and links to a profile on a big network or at /@name.

    A link is taken with its query: "profile.php?id=1" says who it is there.
    """
    if "/" in text:
        for match in _PROFILE.finditer(text):
            yield *match.span(), "handle"
    if "@" in text:
        for match in _HANDLE.finditer(text):
            yield *match.span(), "handle"
