from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.duplicates import WINDOW, answers, groups, twins


def test_the_same_words_by_the_same_person_are_said_once() -> None:
    first, again = item("a", day=1), item("b", day=28)
    assert marks(first, again) == {"a": None, "b": "a"}


def test_the_same_words_more_than_four_weeks_later_are_said_anew() -> None:
    assert WINDOW.days == 28
    assert marks(item("a", day=1), item("b", day=30)) == {"a": None, "b": None}


def test_nearly_the_same_words_are_one_voice_for_one_known_person_only() -> None:
    for person, twin in (("anna", "a"), ("boris", None), (None, None)):
        first = item("a", "x", "anna" if person else None, near=7)
        assert marks(first, item("b", "y", person, near=7)) == {"a": None, "b": twin}


def test_a_rating_neither_parts_nor_doubles_the_words_of_a_known_person() -> None:
    """A complaint by mail, and the same in a form that also asks for a rating."""
    for words in ("x", "y"):
        items = [item("a", "x", near=7), item("b", words, near=7, rating=3.0, survey="nps")]
        assert marks(*items) == {"a": None, "b": "a"}


def test_each_rating_is_an_answer_and_the_same_again_is_not() -> None:
    ratings = {"a": float("nan"), "b": 3.0, "c": 5.0, "d": 3.0, "e": float("nan"), "f": 5.0}
    items = [item(name, rating=rating, survey="nps") for name, rating in ratings.items()]
    items.append(item("g", rating=3.0, survey="csat"))
    for some in (items, items[::-1]):
        assert replies(*some) == dict.fromkeys("abceg") | {"d": "b", "f": "c"}
        assert marks(*some) == {"a": None} | dict.fromkeys("bcdefg", "a")


def test_short_words_with_another_rating_are_another_voice() -> None:
    items = [item(name, length=2, rating=rate) for name, rate in (("a", 5.0), ("b", 1.0))]
    assert marks(*items) == {"a": None, "b": None}


def test_unknown_people_who_rate_otherwise_are_two() -> None:
    items = [item("a", person=None, rating=5.0), item("b", person=None, rating=1.0)]
    assert marks(*items) == {"a": None, "b": None}


def test_unknown_people_whose_names_were_taken_out_are_not_one() -> None:
    """ "My name is [name], call [phone]": the words are the same, the people are not."""
    for person, twin in ((None, None), ("anna", "a")):
        items = [item(name, person=person) | {"redacted": True} for name in "ab"]
        assert marks(*items) == {"a": None, "b": twin}


def test_nearly_the_same_words_with_other_particulars_are_another_voice() -> None:
    items = [item("a", "x", near=7), item("b", "y", near=7) | {"particulars": "other"}]
    assert marks(*items) == {"a": None, "b": None}


def test_a_flood_of_one_person_is_one_voice_whatever_it_says() -> None:
    items = [item(f"{n:02}", str(n), "bot", length=9) | {"flood": True} for n in range(30)]
    assert sum(twin is None for twin in marks(*items).values()) == 1
    for n, row in enumerate(items):
        row["said_at"] += pd.Timedelta(minutes=61 * n)
    assert set(marks(*items).values()) == {None}


def test_two_floods_at_one_time_are_two_voices() -> None:
    items = [item(name, name, name) | {"flood": True} for name in ("anna", "boris")]
    assert set(marks(*items).values()) == {None}


def test_what_nearly_equal_words_of_others_lie_between_does_not_join_one_persons() -> None:
    items = [
        item("a", "x", near=7),
        item("b", "y", "boris", near=7, also=8),
        item("c", "z", also=8),
    ]
    assert set(marks(*items).values()) == {None}
    assert sets(*items) == {"a": "a", "b": "a", "c": "a"}


def test_a_group_is_named_for_its_earliest_and_nobody_is_a_group_alone() -> None:
    items = [item("c", day=1, near=7), item("a", day=2, near=7), item("b", day=1, near=9)]
    assert sets(*items) == {"c": "c", "a": "c", "b": None}


def test_a_group_holds_together_what_is_said_within_four_weeks_of_each_other() -> None:
    items = [item("a", day=1, near=7), item("b", day=28, near=7), item("c", day=55, near=7)]
    assert sets(*items) == dict.fromkeys("abc", "a")
    assert sets(items[0], items[2]) == {"a": None, "c": None}


def test_texts_without_a_sketch_are_in_no_group() -> None:
    assert sets(item("a"), item("b")) == {"a": None, "b": None}


def test_what_was_found_before_stands() -> None:
    known = item("b", "y") | {"duplicate_of": "a", "group_id": "a"}
    assert marks(item("a"), known) == {"a": None, "b": "a"}
    assert sets(item("a") | {"group_id": "a"}, known) == {"a": "a", "b": "a"}


def test_a_short_answer_of_a_person_is_a_twin_on_the_same_day_only() -> None:
    items = [item("a", day=1, length=2), item("b", day=2, length=2), item("c", day=2, length=2)]
    assert marks(*items) == {"a": None, "b": None, "c": "b"}


def test_short_words_of_different_or_unknown_people_are_never_twins() -> None:
    items = [
        item("a", person="anna", length=2),
        item("b", person="boris", length=2),
        item("c", person=None, length=2),
        item("d", person=None, length=2),
    ]
    assert set(marks(*items).values()) == {None}


