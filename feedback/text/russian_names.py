"""Russian names of people: forms of the dictionary that agree in case, and the words before them.

A first name alone is taken where it can hardly be anything else, or where somebody is addressed,
thanked, introduced or has a role: "курьер Роман" is a person, "Роман хороший" is a book.
"""

import re
from collections.abc import Iterator, Sequence

from feedback.text.name_lists import listed
from feedback.text.russian_words import Word, look_up

_WORD = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?(?!\w)"
_TOKEN = re.compile(rf"{_WORD}|[А-ЯЁ]\.")
_RUN = re.compile(rf"(?<![\w@#/&.-])(?:(?:{_WORD}|[А-ЯЁ]\.)[ \u00a0]?)+")
_LONGEST = 4  # tokens: a surname with two initials, or all three names and a second surname
_AROUND = 48  # characters that may say who it is

_ROLES = (
    r"(?:менеджер|оператор|курьер|консультант|продав[ец]|мастер|водител|администратор|сотрудни|специалист"
    r"|врач|доктор|тренер|официант|бариста|кассир|стилист|парикмахер|инженер|юрист|риелтор|риэлтор"
    r"|инструктор|учител|преподавател|воспитател|экскурсовод|директор|начальник|бригадир|монтажник"
    r"|установщик|сантехник|электрик|охранник|повар|медсестр|диспетчер|грузчик|механик|куратор|ментор"
    r"|представител|управляющ|заведующ|бабушк|дедушк|подруг|коллег|сосед|девушк|женщин|мужчин|господин"
    r"|госпож|гражданин|гражданк|получател|отправител|заказчик|покупател|клиент|пациент|абонент|уважаем"
    r")[а-яё]{0,6}|мистер(?:а|у|ом|е)?|миссис|мисс|дорог(?:ой|ая|ому|ую)|мам(?:[аыуе]|ой)|пап(?:[аыуе]|ой)|муж(?:а|у|ем|е)?|жен(?:[аыуе]|ой)"
    r"|сын(?:а|у|ом|е)?|доч(?:ь|ери|к[аиуе]|кой)|брат(?:а|у|ом|е)?|сестр(?:[аыуе]|ой)|дяд[яиюе]|т[её]т[яиюе]"
    r"|нян[яиюе]|гид(?:а|у|ом)?|агент(?:а|у|ом)?|друг(?:а|у|ом|е)?|парен[ья]|парн[яюе]м?"
)
_BEFORE = re.compile(
    r"\b(?:(?P<introduced>меня зовут|зовут меня|мо[её] имя|фио|ф\. ?и\. ?о\.)"
    r"|(?P<signed>с уважением|с наилучшими пожеланиями)"
    r"|(?P<greeted>спасибо|благодарю|благодарность|здравствуйте|здравствуй|привет|до свидания"
    r"|добр(?:ый день|ый вечер|ое утро|ого дня|ого вечера))"
    rf"|(?P<called>{_ROLES}|г-н[ау]?|г-ж[аеу]|зовут|имя|от имени|на имя|это))"
    r"(?P<sign>\s*[,:.!—–-]?\s*)\Z"
)
_ANSWERED = re.compile(r",\s(?:здравствуй|добр|спасибо|привет|подскажите|скажите)")
_PLACE = re.compile(
    r"\b(?:ул|улиц\w*|пр-т|просп|проспект\w*|пл|площад\w+|пер|переул\w+|шоссе|бульвар\w*|наб|набережн\w+"
    r"|метро|станци\w+|парк\w*|сквер\w*|имени|им|театр\w*|музе\w+|памятник\w*|храм\w*|собор\w*|церк\w+"
    r"|монастыр\w+|мост\w*|остров\w*)\.?[ \u00a0]?\Z"
)
_WORK = re.compile(
    r"\b(?:роман\w{0,3}|книг\w+|фильм\w*|сериал\w*|повест\w+|рассказ\w{0,3}|песн\w+|мультфильм\w*"
    r"|игр[аыуе]|бот\w{0,3}|ассистент\w*|колонк\w+|теплоход\w*|город\w*|г\.)[ \u00a0]?\Z"
)
_THING_BEFORE = re.compile(r"([а-яё]+)[ \u00a0]\Z")
_NO_TITLE = frozenset(("спасибо", "день", "вечер", "утро", "дня", "вечера", "имя"))
_QUOTES = tuple("«\"“„'")
_SURNAME = re.compile(
    r"(?:[оеё]в(?:а|у|ым|е|ой)?|[иы]н(?:а|у|ым|е|ой)?|ск(?:ий|ая|ого|ой|ому|им|ую)|енко|[уюа]к"
    r"|ян|дзе|швили)\Z"
)
_ADJECTIVE = re.compile(r"[сц]к(?:ий|ая|ого|ой|ому|им|ую)\Z")  # surnames like Вознесенский
_ADJECTIVES = (  # as surnames: of a first name that is in the nominative, and in another case
    re.compile(r"..(?:[ыи]й|ая|[ыи]х)\Z"),
    re.compile(r"..(?:[ое]го|[ое]му|[ыи]м|ой|ую|[ыи]х)\Z"),
)
_SURE = 0.5  # of the readings of a word, weighed by how often each is met
_SHORT = 3  # letters: "Че", "Ав" and the like are not taken by themselves
_LOWER = re.compile(
    r"(?:зовут(?: меня)?|мо[её] имя)[ :—–-]{1,3}([а-яё]{2,20})(?![\w-])"
    r"(?: ([а-яё]{3,20})(?![\w-]))?"
)


