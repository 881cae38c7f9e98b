from pathlib import Path

import pytest
from prefect import flow

from tasks.collect import collect
from tasks.patience import DELAYS
from tests.samples import world

pytestmark = pytest.mark.usefixtures("prefect_server")
AWAY = """
[sources.away]
kind = "mastodon"
channel = "social"
base_url = "http://127.0.0.1:9"
hashtags = ["x"]
"""


def test_a_source_that_is_away_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "retry_delay_seconds", [0.01 for _ in DELAYS])
    assert tries(world(tmp_path, more=AWAY), "away") == 1 + len(DELAYS)


def test_a_source_that_refuses_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "retry_delay_seconds", [0.01 for _ in DELAYS])
    settings = world(tmp_path)
    (tmp_path / "answers.csv").unlink()
    assert tries(settings, "survey") == 1


def tries(settings: str, source: str) -> int:
    """How often Prefect ran a task that fails in the end."""
    counts: list[int] = []
    watched = collect.with_options(
        on_failure=[lambda task, run, state: counts.append(run.run_count)]
    )

    @flow
    def once() -> None:
        watched(settings, "run", source, return_state=True)

    once()
    return counts[-1]
