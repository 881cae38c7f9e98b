"""The sentences of the page on data quality, in Russian and in English.

They stand in `words.WORDS` with all others, under names of their own.
"""

from collections.abc import Mapping

QUALITY: Mapping[str, tuple[str, str]] = {
    "quality": ("Качество данных", "Data quality"),
    "numbers": ("К показателям", "To the numbers"),
    "books": ("Счёт записей", "Books of records"),
    "balance": ("сходится", "balanced"),
    "no_balance": ("не сходится", "not balanced"),
    "balance_text": (
        "Каждая полученная запись учтена ровно один раз.",
        "Every record fetched is accounted for exactly once.",
    ),
    "no_balance_text": (
        "Не все полученные записи учтены: это ошибка программы.",
        "Not every record fetched is accounted for: a fault of the program.",
    ),
    "set_aside_now": ("Отложено сейчас", "Set aside now"),
    "checks_failed": ("Проверки не прошли", "Checks that failed"),
    "checks_of": ("не прошли {failed} из {checks}", "{failed} of {checks} failed"),
    "checks_at": (
        "не прошли {failed} из {checks}; {moment}",
        "{failed} of {checks} failed; {moment}",
    ),
    "items_now": ("Высказываний", "Items of feedback"),
    "items_text": (
        "В последней версии каждого; пустые входят.",
        "Each in its newest version, empty ones too.",
    ),
    "set_aside_share": ("Отложено, доля", "Share set aside"),
    "no_owner": ("не назначен", "nobody named"),
    "no_sources": ("Источников пока нет.", "No sources yet."),
    "ledgers": ("Куда делась каждая запись", "Where every record went"),
    "ledgers_text": (
        "Получено = новые + изменённые + повторы + отложенные + пропущенные. Сначала запись "
        "собирают из источника, затем читают и проверяют.",
        "Fetched = new + changed + duplicate + set aside + skipped. A record is first collected "
        "from its source, then read and checked.",
    ),
    "last_news": ("Последний запуск с новым: {moment}", "Last run with news: {moment}"),
    "that_run": ("в нём", "that run"),
    "ever": ("за всё время", "in all"),
    "stage_collect": ("сбор", "collected"),
    "stage_refine": ("чтение", "read"),
    "fetched": ("Получено", "Fetched"),
    "new": ("новые", "new"),
    "changed": ("изменённые", "changed"),
    "duplicate": ("повторы", "duplicate"),
    "put_aside": ("отложенные", "set aside"),
    "skipped": ("пропущенные", "skipped"),
    "adds_up": ("Сходится", "Adds up"),
    "yes": ("да", "yes"),
    "missing": ("нет: {n}", "no: {n}"),
    "waiting": ("Отложено и ждёт", "Set aside and waiting"),
    "nothing_waits": ("Ничего не отложено.", "Nothing is set aside."),
    "reason": ("Причина", "Reason"),
    "records": ("Записей", "Records"),
    "oldest": ("Старейшая", "Oldest"),
    "days_old": ("{days} дн.", "{days} d"),
    "cleaning": ("Что нашла очистка", "What cleaning found"),
    "cleaning_text": (
        "В скольких высказываниях из {n} очистка нашла и исправила такое.",
        "In how many of {n} items cleaning found and mended this.",
    ),
    "nothing_cleaned": ("Очистка ничего не нашла.", "Cleaning found nothing."),
    "cleaned_email": ("адреса почты", "e-mail addresses"),
    "cleaned_phone": ("телефоны", "phone numbers"),
    "cleaned_card": ("номера карт", "card numbers"),
    "cleaned_name": ("имена", "names"),
    "cleaned_handle": ("имена в сетях", "handles"),
    "cleaned_address": ("адреса домов", "street addresses"),
    "cleaned_passport": ("паспорта", "passport numbers"),
    "cleaned_inn": ("ИНН", "Russian tax numbers (INN)"),
    "cleaned_snils": ("СНИЛС", "Russian insurance numbers (SNILS)"),
    "cleaned_iban": ("счета IBAN", "bank accounts (IBAN)"),
    "cleaned_ip": ("IP-адреса", "IP addresses"),
    "cleaned_mojibake": ("испорченная кодировка", "garbled encoding"),
    "cleaned_html_too_deep": ("неразобранная разметка", "HTML not parsed"),
    "texts": ("Тексты", "Texts"),
    "empty_texts": ("Без текста", "Without a text"),
    "unknown_language": ("Язык не определён", "Language unknown"),
    "alike": ("Повторы слов", "Repeated words"),
    "alike_messages": ("Сравнено сообщений", "Messages compared"),
    "alike_voices": ("Из них отдельных голосов", "Voices among them"),
    "alike_groups": ("Групп похожих сообщений", "Groups that say nearly the same"),
    "alike_campaign": ("В кампаниях", "In campaigns"),
    "alike_flood": ("В потоках от одного", "In floods"),
    "alike_text": (
        "Один человек, повторивший то же самое, это один голос. Кампания: много людей говорят "
        "почти одно. Такие сообщения помечены, но не удалены.",
        "One person who repeats the same is one voice. A campaign: many people say nearly the "
        "same. Such messages are flagged, never removed.",
    ),
    "people": ("Люди", "People"),
    "people_records": ("Записей о людях", "Records of people"),
    "people_people": ("Людей после слияния", "People after merging"),
    "people_active": ("Слито пар", "Pairs merged"),
    "people_undone": ("Слияний отменено", "Merges undone"),
    "people_shared": ("Не слито: телефон или имя многих", "Kept apart: a phone or handle of many"),
    "people_text": (
        "Любое слияние можно отменить.",
        "Every merge can be undone.",
    ),
    "checks": ("Проверки", "Checks"),
    "verdict": ("Итог", "Result"),
    "critical": ("критично", "critical"),
    "warning": ("внимание", "warning"),
    "held": ("выполнено", "holds"),
    "expectation": ("Что было бы не так", "What would be wrong"),
    "suite": ("Где", "Where"),
    "check_failed": ("Не прошло", "Failed"),
    "check_checked": ("Проверено", "Checked"),
    "observed": ("Увидено", "Observed"),
    "check_at": ("Когда", "When"),
    "all_sources": ("все источники", "all sources"),
    "failed_checks": ("Не прошли", "Failed"),
    "all_hold": ("Все проверки выполнены.", "All checks hold."),
    "no_checks": ("Проверок ещё не было.", "Nothing was checked yet."),
    "all_checks": ("Все проверки по таблицам и источникам", "All checks by suite and source"),
    "suite_raw": ("как собрано", "as collected"),
    "suite_clean": ("после очистки", "after cleaning"),
    "suite_understood": ("после разбора", "as understood"),
    "suite_mail": ("письма", "mails"),
    "suite_form": ("ответы форм", "answers to forms"),
    "suite_social": ("посты", "posts"),
    "suite_batch": ("запуск целиком", "a run as a whole"),
    "suite_metrics": ("показатели", "the numbers"),
    "reading_books": (
        "«Повторы» уже были получены раньше с тем же содержанием. «Пропущенные» не отзывы, "
        "например автоответы; они хранятся с причиной. Прочитанная заново запись за всё время "
        "считается каждый раз.",
        "“Duplicate” was fetched before with the same content. “Skipped” is no feedback, "
        "such as automatic answers; it is kept with its reason. In all, a record that was read "
        "again counts each time.",
    ),
    "reading_set_aside": (
        "Отложенная запись не потеряна: она хранится с причиной, пока её не исправят и не прочтут "
        "снова или не отбросят. Доля считается от всех записей, которые когда-либо пришли.",
        "A record set aside is not lost: it is kept with its reason until it is mended and read "
        "again, or dropped. The share is of all records that ever came.",
    ),
    "reading_checks": (
        "◆ критично: такие строки отложены, или вся таблица остановлена. ▲ внимание: строки "
        "сосчитаны и идут дальше. Показан последний запуск, в котором было что проверять.",
        "◆ critical: such rows are set aside, or the whole table is stopped. ▲ warning: the rows "
        "are counted and go on. Shown is the last run that had something to check.",
    ),
    "reading_news": (
        "Запуск, не принёсший нового, страницу не меняет: числа верны на указанное вверху время.",
        "A run that brings nothing new leaves this page as it is: its numbers are true as of the "
        "time at the top.",
    ),
    "reading_private": (
        "Здесь только счёт: ни слов клиентов, ни имён, ни номеров записей.",
        "Counts only: no customer's words, no names, no numbers of records.",
    ),
    "reading_share": (
        "Рядом с долей стоит 95-процентный интервал (Уилсон) и n, от которого она взята.",
        "Beside a share stand its 95% interval (Wilson) and the n it is a share of.",
    ),
    "files_quality": (
        "То же самое в файле рядом с этой страницей",
        "The same facts, in a file beside this page",
    ),
}  # fmt: skip
