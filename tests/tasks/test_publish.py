import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedback.errors import Refused
from tasks import runs
from tasks.collect import collect
from tasks.publish import publish
from tasks.refine import refine
from tasks.understand import understand
from tests.samples import rows, world, write_answers


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


def windows(settings: str) -> set[object]:
    """First days of all periods whose numbers were ever kept."""
    kept = rows(settings, "metric_value", "grain", "period")
    return {period for grain, period in kept if grain == "period"}
