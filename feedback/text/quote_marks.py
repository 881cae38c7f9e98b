"""How mail programs announce a quotation and people a signature, in the languages we have met.

Every pattern has bounded repetitions: the time grows with a mail's length only.
"""

import re

_ANY = re.IGNORECASE

# ---- "On …, … wrote:" ----
_VERB = (
    r"(?:wrote|writes|schrieb|geschrieben|a écrit|écrit|escribió|ha scritto|escreveu|schreef|skrev"
    r"|napisał(?:\(a\)|a)?|pisze|kirjoitti|napsala?|napsal\(a\)|píše|yazdı|şunu yazdı|a scris|írta"
    r"|(?:на)?писал(?:\(а\)|а)?|пишет|написано|пише|(?:на)?писав(?:\(ла\))?|жазды|написа|書きました|のメール)"
)
# A bracket that mail programs broke off "… <name@host>:" is no quotation.
QUOTED = re.compile(rf"\s{{0,3}}(?:>(?!\s?(?:{_VERB}\s?)?[:：]\s*$)|\|\s)", _ANY)
_OPENING = re.compile(
    r"(?:on|le|am|il|el|em|op|den|dne|dnia|w dniu|pe|в|у)\b|(?:[^\W\d]{2,12}[.,]{0,2}\s{1,3})?\d",
    _ANY,
)
_DATE = re.compile(
    r"\b(?:19|20)\d\d(?:\b|年)|\b\d{1,2}[./-]\d{1,2}[./-]\d\d\b|\b\d{1,2}\.?\s[^\W\d]{3,9}\.?\s\d{4}"
)
_TIME = re.compile(r"(?<![\w.])\d{1,2}[:.h]\d\d(?![\w.])")
_MAIL = re.compile(r"[\w.+'-]{1,64}@[\w.-]{1,100}")
_BRACKETED_MAIL = re.compile(
    r"[<(\[]\s{0,2}(?:mailto:)?[\w.+'-]{1,64}@[\w.-]{1,100}[^\s]{0,200}[>)\]]"
)
_ENDS_WITH_VERB = re.compile(rf"{_VERB}\s{{0,2}}[:：]?$", _ANY)
_VERB_THEN_NAME = re.compile(rf"\b{_VERB}\b.{{1,60}}:$", _ANY)
_YOU_WROTE = re.compile(r"\b(?:you wrote|вы (?:на)?писали)\s{0,2}:$", _ANY)

# ---- dividers and header blocks ----
DIVIDER = re.compile(
    r"[\s*_]{0,4}-{2,40}\s{0,3}[^-]{0,40}"
    r"(?:messag|сообщени|повідомлен|письм|nachricht|mensaje|mensagem|bericht|meddelande|meddelelse"
    r"|melding|besked|wiadomo|viesti|zpráv|ileti|mesaj|хабарлама)[^-]{0,40}-{2,40}[\s*_]{0,4}"
    r"|\s{0,3}(?:begin forwarded message|начало переадресованного сообщения"
    r"|початок переадресованого повідомлення|anfang der weitergeleiteten (?:nachricht|e-mail)"
    r"|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado"
    r"|inizio messaggio inoltrato)\s{0,2}:\s{0,3}"
    r"|.{0,20}(?:reply above this line|ответ(?:ьте)? выше этой (?:линии|строки)).{0,40}",
    _ANY,
)
RULE = re.compile(r"\s{0,3}(?:_{5,200}|-{5,200})\s{0,3}")
_LABELS = {
    "from": "from|от|от кого|von|de|da|van|fra|från|od|lähettäjä|від|від кого|kimden|feladó"
    "|кімнен|差出人|发件人",
    "date": "sent|date|отправлено|дата|gesendet|datum|envoyé|envoyé le|enviado|enviado el"
    "|enviada em|fecha|data|inviato|verzonden|sendt|dato|skickat|wysłano|lähetetty|päivämäärä"
    "|надіслано|gönderildi|tarih|odesláno|送信日時|日時|发送时间",
    "to": "to|кому|an|à|para|a|aan|til|till|do|vastaanottaja|kime|címzett|komu|宛先|收件人",
    "subject": "subject|тема|betreff|objet|asunto|oggetto|assunto|onderwerp|emne|ämne|temat|aihe"
    "|konu|předmět|tárgy|тақырыбы|件名|主题",
    "other": "cc|bcc|копия|копія|kopie|kopia|kopi|reply-to|importance|важность|attachments"
    "|вложения",
}
_LABEL = re.compile(
    r"\s{0,8}[*_]{0,2}(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items())
    + r")[\s\u00a0]{0,2}[*_]{0,2}[:：]",
    _ANY,
)

