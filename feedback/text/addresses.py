"""Street addresses, Russian and English: a street with a house, or a house with a flat.

A street without a house is where half a city lives, so it stays; so does a city.
"""

import re
from collections.abc import Iterator

from feedback.text.russian_words import look_up
from feedback.text.spans import Span

_HAS_NUMBER = re.compile(r"[0-9]")
_CYRILLIC = re.compile(r"[А-ЯЁа-яё]")

_KIND_OF_STREET = (  # "Ш. Иванов" is a man
    r"(?:ш\.|(?i:ул\.?|улиц[аеуы]|пр-?к?т\.?|просп\.?|пр\.|проспект[ауе]?|пер\.|переул(?:ок|к[аеу])|шоссе"
    r"|наб\.|набережн(?:ая|ой|ую)|б-р|бул\.|бульвар[ауе]?|пл\.|площад[ьи]|проезд[ауе]?|мкр\.?|мкрн\.?"
    r"|микрорайон[ауе]?|тупик[ауе]?|алле[яеию]))"
)
_PROPER = r"[А-ЯЁ][А-ЯЁа-яё-]{0,30}\.?"
_STREET_NAME = (
    r"(?:\d{4}\sгода|(?:(?:им|имени|реки|канала|акад|академика|маршала|генерала|адмирала)\.?\s)?"
    r"(?:\d{1,3}(?:-?(?:я|й|го|ая|ой))?\s(?:лет\s)?)?"
    rf"{_PROPER}(?:\s{_PROPER}){{0,2}})"
)
_LETTER = r"(?:\s?[а-яА-Я](?![а-яёА-ЯЁ]|\.?\s?\d))?"
_HOUSE = rf"\d{{1,4}}(?![\d.:]\d|\d){_LETTER}(?:[/-]\d{{1,4}}{_LETTER})?"
_PARTS = (
    r"(?:,?\s{0,2}(?:к|корп|корпус|стр|строение|лит|литера|влд|кв|квартир[аеуы]|оф|офис|под|подъезд|эт|этаж"
    r"|пом|помещение|ком|комната|секция)\.?\s?(?:№\s?)?\d{1,4}(?!\d)[а-я]?(?![а-яё])){0,6}"
)
_NAMED_HOUSE = rf",?\s{{0,2}}(?:д\.?|дом[ауе]?|вл\.|зд\.)\s?(?:№\s?)?{_HOUSE}"
_VILLAGE = rf"(?i:деревн[яеию]|сел[ое]|пос[её]л(?:ок|ке)|пгт|станиц[аеу]|хутор)\s{_PROPER}"
_STREET = (
    rf"(?:{_KIND_OF_STREET}\s?{_STREET_NAME}"
    rf"|(?!(?:Общ|Жил|Полезн)[а-я]{{2,4}}\s)(?:{_PROPER}\s){{1,2}}{_KIND_OF_STREET})"
)
_RUSSIAN = re.compile(
    rf"(?<![\w-])(?:{_STREET}(?:{_NAMED_HOUSE}|(?P<loose>(?:,\s{{0,2}}|\s{{1,2}}){_HOUSE}))(?:,\d{{1,4}}(?![\d.:]))?{_PARTS}"
    rf"|{_VILLAGE}{_NAMED_HOUSE}{_PARTS}"
    rf"|(?:д\.|дом[ауе]?)\s?{_HOUSE}(?:,?\s{{0,2}}к(?:орп(?:ус)?)?\.?\s?\d{{1,3}})?"
    r",?\s{0,2}(?:кв\.?|квартир[аеуы])\s?\d{1,4}(?!\d|\s?м(?:етр|\b)))"
)
_CITY_BEFORE = re.compile(
    r"(?:(?<!\d)\d{6},?\s)?(?:(?:[А-ЯЁ][а-яё-]{1,30}\s(?:обл\.?|область|край),\s)?"
    r"(?:г\.|гор\.|город|пос\.|с\.|дер\.)\s?[А-ЯЁ][\w-]{1,30}(?:\s[А-ЯЁ][\w-]{1,30})?,\s)?\Z"
)
_LONGEST_CITY = 100  # characters
_NEXT_WORD = re.compile(r"\s?([а-яё]+)")

