"""What a search for personal data answers: where it stands in a text and of which kind it is.

The kind is the word in the mark, so "phone" becomes [phone]; a span never holds a mark.
"""

Span = tuple[int, int, str]  # start, end (exclusive), kind


def marked(text: str, spans: list[Span]) -> str:
    """`text` with a mark in place of each of the spans, which are in order and do not overlap."""
    parts: list[str] = []
    at = 0
    for start, end, kind in spans:
        parts += (text[at:start], f"[{kind}]")
        at = end
    return "".join(parts) + text[at:]
