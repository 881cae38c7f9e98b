"""What the writer of a mail wrote: quoted replies, forwarded mail and signatures are dropped.

Words between marked quotations are answers and stay; an unmarked quotation takes all below it.
"""

import re
from typing import NamedTuple

from feedback.text import quote_marks as marks

_ATTRIBUTION_LINES = 5  # mail programs break "On …, … wrote:" over so many at most
_ROUNDS = 4  # what remains may look like a signature again; more than twice is made up


def strip_quoted(text: str) -> str:
    """The own words in `text`, the body of a mail as plain text.

    "" for nothing but quotation; a signature goes only where other words remain.
    Never raises.
    """
    text = "\n".join(text.splitlines())
    for _ in range(_ROUNDS):
        stripped = _strip_once(text)
        if stripped == text:
            break
        text = stripped
    return text


def _strip_once(text: str) -> str:
    own = _without_quotations(text.split("\n"))
    kept = [line for line in _without_signature(own) if not marks.DEVICE.fullmatch(line.strip())]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _without_quotations(lines: list[str]) -> list[str]:
    own: list[str] = []
    at = 0
    while at < len(lines):
        if marks.QUOTED.match(lines[at]):
            at += 1
        elif size := _opening(lines, at):
            at += size
            if not _quotes_follow(lines, at):
                break  # the quotation is unmarked: nothing tells where it ends
        else:
            own.append(lines[at])
            at += 1
    return own


def _opening(lines: list[str], at: int) -> int:
    """How many lines from `at` on announce a quotation; 0 for words."""
    line = lines[at]
    if not line.strip():
        return 0
    if marks.DIVIDER.fullmatch(line):
        below = _next_words(lines, at + 1)
        return below - at + _header(lines, below)
    if marks.RULE.fullmatch(line):
        below = _next_words(lines, at + 1)
        header = _header(lines, below)
        return below - at + header if header else 0
    return _header(lines, at) or _attribution(lines, at)


def _header(lines: list[str], at: int) -> int:
    """The lines of a block From, Sent, To, Subject, as Outlook writes it above a reply."""
    if at >= len(lines) or marks.label_of(lines[at]) != "from":
        return 0
    kinds: set[str] = set()
    end, address = at, False
    for number in range(at, min(at + 16, len(lines))):
        kind = marks.label_of(lines[number])
        if kind:
            kinds.add(kind)
            end = number + 1
        elif number > end + 2:
            break
        address = address or (number == end - 1 and marks.has_address(lines[number]))
    enough = len(kinds) >= 3 and ("subject" in kinds or address)
    return end - at if enough else 0


def _attribution(lines: list[str], at: int) -> int:
    most = _ATTRIBUTION_LINES if marks.opens(lines[at]) else 1
    for size in range(1, most + 1):
        part = lines[at : at + size]
        if len(part) < size or not part[-1].strip() or marks.QUOTED.match(part[-1]):
            return 0
        if marks.is_attribution(part, quotes_follow=_quotes_follow(lines, at + size)):
            return 0 if _begins_later(lines, at, size) else size
    return 0


def _begins_later(lines: list[str], at: int, size: int) -> bool:
    """Words that only happen to stand on the line above belong to the writer."""
    return any(
        marks.opens(lines[at + skip])
        and marks.is_dated(" ".join(lines[at + skip : at + size]))
        and marks.is_attribution(lines[at + skip : at + size], quotes_follow=False)
        for skip in range(1, size)
    )


def _next_words(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _quotes_follow(lines: list[str], at: int) -> bool:
    at = _next_words(lines, at)
    return at < len(lines) and bool(marks.QUOTED.match(lines[at]))


class _Below(NamedTuple):
    """What stands below a line, blank lines apart."""

    lines: int = 0
    longest: int = 0  # characters of the longest line
    wordiest: int = 0  # words in the line that has most
    postscript: bool = False

    def under(self, line: str) -> "_Below":
        """What stands below the line above `line`."""
        if not line.strip():
            return self
        return _Below(
            self.lines + 1,
            max(self.longest, len(line)),
            max(self.wordiest, len(line.split())),
            self.postscript or bool(marks.POSTSCRIPT.match(line)),
        )


def _without_signature(lines: list[str]) -> list[str]:
    """`lines` without the signature at the end; as they are where no words would remain.

    One look from the end, at each line once: a mail of nothing but dashes is no reason to wait.
    """
    start = _next_words(lines, 0) + 1
    below, first = _Below(), len(lines)
    for at in range(len(lines) - 1, start - 1, -1):
        if _begins_signature(lines[at], below):
            first = at
        below = below.under(lines[at])
    ends = first < len(lines) and not _is_rule(lines[first])
    return lines[:first] + (_postscript(lines[first:]) if ends else [])


def _begins_signature(line: str, below: _Below) -> bool:
    if _is_rule(line) and _fits(line, below):
        return True
    few = below.postscript or (below.lines <= 12 and below.wordiest <= 8)
    return few and bool(marks.SIGN_OFF.fullmatch(line.strip()))


def _is_rule(line: str) -> bool:
    return bool(marks.SIGNATURE_RULE.fullmatch(line.strip()))


def _fits(rule: str, below: _Below) -> bool:
    """Two dashes are the standard mark (RFC 3676, 4.3); other rules need short lines below."""
    if rule.startswith("--"):
        return rule == "-- " or below.lines <= 15
    return below.lines <= 6 and below.longest <= 80


def _postscript(lines: list[str]) -> list[str]:
    for at, line in enumerate(lines):
        if marks.POSTSCRIPT.match(line):
            return lines[at:]
    return []
