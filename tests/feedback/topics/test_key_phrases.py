"""Key phrases of one text, and those that tell some texts from others."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from feedback.topics.key_phrases import MOST, key_phrases, telling
from feedback.topics.words import words


def test_russian_key_phrases_are_nouns_with_their_adjectives_and_genitives() -> None:
    text = "Вчера забрал из пункта выдачи бракованный чайник, очень злюсь"
    assert set(shown(text)) == {"пункта выдачи", "бракованный чайник"}


def test_english_key_phrases_are_runs_between_words_of_grammar() -> None:
    text = "The battery life of this vacuum cleaner is a joke"
    assert shown(text)[:2] == ["battery life", "vacuum cleaner"]


def test_a_phrase_that_is_said_twice_is_told_once_where_it_stands_first() -> None:
    text = "Служба доставки молчит. Где служба доставки?"
    assert shown(text) == ["Служба доставки"]


@given(some.text(max_size=300))
def test_any_text_gives_at_most_so_many_places_inside_it(text: str) -> None:
    places = key_phrases(words(text))
    assert len(places) <= MOST
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(a[1] <= b[0] for a, b in pairwise(sorted(places)))


def test_a_phrase_of_these_texts_ranks_above_one_that_all_texts_have() -> None:
    these = ["Тёмная тема пропала, служба поддержки молчит"] * 8
    others = ["Служба поддержки молчит, горячая линия занята"] * 30
    told = telling(these, others)
    assert told["phrase"].iloc[0] == "тёмная тема"
    assert told["phrase"].iloc[-1] == "горячая линия"
    shared = told.set_index("phrase")["z"]["служба поддержки"]
    assert abs(shared) < abs(told["z"].iloc[0]) / 2


def test_a_single_mention_is_worth_less_than_a_frequent_one() -> None:
    told = telling(["Тёмная тема"] * 9 + ["Белый экран"], ["Горячая линия"] * 50)
    z = told.set_index("phrase")["z"]
    assert z["тёмная тема"] > z["белый экран"] > 0


def test_no_texts_give_no_phrases() -> None:
    assert telling([], []).empty


def shown(text: str) -> list[str]:
    return [text[start:end] for start, end in key_phrases(words(text))]
