from datetime import date

from feedback.topics.same_themes import counterparts, new_id, packed, unpacked

LOAN = {"loan": 0.8, "rate": 0.6}
LOST = {"parcel": 0.6, "lose": 0.8}
DAY = date(2026, 9, 1)


def test_a_theme_is_known_again_by_its_words() -> None:
    assert counterparts([LOST, LOAN], [LOAN, LOST]) == [1, 0]


def test_a_theme_of_other_words_is_new() -> None:
    assert counterparts([LOAN, {"refund": 1.0}], [LOAN]) == [0, None]
    assert counterparts([LOAN], []) == [None]
    assert counterparts([], [LOAN]) == []


def test_two_that_are_near_one_share_it_out_as_is_best_for_all() -> None:
    between = {"loan": 0.8, "parcel": 0.6}
    nearer = {"loan": 0.97, "parcel": 0.24}
    assert counterparts([nearer, between], [{"loan": 1.0}, {"loan": 0.6, "parcel": 0.8}]) == [0, 1]


def test_an_id_follows_from_day_language_and_words_and_is_never_taken_twice() -> None:
    one = new_id(DAY, "en", LOAN, ())
    assert one == new_id(DAY, "en", dict(reversed(LOAN.items())), ())
    others = (
        new_id(DAY, "en", LOST, ()),
        new_id(DAY, "ru", LOAN, ()),
        new_id(date(2026, 9, 2), "en", LOAN, ()),
        new_id(DAY, "en", LOAN, {one}),
    )
    assert len({one, *others}) == 5


def test_a_middle_comes_back_as_it_was_stored() -> None:
    assert unpacked(packed(LOAN)) == LOAN
