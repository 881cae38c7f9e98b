"""What tells nearly equal texts apart."""

from feedback.particulars import particulars


def test_other_digits_are_another_matter() -> None:
    assert particulars("Order 12345 is late") != particulars("Order 54321 is late")
    assert particulars("10 из 12") == particulars("Из 12 только 10!")
    assert particulars("1 и 1") != particulars("1")


def test_a_negation_more_is_the_opposite() -> None:
    for plain, opposite in (
        ("Я рекомендую этот магазин", "Я не рекомендую этот магазин"),
        ("Деньги вернули", "Деньги НЕ вернули"),
        ("It works", "It doesn't work"),
        ("It works", "It doesn’t work"),
        ("I will buy again", "I will never buy again"),
    ):
        assert particulars(plain) != particulars(opposite)


def test_a_word_that_only_begins_like_a_negation_is_none() -> None:
    assert particulars("Небо, нитка, notes and nothing") == particulars("Nota bene")


def test_no_digit_can_be_read_in_them() -> None:
    assert len(particulars("карта 4111111111111111")) == 16
