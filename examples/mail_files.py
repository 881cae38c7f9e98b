"""Writes the two mailboxes: support.mbox and the .eml files of the shop.

What a customer wrote is known here before quoting starts, so the tally can say what must not count.
"""

import base64
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from examples.dirt import Tally
from examples.mime import (
    Part,
    as_html,
    date_header,
    encoded_words,
    fit,
    message,
    multipart,
    text_part,
)
from examples.story import Utterance
from examples.voice import Voice

SUPPORT = ("Мятлик", "help@myatlik.example")
SHOP = ("Магазин «Мятлик»", "shop@myatlik.example")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f0005000201b1f2a5c60000000049454e44ae426082"
)


@dataclass(frozen=True)
class Letter:
    """One mail from a customer, before it is put into MIME."""

    ref: str
    said: Utterance
    subject: str
    own: list[str]
    sign_off: list[str]
    parent: "Letter | None" = None


class Mailbox:
    """Writes the letters of one mailbox; `to` is the address the customers write to."""

    def __init__(self, rng: random.Random, voice: Voice, tally: Tally, to: tuple[str, str]) -> None:
        self.rng = rng
        self.voice = voice
        self.tally = tally
        self.to = to
        self._number = 0

    def letters(self, plan: list[Utterance]) -> list[Letter]:
        """Give every utterance a subject, a greeting, a signature and perhaps a thread."""
        written: list[Letter] = []
        for said in plan:
            parent = self._thread(said, written)
            if parent:
                said = replace(said, person=parent.said.person)
            written.append(self._letter(said, parent))
        return written

    def _thread(self, said: Utterance, written: list[Letter]) -> Letter | None:
        """Find an earlier letter on the same subject that this one may continue."""
        if self.rng.random() > 0.3:
            return None
        answered = {letter.parent.ref for letter in written if letter.parent}
        for letter in reversed(written[-60:]):
            same = letter.said.topic == said.topic
            same &= letter.said.person.language == said.person.language
            age = said.when - letter.said.when
            if same and letter.ref not in answered and timedelta(hours=5) < age < timedelta(days=7):
                return letter
        return None

    def _letter(self, said: Utterance, parent: Letter | None) -> Letter:
        rng, voice = self.rng, self.voice
        own = voice.paragraphs(said)
        if rng.random() < 0.75:
            own.insert(0, voice.line(said, "hello any"))
        subject = voice.line(said, f"subject {said.topic}")
        if parent:
            bare = parent.subject.removeprefix("Re: ").removeprefix("RE: ")
            subject = rng.choice(("Re: ", "Re: ", "RE: ")) + bare
        return Letter(self.ref(said), said, subject, own, self._sign_off(said), parent)

    def ref(self, said: Utterance) -> str:
        """Make a Message-ID at the customer's mail domain."""
        self._number += 1
        domain = said.person.email.split("@")[1]
        return f"<{said.when:%Y%m%d%H%M%S}.{self._number}.{self.rng.randrange(16**6):06x}@{domain}>"

    def _sign_off(self, said: Utterance) -> list[str]:
        style, person = self.rng.random(), said.person
        if style < 0.22:
            return []
        if style < 0.38:
            return [self.voice.line(said, "device any")]
        bye = self.voice.line(said, "bye any")
        name = person.name if style < 0.8 else person.name.split()[0]
        lines = [bye, name] if bye not in ("--", "—") else ["-- ", name]
        return [*lines, person.phone] if style > 0.7 and len(lines[1].split()) > 1 else lines

    def headers(self, letter: Letter, charset: str = "utf-8") -> list[tuple[str, str]]:
        """From, To, Subject, Date, Message-ID and, in a thread, what it answers."""
        said = letter.said
        found = [
            ("From", f"{encoded_words(said.person.name, charset)} <{said.person.email}>"),
            ("To", f"{encoded_words(self.to[0])} <{self.to[1]}>"),
            ("Subject", encoded_words(letter.subject, charset)),
            ("Date", date_header(said.when)),
            ("Message-ID", letter.ref),
        ]
        if letter.parent:
            agent = agent_ref(letter.parent)
            found += [("In-Reply-To", agent), ("References", f"{letter.parent.ref}\n {agent}")]
        return found

    def write(
        self, letter: Letter, kinds: tuple[str, ...] = (), charset: str = "", label: str = ""
    ) -> bytes:
        """Put one letter into MIME in one of the ways mail programs do, and count it."""
        rng = self.rng
        charset = charset or self._charset(letter)
        plain = "\n\n".join(letter.own + (["\n".join(letter.sign_off)] if letter.sign_off else []))
        rich = [*letter.own, "\n".join(letter.sign_off)] if letter.sign_off else letter.own
        page = as_html(rich)
        noted = [*kinds]
        if letter.parent:
            quote, quoted_page, agent = self._quote(letter, letter.parent)
            plain, page = f"{plain}\n\n{quote}", page + quoted_page
            noted.append("quoted_thread")
            self.tally.look_for(letter.ref, [], agent)
        cte = rng.choice(("8bit", "base64", "quoted-printable"))
        boundary = f"----=_Part_{rng.randrange(10**12):012d}"
        style = rng.random() if not label else 1.0
        content = text_part(plain, "plain", charset, cte, label)
        if style < 0.1:
            content = text_part(f"<html><body>{page}</body></html>", "html", charset, cte)
            noted.append("html_only")
        elif style < 0.36:
            whole = text_part(f"<html><body>{page}</body></html>", "html", charset, cte)
            content = multipart("alternative", [content, whole], boundary)
        elif style < 0.4:
            content = multipart("mixed", [content, attachment()], boundary)
            noted.append("attachment")
        if label:
            noted.append("unknown_charset")
        elif charset != "utf-8":
            noted.append(charset.replace("-", "_"))
        if label or charset != "utf-8":
            self.tally.look_for(letter.ref, [snippet(letter, charset)], [])
        self.tally.count(letter.ref, *noted)
        return message(self.headers(letter, charset), content)

    def _charset(self, letter: Letter) -> str:
        if letter.said.person.language != "ru":
            return "utf-8"
        return self.rng.choices(("utf-8", "windows-1251", "koi8-r"), (0.66, 0.24, 0.1))[0]

    def _quote(self, letter: Letter, parent: Letter) -> tuple[str, str, list[str]]:
        """The agent's answer and, below it, the customer's first mail, as mail programs quote."""
        said, rng = letter.said, self.rng
        told = said.when - timedelta(hours=rng.randint(1, 4), minutes=rng.randrange(60))
        agent = [self.voice.line(said, "agent any")]
        if rng.random() < 0.4:
            agent.append(self.voice.line(said, "agent any"))
        russian = said.person.language not in ("en", "de")
        closing = "С уважением, служба заботы «Мятлик»" if russian else "Kind regards, Myatlik Care"
        answer = [*agent, closing]
        earlier = f"{parent.said.person.name} <{parent.said.person.email}>"
        inner = [f"> {line}" for line in parent.own]
        lines = [*answer, "", attribution(parent.said.when, earlier, russian, 0), *inner]
        style = rng.randrange(4)
        head = attribution(told, f"{self.to[0]} <{self.to[1]}>", russian, style)
        marked = lines if style == 3 else [f"> {line}".rstrip() for line in lines]
        page = f"<div>{head.replace('<', '&lt;').replace(chr(10), '<br>')}</div>"
        wrap = rng.choice(('<div class="gmail_quote">', '<blockquote type="cite">'))
        close = "</div>" if wrap.startswith("<div") else "</blockquote>"
        page = f"{wrap}{page}{as_html([*answer, '', *parent.own])}{close}"
        return "\n".join([head, *marked]), page, agent