# ---- signatures ----
SIGNATURE_RULE = re.compile(r"--|[—–]{1,60}-?|_{2,100}")
DEVICE = re.compile(
    r"[*_-]{0,3}(?:sent (?:from|via|with|using) (?:my )?[^.,!?]{1,40}"
    r"|get [\w ]{1,30} for (?:ios|android|mobile|windows|mac|iphone|ipad)"
    r"|отправлено (?:с|со|из|через) [^,!?]{1,50}|надіслано (?:з|із|через) [^,!?]{1,50}"
    r"|von mein(?:em|er) [^.,!?]{1,40}gesendet|gesendet (?:von|mit) [^,!?]{1,40}"
    r"|envoyé (?:de(?:puis)?|à partir de) [^,!?]{1,40}|enviado (?:desde|do|de) [^,!?]{1,40}"
    r"|inviato da(?:l mio)? [^,!?]{1,40}|verzonden (?:vanaf|met|via) [^,!?]{1,40}"
    r"|skickat från [^,!?]{1,40}|send[t]? fra [^,!?]{1,40}|lähetetty [^,!?]{1,40}"
    r"|wysłano z [^,!?]{1,40}|[^.,!?]{1,30} gönderildi)(?:<[^<>]{1,200}>)?[.*_]{0,3}",
    _ANY,
)
_PHRASES = (
    r"с (?:глубоким |большим )?уважением|с наилучшими пожеланиями|с почтением|искренне ваш[аи]?"
    r"|всего (?:доброго|хорошего|наилучшего)|з повагою|з павагай|құрметпен"
    r"|(?:with )?(?:best|kind|warm|kindest|warmest|many)?(?: and)?\s?regards"
    r"|thanks (?:&|and) regards|(?:with )?best wishes|sincerely(?: yours)?"
    r"|yours (?:sincerely|faithfully|truly)|respectfully"
    r"|(?:mit )?(?:freundliche|beste|herzliche|liebe|viele)[nm]? gr[üu](?:ß|ss)en?"
    r"|(?:bien |très )?cordialement|bien à vous|(?:sincères )?salutations"
    r"|(?:un )?cordial(?:es)? saludos?|saludos cordiales|atentamente"
    r"|(?:cordiali|distinti) saluti|atenciosamente|(?:com os melhores )?cumprimentos"
    r"|met vriendelijke groet(?:en)?|pozdrawiam|z poważaniem|s pozdravem|med venn?lig hilsen"
    r"|venlig hilsen|med vänliga? hälsning(?:ar)?|(?:ystävällisin )?terveisin|saygılarımla"
)
_SHORT_PHRASES = (
    r"best|cheers|all the best|mfg|lg|vg|gruß|saludos|saluti|abraços|groet(?:en|jes)?|mvg|mvh"
    r"|kh|hilsen"
)
_NAME = r"(?-i:[A-ZА-ЯЁІЇЄҐÀ-ÞŁŚŻ])[^!?:]{0,50}"
SIGN_OFF = re.compile(
    rf"(?:{_PHRASES})(?:\W{{0,6}}|[\s,.!;–—-]{{1,6}}{_NAME})"
    rf"|(?:{_SHORT_PHRASES})(?:\W{{0,6}}|\s?,\s?{_NAME})",
    _ANY,
)
POSTSCRIPT = re.compile(r"\s{0,3}(?:p\.?\s?s\b|п\.?\s?с\b|з\.?\s?ы\b|постскриптум)", _ANY)


def is_attribution(lines: list[str], *, quotes_follow: bool) -> bool:
    """Whether `lines` together say who wrote what follows, and when.

    Without a marked quotation below it, it must carry more than a verb: all after it goes.
    """
    line = " ".join(lines).strip("-*_ \t\u00a0")
    if len(line) > 400 or (len(lines) > 1 and not _OPENING.match(line)):
        return False
    verb = _ENDS_WITH_VERB.search(line)
    if not (line.endswith((":", "：")) or (verb and _OPENING.match(line) and _MAIL.search(line))):
        return False
    dated, timed = _DATE.search(line), _TIME.search(line)
    if dated and (_BRACKETED_MAIL.search(line) or (timed and _MAIL.search(line))):
        return True
    if verb and (_MAIL.search(line) or (dated and timed) or (dated and _YOU_WROTE.search(line))):
        return True
    said = verb or (dated and _VERB_THEN_NAME.search(line))
    return quotes_follow and bool(said or (dated and _OPENING.match(line)))


def is_dated(line: str) -> bool:
    """Whether a full date stands in `line`."""
    return bool(_DATE.search(line))


def opens(line: str) -> bool:
    """Whether an attribution broken over several lines may begin here."""
    return bool(_OPENING.match(line.strip("-*_ \t")))


def label_of(line: str) -> str:
    """from, date, to, subject, other: what a line of a header block holds; or ""."""
    found = _LABEL.match(line)
    return (found.lastgroup or "") if found else ""


def has_address(line: str) -> bool:
    """Whether an e-mail address stands in `line`."""
    return bool(_MAIL.search(line))
