import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feedback.errors import Refused
from feedback.settings import load
from feedback.warehouse import bulk
from feedback.warehouse.engine import connect, writing
from feedback.warehouse.tables import check_result
from tasks import runs
from tasks.collect import collect
from tasks.publish import publish
from tasks.refine import refine
from tasks.understand import understand
from tests.samples import ANSWERS, rows, world, write_answers


def test_words_dated_tomorrow_by_a_wrong_clock_do_not_hold_the_page_back(tmp_path: Path) -> None:
    settings = world(tmp_path)
    now = datetime.now(UTC)
    late = [f"{now + timedelta(hours=h):%Y-%m-%d %H:%M}" for h in (-1, 23)]
    write_answers(tmp_path, [["8", late[0], "5", "now", ""], ["9", late[1], "5", "soon", ""]])
    go(settings)
    assert manifest(tmp_path)["window_end"] <= f"{datetime.now(UTC):%Y-%m-%d}"


def test_there_is_no_comparison_with_a_period_that_was_not_whole(tmp_path: Path) -> None:
    settings = world(tmp_path)
    answers = [[str(n), f"2026-09-{n:02} 10:00", "9", "", ""] for n in range(1, 29)]
    write_answers(tmp_path, answers)
    go(settings, days=20)
    assert windows(settings) == {"2026-09-09"}
    go(settings, days=27)
    assert windows(settings) == {"2026-09-09", "2026-09-02"}
    assert len(rows(settings, "publication")) == 2


def test_a_whole_period_before_is_kept_to_compare_with(tmp_path: Path) -> None:
    settings = world(tmp_path)
    write_answers(tmp_path, [[str(n), f"2026-09-{n:02} 10:00", "9", "", ""] for n in range(1, 29)])
    go(settings, days=9)
    assert windows(settings) == {"2026-09-11", "2026-09-20"}


def test_every_published_number_is_kept_with_its_checksums(tmp_path: Path) -> None:
    settings = world(tmp_path)
    go(settings)
    [(snapshot, files)] = rows(settings, "publication", "snapshot", "files")
    listed = {file["name"]: file["sha256"] for file in manifest(tmp_path)["files"]}
    kept = json.loads(str(files))
    assert listed.items() <= kept.items()
    published = json.loads((tmp_path / "site/current/metrics.json").read_text())
    assert len(rows(settings, "metric_value")) >= len(published["records"])
    assert {row[0] for row in rows(settings, "metric_value", "snapshot")} == {snapshot}


def test_a_source_that_left_the_settings_stays_beside_its_numbers(tmp_path: Path) -> None:
    settings = world(tmp_path)
    go(settings)
    path = Path(settings)
    path.write_text(path.read_text().replace("sources.survey", "sources.renamed"))
    run = runs.begin(settings)
    publish.fn(settings, run.id)
    listed = json.loads((tmp_path / "site/current/metrics.json").read_text())["sources"]
    assert {source["source"]: source["problem"] for source in listed} == {
        "renamed": "never",
        "survey": "",
    }


def test_the_quality_of_the_data_is_published_beside_the_numbers(tmp_path: Path) -> None:
    settings = world(tmp_path)
    broken = ["4", "no date", "9", "good", ""]
    write_answers(tmp_path, [["1", "2026-09-01 10:00", "9", "call +7 912 345-67-89", ""], broken])
    go(settings)
    facts = quality(tmp_path)
    [survey] = facts["sources"]
    assert survey["ever"]["collect"]["fetched"] == 2
    assert survey["ever"]["refine"]["set_aside"] == 1
    assert (survey["balanced"], survey["set_aside"], survey["records"]) == (True, 1, 2)
    assert [waiting["records"] for waiting in survey["waiting"]] == [1]
    assert facts["texts"]["items"] == 1
    page = (tmp_path / "site/current/quality.html").read_text()
    assert "912" not in page
    assert "good" not in page


def test_a_second_run_that_reads_the_same_again_leaves_both_pages_alone(tmp_path: Path) -> None:
    settings = world(tmp_path)
    go(settings)
    before = contents(tmp_path)
    write_answers(tmp_path, ANSWERS[::-1])
    go(settings)
    assert sum(int(str(n)) for (n,) in rows(settings, "run_ledger", "duplicate")) == len(ANSWERS)
    assert contents(tmp_path) == before
    assert len(rows(settings, "publication")) == 1


def test_a_check_made_again_with_the_same_outcome_leaves_both_pages_alone(tmp_path: Path) -> None:
    settings = world(tmp_path)
    go(settings)  # the runs after it have nothing to refine, so they check nothing themselves
    check(settings, at=datetime.now(UTC) + timedelta(hours=1))
    go(settings)
    before = contents(tmp_path)
    check(settings, at=datetime.now(UTC) + timedelta(hours=2), checked=7)
    go(settings)
    assert contents(tmp_path) == before
    check(settings, at=datetime.now(UTC) + timedelta(hours=3), failed=2)
    go(settings)
    assert contents(tmp_path) != before


def test_a_record_set_aside_is_news_though_no_number_moves(tmp_path: Path) -> None:
    settings = world(tmp_path)
    go(settings)
    write_answers(tmp_path, [*ANSWERS, ["4", "no date", "9", "", ""]])
    go(settings)
    assert quality(tmp_path)["sources"][0]["set_aside"] == 1
    assert len(rows(settings, "publication")) == 2


def test_a_page_that_was_taken_away_is_put_back(tmp_path: Path) -> None:
    settings = world(tmp_path)
    go(settings)
    (tmp_path / "site/current").unlink()
    go(settings)
    assert (tmp_path / "site/current/index.html").exists()


def test_with_nothing_stored_nothing_is_published(tmp_path: Path) -> None:
    settings = world(tmp_path)
    with pytest.raises(Refused, match="nothing to publish"):
        publish.fn(settings, "run")
    assert not (tmp_path / "site").exists()


def go(settings: str, days: int = 0) -> str:
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
    understand.fn(settings, run.id)
    return publish.fn(settings, run.id, days=days)


def manifest(folder: Path) -> dict[str, str]:
    return json.loads((folder / "site/current/manifest.json").read_text())


def quality(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "site/current/quality.json").read_text())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "site/current").iterdir()}


def check(settings: str, *, at: datetime, checked: int = 3, failed: int = 1) -> None:
    """Keep the result of a check, as a run does."""
    row = {"run_id": f"{at}", "suite": "raw", "source": "gone", "expectation": "it has no ref"}
    row |= {"severity": "critical", "checked": checked, "failed": failed, "observed": "", "at": at}
    engine = connect(load(Path(settings)).database.get_secret_value())
    with writing(engine) as connection:
        bulk.insert(connection, check_result, [row])
    engine.dispose()


def windows(settings: str) -> set[object]:
    """First days of all periods whose numbers were ever kept."""
    kept = rows(settings, "metric_value", "grain", "period")
    return {period for grain, period in kept if grain == "period"}
