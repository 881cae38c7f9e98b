"""What every check said is kept with its batch, and a gate that stops goes on stopping."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import update

from expectations import thresholds
from expectations.volumes import Plausible
from feedback.errors import Busy, Changed, Refused
from feedback.sentiment.model import SentimentModel
from feedback.settings import load
from feedback.warehouse import arrivals, checked
from feedback.warehouse.engine import connect, hold, writing
from feedback.warehouse.tables import run_ledger
from tasks import refine as refining
from tasks import runs
from tasks.collect import collect
from tasks.publish import publish
from tasks.refine import refine
from tasks.sync import sync
from tasks.understand import understand
from tasks.validate import data_docs, validate
from tests.samples import ANSWERS, crm_rows, rows, world, write_answers

DAY = datetime(2026, 9, 1, 10, tzinfo=UTC)


def test_every_expectation_of_every_suite_is_kept_per_source(
    tmp_path: Path, database_url: str
) -> None:
    settings = world(tmp_path, database_url)
    write_answers(tmp_path, [*ANSWERS, ["4", "2026-09-04 10:00", "4.5", "nan", ""]])
    run = go(settings)
    publish.fn(settings, run)
    found = kept(settings, run)
    assert set(found["suite"]) == {"raw", "clean", "form", "understood", "batch", "metrics"}
    by_row = found[found["suite"].isin(["raw", "clean", "form", "understood"])]
    assert set(by_row["source"]) == {"survey"}
    assert set(by_row["checked"]) == {1, 4}
    failed = found[found["failed"] > 0]
    assert {(r.suite, r.expectation) for r in failed.itertuples()} == {
        ("form", "its rating is not a whole number up to 100, as answers are"),
        ("form", "its text is only what a program writes for nothing"),
    }


def test_batches_add_up_and_a_repeated_run_does_not_double(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = world(tmp_path)
    monkeypatch.setattr(refining, "BATCH", 2)
    run = go(settings)
    first = kept(settings, run)
    go(settings, run)
    again = kept(settings, run)
    of_rows = first["expectation"] == "it has no ref"
    assert set(first[of_rows]["checked"]) == {3}
    stays = ["suite", "source", "expectation", "checked", "failed"]
    whole = first["suite"] != "batch"
    pd.testing.assert_frame_equal(first[whole][stays], again[whole][stays])


def test_a_model_out_of_its_mind_stops_before_anything_is_stored_and_loses_no_item(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = world(tmp_path)
    judge = SentimentModel.judge
    with monkeypatch.context() as broken:
        broken.setattr(SentimentModel, "judge", lambda *a: judge(*a).assign(score=7.0))
        with pytest.raises(Changed, match=r"its score is outside -1\.\.1\. Nothing of this batch"):
            go(settings)
    assert rows(settings, "inference") == []
    [(run,)] = set(rows(settings, "check_result", "run_id"))
    failed = kept(settings, str(run)).query("failed > 0")
    assert set(failed["expectation"]) >= {
        "its score is outside -1..1",
        "its score is not what its probabilities say",
    }
    go(settings)
    assert len(rows(settings, "inference")) == 3


def test_a_gate_that_stops_goes_on_stopping_until_it_is_allowed_more(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = world(tmp_path, database_url)
    monkeypatch.setattr(thresholds, "thresholds", lambda _: strict(stop=["drift_rating"]))
    monkeypatch.setattr("expectations.batch.thresholds", lambda *_: strict(stop=["drift_rating"]))
    write_answers(tmp_path, answers("calm", 12, "9", DAY))
    go(settings)
    write_answers(tmp_path, answers("odd", 12, "0", DAY + timedelta(days=3)))
    with pytest.raises(Changed, match=r"survey: its ratings .*nothing was sent on or published"):
        go(settings)
    with pytest.raises(Changed, match="12 beside 12"):  # nothing new came, it is as odd as before
        go(settings)
    monkeypatch.setattr("expectations.batch.thresholds", lambda *_: strict())
    run = go(settings)
    assert "its ratings are spread otherwise than they were" in failed(settings, run)
    run = go(settings)
    assert failed(settings, run) == []
    assert len(rows(settings, "feedback_item")) == 24


def test_what_is_held_is_neither_published_nor_sent_by_any_other_run(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = world(tmp_path, database_url)
    write_answers(tmp_path, answers("calm", 12, "9", DAY))
    go(settings)
    write_answers(tmp_path, answers("odd", 12, "0", DAY + timedelta(days=3)))
    with monkeypatch.context() as stopping:
        stopping.setattr("expectations.batch.thresholds", lambda *_: strict(stop=["drift_rating"]))
        with pytest.raises(Changed):
            go(settings)
    other = runs.begin(settings).id
    with pytest.raises(Changed, match=r"held: survey: its ratings .*No page was written"):
        publish.fn(settings, other, days=7, place="weekly")
    with pytest.raises(Changed, match=r"held: survey: its ratings .*Nothing was sent to contacts"):
        sync.fn(settings, other, "contacts")
    assert not (tmp_path / "site").exists()
    assert rows(settings, "outbox") == []
    go(settings)  # allowed more by now
    publish.fn(settings, other, days=7, place="weekly")
    sync.fn(settings, other, "contacts")
    assert len(crm_rows(settings, "crm_activities")) == 24


def test_a_source_that_is_no_longer_set_up_holds_nothing_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = world(tmp_path)
    go(settings)
    write_answers(tmp_path, [[str(n), *ANSWERS[0][1:]] for n in range(4, 20)])
    with monkeypatch.context() as stopping:
        stopping.setattr("expectations.batch.thresholds", lambda *_: strict(stop=["volume"]))
        stopping.setattr("expectations.batch.plausible", lambda *_: Plausible(99, 99))
        with pytest.raises(Changed):
            go(settings)
    path = Path(settings)
    told = path.read_text(encoding="utf-8").replace("[sources.survey]", "[sources.now]")
    path.write_text(told, encoding="utf-8")
    publish.fn(settings, runs.begin(settings).id)


def test_a_batch_left_by_a_killed_run_is_judged_with_the_next_and_no_more(tmp_path: Path) -> None:
    settings = world(tmp_path)
    killed_while_refining(settings, runs.begin(settings).id)
    assert empty_texts(settings, go(settings)) == "3 are too few to tell"
    assert empty_texts(settings, go(settings)) == "nothing new"


def test_a_run_that_began_earlier_and_refines_later_is_judged(
    tmp_path: Path, database_url: str
) -> None:
    settings = world(tmp_path, database_url)
    early, late = (f"20260901T0{n}0000Z-000000" for n in (1, 2))
    go(settings, late)
    write_answers(tmp_path, [*ANSWERS, *answers("more", 2, "9", DAY)])
    assert empty_texts(settings, go(settings, early)) == "2 are too few to tell"
    assert empty_texts(settings, go(settings)) == "nothing new"


def test_what_a_run_rebuilds_after_another_was_judged_is_judged_though_it_is_killed(
    tmp_path: Path,
) -> None:
    """With all else of its run: twice is safe, never is not."""
    settings = world(tmp_path)
    early = runs.begin(settings).id
    collect.fn(settings, early, "survey")
    refine.fn(settings, early)
    go(settings)
    write_answers(tmp_path, [*ANSWERS, *answers("more", 2, "9", DAY)])
    killed_while_refining(settings, early)
    assert empty_texts(settings, go(settings)) == "5 are too few to tell"
    assert empty_texts(settings, go(settings)) == "nothing new"


def test_nobody_refines_while_a_batch_is_judged(tmp_path: Path) -> None:
    """Else what is stored between the counting and the verdict would count as judged."""
    settings = world(tmp_path)
    engine = connect(load(Path(settings)).database.get_secret_value())
    with hold(engine, "refining"), pytest.raises(Busy):
        validate.fn(settings, runs.begin(settings).id)
    engine.dispose()


def test_what_came_is_counted_beside_what_was_said_before(
    tmp_path: Path, database_url: str
) -> None:
    settings = world(tmp_path, database_url)
    old = ["0", "2026-05-01 10:00", "9", "so long ago that it is not compared", ""]
    write_answers(tmp_path, [old, *answers("a", 4, "9", DAY)])
    go(settings)
    write_answers(
        tmp_path,
        [*answers("b", 2, "0", DAY + timedelta(days=9)), ["c", "2026-09-12 10:00", "5", "", ""]],
    )
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
    understand.fn(settings, run.id)
    engine = connect(load(Path(settings)).database.get_secret_value())
    [model] = set(rows(settings, "inference", "model", "model_version"))
    found = arrivals.of_source(engine, "survey", (str(model[0]), str(model[1])), 28)
    engine.dispose()
    assert found.now["length"] == {"to 20": 2, "none": 1}
    assert found.now["rating"] == {"fifth 1": 2, "fifth 3": 1}
    assert found.now["language"] == {"ru": 2, "none": 1}
    assert found.before["length"] == {"to 20": 4}
    assert found.before["rating"] == {"fifth 5": 4}
    assert (found.asked, found.unrated) == (3, 0)
    assert found.unseen == {"product": 0, "region": 0, "survey": 0, "channel": 0}


def test_the_report_names_what_failed_and_the_artifact_has_every_check(
    tmp_path: Path, prefect_server: None
) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

    settings = world(tmp_path)
    write_answers(tmp_path, [*ANSWERS, ["4", "2026-09-04 10:00", "4.5", "секрет", ""]])
    run = runs.begin(settings)
    go(settings, run.id)
    text = runs.tell(run)
    assert (
        "Mind: survey, form: its rating is not a whole number up to 100, as answers are (1 of 4)."
        in text
    )
    with get_client(sync_client=True) as client:
        name = ArtifactFilter(key=ArtifactFilterKey(any_=["feedback-checks"]))
        kept = client.read_artifacts(artifact_filter=name)
    [artifact] = [one for one in kept if one.description == f"Run {run.id}"]
    assert str(artifact.data).count("its rating is not a whole number") == 1
    assert "another row has the same key" in str(artifact.data)
    assert "секрет" not in str(artifact.data)


def test_what_is_stored_holds_against_its_suites_after_the_fact(
    tmp_path: Path, database_url: str
) -> None:
    settings = world(tmp_path / "world", database_url)
    with pytest.raises(Refused, match="No page was written"):
        data_docs(settings, tmp_path / "docs", 3650)
    publish.fn(settings, go(settings))
    assert Path(data_docs(settings, tmp_path / "docs", 3650)).exists()
    pages = [path for path in (tmp_path / "docs").rglob("*") if path.is_file()]
    judged = {path.parents[2].name for path in pages if "validations" in str(path)}
    assert judged == {"clean", "form", "understood", "metrics"}
    words = [answer[3].encode() for answer in ANSWERS if answer[3]]
    assert not [path for path in pages if any(word in path.read_bytes() for word in words)]


def go(settings: str, run_id: str = "") -> str:
    run_id = run_id or runs.begin(settings).id
    collect.fn(settings, run_id, "survey")
    refine.fn(settings, run_id)
    understand.fn(settings, run_id)
    validate.fn(settings, run_id)
    return run_id


def killed_while_refining(settings: str, run_id: str) -> None:
    """Its items are stored, and its books are those of one that never ended."""
    collect.fn(settings, run_id, "survey")
    refine.fn(settings, run_id)
    engine = connect(load(Path(settings)).database.get_secret_value())
    with writing(engine) as connection:
        own = run_ledger.c
        books = update(run_ledger).where(own.run_id == run_id, own.stage == "refine")
        connection.execute(books.values(status="running", ended_at=None))
    engine.dispose()


def empty_texts(settings: str, run_id: str) -> str:
    """What the gate on empty texts saw."""
    found = kept(settings, run_id).query("suite == 'batch'").set_index("expectation")
    return str(found["observed"]["too many texts are empty"])


def kept(settings: str, run_id: str) -> pd.DataFrame:
    engine = connect(load(Path(settings)).database.get_secret_value())
    found = checked.of_run(engine, run_id)
    engine.dispose()
    return found


def failed(settings: str, run_id: str) -> list[str]:
    return list(kept(settings, run_id).query("failed > 0")["expectation"])


def answers(name: str, count: int, score: str, when: datetime) -> list[list[str]]:
    return [
        [f"{name}{i}", f"{when + timedelta(hours=i):%Y-%m-%d %H:%M}", score, f"Слова номер {i}", ""]
        for i in range(count)
    ]


def strict(stop: list[str] | None = None) -> thresholds.Thresholds:
    return thresholds.Thresholds(28, 5, 1, 1, 1, 9, 0.25, stop or [])
