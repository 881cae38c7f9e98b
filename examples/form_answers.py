"""Makes the answers to forms, as plain rows, and spoils some of them.

One place spoils all three tables; how a row is then written is none of its business.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from examples.dirt import Tally
from examples.mime import fit
from examples.people import long_number
from examples.story import NPS, STARS, Utterance, rating
from examples.voice import Voice

# How many of each kind in every thousand rows: (nps.csv, csat.xlsx, reviews.jsonl).
AMOUNTS = {
    "bad_date": (2, 1, 1),
    "missing_date": (1, 0, 1),
    "future_date": (1, 1, 1),
    "rating_word": (2, 1, 1),
    "rating_off_scale": (2, 1, 1),
    "empty_answer": (2, 1, 1),
    "broken_record": (1, 0, 2),
    "rating_only": (12, 8, 6),
    "text_only": (2, 1, 2),
    "repeated_text": (2, 1, 2),
    "same_id_same_content": (2, 1, 2),
    "same_id_changed_content": (1, 1, 2),
    "formula_cell": (3, 2, 1),
    "html_in_text": (2, 1, 3),
    "ids_in_text": (3, 2, 3),
    "personal_data": (3, 2, 3),
}
BAD_DATES = {"nps": "32.09.2026 14:05", "csat": "sometime in September", "reviews": "2026-13-01T10"}
BAD_DATES_TOO = {"nps": "вчера вечером", "csat": "09/31/2026", "reviews": "1 сентября"}
RATING_WORDS = {"nps": "одиннадцать", "csat": "eleven", "reviews": "пять"}
SHOP_HANDLE = "@Мятлик"
FORMULAS = (
    '=HYPERLINK("https://example.com/","жми"): ссылка из письма не открывается',
    f"{SHOP_HANDLE}, верните баллы, я всё вижу",
    "=) всё понравилось",
    "+1 к прошлому отзыву, ничего не изменилось",
    "-10 баллов вам за молчание",
)


HTML = "<p>{}</p><br><b>&laquo;Мятлик&raquo;</b>&nbsp;&amp; Co"


@dataclass(frozen=True)
class Answer:
    """One row of a form: `when` and `score` may be spoiled, hence not only datetime and int."""

    ref: str
    when: datetime | str | None
    score: int | str | None
    text: str
    said: Utterance
    broken: bool = False


def answers(
    rng: random.Random, voice: Voice, tally: Tally, plan: list[Utterance], dirt: dict[str, int]
) -> list[Answer]:
    """Turn utterances into rows, spoil as many as `dirt` says, and count them."""
    table = plan[0].channel
    rows = [_answer(rng, voice, said, number) for number, said in enumerate(plan)]
    order = [kind for kind, number in dirt.items() for _ in range(number)]
    spots = dict(zip(rng.sample(range(len(rows)), len(order)), order, strict=True))
    spoiled: list[Answer] = []
    for number, row in enumerate(rows):
        kind = spots.get(number, "")
        if kind:
            spoiled += _spoil(rng, voice, tally, table, kind, row)
        else:
            tally.count(row.ref)
            spoiled.append(row)
    return spoiled


def _answer(rng: random.Random, voice: Voice, said: Utterance, number: int) -> Answer:
    ref = {"nps": str(10_401 + 3 * number), "csat": f"CS-{1512 + 3 * number:05d}"}.get(said.channel)
    scale = NPS if said.channel == "nps" else STARS
    score = rating(rng, scale, said.polarity)
    text = voice.answer(said)
    if said.channel == "nps":
        text = fit(text, "windows-1251")
    return Answer(ref or long_number(rng), said.when, score, text, said)


def _spoil(
    rng: random.Random, voice: Voice, tally: Tally, table: str, kind: str, row: Answer
) -> list[Answer]:
    """The rows that one clean row becomes under one kind of dirt."""
    spoiled = _spoiled(rng, voice, tally, table, kind, row)
    if kind == "formula_cell":
        tally.look_for(row.ref, [spoiled.text.removeprefix(SHOP_HANDLE)], [])  # redacted
    if kind == "html_in_text":
        tally.look_for(row.ref, ["«Мятлик»", "& Co"], ["<p>", "<b>", "&amp;"])
    if kind in ("same_id_same_content", "same_id_changed_content", "repeated_text"):
        tally.count(row.ref)
        tally.count(spoiled.ref, kind)
        return [row, spoiled]
    tally.count(spoiled.ref, kind)
    return [spoiled]


def _spoiled(
    rng: random.Random, voice: Voice, tally: Tally, table: str, kind: str, row: Answer
) -> Answer:
    when, earlier = row.said.when, len(tally.dirt.get(kind, []))
    again = earlier % 2
    changes: dict[str, Callable[[], dict[str, Any]]] = {
        "bad_date": lambda: {"when": (BAD_DATES_TOO if again else BAD_DATES)[table]},
        "missing_date": lambda: {"when": None},
        "future_date": lambda: {"when": when.replace(year=2036)},
        "rating_word": lambda: {"score": RATING_WORDS[table]},
        "rating_off_scale": lambda: {"score": -1 if again else 99},
        "empty_answer": lambda: {"score": None, "text": "   " if again else ""},
        "rating_only": lambda: {"text": ""},
        "text_only": lambda: {"score": None},
        "broken_record": lambda: {"broken": True},
        "repeated_text": lambda: {
            "ref": _next_ref(rng, row.ref),
            "when": when + timedelta(minutes=3),
        },
        "same_id_same_content": dict,
        "same_id_changed_content": lambda: {"text": _changed(row.text)},
        "formula_cell": lambda: {"text": FORMULAS[earlier % len(FORMULAS)]},
        "html_in_text": lambda: {"text": HTML.format(row.text)},
        "ids_in_text": lambda: {"text": _with_line(voice, tally, kind, row)},
        "personal_data": lambda: {"text": _with_line(voice, tally, kind, row)},
    }
    return replace(row, **changes[kind]())


def _with_line(voice: Voice, tally: Tally, kind: str, row: Answer) -> str:
    slots = voice.slots(row.said)
    language = "en" if row.said.person.language in ("en", "de") else "ru"
    section = "pii any" if kind == "personal_data" else "ids any"
    line = voice.book.expand(voice.book.deal(f"{language} {section}"), slots, False)
    private = [slots[name] for name in ("phone", "email", "card") if slots[name] in line]
    tally.look_for(row.ref, [slots["num15"]] if slots["num15"] in line else [], private)
    return fit(f"{row.text} {line}", "windows-1251" if row.said.channel == "nps" else "utf-8")


def _next_ref(rng: random.Random, ref: str) -> str:
    """The id of an answer sent again: forms count with gaps, reviews have long numbers."""
    if len(ref) == 15:
        return long_number(rng)
    prefix = ref.rstrip("0123456789")
    return f"{prefix}{int(ref.removeprefix(prefix)) + 1:0{len(ref) - len(prefix)}d}"


def _changed(text: str) -> str:
    note = "UPD: мне ответили, вопрос решается." if not text.isascii() else "UPD: they replied."
    return f"{text} {note}"
