import pytest

from feedback.text.redact import redact


@pytest.mark.parametrize(
    "name",
    [
        "Ивану Петрову",
        "Марией Сергеевной",
        "Петров И. И.",
        "И.И. Петров",
        "А. Смирнова",
        "Жумабаев Айбек Нурланович",
        "Анна Сергеевна Белова",
        "John Smith",
        "Sarah O'Connor",
        "Robert J. Miller",
        "J. Smith",
        "Will Smith",
    ],
)
def test_a_full_name_is_taken_in_every_form(name: str) -> None:
    assert redact(f"написали: {name}, жду ответа").text == "написали: [name], жду ответа"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Меня зовут Тимур, жду", "Меня зовут [name], жду"),
        ("меня зовут анна белова", "меня зовут [name]"),
        ("С уважением,\nНадежда", "С уважением,\n[name]"),
        ("Уважаемый Роман, верните деньги", "Уважаемый [name], верните деньги"),
        ("курьер Роман опоздал", "курьер [name] опоздал"),
        ("Спасибо Вере за помощь", "Спасибо [name] за помощь"),
        ("Надежда, здравствуйте!", "[name], здравствуйте!"),
        ("доктор Ковальчук принял", "доктор [name] принял"),
        ("звонила Светлана из банка", "звонила [name] из банка"),
        ("My name is Zbigniew and", "My name is [name] and"),
        ("Name: Zbigniew", "Name: [name]"),
        ("Dear Mr. Delgado, hi", "Dear Mr. [name], hi"),
        ("our driver Will was late", "our driver [name] was late"),
        ("Best regards,\nKrzysztof Nowak", "Best regards,\n[name]"),
        ("Thank you Linda for that", "Thank you [name] for that"),
    ],
)
def test_a_name_alone_is_taken_where_the_words_say_so(text: str, expected: str) -> None:
    assert redact(text) == (expected, {"name": 1})


@pytest.mark.parametrize(
    "text",
    [
        "Роман хороший, но перевод ужасный",
        "Вера в магазин пропала, Надежда тоже, Роза завяла",
        "роман Толстого, Роман Толстого",
        "Тинькофф, Леруа Мерлен, Озон и Лада Веста",
        "Владимир и Киров — красивые города",
        "на улице Ивана Франко и в парке Юрия Гагарина",
        "книга «Анна Каренина» и отель Мария",
        "С уважением, команда проекта",
        "Уважаемые господа, дорогой магазин",
        "Will never order again. May be later. Georgia was lovely",
        "Calvin Klein, Dr. Martens, Mr. Proper and Jack Daniels",
        "Dear Customer Support, Hi There, Dear Santa",
        "Victoria's Secret and Ben & Jerry's",
        "my Dr. Prescribed it",
        "Regards, Team Ozon",
        "Product name: Galaxy, file name is Report",
    ],
)
def test_words_brands_and_cities_stay(text: str) -> None:
    assert redact(text) == (text, {})


@pytest.mark.parametrize(
    "field", ["Роман", "Georgia", "Марина", "Kevin", "Москва, ул. Ленина", "Мария Ра", "Mary Kay"]
)
def test_a_field_that_holds_one_word_or_a_place_is_not_mangled(field: str) -> None:
    assert redact(field) == (field, {})


@pytest.mark.parametrize(
    "text",
    [
        "MS Word hangs, MS Excel too, MS Teams and MS Outlook",
        "MR Imaging scan, DR Congo",
        "Ms Word, Dr Congo",
        "Mr Kipling, Mr. Doors, Dr. Scholl's, Miss Dior, Mrs. Meyer's, Dr. Pepper",
        "Mr. Proper, Mr. Clean, Dr. Martens, Dr. Oetker, St. Vincent",
        "Cheers, Mate",
        "the London-Paris train, Ann Taylor Loft, Rolls-Royce",
        "in 1971, Valentine-Murray invested",
        "Thanks to Georgia for that",
    ],
)
def test_a_brand_with_a_title_is_nobody(text: str) -> None:
    assert redact(text) == (text, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("then mr Smith called", "then mr [name] called"),
        ("Видел, как Иван Чёрный вошёл", "Видел, как [name] вошёл"),
        ("Mrs. Meyer came, Dr. Hill left", "Mrs. [name] came, Dr. [name] left"),
        ("Thanks to Will for his help", "Thanks to [name] for his help"),
        ("Thanks to Grace for her patience", "Thanks to [name] for her patience"),
        ("I met Anna-Maria Schmidt there", "I met [name] there"),
        ("wrote to Jean-Luc Picard again", "wrote to [name] again"),
        ("My agent Tom Brady called", "My agent [name] called"),
        ("My agent Tom HP called", "My agent [name] HP called"),
        ("Спасибо Анне-Марии за помощь", "Спасибо [name] за помощь"),
        ("Менеджер Анна-Мария помогла", "Менеджер [name] помогла"),
        ("Ждал Анны-Марии Ковальчук час", "Ждал [name] час"),
        ("пришёл мистер Кузнецов", "пришёл мистер [name]"),
        ("звонила миссис Смирнова", "звонила миссис [name]"),
        ("это господин Кузнецов", "это господин [name]"),
        ("а госпожа Смирнова ушла", "а госпожа [name] ушла"),
        ("менеджер Ольга Чертовских ушла", "менеджер [name] ушла"),
        ("курьер Иван Чёрный опоздал", "курьер [name] опоздал"),
        ("менеджер Ольга Магазин закрыла", "менеджер [name] Магазин закрыла"),
    ],
)
def test_a_name_is_taken_whole(text: str, expected: str) -> None:
    assert redact(text).text == expected
