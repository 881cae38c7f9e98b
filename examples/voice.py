"""Writes what a customer says: clauses put together, then roughened by register and typing.

The same utterance is written differently for a form, a mail and a post; no text comes out twice.
"""

import random
import re
from collections.abc import Callable
from datetime import timedelta

from examples.people import CARDS, long_number
from examples.phrases import Phrasebook
from examples.story import OUTAGE, START, Utterance, app_version

EMOJI = {
    "neg": ("😡", "🤦", "😞", "💔", "🙄", "😤", "👎"),
    "neu": ("🤔", "🙏", "👀"),
    "pos": ("😊", "👍", "❤️", "🎉", "🔥", "😍", "👏"),
}
KEEP_CAPITAL = re.compile(r"^(I|I'm|I'd|I've|QR|[A-ZА-Я]{2,}|Myatlik|Мятлик|\W)")
# Topics of which people say, after this day, that it was worse before.
BETTER_SINCE = {"app": START + timedelta(days=24), "payments": OUTAGE[1]}


class Voice:
    """Composes texts from one phrasebook and remembers them, so that none repeats by chance."""

    def __init__(self, rng: random.Random, book: Phrasebook) -> None:
        self.rng = rng
        self.book = book
        self._said: set[str] = set()

    def answer(self, said: Utterance) -> str:
        """A form's comment or a review: from one word to three sentences."""
        return self._once(lambda: self._roughen(said, self._answer(said)))

    def post(self, said: Utterance) -> str:
        """A social post without mentions and hashtags."""
        return self._once(lambda: self._post(said))

    def paragraphs(self, said: Utterance) -> list[str]:
        """The body of a mail without greeting and signature."""
        return self._once(lambda: "\n".join(self._paragraphs(said))).split("\n")

    def line(self, said: Utterance, section: str) -> str:
        """One finished line of a section in the speaker's language, as its slots stand."""
        language = (
            said.person.language if self.book.has(f"{said.person.language} {section}") else ""
        )
        language = language or ("en" if said.person.language == "de" else "ru")
        return self._write(said, f"{language} {section}")

    def slots(self, said: Utterance) -> dict[str, str]:
        """Values for the slots in a line; the order, the thing and the sum stay within one text."""
        rng, person, book = self.rng, said.person, self.book
        facts = random.Random(f"{said.when} {person.handle}")
        language = "en" if person.language in ("en", "de") else "ru"
        item = facts.choice(book.sections[f"{language} any item"])
        before = said.when.date() - timedelta(days=facts.randint(1, 9))
        month = book.sections[f"{language} any month"][before.month - 8]
        amount = facts.randrange(39, 1890) * 10
        return {
            "item": item,
            "Item": item.capitalize(),
            "order": f"M-{facts.randrange(100, 990)}-{facts.randrange(1000, 9999)}",
            "sum": f"€{amount // 90}" if language == "en" else self._roubles(amount),
            "ver": app_version(said.when.date()),
            "days": rng.choice(book.sections[f"{language} any days"]),
            "day": rng.choice(book.sections[f"{language} any day"]),
            "date": f"{before.day} {month}",
            "time": f"{facts.randrange(8, 23)}:{facts.randrange(60):02d}",
            "city_in": person.city[1],
            "city_to": person.city[2],
            "num15": long_number(facts),
            "phone": person.phone,
            "email": person.email,
            "card": facts.choice(CARDS),
        }

    def _roubles(self, amount: int) -> str:
        grouped = f"{amount // 1000} {amount % 1000:03d}" if amount > 999 else str(amount)
        return self.rng.choice((f"{grouped} ₽", f"{amount} руб.", f"{amount} рублей", f"{amount}р"))

    def _write(self, said: Utterance, section: str) -> str:
        line = self.book.expand(self.book.deal(section), self.slots(said), said.person.female)
        return tidy(line)

    def _core(self, said: Utterance, polarity: str = "") -> str:
        mood, language, topic = polarity or said.polarity, said.person.language, said.topic
        since = BETTER_SINCE.get(topic)
        better = since is not None and said.when.date() > since
        if mood == "pos" and better and self.rng.random() < 0.6:
            mood = "better"
        wanted: tuple[str, ...] = (f"{topic} {mood}", f"{topic} pos", f"shop {mood}", "support neu")
        if mood != "better":
            wanted = (wanted[0], *wanted[2:])
        section = next(name for name in wanted if self.book.has(f"{language} {name}"))
        return sentence(self._write(said, f"{language} {section}"))

    def _answer(self, said: Utterance) -> str:
        if said.person.language not in ("ru", "en"):
            return self._core(said)
        kind = self.rng.random()
        if kind < 0.09:
            return self.line(said, f"short {said.polarity}")
        if kind < 0.17 and said.polarity != "neu":
            return self._mixed(said)
        parts = [self._core(said)]
        if self.rng.random() < 0.5:
            parts.append(sentence(self.line(said, f"tail {said.polarity}")))
        if said.polarity == "neg" and self.rng.random() < 0.18:
            parts.append(sentence(self.line(said, "ask neg")))
        return " ".join(parts)

    def _mixed(self, said: Utterance) -> str:
        """Something good and something bad; what is said last decides."""
        other = {"neg": "pos", "pos": "neg"}[said.polarity]
        place = said.topic if said.topic not in ("payments", "support") else "shop"
        elsewhere = self.rng.choice(
            [topic for topic in ("shop", "delivery", "club") if topic != place]
        )
        language = said.person.language
        first = sentence(self._write(said, f"{language} {elsewhere} {other}"))
        but = self.book.deal(f"{language} but any")
        return f"{first.rstrip('.!?')}{but} {decapitalise(self._core(said))}"

    def _post(self, said: Utterance) -> str:
        if said.person.language not in ("ru", "en"):
            return self._core(said)
        parts = []
        if self.rng.random() < 0.55:
            parts.append(sentence(self.line(said, f"social_open {said.polarity}"), ":"))
        if said.topic == "payments" and said.polarity == "neg" and self.rng.random() < 0.22:
            parts.append(sentence(self.line(said, "metoo neg")))
        else:
            parts.append(self._core(said))
        if self.rng.random() < 0.3:
            parts.append(sentence(self.line(said, f"tail {said.polarity}")))
        text = self._roughen(said, " ".join(parts))
        if self.rng.random() < 0.38:
            text += " " + self.rng.choice(EMOJI[said.polarity]) * self.rng.choice((1, 1, 1, 2, 3))
        return text

    def _paragraphs(self, said: Utterance) -> list[str]:
        if said.person.language not in ("ru", "en"):
            return [self._core(said)]
        lead = [sentence(self.line(said, "context any"))] if self.rng.random() < 0.6 else []
        lead.append(self._core(said))
        rest = []
        if said.polarity != "neu" and self.rng.random() < 0.55:
            rest.append(sentence(self.line(said, f"tail {said.polarity}")))
        if said.polarity == "neg" and said.topic != "support" and self.rng.random() < 0.3:
            rest.append(sentence(self._write(said, f"{said.person.language} support neg")))
        if said.polarity == "neg" and self.rng.random() < 0.55:
            rest.append(sentence(self.line(said, "ask neg")))
        if said.polarity == "neu" and self.rng.random() < 0.5:
            rest.append(sentence(self.line(said, "tail neu")))
        return [self._roughen(said, " ".join(part)) for part in (lead, rest) if part]

    def _roughen(self, said: Utterance, text: str) -> str:
        """Type like a person: some shout, some never press Shift, some hit the wrong key."""
        rng = self.rng
        style = rng.random()
        if style < 0.13:
            text = text[0].lower() + text[1:].rstrip(".")
        elif style < 0.18 and said.polarity == "neg":
            text = text.rstrip(".!?") + "!" * rng.randint(2, 4)
        elif style < 0.21 and said.polarity == "neg":
            words = text.split(" ")
            spot = rng.randrange(len(words))
            words[spot : spot + 2] = [word.upper() for word in words[spot : spot + 2]]
            text = " ".join(words)
        elif style < 0.26 and said.polarity == "pos" and said.person.language == "ru":
            text = text.rstrip(".") + rng.choice((")", "))", ")))", "!"))
        if rng.random() < 0.55:
            text = text.replace("ё", "е").replace("Ё", "Е")
        return typo(rng, text) if rng.random() < 0.07 else text

    def _once(self, write: Callable[[], str]) -> str:
        for _ in range(8):
            text = write()
            key = re.sub(r"\W", "", text.casefold())
            if key not in self._said:
                break
        self._said.add(key)
        return text


def tidy(text: str) -> str:
    """Mend the seams: a question mark needs no full stop after it."""
    return re.sub(r"([?!])\.", r"\1", text).strip()


def sentence(text: str, end: str = ".") -> str:
    """Start with a capital and end with a mark."""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?:…)" else text + end


def decapitalise(text: str) -> str:
    """Continue a sentence with this one."""
    return text if KEEP_CAPITAL.match(text) else text[0].lower() + text[1:]


def typo(rng: random.Random, text: str) -> str:
    """Swap, drop or double one letter inside a longer word without digits."""
    words = text.split(" ")
    spots = [i for i, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not spots:
        return text
    spot = rng.choice(spots)
    word, at = words[spot], rng.randrange(1, len(words[spot]) - 2)
    words[spot] = rng.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
        )
    )
    return " ".join(words)