def snippet(letter: Letter, charset: str) -> str:
    """A few of the customer's own words, by which to tell that the text was read right."""
    body = next((text for text in letter.own if len(text) > 30), letter.own[-1])
    return " ".join(fit(body, charset).split(" ")[:4])


def agent_ref(letter: Letter) -> str:
    """The Message-ID of our own answer to a letter."""
    return f"<re.{letter.ref.strip('<>').split('@')[0]}@myatlik.example>"


def attribution(when: datetime, who: str, russian: bool, style: int) -> str:
    """The line (or block) that mail programs put above a quotation."""
    if style == 3:
        names = ("От", "Отправлено", "Тема") if russian else ("From", "Sent", "Subject")
        bar = "-----Исходное сообщение-----" if russian else "-----Original Message-----"
        return f"{bar}\n{names[0]}: {who}\n{names[1]}: {when:%d.%m.%Y %H:%M}\n{names[2]}: Re\n"
    if russian:
        return (
            f"{when:%d.%m.%Y, %H:%M}, {who} написал(а):",
            f"{when:%d.%m.%Y %H:%M}, {who} пишет:",
            f"{when.day}.{when:%m.%Y в %H:%M} пользователь {who} написал:",
        )[style]
    return f"On {date_header(when)[:16]} at {when:%H:%M}, {who} wrote:"


def attachment() -> Part:
    """A picture of one pixel, as if somebody had photographed a broken box."""
    headers = (
        ("Content-Type", 'image/png; name="photo.png"'),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", 'attachment; filename="photo.png"'),
    )
    return Part(headers, base64.encodebytes(PIXEL))
