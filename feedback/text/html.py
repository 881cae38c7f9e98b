"""HTML to plain text: paragraphs, lists and line breaks stay, what no reader sees is dropped.

Quotations become "> " lines and reply dividers a line of their own, so that `quotes` finds them.
"""

import html as entities
import re
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from feedback.text.html_tags import TAG, as_markup, is_too_deep, words_of
from feedback.text.unseen import Ink, hidden_names, is_unseen


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_DROPPED = _tags(
    "head script style title template noscript iframe object embed applet svg math canvas audio "
    "video select datalist input textarea map meta link base"
)
_PARAGRAPH = _tags("p ul ol dl table pre h1 h2 h3 h4 h5 h6 blockquote")
_LINE = _tags(
    "div li tr dt dd section article header footer main aside nav figure figcaption form "
    "fieldset address center details summary caption hr br"
)
_QUOTED = re.compile(r"\b(?:yahoo_quoted|protonmail_quote|moz-cite-prefix|gmail_attr)\b")
_OUTLOOK_DIVIDER = re.compile(
    r"border:\s*none;\s*border-top:\s*solid\s*#(?:e1e1e1|b5c4df)", re.IGNORECASE
)
_NEAR = 100  # nodes: to look at all in every element would take the square of them

DIVIDER = "-----Original Message-----"


def html_to_text(html: str) -> str:
    """The text a reader of `html` would see; links keep their text, pictures only an emoji.

    A text without any tag is taken as plain: its line breaks stay. Never raises.
    """
    return read_html(html)[0]


def read_html(html: str) -> tuple[str, bool]:
    """The text as `html_to_text` gives it, and whether `html` was too deep to be parsed.

    Of a page too deep all words are given, the quoted and the hidden ones too.
    """
    html = as_markup(html)
    if not TAG.search(html):
        return entities.unescape(html).strip(), False
    if is_too_deep(html):
        return words_of(html), True
    parser = LexborHTMLParser(html)
    if parser.body is None:  # a frameset
        return "", False
    page = _Page(hidden_names(sheet.text() for sheet in parser.css("style")))
    _walk(parser.body, page)
    return page.text(), False


class _Page:
    """Lines under construction, each with the depth of quotation it stands at."""

    def __init__(self, hidden: frozenset[str]) -> None:
        self.hidden = hidden
        self.inks = [Ink()]
        self.lines: list[str] = []
        self.words: list[str] = []
        self.depth = 0
        self.preformatted = 0
        self.counters: list[int | None] = []

    def add(self, text: str) -> None:
        if not self.preformatted:
            self.words.append(text)
            return
        first, *others = text.split("\n")
        self.words.append(first)
        for other in others:
            self.end_line()
            self.words.append(other)

    def margin(self) -> str:
        return "> " * min(self.depth, 9)

    def end_line(self, *, always: bool = False) -> None:
        joined = "".join(self.words)
        line = joined.rstrip() if self.preformatted else " ".join(joined.split())
        self.words = []
        if line or always or self.preformatted:
            self.lines.append((self.margin() + line).rstrip())

    def end_paragraph(self) -> None:
        self.end_line()
        blank = self.margin().rstrip()
        if self.lines and self.lines[-1] != blank:
            self.lines.append(blank)

    def text(self) -> str:
        self.end_line()
        while self.lines and not self.lines[-1].strip("> "):
            self.lines.pop()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip("\n")


def _walk(root: LexborNode, page: _Page) -> None:
    """Depth first without recursion: mail can be nested deeper than Python's stack."""
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            _leave(node, page)
        elif node.is_text_node and not any(page.inks[-1]):
            page.add(node.text_content or "")
        elif node.is_element_node and _enter(node, page):
            stack.append((node, True))
            children = list(node.iter(include_text=True))
            stack.extend((child, False) for child in reversed(children))


def _enter(node: LexborNode, page: _Page) -> bool:
    """Write what stands before the children; False when there is nothing of them to read."""
    tag = node.tag or ""
    attributes = node.attributes
    if tag == "img":
        page.add(_emoji(attributes.get("alt") or attributes.get("data-emoji") or ""))
        return False
    if tag in _DROPPED or (attributes and is_unseen(attributes, page.hidden)):
        return False
    if attributes.get("aria-hidden") == "true":
        page.add(_emoji(node.text(deep=True, strip=True)))
        return False
    if tag == "br":
        page.end_line(always=True)
        return False
    _break(tag, page)
    if attributes and _is_divider(attributes):
        page.lines.append(page.margin() + DIVIDER)
    if tag in ("ul", "ol"):
        page.counters.append(0 if tag == "ol" else None)
    elif tag == "li":
        page.add(_bullet(page.counters))
    elif tag == "pre":
        page.preformatted += 1
    page.depth += _is_quotation(node, tag)
    page.inks.append(page.inks[-1].within(attributes) if attributes else page.inks[-1])
    return True


def _leave(node: LexborNode, page: _Page) -> None:
    tag = node.tag or ""
    page.inks.pop()
    if tag in ("td", "th"):
        page.add(" ")
    if tag in ("ul", "ol"):
        page.counters.pop()
    _break(tag, page)
    if tag == "pre":
        page.preformatted -= 1
    if _is_quotation(node, tag):
        page.end_line()
        page.depth -= 1


def _break(tag: str, page: _Page) -> None:
    nested = tag in ("ul", "ol") and page.counters
    if tag in _PARAGRAPH and not nested:
        page.end_paragraph()
    elif nested or tag in _LINE:
        page.end_line()


def _is_divider(attributes: dict[str, str | None]) -> bool:
    """Outlook's line above the message answered, on the web and on the desktop."""
    return attributes.get("id") == "divRplyFwdMsg" or bool(
        _OUTLOOK_DIVIDER.search(attributes.get("style") or "")
    )


def _is_quotation(node: LexborNode, tag: str) -> bool:
    if tag == "blockquote":
        return True
    named = node.attributes.get("class") or ""
    if not _QUOTED.search(named):
        return False
    # Gmail writes the header of a forwarded message into the same element as "On … wrote:".
    near = islice(node.traverse(include_text=True), _NEAR)
    texts = ((inner.text_content or "").strip() for inner in near if inner.is_text_node)
    return not next(filter(None, texts), "").startswith("-----")


def _bullet(counters: list[int | None]) -> str:
    if not counters or counters[-1] is None:
        return "- "
    counters[-1] += 1
    return f"{counters[-1]}. "


def _emoji(alternative: str) -> str:
    short = 0 < len(alternative) <= 8 and not alternative.isascii()
    return alternative if short and not any(c.isalnum() for c in alternative) else ""
