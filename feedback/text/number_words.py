"""The words before a number that say what it is: a phone, a card, or neither.

Each pattern is tried at the end of the few characters that stand before the number, in lower case.
"""

import re

LINKED = ("/", "=", "_", "#", "№", "&", "%", "$", "@")
NAMED_PHONE = re.compile(
    r"(?:\b(?:тел|моб|телефон\w*|мобильн\w+|сотов\w+|позвон\w+|перезвон\w+|звон\w+|набер\w+"
    r"|вотсап\w*|ватсап\w*|вайбер\w*|tel|phone|mobile|cell|call|answering|fax|факс|whats ?app|viber"
    r"|téléphone|telefon\w*|teléfono|handy|msisdn)\b|\[phone\]|wa\.me/|tel:|phone=|tel=)"
    r"[\s:.,=—–+(№#-]*(?:(?:номер\w*|по|на|мне|me|on|at|number|no|и|and|or|или|is)\b[\s:.,№#-]*){0,3}$"
)
NAMED_CARD = re.compile(
    r"(?<!\[)\b(?:карт\w*|cards?|cc|visa|виза|mastercard|maestro|мир)\b\W*(?:\w+\W+){0,2}$"
)
NAMED_OTHER = re.compile(
    r"(?:\b(?:заказ\w*|договор\w*|контракт\w*|сч[её]т\w*|накладн\w+|тикет\w*|обращени\w+|заявк\w+"
    r"|трек\w*|отправлени\w+|посылк\w+|инн|снилс|паспорт\w*|огрн\w*|кпп|бик|артикул\w*|чек\w*|полис\w*"
    r"|инвойс\w*|квитанци\w+|билет\w*|бронь|брони|лиц\w*|р/с|к/с|order\w*|contract\w*|agreement|invoice\w*"
    r"|ticket\w*|request|case|track\w*|parcel|shipment|booking|reservation|receipt|account|acct|sku|isbn"
    r"|imei|serial|passport|iban|ref\w*|id|ид|uid|guid|timestamp|ts|unix|epoch|version|верси\w+|v"
    r"|bestell\w*|rechnung\w*|vertrag\w*|commande|facture|contrat|pedido|factura)\b|№|#)"
    r"[\s:.,=(\[\"'«—–-]*(?:(?:номер\w*|number|nummer|num|no|nr|id|ид|код|code|под|за|is|was|n)\b"
    r"[\s:.,=№#\"'«°º—–-]*|№\s*|#\s*){0,3}$"
)
