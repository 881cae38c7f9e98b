"""Letters for the tests, written as mail programs write them."""

from connectors.mail.parse import MailSettings, message_ref, read_message
from feedback.records import Utterance


def letter(
    n: int = 1,
    body: bytes | str = "Всё хорошо, спасибо!",
    charset: str = "utf-8",
    *,
    date: str | None = "Mon, 01 Jun 2026 10:00:{:02} +0300",
    sender: bytes | str = "Anna <Anna@Example.com>",
    message_id: str = "<{}@example.com>",
    content_type: str = "text/plain; charset={}",
    headers: bytes | str = b"",
) -> bytes:
    """One message; an empty header is left out. `headers` are whole lines."""
    lines = [b"From: " + _bytes(sender), b"Subject: letter"]
    if date:
        lines.append(b"Date: " + date.format(n % 60).encode())
    if message_id:
        lines.append(b"Message-ID: " + message_id.format(n).encode())
    if content_type:
        lines.append(b"Content-Type: " + content_type.format(charset).encode())
    lines += [_bytes(line) for line in headers.splitlines()]
    text = body if isinstance(body, bytes) else body.encode(charset)
    return b"\r\n".join([*lines, b"Content-Transfer-Encoding: 8bit", b"", text, b""])


def letters(count: int) -> list[bytes]:
    return [letter(n, f"Письмо {n}") for n in range(count)]


def ref_of(payload: bytes) -> str:
    return message_ref(payload)[0]


def mbox(payloads: list[bytes], *, end: bytes = b"\n") -> bytes:
    """As an mbox file holds them, its own quoting included."""
    box = b""
    for payload in payloads:
        lines = [
            b">" + line if line.lstrip(b">").startswith(b"From ") else line
            for line in payload.splitlines()
        ]
        box += end.join([b"From anna@example.com Mon Jun  1 10:00:00 2026", *lines, b"", b""])
    return box


def mail_settings(own: tuple[str, ...] = ()) -> MailSettings:
    return MailSettings(kind="mail-files", own_addresses=list(own))


def heard(payload: bytes) -> Utterance:
    utterance = read_message(payload, mail_settings())
    assert isinstance(utterance, Utterance), utterance
    return utterance


def part(content_type: str, text: str, header: str = "X-Part: yes") -> bytes:
    return f"Content-Type: {content_type}\r\n{header}\r\n\r\n{text}\r\n".encode()


def multipart(kind: str, *parts: bytes) -> bytes:
    body = b"".join(b"--cut\r\n" + one for one in parts) + b"--cut--\r\n"
    return letter(1, body, content_type=f"multipart/{kind}; boundary=cut")


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
