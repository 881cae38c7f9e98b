"""Writes mail messages byte by byte: headers, parts, charsets, transfer encodings.

Not `email.message`: that folds headers differently from one Python to the next.
"""

import base64
import html
import quopri
from dataclasses import dataclass
from datetime import UTC, datetime

# Letters that old charsets lack, and what mail programs of their time wrote instead.
PLAIN = {"—": "-", "–": "-", "«": '"', "»": '"', "…": "...", "№": "N", "₽": "руб.", "€": "EUR "}
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def fit(text: str, charset: str) -> str:
    """Reduce a text to what the charset can hold: no emoji, plain quotes and dashes."""
    fitted = []
    for letter in text:
        try:
            letter.encode(charset)
            fitted.append(letter)
        except UnicodeEncodeError:
            fitted.append(PLAIN.get(letter, ""))
    return "".join(fitted).rstrip(" ")


def encoded_words(text: str, charset: str = "utf-8") -> str:
    """Write a header value as RFC 2047 says; ASCII stays as it is."""
    text = fit(text, charset)
    if text.isascii():
        return text
    words, chunk = [], ""
    for letter in text:
        if len((chunk + letter).encode(charset)) > 42:
            words.append(chunk)
            chunk = ""
        chunk += letter
    encoded = (base64.b64encode(word.encode(charset)).decode() for word in (*words, chunk))
    return "\n ".join(f"=?{charset}?B?{word}?=" for word in encoded)


def date_header(when: datetime) -> str:
    """Write a moment as RFC 5322 says, in its own time zone."""
    day, month = DAYS[when.weekday()], MONTHS[when.month - 1]
    return f"{day}, {when.day:02d} {month} {when:%Y %H:%M:%S %z}"


@dataclass(frozen=True)
class Part:
    """One MIME entity: its headers and its encoded body, lines ended by a line feed."""

    headers: tuple[tuple[str, str], ...]
    body: bytes

    def to_bytes(self) -> bytes:
        """The entity as it stands in a message."""
        lines = "".join(f"{name}: {value}\n" for name, value in self.headers)
        return lines.encode("ascii") + b"\n" + self.body


def text_part(
    text: str, subtype: str = "plain", charset: str = "utf-8", cte: str = "8bit", label: str = ""
) -> Part:
    """Encode a text; `label` names another charset than the one used, as broken mailers do."""
    raw = fit(text, charset).encode(charset) + b"\n"
    body = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(cte, bytes)
    headers = (
        ("Content-Type", f'text/{subtype}; charset="{label or charset}"'),
        ("Content-Transfer-Encoding", cte),
    )
    return Part(headers, body(raw))


def multipart(subtype: str, parts: list[Part], boundary: str, **parameters: str) -> Part:
    """Join parts; parameters such as report_type go into the Content-Type."""
    extra = "".join(f"; {name.replace('_', '-')}={value}" for name, value in parameters.items())
    body = b"".join(b"--%s\n%s\n" % (boundary.encode(), part.to_bytes()) for part in parts)
    content_type = f'multipart/{subtype}{extra}; boundary="{boundary}"'
    return Part((("Content-Type", content_type),), body + f"--{boundary}--\n".encode())


def message(headers: list[tuple[str, str]], content: Part) -> bytes:
    """A whole message, lines ended by a line feed."""
    top = (*headers, ("MIME-Version", "1.0"), *content.headers)
    return Part(top, content.body).to_bytes()


def as_html(paragraphs: list[str]) -> str:
    """Write paragraphs as mail programs do, entities and all."""
    lines = (html.escape(text).replace("\n", "<br>\n") for text in paragraphs)
    return "".join(f'<div style="font-size:14px">{line}</div>\n<div><br></div>\n' for line in lines)


def from_line(when: datetime, sender: str) -> str:
    """Write the line that opens a message in an mbox: a sender and a time in UTC (RFC 4155)."""
    at = when.astimezone(UTC)
    day, month = DAYS[at.weekday()], MONTHS[at.month - 1]
    return f"From {sender} {day} {month} {at.day:2d} {at:%H:%M:%S %Y}"


def mbox(messages: list[tuple[str, bytes]]) -> bytes:
    """Write (From_ line, message) pairs as an mbox; lines that look like one get a `>`."""
    out = []
    for separator, content in messages:
        escaped = b"\n".join(
            b">" + line if line.lstrip(b">").startswith(b"From ") else line
            for line in content.rstrip(b"\n").split(b"\n")
        )
        out.append(separator.encode("ascii") + b"\n" + escaped + b"\n\n")
    return b"".join(out)
