"""The engine that the settings choose, from collecting to the page: one choice for all of it."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from feedback.errors import Refused, Unavailable
from feedback.sentiment import model
from tasks import operate, runs, versions
from tasks.collect import collect
from tasks.opening import opened
from tasks.publish import publish
from tasks.refine import refine
from tasks.sync import sync
from tasks.understand import understand
from tests.connectors.engines import tiny_onnx
from tests.connectors.engines.fake_model import FakeModel, an_entry
from tests.connectors.told_server import Says, running
from tests.samples import crm_rows, rows, world, write_answers

GERMAN = "Gestern habe ich das Paket endlich bekommen, es war leider schon offen (bad)"
TEXTS = ["bad parcel", "good", "bad", "parcel", "good good", "", "zzz qqq"]
ANSWERS = [[str(n), f"2026-09-0{n + 1} 10:00", "9", t, ""] for n, t in enumerate(TEXTS)]


@pytest.fixture
def server() -> Iterator[FakeModel]:
    with running(FakeModel()) as told:
        yield told


def test_the_chosen_engine_judges_is_told_and_is_published(tmp_path: Path) -> None:
    settings = an_onnx_world(tmp_path)
    go(settings)
    names = {row[0] for row in rows(settings, "inference", "model")}
    assert names == {"tiny"}
    assert manifest(tmp_path)["model"].startswith("tiny ")
    assert {row[0] for row in crm_rows(settings, "crm_activities", "sentiment")} == {
        "negative",
        "positive",
        "neutral",
        "unsure",
    }
    kept = rows(settings, "inference", "sentiment", "p_negative", "p_neutral", "p_positive")
    stated = [chances for label, *chances in kept if label == "negative"]
    assert len(stated) == 2
    assert all(n > 0.7 and sum((n, m, p)) == pytest.approx(1) for n, m, p in stated)


def test_the_inferences_of_the_model_before_stay_beside(tmp_path: Path) -> None:
    settings = an_onnx_world(tmp_path, chosen="shipped")
    go(settings)
    before = rows(settings, "inference")
    choose(settings, "tiny")
    go(settings)
    after = rows(settings, "inference")
    assert set(before) < set(after)
    assert len(after) == 2 * len(before)
    go(settings)
    assert rows(settings, "inference") == after


def test_the_page_says_what_another_model_published_and_what_it_is_now(tmp_path: Path) -> None:
    settings = an_onnx_world(tmp_path, chosen="shipped")
    go(settings)
    old = model.load()
    assert "restated" not in verdicts(settings)[-1]
    standing = numbers_kept(settings)
    choose(settings, "tiny")
    go(settings)
    told = verdicts(settings)[-1]["restated"]
    assert told["model"] == f"{old.name} {old.version}"
    assert told["days"] == ["2026-06-10", "2026-09-07"]
    page = (tmp_path / "site/current/index.html").read_text(encoding="utf-8")
    assert f"was judged by the model {old.name} {old.version}; everything on this page" in page
    assert "пересчитано моделью tiny" in page
    assert standing < numbers_kept(settings)  # nothing that was published is rewritten


def test_was_and_is_are_of_the_same_days(tmp_path: Path, database_url: str) -> None:
    settings = an_onnx_world(tmp_path, database_url, chosen="shipped", texts=["bad"] * 6)
    go(settings)
    was = whole_share(settings, "negative_share")
    choose(settings, "tiny")
    more = [[f"n{n}", "2026-09-08 10:00", "9", "good", ""] for n in range(6)]
    write_answers(tmp_path, [*answers(["bad"] * 5 + ["good"]), *more])
    go(settings)
    changed = verdicts(settings)[-1]["restated"]["was_is"]
    assert changed["negative_share"] == [was, pytest.approx(5 / 6)]
    go(settings)  # the note stays, and the page that says it stands
    assert len(verdicts(settings)) == 2


def test_what_the_budget_does_not_reach_waits_and_is_told(
    tmp_path: Path, server: FakeModel
) -> None:
    settings = a_remote_world(tmp_path, server, "tokens_per_day = 1400\ntexts_per_request = 1")
    server.usage = {"total_tokens": 500}
    said = go(settings)
    assert "4 put off" in said
    assert len(rows(settings, "inference")) == 3  # two that were paid for, one without a text
    tables = dict(operate.status(settings))
    assert tables["Understanding"].to_dict("records")[0] | {"version": ""} == {
        "engine": "tiny-1",
        "version": "",
        "waiting": 4,
        "tokens_today": 1000,
    }
    go(settings)
    assert len(server.asked) == 2
    with opened(settings) as house:
        assert "4 items wait to be judged by tiny-1" in runs._put_off(house)[0]


def test_a_run_that_is_cut_off_pays_nothing_twice(tmp_path: Path, server: FakeModel) -> None:
    settings = a_remote_world(tmp_path, server, "texts_per_request = 1\ntimeout = 5")
    right, turn = server.answer, iter([True, True, True])
    server.answer = lambda asked: (  # type: ignore[method-assign]
        right(asked) if next(turn, False) else Says(429, {}, {"Retry-After": "900"})
    )
    with pytest.raises(Unavailable):
        go(settings)
    assert rows(settings, "inference") == []
    assert len(rows(settings, "engine_answer")) == 3
    server.answer = right  # type: ignore[method-assign]
    from connectors import waiting

    waiting._budgets.clear()  # fifteen minutes later
    go(settings)
    asked = [texts for texts in server.asked_about() if texts]
    assert len(rows(settings, "inference")) == len(TEXTS)
    assert len(rows(settings, "engine_answer")) == 6
    assert len(asked) == 7  # six texts, one of them refused once


def test_words_of_people_who_refuse_to_be_analysed_are_not_sent_to_others(
    tmp_path: Path, database_url: str, server: FakeModel
) -> None:
    from feedback.records import Author
    from tasks import people

    settings = a_remote_world(tmp_path, server, "", chosen="shipped", database=database_url)
    secret = [["s", "2026-09-01 10:00", "9", "a secret word", "anna@example.com"]]
    write_answers(tmp_path, [*ANSWERS, *secret])
    go(settings)
    people.say(settings, Author("anna@example.com"), "", "analysis", False)
    choose(settings, "big")
    go(settings)
    assert "secret" not in str(server.bodies)
    assert len(server.asked_about()[0]) == 6
    found = versions.compare(settings, None, "shipped", 0)
    assert "6 texts of 6" in found.said[1]


def test_a_cascade_sends_only_what_the_shipped_model_is_unsure_of(
    tmp_path: Path, server: FakeModel
) -> None:
    settings = a_remote_world(tmp_path, server, "", chosen="both")
    texts = ["Всё отлично, спасибо большое!", GERMAN]
    shipped = model.load().judge(texts, ["ru", "de"])["label"].tolist()
    assert shipped == ["positive", "unsure"]
    write_answers(tmp_path, answers(texts))
    go(settings)
    assert server.asked_about() == [[GERMAN]]
    assert {row[0] for row in rows(settings, "inference", "sentiment")} == {"positive", "negative"}
    assert manifest(tmp_path)["model"].startswith("feedback-sentiment+tiny-1 ")


def test_check_proves_every_engine_with_one_tiny_judgement(
    tmp_path: Path, server: FakeModel
) -> None:
    settings = a_remote_world(
        tmp_path, server, "", more='[engines.gone]\nkind = "onnx"\npath = "nowhere"\n'
    )
    found = {one.what: one for one in operate.check(settings)}
    assert found["engines.big"].ok
    assert "tiny-1" in found["engines.big"].said
    assert "one in use" in found["engines.big"].said
    assert found["engines.both"].ok
    assert not found["engines.gone"].ok
    assert "no model.onnx in it" in found["engines.gone"].said
    server.always = Says(401, {})
    server.answer = lambda asked: server.always  # type: ignore[method-assign]
    again = {one.what: one for one in operate.check(settings)}
    assert "engines.big.api_key" in again["engines.big"].said
    assert rows(settings, "engine_answer") == []


def test_check_fails_an_engine_that_calls_a_friendly_text_negative(
    tmp_path: Path, server: FakeModel
) -> None:
    settings = a_remote_world(tmp_path, server, "")
    server.spoilt_always = lambda texts, right: {
        "answers": [an_entry(one["id"], "negative") for one in texts]
    }
    found = {one.what: one for one in operate.check(settings)}
    assert not found["engines.big"].ok
    assert "it called a friendly text negative: see its labels setting" in found["engines.big"].said


def test_an_engine_that_is_missing_is_said_before_anything_is_judged(tmp_path: Path) -> None:
    settings = an_onnx_world(tmp_path, chosen="tyni")
    with pytest.raises(Refused, match=r"no \[engines\.tyni\].*Known: shipped, tiny"):
        go(settings)
    assert "tyni" in str(dict(operate.status(settings))["Understanding"])


def test_comparing_says_what_would_change_and_changes_nothing(tmp_path: Path) -> None:
    texts = ["parcel"] * 7 + ["good"]
    settings = an_onnx_world(tmp_path, chosen="shipped", texts=texts)
    go(settings)
    write_answers(tmp_path, answers([*texts, "came just now"]))
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
    before = {name: rows(settings, name) for name in ("inference", "metric_value", "publication")}
    found = versions.compare(settings, None, "tiny", 0)
    after = {name: rows(settings, name) for name in before}
    assert after == before
    assert "8 texts of 9 compared" in found.said[1]
    assert "Not compared: 1 that the model in use has not judged yet" in found.said[1]
    old = {row[0] for row in rows(settings, "inference", "sentiment")}
    assert set(found.changes["before"]) <= old
    whole = found.numbers[(found.numbers["grain"] == "period") & (found.numbers["channel"] == "")]
    assert whole.set_index("metric").loc["positive_share", "value_after"] == pytest.approx(1 / 8)
    out = tmp_path / "moved.csv"
    assert versions.write(found.numbers, out) == f"Wrote {out}."
    with out.open(newline="") as file:
        assert len(list(csv.DictReader(file))) == len(found.numbers)


def test_comparing_a_model_with_itself_is_refused(tmp_path: Path) -> None:
    settings = an_onnx_world(tmp_path, chosen="shipped")
    go(settings)
    with pytest.raises(Refused, match="is the model in use"):
        versions.compare(settings, model.WEIGHTS, "", 0)
    with pytest.raises(Refused, match=r"no \[engines\.nobody\] in .*toml\. Known: shipped"):
        versions.compare(settings, None, "nobody", 0)


def answers(texts: list[str]) -> list[list[str]]:
    return [[str(n), f"2026-09-0{n % 7 + 1} 10:00", "9", t, ""] for n, t in enumerate(texts)]


def an_onnx_world(
    folder: Path,
    database: str = "sqlite:///feedback.db",
    chosen: str = "tiny",
    texts: list[str] = TEXTS,
) -> str:
    tiny_onnx.write(folder / "tiny")
    more = '[engines.tiny]\nkind = "onnx"\npath = "tiny"\n'
    settings = world(folder, database, more=f'[understand]\nengine = "{chosen}"\n{more}')
    write_answers(folder, answers(texts))
    return settings


def a_remote_world(
    folder: Path,
    server: FakeModel,
    limits: str,
    *,
    chosen: str = "big",
    more: str = "",
    database: str = "sqlite:///feedback.db",
) -> str:
    told = f"""
