from dataclasses import replace
from pathlib import Path

import pytest

from expectations.thresholds import thresholds
from feedback.errors import Gaps
from feedback.publishing.publish import current
from tests.samples import ANSWERS, crm_rows, rows, world, write_answers

pytestmark = pytest.mark.usefixtures("prefect_server", "impatient")


def test_the_whole_job_stores_understands_syncs_and_publishes(
    tmp_path: Path, database_url: str
) -> None:
    settings = world(tmp_path, database_url)
    report = run(settings)
    assert report.splitlines()[-1] == str(tmp_path / "site" / "current" / "index.html")
    assert "repeats 0, groups of near-equal texts 0" in report
    assert len(rows(settings, "feedback_item")) == 3
    assert [row[0] for row in rows(settings, "inference", "language")] == ["en", "ru", "unknown"]
    assert len(crm_rows(settings, "crm_activities")) == 3
    assert len(crm_rows(settings, "crm_contacts")) == 2
    assert current(tmp_path / "site") is not None


def test_a_second_run_finds_nothing_new_and_changes_nothing(
    tmp_path: Path, database_url: str
) -> None:
    settings = world(tmp_path, database_url)
    run(settings)
    tables = ("raw_item", "feedback_item", "inference", "outbox", "metric_value", "publication")
    before = [rows(settings, table) for table in tables]
    assert "Nothing new" in run(settings)
    assert [rows(settings, table) for table in tables] == before


def test_an_answer_that_was_edited_is_a_new_version_everywhere(tmp_path: Path) -> None:
    settings = world(tmp_path)
    run(settings)
    edited = [["1", "2026-09-01 10:00", "1", "Ужасно, верните деньги!", "anna@example.com"]]
    write_answers(tmp_path, edited + ANSWERS[1:])
    run(settings)
    versions = rows(settings, "feedback_item", "ref", "version", "rating")
    assert versions == [("1", 1, 9.0), ("1", 2, 1.0), ("2", 1, 2.0), ("3", 1, 7.0)]
    assert ("Ужасно, верните деньги!",) in crm_rows(settings, "crm_activities", "text")
    assert len(crm_rows(settings, "crm_activities")) == 3


def test_a_renamed_column_fails_the_run_and_says_which(tmp_path: Path) -> None:
    settings = world(tmp_path)
    run(settings)
    renamed = ["id", "when", "score", "message", "mail"]
    write_answers(tmp_path, [*ANSWERS, ["4", "2026-09-04", "5", "hm", ""]], renamed)
    with pytest.raises(Exception, match="words") as told:
        run(settings)
    assert "message" in str(told.value)
    assert len(rows(settings, "feedback_item")) == 3
    write_answers(tmp_path, [*ANSWERS, ["4", "2026-09-04", "5", "hm", ""]])
    run(settings)
    assert len(rows(settings, "feedback_item")) == 4


def test_a_silent_source_does_not_silence_the_others(tmp_path: Path) -> None:
    more = '[sources.away]\nkind = "mastodon"\nchannel = "social"\n'
    more += 'base_url = "http://127.0.0.1:9"\nhashtags = ["x"]\n'
    settings = world(tmp_path, more=more)
    with pytest.raises(Exception, match="away") as told:
        run(settings)
    assert type(told.value).__name__ == "Gaps"
    assert str(told.value).splitlines()[-1] == str(tmp_path / "site/current/index.html")
    assert len(rows(settings, "feedback_item")) == 3
    page = (tmp_path / "site" / "current" / "index.html").read_text(encoding="utf-8")
    assert "away" in page


def test_an_engine_that_is_away_is_a_gap_and_leaves_the_page_that_stands(tmp_path: Path) -> None:
    settings = world(tmp_path)
    run(settings)
    before = current(tmp_path / "site")
    told = Path(settings).read_text() + "[understand]\nengine = 'far'\n[engines.far]\n"
    told += "kind = 'openai'\nbase_url = 'http://127.0.0.1:9'\nmodel = 'm'\n"
    Path(settings).write_text(told)
    with pytest.raises(Gaps, match=r"Unavailable: engines\.far") as gap:
        run(settings)
    assert "Mind: 3 items wait to be judged by m " in str(gap.value)
    assert current(tmp_path / "site") == before
    assert len(rows(settings, "inference")) == 3


def test_one_bad_record_is_set_aside_with_its_reason_and_stops_nobody(tmp_path: Path) -> None:
    settings = world(tmp_path)
    bad = [
        ["5", "2026-13-45", "5", "bad date", ""],
        ["6", "2026-09-04", "eleven", "bad score", ""],
        ["7", "2026-09-04", "99", "off the scale", ""],
        ["8", "2036-09-04", "5", "from the future", ""],
        ["9", "2026-09-04", "", "", ""],
    ]
    write_answers(tmp_path, ANSWERS + bad)
    run(settings)
    aside = rows(settings, "set_aside", "ref", "status")
    assert aside == [(str(n), "open") for n in (5, 6, 7, 8, 9)]
    assert len(rows(settings, "feedback_item")) == 3


def test_nothing_secret_or_personal_stands_in_the_books(tmp_path: Path) -> None:
    settings = world(tmp_path)
    report = run(settings)
    books = repr(rows(settings, "run_ledger")) + repr(rows(settings, "sync_log")) + report
    assert "example.com" not in books
    assert "спасибо" not in books


def test_the_weekly_page_has_a_place_of_its_own(tmp_path: Path) -> None:
    from flows.publish import publish

    settings = world(tmp_path)
    run(settings)
    assert publish(settings, days=7, place="weekly") == str(
        tmp_path / "site" / "weekly" / "current" / "index.html"
    )
    manifest = current(tmp_path / "site" / "weekly")
    assert manifest is not None
    assert (manifest.window_end - manifest.window_start).days == 6


def test_a_held_batch_is_reported_and_neither_told_nor_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = world(tmp_path)
    run(settings)
    before = current(tmp_path / "site")
    write_answers(tmp_path, [*ANSWERS, ["4", "2026-09-04 10:00", "5", "", ""]])
    stopped = r"Changed: What was brought .*survey: too many texts are empty \(100% of 1\)"
    with monkeypatch.context() as stopping:
        limits = replace(thresholds("any"), fewest=1, empty=0.5, stop=["empty"])
        stopping.setattr("expectations.batch.thresholds", lambda *_: limits)
        with pytest.raises(Gaps, match=stopped) as told:
            run(settings)
        with pytest.raises(Gaps, match=stopped) as rebuilt:
            refine(settings)
    assert "| survey | 4       | 1" in str(told.value)
    assert "Rebuilt 4 records" in str(rebuilt.value)
    assert len(crm_rows(settings, "crm_activities")) == 3
    assert current(tmp_path / "site") == before
    run(settings)
    assert len(crm_rows(settings, "crm_activities")) == 4


def run(settings: str) -> str:
    from flows.pipeline import pipeline

    return pipeline(settings)


def refine(settings: str) -> str:
    from flows.refine import refine

    return refine(settings, again=True)
