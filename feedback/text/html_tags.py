"""Which "<" open a tag, how much work a parser has with the tags, and the words without parsing.

People write <Save> and a<b in forms that send HTML: what names no element is words.
"""

import html as entities
import re
from collections import Counter


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
_VOID = _names(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source "
    "track wbr"
)
_CLOSED_BY_THE_NEXT = _names(
    "p li dt dd tr td th thead tbody tfoot caption colgroup option optgroup rt rp"
)
_FOREIGN = _names("svg math")
_OTHERS = _names(
    "abbr acronym address applet article aside audio bdi bdo blink blockquote body button canvas "
    "center cite data datalist del details dfn dialog dir div dl fieldset figcaption figure footer "
    "form frameset g h1 h2 h3 h4 h5 h6 head header hgroup html iframe ins isindex kbd label legend "
    "listing main map mark marquee menu menuitem meter multicol nav noembed noframes noscript "
    "object ol output path picture plaintext pre progress q rb rtc ruby samp script search section "
    "select slot spacer span style sub summary sup table template textarea time title ul var video "
    "xmp xml shapetype"
)
_ELEMENTS = _FORMATTING | _VOID | _CLOSED_BY_THE_NEXT | _FOREIGN | _OTHERS
_OF_OFFICE = re.compile(r"(?:[a-z]|st\d|fb|svg):[\w-]+")  # o:p, v:shape, w:sdt, st1:place

TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[a-zA-Z!][^<>]*>", re.DOTALL)
_OPENING = re.compile(r"<(?=/?([a-zA-Z][^\s/<>]{0,60})(?:[\s/>]|\Z))")
_ANGLE = re.compile(r"<(?=/?[a-zA-Z])")
_CUSTOM_END = re.compile(r"</([a-zA-Z][\w.]{0,40}-[\w.-]{1,40})\s{0,9}>")
# "a<b then c>d": an element of one letter, and bare words where attributes would be
_COMPARED = re.compile(
    r"<[abipqsu](?:\s+(?!(?:hidden|inert|download|itemscope|nowrap|data-[\w-]*)[\s/>])"
    r"[^\s=<>/\"']+)+\s*(?:[<>]|\Z)",
    re.IGNORECASE,
)
_UNREAD = re.compile(
    r"<(script|style|title|template|noscript|svg|textarea)\b.*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_BREAK = re.compile(
    r"</?(?:address|article|aside|blockquote|br|center|d[dlt]|div|fieldset|figure|footer|form"
    r"|h[1-6r]|header|li|main|nav|ol|p|pre|section|table|tr|ul)\b[^<>]*>",
    re.IGNORECASE,
)
_CELL = re.compile(r"</?t[dh]\b[^<>]*>", re.IGNORECASE)

# 10,000 nested elements are half the work and a seventh of a second.
_MOST_WORK = 100_000_000
# The parser writes what is left open of these again in every later paragraph.
_OF_FORMATTING = 200


def as_markup(html: str) -> str:
    """`html` with "&lt;" for every "<" that opens no tag, as in <Save> or a<b then c>d.

    Tags are the elements of HTML in use and obsolete, those of Word, and custom elements, which
    have a hyphen and an end tag. Comments and declarations stay.
    """
    custom = {name.lower() for name in _CUSTOM_END.findall(html)}

    def written(found: re.Match[str]) -> str:
        opening = _OPENING.match(html, found.start())
        name = opening[1].lower() if opening else ""
        known = name in _ELEMENTS or name in custom or _OF_OFFICE.fullmatch(name)
        return "<" if known and not _COMPARED.match(html, found.start()) else "&lt;"

    return _ANGLE.sub(written, html)


def is_too_deep(html: str) -> bool:
    """Whether parsing takes too long: its time grows with the depth at every tag, added up."""
    open_now: Counter[str] = Counter()
    depth = work = 0
    for found in _OPENING.finditer(html):
        name = found[1].lower()
        weight = _OF_FORMATTING if name in _FORMATTING else 1
        work += depth
        if html.startswith("</", found.start()):
            if open_now[name]:
                open_now[name] -= 1
                depth -= weight
        elif _stays_open(name, open_now):
            open_now[name] += 1
            depth += weight
    return work > _MOST_WORK


def _stays_open(name: str, open_now: Counter[str]) -> bool:
    if name in _CLOSED_BY_THE_NEXT:
        return any(open_now[foreign] for foreign in _FOREIGN)  # there it is a name like others
    return name not in _VOID


def words_of(html: str) -> str:
    """The words of `html` without parsing it, a line per block: quoted and hidden ones too."""
    text = _CELL.sub(" ", _BREAK.sub("\n", _UNREAD.sub(" ", html)))
    lines = (" ".join(line.split()) for line in TAG.sub("", text).split("\n"))
    return entities.unescape("\n".join(filter(None, lines))).strip()
