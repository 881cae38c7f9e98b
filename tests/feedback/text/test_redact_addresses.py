import pytest

from feedback.text.redact import redact


@pytest.mark.parametrize(
    "address",
    [
        "ул. Мира, д.101 к.2",
        "ул. Мира, 5/2 к3",
        "Проспект Мира, 101, кв. 5",
        "Ул. Мира, 3",
        "Бульвар Гагарина, 5",
        "Шоссе Энтузиастов, 31",
        "Площадь Победы, 1",
        "Переулок Северный, 7",
        "Набережная Мира, 5",
        "Микрорайон Южный, дом 5",
        "Улица Ленина, дом 5, кв 7",
        "ул.Ленина,5,12",
        "наб. реки Фонтанки, 12",
        "ул. 1905 года, 10",
        "деревня Ивановка, дом 7",
        "ул. Мира, дом № 5, кв. № 12",
    ],
)
def test_a_russian_address_is_taken_whole(address: str) -> None:
    assert redact(f"Живу тут: {address}; жду").text == "Живу тут: [address]; жду"
    assert redact(address).text == "[address]"


@pytest.mark.parametrize(
    "text",
    [
        "дом № 5, кв. № 12",
        "в доме 3 кв 45 метров",
        "Площадь Дома 100 кв. м",
        "На Улице Мира 5 машин",
        "Общая площадь 45, цена 5",
        "a 20 Minute Drive home",
        "10 Best Place to eat",
        "100 Percent Sure Way",
    ],
)
def test_a_measure_is_no_address(text: str) -> None:
    assert redact(text).text == text
