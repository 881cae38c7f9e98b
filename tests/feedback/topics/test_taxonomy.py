"""The declared topics and intents, and what is said of a file that cannot be used."""

from pathlib import Path

import pytest

from feedback.errors import Refused
from feedback.topics import taxonomy
from feedback.topics.matching import Matcher
from feedback.topics.taxonomy import Taxonomy
from feedback.topics.words import words

OWN = "parking:\n  names: {ru: Парковка, en: Parking}\n  phrases: [парковка, parking]\n"
BROKEN = [
    ("", "it declares no topic"),
    ("parking: [", "it is not YAML in line 1"),
    ("parking: {}\nwifi: {}\nparking: {}", "it is not YAML in line 3 (a key stands twice)"),
    ("Parking: {}", "topic 'Parking': name it with small letters"),
    ("parking: yes", "topic 'parking': give it `names` and `phrases`"),
    (OWN.replace("names", "name"), "topic 'parking': names: it is missing"),
    (OWN.replace("names", "name"), "name: nothing of that name is known"),
    (OWN.replace("en: Parking", "ru2: Parking"), "names.en: it is missing"),
    (OWN.replace("[парковка, parking]", "[]"), "give it at least one phrase"),
    (OWN.replace("[парковка, parking]", '["* !"]'), "has no word"),
    (OWN.replace("[парковка, parking]", "[yes, parking]"), "phrases.0: text is expected"),
    (OWN.replace("parking]", "Парковка]"), "topic 'parking': listed twice: 'парковка'"),
    (OWN + "  not: [a b, a b]\n", "listed twice: 'a b'"),
]


@pytest.mark.parametrize(
    ("declared", "key", "text"),
    [(True, *one) for one in taxonomy.texts(taxonomy.topics())]
    + [(False, *one) for one in taxonomy.texts(taxonomy.intents())],
)
def test_every_example_is_found_by_its_own_key(declared: bool, key: str, text: str) -> None:
    told = taxonomy.topics() if declared else taxonomy.intents()
    found = Matcher(told, denials=not declared).find(words(text))
    assert key in found
    assert not told[key].alone or found.keys() == {key}


def test_every_key_of_ours_has_an_example_in_each_language() -> None:
    for told in (taxonomy.topics(), taxonomy.intents()):
        for one in told.values():
            assert {text.isascii() for text in one.examples} == {True, False}


def test_the_intents_are_those_that_the_code_knows() -> None:
    assert taxonomy.intents().keys() == taxonomy.INTENT_KEYS


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_a_file_that_cannot_be_used_is_refused_with_what_to_mend(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        read(tmp_path, text)
    assert said in str(refused.value)
    assert str(tmp_path / "own.yaml") in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"understand\.taxonomy"):
        taxonomy.read(tmp_path / "none.yaml")


def test_a_taxonomy_of_ones_own_is_read_in_its_order(tmp_path: Path) -> None:
    own = read(tmp_path, OWN + OWN.replace("parking:", "garage:"))
    assert list(own) == ["parking", "garage"]
    assert Matcher(own).find(words("Нет парковки")) == {"parking": [(4, 12)], "garage": [(4, 12)]}


def read(folder: Path, text: str) -> Taxonomy:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return taxonomy.read(path)
