from pathlib import Path

from tasks import runs
from tasks.collect import collect
from tasks.refine import refine
from tests.samples import ANSWERS, HEADER, rows, world, write_answers

COLUMNS = 'columns = { id = "id", said_at = "when", rating = "score", text = "words"'


def test_what_people_type_into_other_fields_is_redacted_too(tmp_path: Path) -> None:
    settings = world(tmp_path)
    path = Path(settings)
    mapped = path.read_text().replace(COLUMNS, COLUMNS + ', product = "about", region = "city"')
    path.write_text(mapped)
    answer = ["4", "2026-09-04 10:00", "5", "hm", "", "call ivan@example.com", "+7 916 123-45-67"]
    write_answers(tmp_path, [answer], [*HEADER, "about", "city"])
    go(settings)
    assert rows(settings, "feedback_item", "product", "region") == [("call [email]", "[phone]")]


def test_a_link_that_a_crm_would_run_is_set_aside_whatever_the_channel(tmp_path: Path) -> None:
    settings = world(tmp_path)
    path = Path(settings)
    path.write_text(path.read_text().replace(COLUMNS, COLUMNS + ', url = "link"'))
    links = ["javascript:alert(1)", "https://example.com/1"]
    answers = [[str(n), "2026-09-04 10:00", "5", "hm", "", link] for n, link in enumerate(links)]
    write_answers(tmp_path, answers, [*HEADER, "link"])
    go(settings)
    assert rows(settings, "feedback_item", "url") == [("https://example.com/1",)]
    reason = "its url would run or open something"
    assert rows(settings, "set_aside", "ref", "reason") == [("0", reason)]


def test_refining_again_does_nothing(tmp_path: Path, database_url: str) -> None:
    settings = world(tmp_path, database_url)
    write_answers(tmp_path, [*ANSWERS, ["4", "no date", "5", "hm", ""]])
    go(settings)
    before = rows(settings, "feedback_item"), rows(settings, "set_aside")
    go(settings)
    assert (rows(settings, "feedback_item"), rows(settings, "set_aside")) == before
    assert len(before[0]) == 3
    assert len(before[1]) == 1


def test_a_batch_ends_when_it_holds_much(tmp_path: Path) -> None:
    from feedback.warehouse import refined
    from tasks.opening import opened

    settings = world(tmp_path)
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    with opened(settings) as house:
        whole = list(refined.pending(house.engine, house.vault, ["survey"], 10))
        refined.MOST, most = 1, refined.MOST
        try:
            single = list(refined.pending(house.engine, house.vault, ["survey"], 10))
        finally:
            refined.MOST = most
    assert [len(batch) for batch in whole] == [3]
    assert [len(batch) for batch in single] == [1, 1, 1]


def go(settings: str) -> None:
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
