import re

import ftfy.bad_codecs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.text.mojibake import repair

assert ftfy.bad_codecs.ok() is None

MISREAD = (
    ("utf-8", "sloppy-windows-1251"),
    ("utf-8", "sloppy-windows-1252"),
    ("utf-8", "latin-1"),
    ("cp1251", "latin-1"),
    ("cp1251", "sloppy-windows-1252"),
    ("koi8-r", "cp1251"),
    ("koi8-r", "latin-1"),
    ("cp1251", "koi8-r"),
)
WORDS = re.findall(
    r"\S+",
    "заказ доставка деньги вернули приложение не работает курьер опоздал поддержка отвечает быстро "
    "очень довольна качеством, спасибо! магазин рядом, цена хорошая. размер подошёл ребёнку",
)
RUSSIAN = st.lists(st.sampled_from(WORDS), min_size=8, max_size=30, unique=True).map(" ".join)
SHOUTED = "ДОБРОЕ УТРО! ПОЙДЁТ"  # by chance, better Russian as KOI8-R
LETTERS = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ"
SOUND = {
    "ru": "Заказ не пришёл, а деньги — списали; «поддержка» молчит… СРОЧНО ВЕРНИТЕ ДЕНЬГИ №5",
    "en": "It’s a “naïve” café — £5 or 5€ for a résumé… COFFEE WAS COLD!",
    "uk": "Дякую, їжа смачна, а кур'єр — ввічливий. ЩЕ Й ҐРЕЧНИЙ! СІРІ ЄНОТИ",
    "kk": "Өте жақсы қызмет, ұзақ күттім, бірақ үлгердім. ҢҒҮҰҚӨҺ ӘЛІ КҮНГЕ ДЕЙІН",
    "de": "Schöne Grüße aus Köln, „Straße“ ist gesperrt: ÄÖÜ GRÖSSENÄNDERUNG für 5 €",
    "fr": "« L’été dernier, j’ai dû payer à la caisse… » CRÉÉE À NOËL, MÛRE À POINT",
    "es": "¿Dónde está mi pedido? ¡AÑO NUEVO, PROMOCIÓN! «Atención» al niño…",
}


@pytest.mark.parametrize(
    ("misread", "meant"),
    [
        ("РџСЂРёРІРµС‚", "Привет"),
        ("Ïðèâåò, êàê äåëà", "Привет, как дела"),
        ("рТЙЧЕФ, ЛБЛ ДЕМБ", "Привет, как дела"),
        ("Ð\x9fÑ\x80Ð¸Ð²ÐµÑ\x82", "Привет"),
        ("donâ€™t ðŸ˜œ", "don’t 😜"),
        ("schÃ¶n", "schön"),
        ("it\x92s", "it’s"),
        ("Р”СЏРєСѓСЋ, С—Р¶Р°", "Дякую, їжа"),
        ("У©С‚Рµ Р¶Р°Т›СЃС‹", "өте жақсы"),
    ],
)
def test_a_misread_text_is_read_again(misread: str, meant: str) -> None:
    assert repair(misread) == meant


@settings(max_examples=100, deadline=None)
@given(RUSSIAN, st.sampled_from(MISREAD))
def test_a_russian_sentence_survives_each_misreading(text: str, codecs: tuple[str, str]) -> None:
    written, read = codecs
    assert repair(text.encode(written).decode(read)) == text


@pytest.mark.parametrize("language", SOUND)
def test_a_sound_text_is_never_touched(language: str) -> None:
    assert repair(SOUND[language]) == SOUND[language]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from([word for text in SOUND.values() for word in text.split()] + WORDS),
        max_size=30,
    ),
    st.sampled_from([str, str.upper, str.swapcase]),
)
def test_nor_is_a_mixture_of_languages_or_shouting(words: list[str], case: type[str]) -> None:
    text = " ".join(words)
    text = text if case is str else case(text)
    assert repair(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "ХАХАХАХАХАХАХАХХА",
        "ММмМмММММ",
        "МВД, ФСБ, ГИБДД, ЖКХ",
        "IRMÃO",
        "РФ",
        "№ С»",
        LETTERS,
        SHOUTED,
    ],
)
def test_laughter_alphabets_and_short_names_are_no_evidence(text: str) -> None:
    assert repair(text) == text


def test_a_sound_line_beside_a_misread_one_stays() -> None:
    misread = "деньги не вернули, жду ответа".encode("cp1251").decode("latin-1")
    text = f"Ваше сообщение:\n{misread}\n👍"
    assert repair(text) == "Ваше сообщение:\nденьги не вернули, жду ответа\n👍"


def test_a_sound_line_of_the_same_letters_stays_too() -> None:
    misread = "деньги не вернули, жду ответа третью неделю".encode("koi8-r").decode("cp1251")
    assert repair(f"Сообщение\n{misread}") == (
        "Сообщение\nденьги не вернули, жду ответа третью неделю"
    )


def test_the_byte_that_python_replaced_is_the_only_one_it_can_be() -> None:
    misread = "Интернет и роутер 😍".encode().decode("cp1251", "replace")
    assert repair(misread) == "Интернет и роутер 😍"


def test_quotes_widths_ligatures_entities_and_lookalikes_are_not_its_business() -> None:
    text = "“ﬁ” ＡＢＣ &amp; donâ€™t cосна"  # the first letter of the last word is Latin
    assert repair(text) == "“ﬁ” ＡＢＣ &amp; don’t cосна"


def test_a_text_misread_twice_is_read_twice() -> None:
    once = "Привет, где заказ".encode("cp1251").decode("latin-1")
    assert repair(once.encode().decode("sloppy-windows-1252")) == "Привет, где заказ"


@settings(max_examples=100, deadline=None)
@given(st.text() | st.text(st.characters(min_codepoint=0x80, max_codepoint=0x4FF)))
def test_no_text_makes_it_raise(text: str) -> None:
    assert isinstance(repair(text), str)


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(max_codepoint=0x7F)))
def test_plain_ascii_is_never_touched(text: str) -> None:
    assert repair(text) == text


@settings(max_examples=50, deadline=None)
@given(RUSSIAN, st.sampled_from(MISREAD))
def test_what_was_repaired_is_not_repaired_again(text: str, codecs: tuple[str, str]) -> None:
    repaired = repair(text.encode(codecs[0]).decode(codecs[1]))
    assert repair(repaired) == repaired
