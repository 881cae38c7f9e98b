"""Comparing as stored: the same tables whatever came first, and whatever was cut off when."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, delete, func, inspect, select, update

from feedback.duplicates import answers, groups, twins
from feedback.floods import campaigns, floods
from feedback.identity import Identified
from feedback.particulars import particulars
from feedback.sketch import sketch
from feedback.text.normalise import fingerprint
from feedback.vault import Vault
from feedback.warehouse import comparing, ledger, people, resembling
from feedback.warehouse.bulk import insert
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import feedback_item, person, resemblance, run_ledger

LATE = "Курьер опоздал на три часа и даже не извинился, больше заказывать не стану"
CRASH = "The app crashes every time I open the payment screen on my old telephone"
COPIED = (
    "Требуем вернуть прежние тарифы: новые условия обманывают клиентов, поддержка молчит, а деньги "
    "списаны без согласия. Распространите это сообщение."
)
START = datetime(2026, 9, 1, 10, tzinfo=UTC)
Row = dict[str, Any]


def test_the_same_words_of_one_person_are_one_voice_and_both_are_kept(engine: Engine) -> None:
    add(engine, [said("a", LATE, "anna"), said("b", LATE.upper() + "!", "anna", day=1)])
    compare(engine)
    assert stored(engine, "duplicate_of") == {"a": None, "b": "a"}


def test_nearly_the_same_words_of_one_person_are_one_voice(engine: Engine) -> None:
    add(engine, [said("a", LATE, "anna"), said("b", "Здравствуйте! " + LATE, "anna", day=1)])
    compare(engine)
    assert stored(engine, "duplicate_of") == {"a": None, "b": "a"}


def test_nearly_the_same_words_of_two_people_are_a_group_of_two_voices(engine: Engine) -> None:
    add(engine, [said("b", LATE, "anna"), said("a", "Здравствуйте! " + LATE, "boris", day=1)])
    compare(engine)
    assert stored(engine, "group_id") == {"b": "b", "a": "b"}
    assert set(stored(engine, "duplicate_of").values()) == {None}


def test_equal_short_answers_are_never_a_group_and_never_a_campaign(engine: Engine) -> None:
    add(engine, [said(f"i{n}", "Всё хорошо", f"p{n}") for n in range(50)])
    compare(engine)
    assert set(stored(engine, "group_id", "flag").values()) == {(None, None)}
    assert set(stored(engine, "sketch").values()) == {None}


def test_many_people_with_one_text_are_a_campaign_of_as_many_voices(engine: Engine) -> None:
    add(engine, [said(f"i{n}", f"{COPIED} {n}", f"p{n}", day=n) for n in range(5)])
    compare(engine)
    assert set(stored(engine, "flag").values()) == {"campaign"}
    assert set(stored(engine, "duplicate_of").values()) == {None}


def test_one_person_who_sends_without_end_is_a_flood(engine: Engine) -> None:
    add(engine, [said(f"i{n}", f"{LATE} {n}", "bot", minute=n) for n in range(10)])
    compare(engine)
    assert set(stored(engine, "flag").values()) == {"flood"}
    assert sum(twin is None for twin in stored(engine, "duplicate_of").values()) == 1


def test_a_flood_of_short_words_is_one_voice_and_parts_when_its_person_does(
    engine: Engine,
) -> None:
    texts = [f"дно полное, верните деньги немедленно, номер {n}" for n in range(40)]
    half = [said(f"i{n:02}", text, f"p{n % 2}", minute=n) for n, text in enumerate(texts)]
    add(engine, half)
    compare(engine)
    assert set(stored(engine, "flag", "duplicate_of").values()) == {(None, None)}
    know(engine, "p1", root="p0")
    compare(engine)
    found = dict.fromkeys(stored(engine, "flag"), ("flood", "i00")) | {"i00": ("flood", None)}
    assert stored(engine, "flag", "duplicate_of") == found
    know(engine, "p1", root="p1")
    compare(engine, steps=1)
    compare(engine)
    assert set(stored(engine, "flag", "duplicate_of").values()) == {(None, None)}


def test_the_same_words_in_a_mail_and_a_survey_are_one_voice_and_an_answer(engine: Engine) -> None:
    asked = {"survey": "nps", "rating": 3.0}
    add(engine, [said("a", LATE, "anna"), said("b", LATE, "anna", day=1) | asked,
                 said("c", LATE + " Спасибо!", "anna", day=2) | asked])  # fmt: skip
    compare(engine)
    found = stored(engine, "duplicate_of", "answer_of")
    assert found == {"a": (None, None), "b": ("a", None), "c": ("a", "b")}


def test_strangers_whose_names_were_taken_out_are_voices_of_their_own(engine: Engine) -> None:
    text = "Меня зовут [name], мой телефон [phone], перезвоните мне срочно"
    add(engine, [said(name, text) | {"cleaning": {"name": 1, "phone": 1}} for name in "ab"])
    compare(engine)
    assert set(stored(engine, "duplicate_of").values()) == {None}


def test_one_form_sent_six_times_by_nobody_known_is_one_voice_and_no_campaign(
    engine: Engine,
) -> None:
    add(engine, [said(f"i{n}", COPIED, day=n) for n in range(6)])
    compare(engine)
    assert stored(engine, "duplicate_of") == {"i0": None} | {f"i{n}": "i0" for n in range(1, 6)}
    assert set(stored(engine, "flag").values()) == {None}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Я рекомендую этот магазин всем своим друзьям и знакомым",
         "Я не рекомендую этот магазин всем своим друзьям и знакомым"),
        ("Заказ 12345 не пришёл, хотя его обещали привезти ещё в понедельник утром",
         "Заказ 54321 не пришёл, хотя его обещали привезти ещё в понедельник утром"),
    ],
)  # fmt: skip
def test_opposites_and_other_orders_of_one_person_are_two_voices(
    engine: Engine, one: str, other: str
) -> None:
    add(engine, [said("a", one, "anna"), said("b", other, "anna", day=1)])
    compare(engine)
    assert set(stored(engine, "duplicate_of").values()) == {None}


def test_what_waits_is_found_by_an_index(engine: Engine) -> None:
    with engine.connect() as connection:
        indexes = inspect(connection).get_indexes("resemblance")
    assert ["method"] in [index["column_names"] for index in indexes]


def test_an_address_of_many_is_nobodys(engine: Engine) -> None:
    add(engine, [said("a", "ok", "info"), said("b", "ok", "info", minute=1)], shared={"info"})
    compare(engine)
    assert set(stored(engine, "duplicate_of").values()) == {None}


def test_people_found_to_be_one_have_one_voice_from_then_on(engine: Engine) -> None:
    add(engine, [said("a", LATE, "anna"), said("b", LATE, "anka", day=1)])
    compare(engine)
    assert stored(engine, "duplicate_of")["b"] is None
    know(engine, "anka", root="anna")
    compare(engine)
    assert stored(engine, "duplicate_of") == {"a": None, "b": "a"}
    know(engine, "anka", root="anka")
    compare(engine)
    assert stored(engine, "duplicate_of") == {"a": None, "b": None}


def test_an_address_found_to_be_one_of_many_is_nobodys_from_then_on(
    engine: Engine, vault: Vault
) -> None:
    add(engine, [said("a", "ok", "info"), said("b", "ok", "info", minute=1)])
    for shared, twin in ((False, "a"), (True, None), (False, "a")):
        with writing(engine) as connection:
            connection.execute(update(person).values(name=vault.seal(b"")))
            people.store(connection, vault, [Identified("info", shared, "", START, ())])
        compare(engine)
        assert stored(engine, "duplicate_of") == {"a": None, "b": twin}


def test_an_edited_item_leaves_the_group_that_it_held_together(engine: Engine) -> None:
    chain = [said(name, LATE, day=20 * n) for n, name in enumerate("abcd")]
    add(engine, chain)
    compare(engine)
    assert set(stored(engine, "group_id").values()) == {"a"}
    add(engine, [said("b", CRASH, day=20, version=2)])
    compare(engine)
    assert stored(engine, "group_id") == {"a": None, "b": None, "c": "c", "d": "c"}


def test_an_item_that_is_gone_leaves_no_trace(engine: Engine) -> None:
    add(engine, [said("a", LATE), said("b", LATE, day=1), said("c", LATE, day=2)])
    compare(engine)
    with writing(engine) as connection:
        connection.execute(delete(feedback_item).where(feedback_item.c.item_id == "a"))
    compare(engine)
    assert stored(engine, "group_id", "duplicate_of") == {"b": ("b", None), "c": ("b", "b")}


def test_a_set_reaches_further_than_what_one_step_reads(engine: Engine) -> None:
    days = [0, 25, 50, 75, 100, 125]
    for n in (5, 3, 4, 1, 0, 2):
        add(engine, [said(f"i{n}", LATE, "anna", day=days[n])])
        compare(engine)
    assert set(stored(engine, "group_id").values()) == {"i0"}
    assert stored(engine, "duplicate_of") == {"i0": None} | {f"i{n}": "i0" for n in range(1, 6)}


def test_a_run_with_nothing_new_writes_nothing(engine: Engine) -> None:
    add(engine, [said("a", LATE, "anna"), said("b", LATE, "anna")])
    compare(engine)
    before = tables(engine)
    with engine.connect() as connection:
        books = connection.scalar(select(func.count()).select_from(run_ledger))
    assert compare(engine) == 0
    assert tables(engine) == before
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(run_ledger)) == books


def test_a_new_method_compares_all_anew(engine: Engine) -> None:
    add(engine, [said("a", LATE), said("b", LATE, day=1)])
    compare(engine)
    before = tables(engine)
    with writing(engine) as connection:
        connection.execute(update(resemblance).values(method="older", sketch=b"?"))
    assert compare(engine) == 2
    assert tables(engine) == before


@pytest.mark.parametrize("seed", [0, 1, 106])
def test_whatever_comes_first_the_tables_are_those_of_one_look_at_everything(
    engine: Engine, seed: int
) -> None:
    chance = random.Random(seed)
    history = a_year(chance)
    newest = {row["item_id"]: row for row in history}
    expected = at_one_look(list(newest.values()))
    upto = 0
    order = sorted(history, key=lambda row: (row["version"], chance.random()))
    while upto < len(order):
        size = chance.choice([1, 7, 40, 200])
        add(engine, order[upto : upto + size])
        upto += size
        compare(engine, size=chance.choice([3, 50]), steps=chance.choice([0, 1, 99]))
    compare(engine)
    assert tables(engine) == expected
    assert {flag for *_, flag in expected.values()} == {None, "campaign", "flood"}
    assert len({group for group, *_ in expected.values()}) > 3


def at_one_look(rows: list[Row]) -> dict[str, tuple[str | None, ...]]:
    sets = ("group_id", "duplicate_of", "answer_of")
    frame = pd.DataFrame(rows).assign(**dict.fromkeys(sets))
    frame = frame.astype(dict.fromkeys((*sets, "person_id", "survey"), "str"))
    frame["redacted"] = frame["cleaning"].map(bool)
    frame["particulars"] = frame["text"].map(particulars)
    frame["length"] = frame["text"].str.len()
    frame["rating"] = frame["rating"].astype(float)
    sketches = sketch(frame["text"].tolist())
    drowned = frame["flood"] = floods(frame, sketches)
    frame["answer"] = answers(frame, sketches)
    frame["duplicate_of"] = frame["twin"] = twins(frame, sketches)
    frame["group_id"] = groups(frame, sketches)
    grouped = frame[frame["group_id"].notna()]
    copied = set(grouped.loc[campaigns(grouped), "item_id"])
    flag = ["flood" if f else "campaign" if i in copied else None
            for f, i in zip(drowned, frame["item_id"], strict=True)]  # fmt: skip
    found = frame[["group_id", "twin", "answer"]].assign(flag=flag).astype(object)
    found = found.where(found.notna(), None)
    return dict(zip(frame["item_id"], found.itertuples(index=False, name=None), strict=True))


def a_year(chance: random.Random) -> list[Row]:
    """What three dozen people say in a year: repeats, chains, copies, floods, edits."""
    texts = [LATE, CRASH, COPIED, "ok", "Всё хорошо", LATE + " Верните деньги за доставку!"]
    rows = []
    for n in range(160):
        text = chance.choice(texts)
        text = chance.choice([text, text.upper(), text[:-1] + "!", f"Добрый день! {text}", text])
        day = chance.choice([chance.randrange(365), 100 + chance.randrange(14)])
        who = chance.choice([None, *(f"p{m}" for m in range(8))])
        asked = chance.choice([{}, {"survey": "nps", "rating": chance.choice([3.0, 9.0])}])
        asked |= chance.choice([{}, {}, {"cleaning": {"name": 1}}])
        rows.append(said(f"i{n:03}", text, who, day, chance.randrange(1440)) | asked)
    rows += [said(f"f{n:03}", f"{LATE} {n}", "bot", 200, 4 * n) for n in range(25)]
    rows += [said(f"g{n:03}", f"{n} {n * n}", "p1", 210, n) for n in range(32)]
    edited = chance.sample(rows, 30)
    return rows + [
        row | said(row["item_id"], chance.choice(texts), row["person_id"], version=2)
        | {"said_at": row["said_at"]}
        for row in edited
    ]  # fmt: skip


def said(
    item_id: str,
    text: str,
    who: str | None = None,
    day: int = 0,
    minute: int = 0,
    version: int = 1,
) -> Row:
    at = START + timedelta(days=day, minutes=minute)
    names = ("thread_ref", "in_reply_to", "rating", "scale_low", "scale_high", "survey", "product",
             "region", "segment", "url")  # fmt: skip
    return dict.fromkeys(names) | {
        "item_id": item_id, "version": version, "source": "mail", "ref": item_id,
        "channel": "mail", "person_id": who, "said_at": at, "received_at": at, "subject": "",
        "text": text, "fingerprint": fingerprint(text), "cleaning": {}, "extra": {}, "run_id": "r",
    }  # fmt: skip


def add(
    engine: Engine, rows: Sequence[Row], shared: frozenset[str] | set[str] = frozenset()
) -> None:
    people = [
        {
            "person_id": who,
            "root_id": who,
            "shared": who in shared,
            "name": b"",
            "first_seen": START,
        }
        for who in sorted({row["person_id"] for row in rows if row["person_id"]})
    ]
    with writing(engine) as connection:
        insert(connection, person, people)
        insert(connection, feedback_item, rows)


def know(engine: Engine, who: str, root: str) -> None:
    with writing(engine) as connection:
        known = update(person).where(person.c.person_id == who).values(root_id=root)
        connection.execute(known)
        resembling.compare_again(connection, [who])


def compare(engine: Engine, size: int = 1000, steps: int = 10**6) -> int:
    """As the task does; `steps` may cut it off before the end."""
    for batch in resembling.pending(engine, size):
        ledger.begin(engine, "r", "mail", resembling.STAGE)
        resembling.store(engine, "r", batch)
    resembling.mend(engine)
    total = 0
    for _ in range(steps):
        if not (count := comparing.step(engine)):
            break
        total += count
    return total


def tables(engine: Engine) -> dict[str, tuple[str | None, ...]]:
    return stored(engine, "group_id", "duplicate_of", "answer_of", "flag")


def stored(engine: Engine, *columns: str) -> dict[str, Any]:
    """{item: value, or values} of all rows; there is one for each item."""
    query = select(resemblance.c.item_id, *(resemblance.c[name] for name in columns))
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: tuple(row[1:]) if len(columns) > 1 else row[1] for row in rows}
