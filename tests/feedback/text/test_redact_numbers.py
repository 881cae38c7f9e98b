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
        ("звоните 8/916/123-45-67", "звоните [phone]"),
        ("тел. 8\u2212916\u2212123\u221245\u221267", "тел. [phone]"),
    ],
)
def test_a_number_in_an_odd_spelling_is_taken(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "Игра 1.21.101.1",
        "Photoshop 25.3.1.241",
        "VPN client 4.10.1.120",
        "1С 8.3.24.154",
        "перешли с 8.3.24.154 на новую",
        "Лаунчер 3.112.4.7",
        "Выпуск 112.20.130.9",
    ],
)
def test_four_numbers_that_nothing_calls_an_address_are_a_version(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("client_ip=95.165.23.140", "client_ip=[ip]"),
        ("ping 8.8.8.8 идёт", "ping [ip] идёт"),
        ("писали с 95.165.23.140 ночью", "писали с [ip] ночью"),
        ("открыт 95.65.23.40:8080", "открыт [ip]:8080"),
        ("сеть 95.65.23.0/24", "сеть [ip]/24"),
        ("дома 192.168.1.5 и 172.20.1.5", "дома [ip] и [ip]"),
        ("http://95.65.23.40/img", "http://[ip]/img"),
        ("вот 203.113.177.9", "вот [ip]"),
    ],
)
def test_an_ip_is_taken_where_something_says_that_it_is_one(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "01/02/2026 12/03/2026",
        "https://x.example/2026/05/8916/1234567",
        "2026/01/02 10/20",
        "1/2/3456789",
    ],
)
def test_slashes_do_not_make_a_phone(text: str) -> None:
    assert redact(text).text == text
