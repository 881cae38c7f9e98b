import random
from collections.abc import Iterator
from pathlib import Path

from tasks import runs, themes
from tasks.collect import collect
from tasks.refine import refine
from tasks.understand import understand
from tests.connectors.engines import tiny_onnx
from tests.samples import rows, world, write_answers


def test_of_few_texts_it_says_so_and_stores_nothing(tmp_path: Path, database_url: str) -> None:
    settings = world(tmp_path, database_url)
    told = find(settings)
    assert told == "no themes: too few texts in ru and en (3 in all)"
    assert rows(settings, "theme") == []
    assert themes.listed(settings).empty


def test_themes_of_a_form_are_stored_and_listed_and_a_repeat_changes_nothing(
    tmp_path: Path,
) -> None:
    settings = world(tmp_path)
    texts = [f"The fingerprint scanner of my door fails at {n} degrees" for n in range(60)]
    texts += [f"We {a} a {b} near the {c} when {d} came" for a, b, c, d in others()]
    answers = [
        [f"{n}", "2026-09-05 10:00", "2", text, f"a{n}@example.com"] for n, text in enumerate(texts)
    ]
    write_answers(tmp_path, answers)
    assert "of 300 texts" in find(settings)
    before = rows(settings, "theme"), rows(settings, "theme_member")
    find(settings)
    assert (rows(settings, "theme"), rows(settings, "theme_member")) == before
    listed = themes.listed(settings)
    assert set(listed["growth"]) == {"too few texts"}
    assert listed["quote"].str.contains("fingerprint").any()


def test_phrases_tell_the_last_four_weeks_from_those_before(tmp_path: Path) -> None:
    settings = world(tmp_path)
    told = [("2026-08-02 10:00", "The waiting room is cold"), ("2026-09-05 10:00", "A broken lift")]
    answers = [
        [f"{n}{day}", day, "2", f"{text}, house {n}", f"a{n}@example.com"]
        for n in range(6)
        for day, text in told
    ]
    write_answers(tmp_path, answers)
    find(settings)
    first = themes.phrases(settings)["en"].iloc[0]

    assert first["phrase"] == "broken lift"
    assert (first["texts"], first["others"]) == (6, 0)


def test_the_texts_are_those_that_the_chosen_engine_has_judged(tmp_path: Path) -> None:
    tiny_onnx.write(tmp_path / "tiny")
    chosen = '[understand]\nengine = "tiny"\n[engines.tiny]\nkind = "onnx"\npath = "tiny"\n'
    settings = world(tmp_path, more=chosen)
    assert find(settings).endswith("(3 in all)")
    assert themes.listed(settings).empty


def find(settings: str) -> str:
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
    understand.fn(settings, run.id)
    return themes.find_themes.fn(settings, run.id)


def others() -> Iterator[list[str]]:
    """240 times four words that have nothing to do with each other."""
    rng = random.Random(1)
    words = """painted bridge orchard winter borrowed lantern harbour neighbours carried violin
    stadium grandmother polished mirror fountain visitors ordered pancake library students
    repaired bicycle museum teachers photographed butterfly meadow cousins""".split()  # noqa: SIM905
    for _ in range(240):
        yield [rng.choice(words[place::4]) for place in range(4)]
