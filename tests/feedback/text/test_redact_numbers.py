import random

import pytest

from feedback.text.redact import redact


@pytest.mark.parametrize(
    "number",
    [
        "4276 3800 1234 5671",
        "4276-3800-1234-5671",
        "4276 3800 1234",
        "4081 7810 0999 1000 4312 01",
        "1 4276 3800 1234 5671",
    ],
)
def test_groups_of_four_are_no_phone_in_part(number: str) -> None:
    assert redact(f"карта {number} не прошла").text == f"карта {number} не прошла"


def test_no_sixteen_digits_in_fours_have_a_phone_in_the_middle() -> None:
    chance = random.Random(1)
    for _ in range(2000):
        number = " ".join(f"{chance.randrange(10_000):04}" for _ in range(4))
        assert redact(f"номер {number} и всё").text in (
            f"номер {number} и всё",
            "номер [card] и всё",
        )


def test_a_phone_after_a_mistyped_card_is_still_found() -> None:
    text = "4276 3800 1234 5671 8 916 123-45-67"
    assert redact(text).text == "4276 3800 1234 5671 [phone]"


def test_a_phone_in_fours_is_taken_whole() -> None:
    assert redact("call +4420 7946 0958 now").text == "call [phone] now"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ИНН 5001 0073 2259 в чеке", "ИНН [inn] в чеке"),
        ("iban de89370400440532013000 мой", "iban [iban] мой"),
        ("DE89-3704-0044-0532-0130-00 мой", "[iban] мой"),
        ("тел. 8\u2212916\u2212123\u221245\u221267", "тел. [phone]"),
    ],
)
def test_a_number_in_an_odd_spelling_is_taken(text: str, expected: str) -> None:
    assert redact(text).text == expected
