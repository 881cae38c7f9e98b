"""What the page says of topics, intents and themes, in Russian and in English."""

from collections.abc import Mapping

TOPICS: Mapping[str, tuple[str, str]] = {
    "topics_share": ("Доля высказываний", "Share of voices"),
    "topics_negative": ("Негативные среди оценённых", "Negative among judged mentions"),
    "topics_change": (
        "К предыдущим {days} дн., п. п.",
        "Against the previous {days} days, pp",
    ),
    "topics_change_note": (
        "Число стоит там, где 95-процентный интервал разности не включает ноль.",
        "A number stands where the 95% interval of the difference leaves out zero.",
    ),
    "topics_no_before": (
        "Предыдущий период собран не целиком, поэтому сравнения нет.",
        "The period before is not whole, so there is no comparison.",
    ),
    "topics_change_pp": ("Изменение", "Change"),
    "topics_verdict": ("Вывод", "Verdict"),
    "topics_before": ("n раньше", "n before"),
    "topics_no_change": ("не с чем сравнить", "nothing to compare with"),
    "topics_method": ("Способ {method}.", "Method {method}."),
    "topics_partly": (
        "Размечено {tagged} из {voices} высказываний со словами.",
        "{tagged} of {voices} voices with words are tagged.",
    ),
    "topics_absent": (
        "Тем пока нет: ни одно высказывание этого периода не размечено нынешним рубрикатором. "
        "Следующий полный запуск разметит их.",
        "No topics yet: no voice of this period is tagged by the present taxonomy. The next "
        "whole run will tag them.",
    ),
    "topics_wordless": (
        "За этот период нет высказываний со словами, поэтому нет и тем.",
        "Nobody used words in this period, so there are no topics.",
    ),
    "alerts": ("Требуют внимания", "Alerts"),
    "alert_none": ("не найдено, n = {n}", "none found, n = {n}"),
    "alert_few": ("меньше 5", "fewer than 5"),
    "alert_count": ("{count} · {share}", "{count} · {share}"),
    "alerts_read": (
        "Найдены по словам, а слова ошибаются: прочтите сами. Список в терминале: feedback topics "
        "alerts",
        "Found by words, and words err: read them. List them in a terminal: feedback topics alerts",
    ),
    "themes": ("Без темы: о чём ещё говорят", "Themes that no topic covers"),
    "themes_question": (
        "О чём говорят, чего нет среди объявленных тем?",
        "What do they speak of that no declared topic names?",
    ),
    "themes_absent": (
        "Темы вне рубрикатора ещё не искали: для этого нужно больше ста текстов на одном языке.",
        "Themes were not looked for yet: that takes more than a hundred texts of one language.",
    ),
    "themes_none": (
        "Таких тем не найдено: большая часть повторяющегося уже объявлена.",
        "None found: most of what is said again and again is declared already.",
    ),
    "themes_caveat": (
        "Слова показаны те, что сказали хотя бы пятеро. Рост: во сколько раз чаще об этом "
        "говорят за последние {half} дн. (до {day}), чем за {half} дн. до того; «растёт» и "
        "«убывает» сказано с поправкой на число тем. Темы находит программа, имена даём не мы.",
        "Only words that at least five people used are shown. Growth: how many times as often it "
        "is spoken of in the last {half} days (to {day}) as in the {half} days before; growing and "
        "shrinking are said with a correction for the number of themes. A program finds the "
        "themes; nobody named them.",
    ),
    "theme_terms": ("Слова", "Words"),
    "theme_late": ("Последние {half} дн.", "Last {half} days"),
    "theme_early": ("{half} дн. до того", "{half} days before"),
    "theme_growth": ("Рост, 95 %", "Growth, 95%"),
    "theme_trend": ("Вывод", "Verdict"),
    "theme_first": ("Впервые", "First seen"),
    "theme_quote": ("Из сказанного", "A voice"),
    "trend_growing": ("растёт", "growing"),
    "trend_shrinking": ("убывает", "shrinking"),
    "trend_steady": ("в пределах случайного", "within chance"),
    "trend_unknown": ("мало текстов", "too few texts"),
}
