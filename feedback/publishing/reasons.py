"""What our checks and readers say of a record, in Russian: they are written in English, in code.

A `{}` stands for a name or a number, a `#` for a number; what is not listed stays as it is.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from feedback.publishing.formats import NBSP

RUSSIAN: Mapping[str, str] = {
    # any table
    "a column is missing": "нет нужного столбца",
    "the table is empty": "таблица пуста",
    "a check could not be made ({}): {}": "проверку не удалось провести ({}): {}",
    "another row has the same {}": "у другой строки то же значение: {}",
    "it has no {}": "нет значения: {}",
    # records
    "it has no readable date": "нет читаемой даты",
    "its date is before the year {}": "дата раньше {} года",
    "its date is in the future": "дата в будущем",
    "it has neither a text nor a rating": "нет ни текста, ни оценки",
    "its rating has no scale": "у оценки нет шкалы",
    "its rating is below its scale": "оценка ниже своей шкалы",
    "its rating is above its scale": "оценка выше своей шкалы",
    "its scale does not go from low to high": "шкала идёт не от меньшего к большему",
    "its channel is not known": "канал неизвестен",
    "its survey is not known": "вид опроса неизвестен",
    "the recommendation scale is not {} to {}, so it is not in the Net Promoter Score": (
        "шкала рекомендаций не от {} до {}, в индекс лояльности ответ не входит"
    ),
    "the text is longer than {} characters": "текст длиннее {} знаков",
    # after cleaning
    "an e-mail address is left in its {}": "остался адрес почты в поле {}",
    "a payment card is left in its {}": "остался номер карты в поле {}",
    "a SNILS is left in its {}": "остался СНИЛС в поле {}",
    "an IBAN is left in its {}": "остался номер счёта IBAN в поле {}",
    "a mobile phone is left in its {}": "остался мобильный телефон в поле {}",
    "the text names a passport or a tax number, and a number": (
        "в тексте назван паспорт или ИНН, и рядом номер"
    ),
    "its product is longer than {} characters": "название продукта длиннее {} знаков",
    "its text has control characters": "в тексте управляющие символы",
    "the text has HTML tags left in it": "в тексте остались теги HTML",
    "the text has characters that could not be decoded": "в тексте нераспознанные символы",
    "its text is only what a program writes for nothing": "в тексте только «пусто» программы",
    # of one channel
    "the mail has no thread, so what answers it cannot be joined to it": (
        "у письма нет переписки, ответы на него с ним не связать"
    ),
    "the mail has no sender, so its voice is nobody's": "у письма нет отправителя",
    "the mail still quotes the words it answers": "в письме осталась цитата, на которую отвечают",
    "a mail has a rating: its source may be a form": "у письма есть оценка: не форма ли это",
    "its rating is not a whole number up to {}, as answers are": (
        "оценка не целое число до {}, как бывает в ответах"
    ),
    "it has a rating but no survey, so it is in no score": (
        "есть оценка, но не вид опроса: в показатели она не входит"
    ),
    "its url would run or open something": "ссылка что-то запустит или откроет",
    "its url is not one of the web, so nobody can open it": "ссылка не на страницу в сети",
    "it has neither a url nor an author, so nobody can look it up": (
        "нет ни ссылки, ни автора: запись не найти"
    ),
    # what was inferred
    "an item has no inference": "высказывание не разобрано",
    "an inference is of no item that was asked for": "разобрано то, чего не просили",
    "an item has two inferences of one model": "одно высказывание разобрано дважды",
    "its language is neither known nor unknown": "язык вне списка",
    "its label is none of the model's": "тональность вне списка модели",
    "its label and its score contradict each other": "тональность и её оценка противоречат",
    "its probabilities do not sum to 1": "вероятности в сумме не дают 1",
    "its score is not what its probabilities say": "оценка тональности не сходится с вероятностями",
    "its label is not the likeliest": "названа не самая вероятная тональность",
    "its label is stated without a {}": "тональность названа без значения: {}",
    "an item has no tags": "высказывание не размечено по темам",
    "tags are of no item that was asked for": "размечено то, чего не просили",
    "an item is tagged twice by one method": "одно высказывание размечено дважды",
    "it has a topic that the taxonomy does not declare": "тема не объявлена в рубрикаторе",
    "it has an intent that is not declared": "намерение не объявлено",
    "a topic of it has a sentiment that is none of the model's": (
        "тональность темы вне списка модели"
    ),
    "a place it names lies outside its text": "указанное место лежит вне текста",
    "it has more than {} key phrases": "ключевых фраз больше {}",
    "its urgency does not fit its intents": "срочность не подходит к намерениям",
    # what a run brought, as a whole
    "the count of records is not plausible": "число записей неправдоподобно",
    "too many texts are empty": "слишком много пустых текстов",
    "the language of too many texts is unknown": "слишком у многих текстов неизвестен язык",
    "too few of those asked in a survey gave a rating": "слишком мало опрошенных дали оценку",
    "it names products that this source never named before": "новые для источника продукты",
    "it names regions that this source never named before": "новые для источника регионы",
    "it has a survey that this source never had before": "новый для источника вид опроса",
    "it has a channel that this source never had before": "новый для источника канал",
    "its texts are longer or shorter than they were": "тексты стали длиннее или короче",
    "its ratings are spread otherwise than they were": "оценки распределены иначе, чем были",
    "its languages are others than they were": "языки другие, чем были",
    "its sentiment is spread otherwise than it was": "тональность распределена иначе, чем была",
    # numbers
    "its metric is not in the catalogue": "показателя нет в каталоге",
    "its grain is not known": "неизвестен шаг времени",
    "its period starts in the future": "период начинается в будущем",
    "its n is negative": "n отрицательно",
    "its count is not its n": "количество не равно n",
    "its value is outside its own interval": "значение вне своего интервала",
    "its {} is below {}": "{} меньше {}",
    "its {} is outside {}..{}": "{} вне {}…{}",
    "its status does not fit its n": "статус не подходит к n",
    "a number is shown for fewer than {} voices": "показано число, хотя голосов меньше {}",
    "a number or its interval is missing for {} voices or more": (
        "нет числа или интервала, хотя голосов не меньше {}"
    ),
    "{} is missing for the whole period": "за весь период нет показателя {}",
    # what was seen
    "nothing new": "ничего нового",
    "not collected": "не собрано",
    "# records": "записей: {}",
    "# new": "новых: {}",
    "# of #": "{} из {}",
    "# are too few to tell": "{}: слишком мало",
    "# beside # are too few to tell": "{} рядом с {}: слишком мало",
    "PSI #, # beside #": "PSI {}; {} рядом с {}",
    # readers
    "a row {}": "строка файла: {}",
    "has no id": "нет номера",
    "is not JSON": "это не JSON",
    "has {} cells, the header {}": "ячеек {}, а в заголовке {}",
    "has bytes that its encoding does not know": "байты не той кодировки",
    "has an object in a mapped column: name one of its fields with a dot": (
        "в столбце объект: назовите его поле через точку"
    ),
    "the date is empty": "дата пуста",
    "the date lies before {}": "дата раньше {} года",
    "the date lies in the future": "дата в будущем",
    "the date lies outside the calendar": "даты нет в календаре",
    "the date or the time of day does not exist": "такой даты или времени не бывает",
    "day and month cannot be told apart: declare date_order": (
        "день и месяц не различить: задайте date_order"
    ),
    "the year may stand first or last: declare date_order": (
        "год может стоять первым или последним: задайте date_order"
    ),
    "text where a date was expected": "текст на месте даты",
    "a date was expected, not a value of another kind": "на месте даты значение другого вида",
    "the number is no moment that is certain": "число не похоже ни на какое время",
    "the number may be a spreadsheet's day: format its column as a date": (
        "число похоже на день из таблицы: задайте столбцу вид даты"
    ),
    "clocks were turned in that hour: write the time with its offset": (
        "в этот час переводили часы: укажите смещение от UTC"
    ),
    "the year has two digits only: declare two_digit_years": (
        "в году две цифры: задайте two_digit_years"
    ),
    "the weekday is not that of the date": "день недели не от этой даты",
    "the offset of Moscow time in that year is not certain": (
        "смещение московского времени в том году неоднозначно"
    ),
    "the time zone named in the date is not certain: write it as +03:00": (
        "часовой пояс даты неоднозначен: укажите его как +03:00"
    ),
    "the time zone of the date does not exist": "такого часового пояса не бывает",
    "text where a number was expected as the rating": "текст на месте числа оценки",
    "a number was expected as the rating, not a value of another kind": (
        "на месте оценки значение другого вида"
    ),
    "the rating lies off the scale from {} to {}": "оценка вне шкалы от {} до {}",
    "the rating is given on another scale than to {}": "оценка по другой шкале, не до {}",
    "the stars belong to another scale than to {}": "звёзды другой шкалы, не до {}",
    'the rating is none of the answers of the scale "{}"': "такого ответа нет на шкале «{}»",
    "the consent is neither yes nor no": "согласие не «да» и не «нет»",
    "has a number in a mapped column that is too large to be read": (
        "в столбце слишком большое число"
    ),
    "neither text nor rating": "нет ни текста, ни оценки",
    "the reader could not read it ({})": "прочесть не удалось ({})",
    "this is not a row as this source stores it": "строка не такая, как хранит этот источник",
    "this is not a status as Mastodon's API describes it": (
        "запись не такая, как описывает API Mastodon"
    ),
    "an entry of the timeline holds no status with a uri": "в ленте элемент без записи с uri",
    "The message has {} bytes, more than `max_bytes` allows.": (
        "В письме {} байт, больше, чем разрешает `max_bytes`."
    ),
    "The message nests its parts too deeply to be read.": (
        "Части письма вложены друг в друга слишком глубоко."
    ),
    "This is no mail message: it has no header. Nothing can be read from it.": (
        "Это не письмо: у него нет заголовка."
    ),
    "The message has no readable Date, and no Received header with one.": (
        "В письме нет читаемой даты ни в Date, ни в Received."
    ),
}


def of(code: str, text: str) -> str:
    """`text`, or several joined by "; ", in the language `code` where somebody has said it so."""
    if code != "ru":
        return text
    return "; ".join(in_russian(one) or one for one in text.split("; "))


def in_russian(text: str) -> str:
    """One reason in Russian; "" when there is none."""
    if text in RUSSIAN:
        return RUSSIAN[text]
    for pattern, russian in _patterns():
        if found := pattern.fullmatch(text):
            return russian.format(*(_part(part) for part in found.groups()))
    return ""


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(_compiled())


def _compiled() -> Iterator[tuple[re.Pattern[str], str]]:
    for english, russian in RUSSIAN.items():
        if "{}" in english or "#" in english:
            pattern = re.escape(english).replace(r"\{\}", "(.+?)").replace(r"\#", r"(\d[\d.,]*%?)")
            yield re.compile(pattern), russian


def _part(part: str) -> str:
    """A reason within a reason, 100,000 as Russian writes it, or anything else as it is."""
    grouped = re.fullmatch(r"\d{1,3}(,\d{3})+", part)
    return part.replace(",", NBSP) if grouped else in_russian(part) or part
