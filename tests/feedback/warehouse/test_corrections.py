"""Who is read next, and whose word holds, on each kind of database."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Table

from feedback.vault import Vault
from feedback.warehouse import bulk, consents, corrections, current
from feedback.warehouse.corrections import Answer, Wanted
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import feedback_item, inference, person, resemblance

NOW = datetime(2026, 10, 31, 3, 0, tzinfo=UTC)
MODEL, NEXT = ("sentiment", "1"), ("sentiment", "2")
ALL = Wanted(sample=100, since=NOW - timedelta(days=30))
MANY = [f"item-{n}" for n in range(400)]


def test_two_readers_get_the_same_items_and_so_does_who_comes_back(
    engine: Engine, vault: Vault
) -> None:
    fill(engine, *MANY)
    first, second = (drawn(engine, vault, sample=40) for _ in range(2))
    assert first == second
    assert first != sorted(first)
    say(engine, (first[0], "negative"))
    assert drawn(engine, vault, sample=40) == first


def test_items_that_came_since_find_their_place_among_the_first(
    engine: Engine, vault: Vault
) -> None:
    fill(engine, *MANY[:200])
    before = drawn(engine, vault, sample=0.2)
    fill(engine, *MANY[200:])
    after = drawn(engine, vault, sample=0.2)
    assert [one for one in after if one in before] == before
    assert 50 < len(after) < 115
    late = sum(int(one.split("-")[1]) >= 200 for one in after)
    assert abs(late / len(after) - 0.5) < 0.2


def test_only_words_that_count_are_asked_about(engine: Engine, vault: Vault) -> None:
    fill(engine, "sound")
    fill(engine, "empty", text="")
    fill(engine, "old", said_at=NOW - timedelta(days=31))
    fill(engine, "refused", person_id="p")
    put(engine, feedback_item, item("not judged"))
    fill(engine, "repeated")
    put(engine, resemblance, alike("repeated", duplicate_of="sound"))
    refuse(engine, "p")
    assert drawn(engine, vault) == ["sound"]


def test_a_draw_can_be_of_the_unsure_of_a_language_or_of_a_source(
    engine: Engine, vault: Vault
) -> None:
    fill(engine, "a", said="unsure")
    fill(engine, "b", language="en")
    fill(engine, "c", source="shop")
    assert drawn(engine, vault, unsure=True) == ["a"]
    assert drawn(engine, vault, language="en") == ["b"]
    assert drawn(engine, vault, source="shop") == ["c"]
    assert replace(ALL, unsure=True, source="shop").drawn == "chosen"


def test_samples_and_other_draws_begin_at_opposite_ends(engine: Engine, vault: Vault) -> None:
    fill(engine, *MANY, said="unsure")
    sampled, unsure = drawn(engine, vault), drawn(engine, vault, unsure=True)
    assert len(sampled) == len(unsure) == 100
    assert not set(sampled) & set(unsure)


def test_a_persons_word_goes_before_the_models_and_the_later_before_the_earlier(
    engine: Engine,
) -> None:
    fill(engine, "a", "b")
    say(engine, ("a", "positive"))
    assert stated(engine) == {"a": "positive", "b": "neutral"}
    say(engine, ("a", "negative"))
    assert stated(engine)["a"] == "negative"
    corrections.take_back(engine, MODEL, "a", 1, "sampled")
    assert stated(engine)["a"] == "neutral"


def test_a_persons_word_holds_before_a_new_model_has_spoken_and_after(engine: Engine) -> None:
    fill(engine, "a")
    say(engine, ("a", "positive"))
    assert stated(engine, NEXT) == {"a": "positive"}
    put(engine, inference, inferred("a", model_version="2", sentiment="negative"))
    assert stated(engine, NEXT) == {"a": "positive"}


def test_an_edited_item_is_judged_anew(engine: Engine, vault: Vault) -> None:
    fill(engine, "a")
    say(engine, ("a", "positive"))
    assert left(engine, vault) == []
    fill(engine, "a", version=2)
    assert stated(engine) == {"a": "neutral"}
    assert left(engine, vault) == ["a"]
    assert say(engine, ("a", "positive")).stale == {"a"}


def test_an_item_without_words_has_no_label(engine: Engine) -> None:
    fill(engine, "a", text="", said="unsure")
    assert current.items(engine, MODEL, NOW, NOW + timedelta(1))["sentiment"].isna().all()


def test_answers_are_new_or_known_or_about_nothing_that_is_stored(engine: Engine) -> None:
    fill(engine, "a", "b")
    first = say(engine, ("a", "positive"), ("b", "negative"), ("c", "neutral"))
    assert (first.new, first.same, first.unknown, first.stale) == (2, 0, {"c"}, set())
    second = say(engine, ("a", "positive"), ("b", "neutral"))
    assert (second.new, second.same) == (1, 1)


def test_of_two_answers_about_one_item_in_one_file_the_later_holds(engine: Engine) -> None:
    fill(engine, "a")
    assert say(engine, ("a", "positive"), ("a", "negative")).new == 1
    assert stated(engine) == {"a": "negative"}


def test_what_chance_chose_speaks_for_the_rest_and_what_somebody_chose_does_not(
    engine: Engine,
) -> None:
    fill(engine, "a", "b", "c", said="unsure")
    for drawn_as, one in (("sampled", "a"), ("unsure", "b"), ("chosen", "c")):
        corrections.store(engine, MODEL, [Answer(one, 1, "negative", drawn_as)])
    assert by_chance(engine) == {"a", "b"}
    again = {"model_version": "2", "sentiment": "unsure"}
    put(engine, inference, *(inferred(one, **again) for one in "abc"))
    assert by_chance(engine, NEXT) == {"a"}


def test_an_answer_given_for_another_reason_is_taken_over_by_the_sample_once(
    engine: Engine, vault: Vault
) -> None:
    fill(engine, "a", "b")
    corrections.store(engine, MODEL, [Answer("a", 1, "negative", "chosen")])
    assert by_chance(engine) == set()
    sample = corrections.draw(engine, MODEL, ALL, place(vault))
    assert corrections.take_over(engine, MODEL, sample, "sampled") == 1
    assert by_chance(engine) == {"a"}
    assert corrections.take_over(engine, MODEL, sample, "sampled") == 0


def test_what_says_it_was_unsure_and_was_not_speaks_for_nobody_else(engine: Engine) -> None:
    fill(engine, "a", said="negative")
    corrections.store(engine, MODEL, [Answer("a", 1, "positive", "unsure")])
    assert by_chance(engine) == set()
    assert stated(engine) == {"a": "positive"}


def test_a_reader_sees_the_words_and_not_what_the_model_said(engine: Engine) -> None:
    fill(engine, "a")
    item = corrections.shown(engine, "a", 1)
    assert item is not None
    assert item["text"] == "words"
    assert "neutral" not in str(item.values())
    say(engine, ("a", "positive"))
    assert corrections.shown(engine, "a", 1) is None


def test_a_model_learns_from_what_was_chosen_and_from_samples_only_when_asked(
    engine: Engine,
) -> None:
    fill(engine, "a", "b")
    corrections.store(engine, MODEL, [Answer("a", 1, "negative", "unsure")])
    corrections.store(engine, MODEL, [Answer("b", 1, "positive", "sampled")])
    learnt = corrections.to_learn_from(engine, MODEL)
    assert learnt.to_numpy().tolist() == [["words", "negative", "ru"]]
    assert len(corrections.to_learn_from(engine, MODEL, sampled=True)) == 2


@pytest.mark.parametrize("drawn_as", ["unsure", "sampled"])
def test_what_the_model_said_is_kept_beside_the_answer(engine: Engine, drawn_as: str) -> None:
    fill(engine, "a", said="unsure")
    corrections.store(engine, MODEL, [Answer("a", 1, "negative", drawn_as)])
    with engine.connect() as connection:
        [row] = connection.exec_driver_sql(
            "SELECT drawn, model, model_version, model_label, sentiment FROM correction"
        )
    assert tuple(row) == (drawn_as, *MODEL, "unsure", "negative")


def drawn(engine: Engine, vault: Vault, **changes: Any) -> list[str]:
    found = corrections.draw(engine, MODEL, replace(ALL, **changes), place(vault))
    return list(found["item_id"])


def left(engine: Engine, vault: Vault) -> list[str]:
    found = corrections.draw(engine, MODEL, ALL, place(vault))
    return list(corrections.listed(engine, found)["item_id"])


def place(vault: Vault) -> corrections.Order:
    return lambda one: int(vault.hash("label", one)[:13], 16) / 16**13


def say(engine: Engine, *said: tuple[str, str]) -> corrections.Stored:
    answers = [Answer(one, 1, label, "sampled") for one, label in said]
    return corrections.store(engine, MODEL, answers)


def stated(engine: Engine, model: tuple[str, str] = MODEL) -> dict[str, str]:
    items = current.items(engine, model, NOW - timedelta(1), NOW + timedelta(1))
    return dict(zip(items["item_id"], items["sentiment"], strict=True))


def by_chance(engine: Engine, model: tuple[str, str] = MODEL) -> set[str]:
    items = current.items(engine, model, NOW - timedelta(1), NOW + timedelta(1))
    return set(items.loc[items["drawn_label"].notna(), "item_id"])


def fill(engine: Engine, *refs: str, **changes: Any) -> None:
    judged = {"language": changes.pop("language", "ru"), "sentiment": changes.pop("said", None)}
    judged = {name: value for name, value in judged.items() if value}
    put(engine, feedback_item, *(item(ref, **changes) for ref in refs))
    version = changes.get("version", 1)
    put(engine, inference, *(inferred(ref, version=version, **judged) for ref in refs))


def refuse(engine: Engine, person_id: str) -> None:
    someone = {"person_id": person_id, "root_id": person_id, "shared": False, "name": b""}
    put(engine, person, someone | {"first_seen": NOW})
    told = {"person_id": person_id, "purpose": "analysis", "said_at": NOW, "given": False}
    with writing(engine) as connection:
        consents.store(connection, [told | {"source": "", "ref": ""}])


def put(engine: Engine, table: Table, *rows: Mapping[str, Any]) -> None:
    with writing(engine) as connection:
        bulk.insert(connection, table, rows)


def item(ref: str, **changes: Any) -> dict[str, Any]:
    row = {"item_id": ref, "version": 1, "source": "mail", "ref": ref, "channel": "mail"}
    row |= {"person_id": None, "said_at": NOW, "received_at": NOW, "subject": "", "text": "words"}
    row |= {"fingerprint": ref, "cleaning": {}, "extra": {}, "run_id": "a"}
    return row | changes


def inferred(ref: str, **changes: Any) -> dict[str, Any]:
    row = {"item_id": ref, "version": 1, "model": "sentiment", "model_version": "1"}
    row |= {"language": "ru", "language_confidence": 0.9, "sentiment": "neutral", "run_id": "a"}
    return row | changes


def alike(ref: str, **changes: Any) -> dict[str, Any]:
    return {"item_id": ref, "version": 1, "method": "m", "group_id": None} | changes
