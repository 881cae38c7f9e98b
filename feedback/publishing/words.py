"""Every sentence of the pages, in Russian and in English.

A text missing in one language is a defect that a test finds; metric texts come with the metric.
"""

from collections.abc import Mapping

from feedback.publishing.words_quality import QUALITY
from feedback.publishing.words_topics import TOPICS

Pair = tuple[str, str]  # Russian, English

WORDS: Mapping[str, Pair] = {
    "language": ("Русский", "English"),
    "skip": ("К показателям", "Skip to the numbers"),
    "contents": ("Содержание", "Contents"),
    "as_of": ("По состоянию на {moment}", "As of {moment}"),
    "as_of_short": ("на {moment}", "as of {moment}"),
    "headline": ("Главное", "At a glance"),
    "interval": ("95 %: {interval}", "95%: {interval}"),
    "no_interval": ("без интервала", "no interval"),
    "n": ("n = {n}", "n = {n}"),
    "few": ("n < 5", "n < 5"),
    "nothing": ("Нет данных за период", "No data in this period"),
    "nothing_short": ("нет данных", "no data"),
    "change": ("к предыдущим {days} дн.", "against the previous {days} days"),
    "change_better": ("лучше", "better"),
    "change_worse": ("хуже", "worse"),
    "change_up": ("рост", "up"),
    "change_down": ("снижение", "down"),
    "change_unclear": ("в пределах случайного", "within chance"),
    "points_change": ("п. п.", "pp"),
    "sentiment": ("Тональность", "Sentiment"),
    "sentiment_question": (
        "Какая часть высказываний негативная, какая позитивная?",
        "What part of what customers said is negative, what part positive?",
    ),
    "by_week": ("По неделям", "By week"),
    "by_day": ("По дням", "By day"),
    "by_channel": ("По каналам", "By channel"),
    "by_product": ("По продуктам", "By product"),
    "week_by_product": ("По неделям и продуктам", "By week and product"),
    "week_by_product_note": (
        "Одна шкала для всех; внизу последняя полная неделя.",
        "One scale for all; below each, the last whole week.",
    ),
    "shares_by": ("Доли по каналам и продуктам", "Shares by channel and product"),
    "all": ("Всего", "All"),
    "other_share": ("нейтральные", "neutral"),
    "last_week": ("Последняя полная неделя ({days})", "Last whole week ({days})"),
    "last_day": ("Последний день ({days})", "Last day ({days})"),
    "no_whole_week": ("Полных недель пока нет", "No whole week yet"),
    "gap": ("нет данных", "no data"),
    "gaps": ("Нет данных: {gaps}.", "No data: {gaps}."),
    "and_more": ("и ещё {n}", "and {n} more"),
    "few_note": (
        "Засечки у оси: n < 5, значение скрыто.",
        "Ticks on the axis: n < 5, value hidden.",
    ),
    "unjoined_note": (
        "Ответов за день мало, поэтому точки не соединены.",
        "Few answers a day, so the points are not joined.",
    ),
    "not_drawn": (
        "Не показаны, мало ответов за неделю или меньше других: {names}.",
        "Not drawn, too few answers a week or fewer than the others: {names}.",
    ),
    "partial_note": ("Пустой кружок: неделя неполная.", "Open circle: incomplete week."),
    "partial": ("неполная неделя", "incomplete week"),
    "rest_in_table": ("Ещё {n} в таблице.", "{n} more in the table."),
    "table": ("Таблица", "Data table"),
    "table_of": ("{metric}: {cut}. {as_of}", "{metric}: {cut}. {as_of}"),
    "week_of": ("Неделя с", "Week of"),
    "date": ("День", "Day"),
    "name": ("Название", "Name"),
    "value": ("Значение", "Value"),
    "low_high": ("95 %", "95%"),
    "describe": (
        "{first} – {last}. Наименьшее {low} ({low_at}), наибольшее {high} ({high_at}), "
        "последнее {end} ({end_at}).",
        "{first} – {last}. Lowest {low} ({low_at}), highest {high} ({high_at}), "
        "latest {end} ({end_at}).",
    ),
    "unit_count": ("штук", "count"),
    "unit_share": ("доля, %", "share, %"),
    "unit_points": ("пункты от −100 до +100", "points, −100 to +100"),
    "caveat": ("Осторожно:", "Mind:"),
    "owner": ("Отвечает: {owner}", "Owner: {owner}"),
    "failed_title": (
        "В последнем запуске собраны не все источники",
        "Not every source was collected in the last run",
    ),
    "failed_text": (
        "Новое из этих источников не вошло в показатели или вошло не всё. Их данные полны на "
        "время последнего успеха:",
        "What is new in these sources is not in the numbers, or not all of it. What they gave is "
        "whole as of their last success:",
    ),
    "stale_title": ("Источники давно не отвечали", "Sources that have not answered for long"),
    "last_success": ("последний успех {moment}", "last success {moment}"),
    "never": ("ни разу", "never"),
    "old_title": ("Страница устарела", "This page is old"),
    "old_text": (
        "Показатели на {moment}; с тех пор прошло больше двух суток. Ищите более новую страницу.",
        "These numbers are as of {moment}, more than two days ago. Look for a newer page.",
    ),
    "sources": ("Источники", "Sources"),
    "source": ("Источник", "Source"),
    "channel": ("Канал", "Channel"),
    "answered": ("Последний успех", "Last success"),
    "newest": ("Последнее слово клиента", "Newest feedback"),
    "items": ("Записей", "Items"),
    "set_aside": ("Отложено", "Set aside"),
    "state": ("Состояние", "State"),
    "fine": ("отвечает", "answers"),
    "failed": ("не собран", "not collected"),
    "stale": ("давно не отвечал", "stale"),
    "problem_unavailable": (
        "Источник недоступен или отвечает слишком долго.",
        "The source was away or too slow.",
    ),
    "problem_refused": (
        "Источник отказал: нужен другой ключ или другая настройка.",
        "The source refused: a token or a setting has to be changed.",
    ),
    "problem_changed": (
        "Ответ пришёл в другом виде, чем ожидалось.",
        "Its answer has another shape than expected.",
    ),
    "problem_busy": ("Источник занят другим запуском.", "Another run was at work on it."),
    "problem_unbalanced": (
        "Счёт записей не сошёлся: ошибка в программе сбора.",
        "The count of records did not add up: a fault of the collecting program.",
    ),
    "problem_fault": ("Ошибка в программе сбора.", "A fault of the collecting program."),
    "problem_running": ("Сбор прерван на полпути.", "The collection was cut off half way."),
    "problem_never": ("Ещё ни разу не собирали.", "It was never collected."),
    "problem_failed": ("Сбор не удался.", "The collection failed."),
    "model": ("Что решала модель", "What the model judged"),
    "model_text": (
        "Тональность определила модель {model}. Текстов: {texts}. Не уверена: {share} "
        "({interval}, n = {texts}); такие тексты в доли не входят.",
        "Sentiment was judged by the model {model}. Texts: {texts}. Not sure: {share} "
        "({interval}, n = {texts}); those texts are in neither share.",
    ),
    "model_only": (
        "Тональность определила модель {model}. Сколько текстов осталось без уверенного ответа, "
        "для этой страницы не сообщено.",
        "Sentiment was judged by the model {model}. How many texts it was not sure about was not "
        "given for this page.",
    ),
    "corrected": (
        "С поправкой на ошибки модели, доля всех текстов: {number}. Люди прочли {labelled} из "
        "{texts} текстов.",
        "Corrected for the model's errors, of all texts: {number}. People read {labelled} of "
        "{texts} texts.",
    ),
    "uncorrected": (
        "Поправки на ошибки модели пока нет: людям нужно прочесть ещё не меньше {missing} текстов "
        "(прочли {labelled} из {texts}).",
        "Not corrected for the model's errors yet: people have to read at least {missing} more "
        "texts (they read {labelled} of {texts}).",
    ),
    "lacking_most": (
        "Больше всего {where}, {kind}: {command}",
        "Most of them {where}, {kind}: {command}",
    ),
    "lacking_any": ("На любом языке: {command}", "In any language: {command}"),
    "lacking_in_ru": ("на русском", "in Russian"),
    "lacking_in_en": ("на английском", "in English"),
    "lacking_in_other": ("на других языках", "in other languages"),
    "lacking_called_negative": ("названных отрицательными", "called negative"),
    "lacking_called_neutral": ("названных нейтральными", "called neutral"),
    "lacking_called_positive": ("названных положительными", "called positive"),
    "lacking_called_unsure": ("где модель не уверена", "called unsure"),
    "restated": (
        "Тональность, опубликованную по {moment}, определяла модель {old}; на этой странице всё "
        "пересчитано моделью {new}. За {window}: {changes}.",
        "Sentiment published up to {moment} was judged by the model {old}; everything on this page "
        "is recomputed by {new}. Of {window}: {changes}.",
    ),
    "was_is": ("{metric}: было {was}, стало {now}", "{metric}: was {was}, is {now}"),
    "restated_same": ("доли не изменились", "the shares did not change"),
    "reading": ("Как читать", "How to read this"),
    "reading_interval": (
        "Полоса вокруг линии и ус на столбике показывают 95-процентный интервал: настолько "
        "значение могло сдвинуться из-за случайного набора ответов. Чем меньше n, тем он шире. "
        "Ошибки модели и молчание тех, кто не ответил, в него не входят.",
        "The band around a line and the whisker on a bar are the 95% interval: how far chance in "
        "who answered may have moved the value. The smaller n, the wider it is. Errors of the "
        "model and the silence of those who did not answer are not in it.",
    ),
    "reading_few": (
        "Группы меньше пяти ответов не показываются числом: так не видно отдельных людей.",
        "Groups of fewer than five answers are never shown as a number, so that no single person "
        "can be seen.",
    ),
    "reading_gap": (
        "Разрыв линии на сером: за эти дни нет ни одной записи. Это не ноль.",
        "A line broken on grey: not one record from those days. It is not a zero.",
    ),
    "reading_change": (
        "Пустой кружок на карточке: значение предыдущего периода. «В пределах случайного»: "
        "95-процентный интервал изменения включает ноль.",
        "The open circle on a card is the previous period. “Within chance”: the 95% interval of "
        "the change includes zero.",
    ),
    "files": (
        "Те же числа в файлах рядом с этой страницей",
        "The same numbers, in files beside this page",
    ),
    "snapshot": ("Выпуск {id}. Запуски: {runs}.", "Snapshot {id}. Runs: {runs}."),
    "theme": ("Тема", "Theme"),
    "theme_auto": ("Авто", "Auto"),
    "theme_light": ("Светлая", "Light"),
    "theme_dark": ("Тёмная", "Dark"),
    "mail": ("Почта", "Mail"),
    "form": ("Формы", "Forms"),
    "social": ("Соцсети", "Social"),
    **QUALITY,
    **TOPICS,
}  # fmt: skip
CHANNELS = ("mail", "form", "social")


def say(code: str, key: str, **values: object) -> str:
    """The text `key` in the language `code`, "ru" or "en", with its places filled."""
    return WORDS[key][0 if code == "ru" else 1].format(**values)


def channel(code: str, name: str) -> str:
    """Our own channels by their name in the language, any other name as it is."""
    return say(code, name) if name in CHANNELS else name


def problem(code: str, kind: str) -> str:
    """What a kind of problem means, in a sentence; "" for none."""
    return say(code, f"problem_{kind}") if kind else ""


def of(texts: Mapping[str, str], code: str) -> str:
    """A metric's text in the language, else in English, else in whatever there is."""
    return texts.get(code) or texts.get("en") or next(iter(texts.values()), "")