_WAY = (
    r"(?:(?:Street|Avenue|Ave|Road|Rd|Lane|Ln|Boulevard|Blvd|Terrace|Highway|Hwy|Parkway|Pkwy|Crescent)\b"
    r"\.?(?!\s(?:Food|Fighter|View|Level|Style|Sign))"
    r"|(?:St|Dr|Ct|Pl|Sq|Cir|Drive|Way|Court|Place|Square|Circle)\b\.?"
    r"(?!\s(?!Apt|Apartment|Suite|Ste|Unit|Flat|Floor|N[EW]?\b|S[EW]?\b|E\b|W\b)[A-Z]))"
)
_UNIT = r"(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Room|#)\.?\s?[0-9]{1,5}[A-Za-z]?"
_FLAT = r"\s{0,6}(?:Apt|Apartment|Suite|Ste)\.?\s?[0-9]{1,5}[A-Za-z]?\b"
_NO_STREET = (
    r"(?!(?:GB|TB|MB|USB|SSD|HDD|Minutes?|Miles?|Hours?|Days?|Weeks?|Years?|Steps?|Percent|Star"
    r"|Best|Sure|Big|Way|Hard|Flash|Test|Google|One)\b)"
)
_ENGLISH = re.compile(
    rf"(?<![\w.])(?:{_UNIT},?\s)?[0-9]{{1,5}}[A-Za-z]?(?:[-/][0-9]{{1,4}})?\s{{1,2}}"
    rf"(?:[NSEW]\.?\s)?(?:{_NO_STREET}(?:[A-Z][\w'’-]{{0,20}}\.?|[0-9]{{1,3}}(?:st|nd|rd|th))\s){{1,3}}{_WAY}"
    rf"(?:\s(?:N[EW]?|S[EW]?|E|W)\b\.?)?(?:,?\s{{1,2}}{_UNIT})?"
    r"(?:,\s(?:[A-Z][a-z]{1,20}\s?){1,3},?\s[A-Z]{2}\s[0-9]{5}(?:-[0-9]{4})?)?"
    rf"|(?<![\w.])[0-9]{{1,5}}\s(?:[A-Z\u00c0-\u00de][\w'’.-]{{0,25}}\s){{1,4}}(?:[0-9]{{1,4}}[a-z]?,?\s)?{_FLAT}"
    r"|\bP\.?\s?O\.?\sBox\s[0-9]{1,6}"
)


def find_addresses(text: str) -> Iterator[Span]:
    """A city, its region and its postcode before a street belong to it."""
    if _HAS_NUMBER.search(text) is None:
        return
    found = [match.span() for match in _ENGLISH.finditer(text)]
    if _CYRILLIC.search(text):
        found += _russian(text)
    for start, end in found:
        yield start, end, "address"


def _russian(text: str) -> Iterator[tuple[int, int]]:
    for match in _RUSSIAN.finditer(text):
        if match["loose"] and _counts(text, match.end()):
            continue
        start = match.start()
        before = text[max(0, start - _LONGEST_CITY) : start]
        city = _CITY_BEFORE.search(before)
        yield start - (len(city.group()) if city else 0), match.end()


def _counts(text: str, end: int) -> bool:
    """ "На улице Мира 5 машин": the number belongs to the noun after it."""
    after = _NEXT_WORD.match(text, end)
    return after is not None and (
        look_up(after[1]).is_counted or (len(after[1]) < 4 and after[1] in _UNITS)
    )


_UNITS = frozenset(
    ("мин", "час", "ч", "руб", "р", "шт", "км", "м", "кг", "дн", "лет", "раз", "кв", "га")
)
