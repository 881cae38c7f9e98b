from math import isclose, log

from feedback.topics.labels import as_said, choose, class_tf_idf
from feedback.topics.passages import passages


def test_the_weight_of_a_term_is_that_of_a_hand_count() -> None:
    # Two classes and the rest; 30 terms said in all, so 10 by a class on average
    found = class_tf_idf([[4, 1], [0, 2]], [10, 20])
    assert isclose(found[0, 0], 4 * log(1 + 10 / 10))
    assert isclose(found[0, 1], 1 * log(1 + 10 / 20))
    assert found[1, 0] == 0
    assert isclose(found[1, 1], 2 * log(1 + 10 / 20))


def test_two_words_said_as_one_are_shown_instead_of_either() -> None:
    found = choose(["limit", "credit", "credit limit", "raise"], [5, 4, 3, 2], [9, 8, 7, 5], 10)
    assert found == ["credit limit", "raise"]


def test_neighbours_by_chance_are_no_term() -> None:
    found = choose(["limit", "credit", "credit limit"], [5, 4, 9], [9, 8, 3], 10)
    assert found == ["limit", "credit"]


def test_a_word_of_one_text_in_twenty_is_no_word_for_a_theme() -> None:
    assert choose(["card", "blue"], [5, 4], [90, 5], 100) == ["card"]


def test_a_term_is_shown_as_most_people_wrote_it() -> None:
    texts = ["Не пришли деньги", "деньги не пришли", "Прошу вернуть деньгами"]
    said = [(text, term) for text in texts for term in passages(text)]
    assert as_said(["деньга"], said) == ["деньги"]
