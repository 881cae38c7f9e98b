import pytest

from feedback.text.redact import redact

EVERY_KIND = (
    ("паспорт {}", "4509 123456", "passport"),
    ("паспортные данные: серия {}", "45 09 № 123456", "passport"),
    ("загранпаспорт {}", "71 1234567", "passport"),
    ("ИНН {}", "500100732259", "inn"),
    ("ИНН: {}", "7707083893", "inn"),
    ("СНИЛС {}", "11223344595", "snils"),
    ("указан {}", "112-233-445 95", "snils"),
    ("счёт {}", "DE89 3704 0044 0532 0130 00", "iban"),
    ("IBAN {} NOW", "GB82WEST12345698765432", "iban"),
    ("вход с {}", "203.0.113.77", "ip"),
    ("мой ip {}", "10.2.3.4", "ip"),
    ("вход с {}", "2001:db8::ff00:42:8329", "ip"),
    ("ник {}", "@anna_b", "handle"),
    ("ник {}", "@anna@social.example", "handle"),
    ("пишите {}", "t.me/anna_b", "handle"),
    ("пишите {}", "https://vk.com/id12345", "handle"),
    ("пишите {}", "https://www.instagram.com/anna.b/", "handle"),
    ("пишите {}", "linkedin.com/in/anna-b", "handle"),
    ("пишите {}", "https://social.example/@anna", "handle"),
    ("привезли на {}", "ул. Ленина, д. 5, кв. 12", "address"),
    ("живу: {}", "проспект Мира 10", "address"),
    ("живу: {}", "г. Москва, ул. Тверская, 7", "address"),
    ("живу: {}", "Невский проспект, 128", "address"),
    ("живу: {}", "ул. 8 Марта, 12-5", "address"),
    ("это {}", "дом 7, квартира 45", "address"),
    ("sent to {}", "221B Baker Street", "address"),
    ("sent to {}", "123 Main St, Apt 4", "address"),
    ("sent to {}", "P.O. Box 1187", "address"),
)


@pytest.mark.parametrize(("around", "personal", "kind"), EVERY_KIND)
def test_every_kind_has_its_own_mark(around: str, personal: str, kind: str) -> None:
    text = f"Внимание: {around}, это важно"
    assert redact(text.format(personal)) == (text.format(f"[{kind}]"), {kind: 1})


@pytest.mark.parametrize(
    "text",
    [
        "ИНН 7707083894 и СНИЛС 112-233-445 96 с ошибкой",
        "размер 4509 123456, артикул 7707083893, полис 500100732259",
        "заказ 112-233-445 95",
        "паспорт изделия 1234 567890",
        "GB82 WEST 1234 5698 7654 33",
        "версия 10.200.3.4, app v8.1.120.7, прошивка 1.0.120.200",
        "маска 255.255.255.0, локально 127.0.0.1, 10.2.3.4",
        "10:05:30, MAC 00:1A:2B:3C:4D:5E, std::vector",
        "logo@2x.png",
        "Касса @home 2.0, @all",
        "https://vk.com/wall-123_456 https://t.me/shop/15 https://github.com/a/b/issues/4",
        "https://www.instagram.com/p/CxYz/ https://x.com/search https://max.com/anna",
        "магазин на улице Гагарина",
        "на ул. Мира 5 минут, на проспекте Мира 10 машин",
        "500 GB Hard Drive, 5 Star Service, 3 Amazing Street Food places",
        "обещали 5 дней, дом 5 звёзд",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert redact(text) == (text, {})


def test_two_of_a_kind_may_be_found_in_any_order() -> None:
    text = "2001:db8::ff00:42:8329 и 203.0.113.77, СНИЛС 11223344595, ИНН 500100732259"
    assert redact(text).text == "[ip] и [ip], СНИЛС [snils], ИНН [inn]"


def test_papers_orders_and_times_are_told_apart() -> None:
    text = (
        "Паспорт 4509 123456, ИНН 500100732259, СНИЛС 112-233-445 95, заказ № 89161234567, "
        "договор 77-12345678-2026 от 2026-09-01 10:05:00, номер 123456789012345. "
        "Иван Петров, ул. Ленина, д. 5, @ivan_p"
    )
    assert redact(text).text == (
        "Паспорт [passport], ИНН [inn], СНИЛС [snils], заказ № 89161234567, "
        "договор 77-12345678-2026 от 2026-09-01 10:05:00, номер 123456789012345. "
        "[name], [address], [handle]"
    )
