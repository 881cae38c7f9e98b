"""Which words of a theme may be told: those of several people, in any form."""

from feedback.metrics.compute import FEW
from feedback.warehouse.theme_terms import shared


def test_a_word_of_five_people_may_be_told_and_one_of_four_may_not() -> None:
    said = people("Негде припарковаться, парковка занята") + people("Дубровский нахамил", FEW - 1)
    assert shared(["парковка", "дубровский"], said) == ["парковка"]


def test_a_word_counts_in_any_of_its_forms() -> None:
    said = [("a", "парковка"), ("b", "нет парковки"), ("c", "с парковкой беда")]
    said += [("d", "о парковке"), ("e", "парковок нет")]
    assert shared(["парковки"], said) == ["парковки"]


def test_one_person_who_writes_five_times_is_one() -> None:
    assert shared(["дубровский"], [("a", "Дубровский нахамил")] * 9) == []


def test_two_words_count_where_they_stand_together() -> None:
    apart = people("возврат долгий, денег нет")
    assert shared(["возврат денег"], apart) == []
    assert shared(["возврат денег"], people("где возврат денег")) == ["возврат денег"]


def test_what_is_no_word_is_never_told() -> None:
    assert shared(["https://evil.example", "[email]", ""], people("https://evil.example")) == []


def people(text: str, n: int = FEW) -> list[tuple[str, str]]:
    return [(f"{text} {i}", text) for i in range(n)]
