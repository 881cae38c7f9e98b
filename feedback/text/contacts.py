"""E-mail addresses, @handles and links to profiles in a text.

A link to a post of a channel, to a repository or to a community's wall is no profile and stays.
"""

import re
from collections.abc import Iterator

from feedback.text.spans import Span

_EMAIL = re.compile(
    r"(?<![\w@])\w(?:[\w.+'-]|%2[Bb]){0,63}(?:@|%40)"
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?!(?:png|jpe?g|gif|svg|webp)\b)[^\W\d_]{2,24}"
    r"(?![\w-])"
)
_HOST = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,4}[^\W\d_]{2,24}"
_HANDLE = re.compile(
    rf"(?<![\w@/.%+&=:-])@(?!(?:home|work|all|here|everyone|channel|media|import)\b)[^\W\d]\w{{1,30}}(?:\.\w{{1,30}}){{0,3}}(?:@{_HOST})?(?![\w@])"
)
_WORD = r"[\w-]{2,64}(?:\.[\w-]{1,64}){0,4}"
_NOT_VK = (
    r"(?!(?:wall|photo|video|club|public|event|app|album|topic|doc|market|clip|story|audio)s?-?\d"
    r"|(?:feed|market|away|share|im|search|video|write)\b)"
)
_NOT_META = (
    r"(?!(?:p|reels?|stories|explore|tv|groups|events|watch|share|sharer|pages|marketplace)\b)"
)
_PROFILE = re.compile(
    r"(?<![\w.@/-])(?:https?://)?(?:(?:www|m|mobile|[a-z]{2})\.)?(?:"
    r"(?:t|telegram)\.me/(?!(?:joinchat|share|proxy|addstickers|iv)\b)[a-z]\w{2,31}(?!/?\w)"
    rf"|vk\.(?:com|ru)/{_NOT_VK}[a-z]\w{{1,31}}(?:\.\w{{1,31}}){{0,3}}"
    rf"|(?:instagram|facebook|fb|threads)\.(?:com|net)/{_NOT_META}{_WORD}"
    r"|(?:twitter|x)\.com/(?!(?:i|home|search|hashtag|share|intent|explore|settings)\b)\w{1,15}"
    rf"|linkedin\.com/in/{_WORD}"
    rf"|ok\.ru/(?:profile/\d{{5,20}}|(?!(?:group|video|live|topic|game|profile|feed)){_WORD})"
    r"|github\.com/[a-z\d][a-z\d-]{1,38}(?![\w-]|/\w)"
    rf"|{_HOST}/@\w{{1,31}}(?:\.\w{{1,31}}){{0,3}}(?:@{_HOST})?"
    r")/?(?!\w)",
    re.IGNORECASE,
)


def find_emails(text: str) -> Iterator[Span]:
    """Addresses with a domain; the @ may be written %40, as it is in links."""
    if "@" in text or "%40" in text:
        for match in _EMAIL.finditer(text):
            yield *match.span(), "email"


def find_handles(text: str) -> Iterator[Span]:
    """@name, @name@host, and links to a profile on one of the big networks or at /@name."""
    if "/" in text:
        for match in _PROFILE.finditer(text):
            yield *match.span(), "handle"
    if "@" in text:
        for match in _HANDLE.finditer(text):
            yield *match.span(), "handle"
