"""What the headers of a mail say: words, people, dates, thread.

They are decoded here from their raw text: the parser of the email package loses raw 8-bit letters.
"""

import re
from binascii import Error as BadBase64
from binascii import a2b_base64
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from quopri import decodestring

from connectors.mail.charset import decoded
from feedback.records import Author

_ENCODED = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]]+@[^\s<>@,;:\"()\[\]]+")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")


def raw_values(message: Message, name: str) -> Iterator[str]:
    """The values as they came, unfolded; bytes above ASCII are surrogates."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            yield " ".join(str(value).split())


def raw(message: Message, name: str) -> str:
    """The first of `raw_values`, else ""."""
    return next(raw_values(message, name), "")


def words(value: str) -> str:
    """A raw value as people see it: RFC 2047 words and raw 8-bit letters decoded."""
    text, at = "", 0
    for charset, data, start, end in _encoded_words(value):
        between = _unescaped(value[at:start])
        text += between if between.strip() or not at else ""
        text += decoded(data, charset)[0]
        at = end
    return " ".join((text + _unescaped(value[at:])).split())


def _encoded_words(value: str) -> Iterator[tuple[str, bytes, int, int]]:
    """Neighbours of one charset as one: programs cut letters of several bytes in two."""
    held: tuple[str, bytes, int, int] | None = None
    for match in _ENCODED.finditer(value):
        charset, data = match[1].lower(), _data(match[2].lower(), match[3])
        if held and held[0] == charset and not value[held[3] : match.start()].strip():
            held = (charset, held[1] + data, held[2], match.end())
            continue
        if held:
            yield held
        held = (charset, data, match.start(), match.end())
    if held:
        yield held


def _data(encoding: str, text: str) -> bytes:
    data = text.encode("ascii", "surrogateescape")
    if encoding == "q":
        return decodestring(data, header=True)
    try:
        return a2b_base64(data + b"=" * (-len(data) % 4))
    except BadBase64:
        return data


def _unescaped(value: str) -> str:
    return decoded(value.encode("utf-8", "surrogateescape"))[0]


def author(message: Message) -> Author:
    """Who wrote, by From; the address is lower-cased, both parts may be empty."""
    value = raw(message, "From")[:2000]
    name, address = next(iter(getaddresses([value])), ("", ""))
    if not _ADDRESS.fullmatch(address):  # such as a name with a comma and no quotes
        found = _ADDRESS.findall(value)
        address = found[-1] if found else ""
        name = value.partition("<")[0].strip(' "') if "<" in value else ""
    name = words(name)
    return Author(email=words(address).lower(), name="" if "@" in name else name)


def said_at(message: Message) -> tuple[datetime | None, str]:
    """When it was written, in UTC, and the header that says so: Date, else Received."""
    if moment := _moment(raw(message, "Date")):
        return moment, "Date"
    for received in raw_values(message, "Received"):
        if moment := _moment(received.rpartition(";")[2]):
            return moment, "Received"
    return None, ""


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None and value.split("(")[0].rstrip().endswith("-0000"):
            moment = moment.replace(tzinfo=UTC)  # RFC 5322, 3.3: UTC that says nothing of a place
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def message_id(message: Message) -> str:
    """The own Message-ID in its brackets, else ""; at most 200 characters."""
    value = words(raw(message, "Message-ID"))
    found = _MESSAGE_ID.search(value)
    return (found[0] if found else value)[:200]


def thread(message: Message) -> tuple[str, str]:
    """The Message-IDs that a thread began with and that this mail answers."""
    references = _MESSAGE_ID.findall(words(raw(message, "References")))
    answered = _MESSAGE_ID.findall(words(raw(message, "In-Reply-To")))
    in_reply_to = answered[0] if answered else references[-1] if references else ""
    first = references[0] if references else in_reply_to or message_id(message)
    return first[:200], in_reply_to[:200]
