"""Themes in made-up texts: sixty ways to say one thing among a thousand texts of other words."""

import random
from datetime import date

import pandas as pd

from feedback.topics.discovery import Known, Theme, discover
from feedback.topics.growth import growth
from feedback.topics.themes import find

DAY = date(2026, 9, 30)
OPENINGS = ["The", "My", "Again the", "Hello, the", "For days my", "[name] says the"]
MIDDLES = ["fingerprint scanner", "scanner for the fingerprint"]
ENDS = ["fails in the cold", "does not unlock the door", "is broken", "beeps and stays", "fails"]
WORDS = [f"{a}{b}{c}" for a in "bdfgk" for b in ("ala", "eru", "ino", "opa") for c in "lmnrstvz"]
THINGS = """apple banana cherry dragon eagle forest garden hammer island jacket kettle lantern
mirror needle orange pepper quartz ribbon saddle tunnel umbrella violin walnut yogurt zipper anchor
basket candle desert engine""".split()  # noqa: SIM905


def test_a_planted_theme_is_found_and_only_that() -> None:
    (theme,) = discover(voices(), DAY, "en", [])
    assert set(planted()) <= {voices()["text"][i] for i in theme.members}
    assert len(theme.members) == 60
    assert theme.terms[0] in ("fingerprint scanner", "scanner for the fingerprint")
    assert theme.first_day == DAY


def test_planted_in_the_later_half_it_grows() -> None:
    texts = voices()
    (theme,) = discover(texts, DAY, "en", [])
    late, all_late = int(texts["is_late"].iloc[theme.members].sum()), int(texts["is_late"].sum())
    before, all_before = len(theme.members) - late, len(texts) - all_late
    assert growth([late], [before], all_late, all_before)[0].trend == "growing"


def test_small_talk_without_words_in_common_has_no_theme() -> None:
    assert discover(voices().iloc[60:].reset_index(drop=True), DAY, "en", []) == []


def test_another_order_of_the_texts_gives_the_same_themes() -> None:
    one, texts = discover(voices(), DAY, "en", []), voices()
    mixed = texts.sample(frac=1, random_state=5).reset_index(drop=True)
    other = discover(mixed, DAY, "en", [])
    assert [told(theme, texts) for theme in one] == [told(theme, mixed) for theme in other]


def test_the_next_day_it_is_the_same_theme_with_its_first_day() -> None:
    (before,) = discover(voices(), DAY, "en", [])
    texts = voices().iloc[10:].reset_index(drop=True)
    known = [Known(before.theme_id, before.first_day, before.middle)]
    (after,) = discover(texts, date(2026, 10, 1), "en", known)
    assert (after.theme_id, after.first_day) == (before.theme_id, DAY)
    assert len(after.members) == 50


def test_a_theme_of_other_words_gets_an_id_of_its_own() -> None:
    known = [Known("old", date(2026, 9, 1), {"refund": 0.8, "late": 0.6})]
    (theme,) = discover(voices(), DAY, "en", known)
    assert theme.theme_id != "old"
    assert theme.first_day == DAY


def test_no_mark_of_redaction_is_a_word_of_a_theme() -> None:
    marked = [f"[email] wrote to [phone] of the parcel locker {word}" for word in WORDS[:60]]
    found = find(marked + voices()["text"].tolist()[60:])
    assert len(found.middles) == 1
    told = [term for one in (*found.middles, *found.terms) for term in one]
    assert "parcel locker" in told
    assert not [term for term in told if "email" in term or "phone" in term or "[" in term]


def test_of_fewer_than_a_hundred_texts_nothing_is_said() -> None:
    assert discover(voices().iloc[:99], DAY, "en", []) == []


def test_a_theme_that_is_only_spoken_of_beside_another_is_none() -> None:
    """Each text belongs to the theme of its nearest passage, and here that is always the other."""
    rng = random.Random(1)
    opening = "courier delivered parcel broken box warehouse address street building entrance gate"
    texts = [
        f"{opening} floor. invoice payment card bank refund {' '.join(rng.sample(THINGS, 3))}."
        for _ in range(80)
    ]
    texts += [f"{' '.join(rng.sample(THINGS, 8))}." for _ in range(420)]
    ids = [f"i{n:03}" for n in range(len(texts))]
    found = discover(pd.DataFrame({"item_id": ids, "text": texts}), DAY, "en", [])
    assert found
    assert all(one.members for one in found)


def test_a_quote_is_a_short_text_of_the_theme() -> None:
    texts = voices()
    (theme,) = discover(texts, DAY, "en", [])
    assert theme.quoted in theme.members
    assert 20 <= len(texts["text"][theme.quoted]) <= 200


def told(theme: Theme, texts: pd.DataFrame) -> tuple[object, ...]:
    said = sorted(texts["item_id"].iloc[theme.members])
    return theme.theme_id, theme.terms, theme.middle, said, texts["item_id"][theme.quoted]


def planted() -> list[str]:
    return [f"{a} {b} {c}" for a in OPENINGS for b in MIDDLES for c in ENDS]


def voices() -> pd.DataFrame:
    """60 of one theme, all late, before 1,000 others in both halves."""
    rng = random.Random(3)
    others = [" ".join(rng.choices(WORDS, k=rng.randint(3, 9))) for _ in range(1000)]
    texts = planted() + others
    late = [True] * 60 + [n % 2 == 0 for n in range(1000)]
    ids = [f"i{n:04}" for n in range(len(texts))]
    return pd.DataFrame({"item_id": ids, "version": 1, "text": texts, "is_late": late})