[understand]
engine = "{chosen}"
[engines.both]
kind = "cascade"
strong = "big"
[engines.big]
kind = "openai"
base_url = "{server.url}/v1"
model = "tiny-1"
requests_per_minute = 60000
{limits}
"""
    settings = world(folder, database, more=told + more)
    write_answers(folder, ANSWERS)
    return settings


def choose(settings: str, engine: str) -> None:
    path = Path(settings)
    path.write_text(path.read_text().replace('engine = "shipped"', f'engine = "{engine}"'))


def go(settings: str) -> str:
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
    said = understand.fn(settings, run.id)
    sync.fn(settings, run.id, "contacts")
    publish.fn(settings, run.id)
    return said


def manifest(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "site/current/manifest.json").read_text())


def verdicts(settings: str) -> list[dict[str, Any]]:
    """Of all publications, the oldest first."""
    found = rows(settings, "publication", "published_at", "verdict")
    return [told if isinstance(told, dict) else json.loads(str(told)) for _, told in found]


def numbers_kept(settings: str) -> set[tuple[object, ...]]:
    return set(rows(settings, "metric_value"))


def whole_share(settings: str, metric: str) -> object:
    kept = rows(settings, "metric_value", "metric", "grain", "channel", "product", "value")
    [value] = [row[4] for row in kept if row[:4] == (metric, "period", "", "")]
    return value