def find_russian_names(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each; three names in a row are one span."""
    for run in _RUN.finditer(text):
        tokens = [match.span() for match in _TOKEN.finditer(text, *run.span())]
        first = 0
        while first < len(tokens):
            size = _size(text, tokens[first : first + _LONGEST])
            if size:
                yield tokens[first][0], tokens[first + size - 1][1]
            first += size or 1
    if "зовут" in text:
        yield from _in_lower_case(text)


def _size(text: str, tokens: Sequence[tuple[int, int]]) -> int:
    """How many of the tokens, from the first on, are the name of a person; 0 when none."""
    words = [text[start:end] for start, end in tokens]
    if "-".join(words[:2]).lower() in listed("brand"):
        return 0
    full = _full_name(words)
    if not full and words[0][-1] == ".":
        return 0
    start, end = tokens[0][0], tokens[max(full, 1) - 1][1]
    before = text[max(0, start - _AROUND) : start].lower()
    if full:
        is_title = before.endswith(_QUOTES) and text[end : end + 1] in ("»", '"', "”", "“", "'")
        return 0 if is_title or _is_namesake(look_up(words[0]), before) else full
    word = look_up(words[0])
    if not (word.first or word.surname or word.patronymic or not word.is_known):
        return 0
    if _is_called(words[0], word, before, text[end : end + _AROUND].lower()):
        rest = _rest(words[1:])
        return 1 + (rest or (len(words) > 1 and _ends_name(word, words[1])))
    is_alone = not text[:start].strip() and not text[tokens[-1][1] :].strip(" .!")
    if is_alone or not _is_obvious(word, before, words[0]):
        return 0
    return 1 + (len(words) > 1 and _ends_name(word, words[1]))


def _full_name(words: Sequence[str]) -> int:
    """Tokens of a name that says by its form that it is one: two names that agree, or initials."""
    initials = 0
    while initials < min(len(words), 2) and words[initials][-1] == ".":
        initials += 1
    if initials:
        surname = look_up(words[initials]) if len(words) > initials else None
        if surname is None or words[initials][-1] == "." or not _may_be_surname(surname):
            return 0
        return initials + 1 if initials == 2 or surname.as_surname >= _SURE else 0
    one = look_up(words[0])
    if len(words) < 2 or words[0].lower() in listed("nobody"):
        return 0
    if words[1][-1] == ".":
        return _with_initials(one, words)
    return _agreeing(one, look_up(words[1]), words)


def _with_initials(surname: Word, words: Sequence[str]) -> int:
    if not _may_be_surname(surname) or (surname.first and surname.as_first > surname.as_surname):
        return 0
    if len(words) > 2 and words[2][-1] == ".":
        return 3
    return 2 if surname.is_known and surname.as_surname >= _SURE else 0


def _agreeing(one: Word, two: Word, words: Sequence[str]) -> int:
    third = look_up(words[2]) if len(words) > 2 and words[2][-1] != "." else None
    if one.first & two.patronymic:
        return 3 if third and third.surname & one.first and _may_be_surname(third) else 2
    if third and one.surname & two.first & third.patronymic:
        return 3
    if len(words[1]) < 3 or words[1].lower() in listed("nobody"):
        return 0
    is_second = one.first & two.surname or (_is_sure(two) and one.first & two.first)
    if _is_sure(one) and (is_second or _ADJECTIVE.search(words[1])):
        return 2
    if one.is_known and two.is_known and one.first & two.surname and two.as_surname >= _SURE:
        return 2
    if one.surname & two.first and two.as_first >= _SURE and two.is_known:
        is_surname = one.as_surname >= _SURE or (not one.is_known and _SURNAME.search(words[0]))
        return 2 if is_surname else 0
    return 0


def _is_sure(first: Word) -> bool:
    return first.is_known and first.as_first >= _SURE and first.lemma not in listed("else")


def _may_be_surname(word: Word) -> bool:
    return bool(word.surname) and (not word.is_known or word.as_surname >= word.as_other)


def _rest(words: Sequence[str]) -> int:
    """How many of the words after a first name still belong to it."""
    size = 0
    for word in words[:2]:
        known = look_up(word)
        if not (word[-1] == "." or known.patronymic or _may_be_surname(known)):
            break
        size += 1
    return size


def _is_called(raw: str, word: Word, before: str, after: str) -> bool:
    """Whether the words around say that a person is meant."""
    if raw.lower() in listed("nobody"):
        return False
    if word.first and word.is_known and _ANSWERED.match(after):
        return True
    match = _BEFORE.search(before)
    if match is None:
        return False
    how = next(name for name in ("introduced", "signed", "greeted", "called") if match[name])
    sign = match["sign"].strip()
    if how == "introduced":
        return word.as_other < _SURE or bool(word.first)
    if how == "signed":
        is_person = bool(word.first or word.surname) and word.as_other < _SURE
        return is_person or (word.is_known and bool(word.first))
    if how == "greeted":
        is_named = "datv" in word.first or after[:1] in ("!", ".", ",", "")
        return word.is_known and bool(word.first) and sign in ("", ",") and is_named
    if sign in (".", "!"):
        return False
    is_surname = word.as_surname >= _SURE or (not word.is_known and bool(_SURNAME.search(raw)))
    return (word.is_known and bool(word.first)) or bool(word.patronymic) or is_surname


def _is_namesake(first: Word, before: str) -> bool:
    """Whether a place or a work bears the name: "парк Юрия Гагарина", "роман Анна Каренина"."""
    is_place = (not first.first or "gent" in first.first) and _PLACE.search(before)
    return bool(is_place or _WORK.search(before))


def _goes_on(word: str) -> bool:
    """An initial, or a surname that no dictionary has: "Андреа Худ"."""
    if word.lower() in listed("nobody"):
        return False
    return word[-1] == "." or (len(word) > _SHORT and not look_up(word).is_known)


def _ends_name(first: Word, word: str) -> bool:
    """Whether the word after a first name is an initial, or a surname that is an adjective, too."""
    if word.lower() in listed("nobody") or not first.first:
        return False
    known = look_up(word)
    looks = _ADJECTIVES["nomn" not in first.first].search(word)
    return _goes_on(word) or bool(looks and not known.is_thing and not known.is_counted)


def _is_obvious(word: Word, before: str, raw: str) -> bool:
    """A first name that is hardly ever anything else, and no title of a thing: "отель Мария"."""
    if not _is_sure(word) or len(raw) < _SHORT:
        return False
    if before.endswith(_QUOTES) or _is_namesake(word, before):
        return False
    thing = _THING_BEFORE.search(before)
    is_title = thing and thing[1] not in _NO_TITLE and look_up(thing[1]).is_thing
    return not (is_title and "nomn" in word.first)


def _in_lower_case(text: str) -> Iterator[tuple[int, int]]:
    """ "меня зовут анна иванова": nobody writes a common noun there."""
    for match in _LOWER.finditer(text):
        first = look_up(match[1])
        if not (first.is_known and "nomn" in first.first):
            continue
        second = look_up(match[2]) if match[2] else None
        goes_on = second and ("nomn" in second.patronymic or second.as_surname >= _SURE)
        yield match.start(1), match.end(2 if goes_on else 1)
