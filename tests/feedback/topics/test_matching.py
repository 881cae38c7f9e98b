"""Phrases in any form of their words, where they stand, and where they do not count."""

import pytest

from feedback.topics.matching import Matcher
from feedback.topics.taxonomy import Declared, Names, topics
from feedback.topics.words import words


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("пункт выдача", "Стою у пункта выдачи", ["пункта выдачи"]),
        ("платёж", "ПЛАТЕЖИ не проходят", ["ПЛАТЕЖИ"]),
        ("deliver", "They delivered it, it was delivering", ["delivered", "delivering"]),
        ("сайт * лежать", "сайт опять лежит", ["сайт опять лежит"]),
        ("сайт * лежать", "сайт лежит", ["сайт лежит"]),
        ("сайт * лежать", "сайт снова у вас лежит", []),
        ("сайт лежать", "сайт опять лежит", []),
        ("сайт лежать", "Вот сайт. Лежит на диске", []),
        ("=верните", "Верните деньги", ["Верните"]),
        ("=верните", "Деньги вернули", []),
        ("not work", "It doesn't work", ["doesn't work"]),
        ("not work", "it dont work, does not work", ["dont work", "not work"]),
        ("класс", "кл[email]асс", []),
        ("email", "[email] пишет", []),
        ("класс", "Классссс!", ["Классссс"]),
        ("app", "приложение app глючит", ["app"]),
    ],
)
def test_a_phrase_is_found_in_any_form_of_its_words(
    phrase: str, text: str, found: list[str]
) -> None:
    assert cut(text, matcher(phrase)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ухожу к конкурентам", True),
        ("Не собираюсь уходить к конкурентам", False),
        ("Я не дождался, ухожу к конкурентам", True),
        ("Не помогли. Ухожу к конкурентам", True),
        ("I'm not switching to anyone", False),
        ("It did not help, switching to another bank", True),
        ("Больше не приду", True),
    ],
)
def test_a_threat_that_is_denied_is_none(text: str, found: bool) -> None:
    threat = matcher("уходить к", "switch to", "больше не прийти", denials=True)
    assert bool(cut(text, threat)) is found


def test_what_touches_a_blocking_phrase_is_not_counted_and_the_rest_is() -> None:
    one = matcher("качество", blocking=["качество обслуживание"])
    assert cut("Качество обслуживания так себе", one) == []
    assert cut("Качество обслуживания ок, качество ткани нет", one) == ["качество"]


def test_several_topics_are_found_in_one_text_of_two_languages() -> None:
    text = "Курьер приехал быстро, но the app keeps crashing, а цены кусаются"
    assert {"delivery", "fault", "price"} <= Matcher(topics()).find(words(text)).keys()


def matcher(*phrases: str, blocking: list[str] | None = None, denials: bool = False) -> Matcher:
    names = Names(ru="Одна", en="One")
    one = Declared(names=names, phrases=list(phrases), blocking=blocking or [])
    return Matcher({"one": one}, denials=denials)


def cut(text: str, phrases: Matcher) -> list[str]:
    return [text[start:end] for start, end in phrases.find(words(text)).get("one", [])]