def test_long_words_of_unknown_people_are_no_coincidence() -> None:
    items = [item("a", person=None, day=1, length=40), item("b", person=None, day=2, length=40)]
    assert marks(*items) == {"a": None, "b": "a"}


def test_long_words_of_two_known_people_are_two_voices() -> None:
    items = [item("a", person="anna", length=400), item("b", person="boris", length=400)]
    assert set(marks(*items).values()) == {None}


def test_two_answers_without_words_are_not_the_same_words() -> None:
    items = [item("a", length=0), item("b", length=0)]
    assert set(marks(*items).values()) == {None}


def test_every_twin_points_at_the_earliest_one() -> None:
    items = [item("c", day=3), item("a", day=2), item("b", day=1)]
    assert marks(*items) == {"b": None, "a": "b", "c": "b"}


def test_of_twins_at_one_moment_the_lower_id_is_the_original() -> None:
    assert marks(item("b"), item("a")) == {"a": None, "b": "a"}


def test_the_index_of_the_items_is_kept() -> None:
    frame = table(item("a", day=2), item("b", day=1)).set_index(pd.Index([7, 3]))
    found = twins(frame, sketches(frame))
    assert list(found.index) == [7, 3]
    assert found[7] == "b"
    assert pd.isna(found[3])


def test_no_items_have_no_twins() -> None:
    nobody = table(item("a")).iloc[:0]
    assert twins(nobody, sketches(nobody)).empty
    assert answers(nobody, sketches(nobody)).empty
    assert groups(nobody, sketches(nobody)).empty


ITEMS = st.lists(
    st.tuples(
        st.sampled_from("xy"),
        st.sampled_from(["anna", "boris", None]),
        st.integers(1, 3),
        st.sampled_from([0, 2, 40]),
        st.sampled_from([float("nan"), 3.0, 5.0]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=50, deadline=None)
@given(ITEMS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows: list[Any], chance: Any) -> None:
    items = [
        item(f"i{number}", words, person, day, length, rating)
        for number, (words, person, day, length, rating) in enumerate(rows)
    ]
    expected = marks(*items), replies(*items)
    chance.shuffle(items)
    assert (marks(*items), replies(*items)) == expected


@settings(max_examples=50, deadline=None)
@given(ITEMS)
def test_every_answer_again_is_a_repeat_and_no_rating_of_a_person_is_lost(rows: list[Any]) -> None:
    items = [
        item(f"i{number}", words, person, day, length, rating)
        for number, (words, person, day, length, rating) in enumerate(rows)
    ]
    twin, again = marks(*items), replies(*items)
    assert all(twin[name] for name, other in again.items() if other)
    given_, kept = (
        {
            (row["fingerprint"], row["person_id"], row["rating"])
            for row in items
            if row["rating"] == row["rating"] and not (gone and again[row["item_id"]])
        }
        for gone in (False, True)
    )
    assert given_ == kept


@settings(max_examples=50, deadline=None)
@given(ITEMS)
def test_a_twin_always_points_at_an_original_of_the_same_words_and_person(rows: list[Any]) -> None:
    items = {
        f"i{number}": item(f"i{number}", words, person, day, length, rating)
        for number, (words, person, day, length, rating) in enumerate(rows)
    }
    found = marks(*items.values())
    for twin, original in found.items():
        if original is None:
            continue
        assert found[original] is None
        for column in ("fingerprint", "person_id"):
            assert items[twin][column] == items[original][column]
        assert items[original]["said_at"] <= items[twin]["said_at"]


def marks(*items: dict[str, Any]) -> dict[str, str | None]:
    frame = table(*items)
    return named(frame, twins(frame, sketches(frame)))


def replies(*items: dict[str, Any]) -> dict[str, str | None]:
    frame = table(*items)
    return named(frame, answers(frame, sketches(frame)))


def sets(*items: dict[str, Any]) -> dict[str, str | None]:
    frame = table(*items)
    return named(frame, groups(frame, sketches(frame)))


def named(frame: pd.DataFrame, found: pd.Series) -> dict[str, str | None]:
    return {
        item_id: None if pd.isna(other) else str(other)
        for item_id, other in zip(frame["item_id"], found, strict=True)
    }


def table(*items: dict[str, Any]) -> pd.DataFrame:
    words = ("item_id", "fingerprint", "person_id", "survey", "particulars", "group_id",
             "duplicate_of", "answer_of")  # fmt: skip
    return pd.DataFrame(items).astype(dict.fromkeys(words, "str"))


def sketches(frame: pd.DataFrame) -> np.ndarray:
    """Two numbers a text; texts are nearly equal where they share one."""
    return frame[["near", "also"]].to_numpy(np.uint64)


def item(
    item_id: str,
    fingerprint: str = "x",
    person: str | None = "anna",
    day: int = 1,
    length: int = 40,
    rating: float = float("nan"),
    near: int = 0,
    also: int = 0,
    survey: str | None = None,
) -> dict[str, Any]:
    return {
        "item_id": item_id,
        "fingerprint": fingerprint,
        "person_id": person,
        "said_at": pd.Timestamp(2026, 9, 1, tz="UTC") + pd.Timedelta(days=day - 1),
        "length": length,
        "rating": rating,
        "near": near,
        "also": also,
        "survey": survey,
        "redacted": False,
        "particulars": "",
        "flood": False,
        "group_id": None,
        "duplicate_of": None,
        "answer_of": None,
    }
