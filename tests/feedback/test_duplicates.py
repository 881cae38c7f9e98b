from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.duplicates import mark_exact


def test_the_same_words_by_the_same_person_are_said_once() -> None:
    first, again = item("a", day=1), item("b", day=28)
    assert marks(first, again) == {"a": None, "b": "a"}


def test_a_short_answer_of_a_person_is_a_twin_on_the_same_day_only() -> None:
    items = [item("a", day=1, length=2), item("b", day=2, length=2), item("c", day=2, length=2)]
    assert marks(*items) == {"a": None, "b": None, "c": "b"}


def test_the_same_words_with_another_rating_are_another_answer() -> None:
    items = [item("a", rating=5.0), item("b", rating=1.0), item("c"), item("d")]
    assert marks(*items) == {"a": None, "b": None, "c": None, "d": "c"}


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
    found = mark_exact(pd.DataFrame([item("a", day=2), item("b", day=1)], index=[7, 3]))
    assert list(found.index) == [7, 3]
    assert found[7] == "b"
    assert pd.isna(found[3])


def test_no_items_have_no_twins() -> None:
    assert mark_exact(pd.DataFrame([item("a")]).iloc[:0]).empty


ITEMS = st.lists(
    st.tuples(
        st.sampled_from("xy"),
        st.sampled_from(["anna", "boris", None]),
        st.integers(1, 3),
        st.sampled_from([0, 2, 40]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=50, deadline=None)
@given(ITEMS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows: list[Any], chance: Any) -> None:
    items = [
        item(f"i{number}", words, person, day, length)
        for number, (words, person, day, length) in enumerate(rows)
    ]
    expected = marks(*items)
    chance.shuffle(items)
    assert marks(*items) == expected


@settings(max_examples=50, deadline=None)
@given(ITEMS)
def test_a_twin_always_points_at_an_original_of_the_same_words_and_person(rows: list[Any]) -> None:
    items = {
        f"i{number}": item(f"i{number}", words, person, day, length)
        for number, (words, person, day, length) in enumerate(rows)
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
    frame = pd.DataFrame(items)
    found = mark_exact(frame)
    return {
        item_id: None if pd.isna(twin) else str(twin)
        for item_id, twin in zip(frame["item_id"], found, strict=True)
    }


def item(
    item_id: str,
    fingerprint: str = "x",
    person: str | None = "anna",
    day: int = 1,
    length: int = 40,
    rating: float = float("nan"),
) -> dict[str, Any]:
    return {
        "item_id": item_id,
        "fingerprint": fingerprint,
        "person_id": person,
        "said_at": pd.Timestamp(2026, 9, day, tz="UTC"),
        "length": length,
        "rating": rating,
    }
