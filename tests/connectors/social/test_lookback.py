"""How far a timeline has been read, and how far back it is looked at again."""

from connectors.social.lookback import REMEMBERED, Place, rank, snowflake

HOUR = 3600


def test_the_look_back_starts_some_hours_before_the_last_id() -> None:
    place = Place().after([(an_id(0), ""), (an_id(5), "")], hours=2)
    assert place.start(2) == str(int(an_id(5)) - snowflake(2 * HOUR))


def test_without_hours_reading_goes_on_after_the_last_id() -> None:
    place = Place().after([("41", ""), ("9", "")], hours=0)
    assert (place.start(0), dict(place.seen)) == ("41", {"41": ""})


def test_what_was_read_in_the_look_back_is_remembered_and_the_rest_forgotten() -> None:
    place = Place().after([(an_id(0), ""), (an_id(9), ""), (an_id(10), "")], hours=2)
    assert list(place.seen) == [an_id(9), an_id(10)]
    assert not place.is_new(an_id(9), "")


def test_an_edited_status_is_new_again() -> None:
    place = Place().after([(an_id(1), "")], hours=2)
    assert place.is_new(an_id(1), "2026-09-10")
    assert not place.after([(an_id(1), "2026-09-10")], hours=2).is_new(an_id(1), "2026-09-10")


def test_a_late_status_does_not_move_the_last_id_back() -> None:
    place = Place().after([(an_id(5), "")], hours=2).after([(an_id(4), "")], hours=2)
    assert place.last == an_id(5)


def test_a_busy_hashtag_shortens_the_look_back_and_asks_for_nothing_it_forgot() -> None:
    many = [(str(int(an_id(1)) + number), "") for number in range(REMEMBERED + 50)]
    place = Place().after(many, hours=24)
    assert len(place.seen) == REMEMBERED
    assert place.start(24) == min(place.seen, key=rank) == many[50][0]


def test_ids_that_hold_no_time_are_read_on_from_the_last() -> None:
    place = Place("01HZX", {"01HZX": ""}).after([("01HZZ", "")], hours=2)
    assert (place.last, place.start(2)) == ("01HZZ", "01HZZ")


def an_id(hour: float) -> str:
    return str(snowflake(1_789_000_000 + hour * HOUR))
