"""Campaigns and floods: what is marked, and what stands just below the mark."""

from typing import Any

import numpy as np
import pandas as pd

from feedback.floods import campaigns, floods


def test_five_people_with_one_long_text_in_a_week_are_a_campaign() -> None:
    assert copied([(n, f"p{n}") for n in range(5)]) == [True] * 5
    assert copied([(n, f"p{n}") for n in range(4)]) == [False] * 4


def test_unknown_people_are_each_a_person_of_their_own() -> None:
    assert copied([(n, None) for n in range(5)]) == [True] * 5


def test_what_counts_as_one_voice_is_one_person_of_a_campaign() -> None:
    """Else one form sent five times would be one voice and five people at once."""
    rows: list[tuple[int, str | None]] = [(n, None) for n in range(6)]
    assert copied(rows, twins=[None, *["i000"] * 5]) == [False] * 6
    assert copied(rows, twins=[*[None] * 5, "i000"]) == [True] * 6


def test_one_person_who_repeats_is_not_many() -> None:
    assert copied([(0, "p1")] * 3 + [(1, "p2")] * 2 + [(2, "p3"), (2, "p4")]) == [False] * 7


def test_five_people_in_more_than_a_week_are_no_campaign() -> None:
    days = [(0, "p0"), (2, "p1"), (4, "p2"), (6, "p3"), (8, "p4")]
    assert copied(days) == [False] * 5
    assert copied([*days, (8, "p5")]) == [False, True, True, True, True, True]


def test_five_people_with_one_short_friendly_sentence_are_no_campaign() -> None:
    assert copied([(n, f"p{n}") for n in range(9)], length=99) == [False] * 9


def test_members_of_two_groups_are_not_counted_together() -> None:
    rows = [(n, f"p{n}") for n in range(5)]
    assert copied(rows, group=["a", "a", "a", "b", "b"]) == [False] * 5


def test_ten_equal_messages_of_one_person_in_an_hour_are_a_flood() -> None:
    assert drowned([(6 * n, "bot", "x") for n in range(10)]) == [True] * 10
    assert drowned([(6 * n, "bot", "x") for n in range(9)]) == [False] * 9
    assert drowned([(7 * n, "bot", "x") for n in range(10)]) == [False] * 10


def test_ten_nearly_equal_messages_of_one_person_in_an_hour_are_a_flood() -> None:
    rows = [(n, "bot", f"x{n}") for n in range(10)]
    assert drowned(rows, near=[7] * 10) == [True] * 10
    assert drowned(rows, near=[0] * 10) == [False] * 10


def test_thirty_messages_of_one_person_in_an_hour_are_a_flood_whatever_they_say() -> None:
    assert drowned([(2 * n, "bot", f"x{n}") for n in range(30)]) == [True] * 30
    assert drowned([(2 * n, "bot", f"x{n}") for n in range(29)]) == [False] * 29


def test_only_the_hour_of_the_flood_is_marked() -> None:
    rows = [(-200, "bot", "x"), *((n, "bot", "x") for n in range(10)), (200, "bot", "x")]
    assert drowned(rows) == [False, *[True] * 10, False]


def test_many_people_and_unknown_people_are_no_flood() -> None:
    assert drowned([(n, f"p{n}", "x") for n in range(40)]) == [False] * 40
    assert drowned([(n, None, "x") for n in range(40)]) == [False] * 40


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = [(n % 7, f"p{n % 6}") for n in range(20)]
    assert copied(rows[::-1]) == copied(rows)[::-1]
    many = [(n, "bot", "x") for n in range(12)] + [(90, "bot", "x")]
    assert drowned(many[::-1]) == drowned(many)[::-1]


def copied(
    rows: list[tuple[int, str | None]],
    length: int = 100,
    group: list[str] | None = None,
    twins: list[str | None] | None = None,
) -> list[bool]:
    """(day, person) of members of one group."""
    frame = table([{"said_at": pd.Timedelta(days=day), "person_id": who} for day, who in rows])
    frame["duplicate_of"] = pd.Series(twins or [None] * len(rows), dtype="str")
    return campaigns(frame.assign(length=length, group_id=group or "a")).tolist()


def drowned(rows: list[tuple[int, str | None, str]], near: list[int] | None = None) -> list[bool]:
    """(minute, person, words)."""
    frame = table(
        [
            {"said_at": pd.Timedelta(minutes=at), "person_id": who, "fingerprint": words}
            for at, who, words in rows
        ]
    )
    return floods(frame, np.array([near or [0] * len(rows)], np.uint64).T).tolist()


def table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows).astype({"person_id": "str"})
    frame["item_id"] = [f"i{n:03}" for n in range(len(rows))]
    return frame.assign(said_at=frame["said_at"] + pd.Timestamp(2026, 9, 1, tz="UTC"))
