"""What a search for personal data answers: where it stands in a text and of which kind it is.

The kind is the word in the mark, so "phone" becomes [phone]; a span never holds a mark.
"""

from collections.abc import Iterable

Span = tuple[int, int, str]  # start, end (exclusive), kind


def in_order(spans: Iterable[Span]) -> list[Span]:
    """From left to right, without those that are empty or begin inside one before."""
    kept: list[Span] = []
    for span in sorted(spans):
        if span[0] < span[1] and (not kept or span[0] >= kept[-1][1]):
            kept.append(span)
    return kept


def marked(text: str, spans: list[Span]) -> str:
    """`text` with a mark in place of each of the spans, which are in order and do not overlap."""
    parts: list[str] = []
    at = 0
    for start, end, kind in spans:
        parts += (text[at:start], f"[{kind}]")
        at = end
    return "".join(parts) + text[at:]
