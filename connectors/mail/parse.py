"""The one reader of messages, for IMAP and for files: bytes to an utterance.

It holds the email package by its loose old policy: the strict one raises on real mail.
"""

import html
import re
from collections.abc import Iterator, Sequence
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from hashlib import sha256

from pydantic import Field, field_validator

from connectors.contract import SourceSettings
from connectors.mail import automatic, headers
from connectors.mail.charset import decoded
from feedback.errors import Unreadable
from feedback.records import Channel, RawItem, Skipped, Utterance

_FROM_LINE = re.compile(rb"^>+(?=From )", re.MULTILINE)  # as mbox files quote it
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_META = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{3,30})", re.IGNORECASE)


class MailSettings(SourceSettings):
    """What can be said of every source of mail."""

    channel: Channel = "mail"
    own_addresses: list[str] = Field(
        [], description="Our own addresses, or @domain: mail from them is skipped."
    )
    page_size: int = Field(100, ge=1, le=10_000, description="Messages stored at once.")
    max_bytes: int = Field(
        25_000_000, ge=1_000, description="Larger messages are set aside without being read."
    )

    @field_validator("own_addresses")
    @classmethod
    def _are_addresses(cls, addresses: list[str]) -> list[str]:
        if wrong := [one for one in addresses if "@" not in one]:
            raise ValueError(f"{wrong[0]!r} is neither an address nor an @domain")
        return addresses


def read_message(payload: bytes, settings: MailSettings) -> Utterance | Skipped:
    """What was said in one message (RFC 5322, MIME); quoted replies are still in it.

    Raises `Unreadable` where there is no readable date, and for what is no message at all.
    """
    try:
        return _read(BytesParser(policy=compat32).parsebytes(payload), settings)
    except RecursionError:
        raise Unreadable("The message nests its parts too deeply to be read.") from None


def _read(message: Message, settings: MailSettings) -> Utterance | Skipped:
    if not message.keys():
        raise Unreadable("This is no mail message: it has no header. Nothing can be read from it.")
    if reason := automatic.skipped(message, settings.own_addresses):
        return reason
    said_at, dated_by = headers.said_at(message)
    if said_at is None:
        raise Unreadable("The message has no readable Date, and no Received header with one.")
    text, is_html, guessed = _text(message)
    thread_ref, in_reply_to = headers.thread(message)
    extra = {"said_at_from": dated_by} if dated_by != "Date" else {}
    return Utterance(
        said_at=said_at,
        text=text,
        subject=headers.words(headers.raw(message, "Subject")),
        html=is_html,
        mail=True,
        author=headers.author(message),
        product=settings.product,
        region=settings.region,
        segment=settings.segment,
        thread_ref=thread_ref,
        in_reply_to=in_reply_to,
        extra=extra | ({"charset_guessed": guessed} if guessed else {}),
    )


def raw_item(payload: bytes) -> RawItem:
    """The record of one message. Equal for copies of it in other folders, mailboxes and files."""
    ref, content = message_ref(payload)
    return RawItem(ref, payload, content)


def message_ref(payload: bytes) -> tuple[str, str]:
    """(ref, content): Message-ID and digest, and the digest alone.

    The digest is of Date, From, Subject and body: neither headers of transport, line ends nor the
    ">From " of mbox files change it, and two mails that share a Message-ID are told apart by it.
    """
    top, _, body = _END_OF_HEADERS.sub(b"\n\n", payload, count=1).partition(b"\n\n")
    message = BytesHeaderParser(policy=compat32).parsebytes(top)
    known = [headers.raw(message, name) for name in ("Date", "From", "Subject")]
    head = "\0".join(known).encode("utf-8", "surrogateescape")
    body = _FROM_LINE.sub(b"", b"\n".join(body.splitlines()).rstrip())
    digest = sha256(head + b"\0" + body).hexdigest()[:24]
    return f"{headers.message_id(message)} {digest}".lstrip(), digest


def _text(message: Message) -> tuple[str, bool, str]:
    """(text, whether it is HTML, the charset that had to be guessed or "")."""
    parts = list(_chosen(message))
    is_html = any(kind == "html" for kind, _, _ in parts)
    shown = [_as_html(text) if is_html and kind == "plain" else text for kind, text, _ in parts]
    guessed = next((codec for _, _, codec in parts if codec), "")
    return "\n\n".join(shown), is_html, guessed


_Part = tuple[str, str, str]  # plain or html, the text, the guessed charset


def _chosen(part: Message) -> Iterator[_Part]:
    """What a mail program would show, text before HTML; never attachments."""
    if part.get_content_disposition() == "attachment" or part.get_content_maintype() == "message":
        return
    if not part.is_multipart():
        yield from _leaf(part)
    elif part.get_content_type() == "multipart/alternative":
        yield from _best([list(_chosen(child)) for child in _children(part)])
    elif part.get_content_type() == "multipart/related":
        yield from next(filter(None, (list(_chosen(child)) for child in _children(part))), [])
    else:
        for child in _children(part):
            yield from _chosen(child)


def _best(offers: Sequence[list[_Part]]) -> list[_Part]:
    told = [parts for parts in offers if parts]
    plain = [parts for parts in told if all(kind == "plain" for kind, _, _ in parts)]
    return next(iter(plain or told), [])


def _leaf(part: Message) -> Iterator[_Part]:
    kind = part.get_content_type()
    broken = kind.startswith("multipart/")  # it names no boundary: its text is still text
    if (kind not in ("text/plain", "text/html") and not broken) or part.get_filename():
        return
    data = _data(part)
    declared = str(part.get_content_charset() or "")
    if not declared and kind == "text/html" and (named := _META.search(data[:2000])):
        declared = named[1].decode("ascii")
    text, guessed = decoded(data, declared)
    text = text.replace("\r\n", "\n").strip("\n")
    if text.strip():
        yield kind.removeprefix("text/") if not broken else "plain", text, guessed


def _children(part: Message) -> list[Message]:
    return [child for child in part.get_payload() if isinstance(child, Message)]


def _data(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _as_html(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")
