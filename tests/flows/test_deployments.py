"""The timetable on a real Prefect server: a worker, and a scheduled run that really runs."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.samples import rows, world

ROOT = Path(__file__).parents[2]
DEPLOYMENTS = {"collect/hourly", "pipeline/daily", "publish/weekly"}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


class Prefect:
    """A Prefect server of its own, with a home folder that looks like a checkout."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.home = home
        self.settings = world(home)
        for part in ("flows", "tasks", "connectors", "expectations", "feedback", "prefect.yaml"):
            (home / part).symlink_to(ROOT / part)
        self.environment = {
            **os.environ,
            "DO_NOT_TRACK": "1",
            "FEEDBACK_HOME": str(home),
            "PREFECT_HOME": str(home / ".prefect"),
            "PREFECT_API_URL": f"http://127.0.0.1:{self.port}/api",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        }
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, *arguments: str) -> None:
        with (self.home / f"{arguments[0]}.log").open("wb") as log:
            self.started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "prefect", *arguments],
                    cwd=self.home,
                    env=self.environment,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
            cwd=self.home,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def stop(self) -> None:
        for process in reversed(self.started):
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    prefect = Prefect(tmp_path_factory.mktemp("deployed"))
    try:
        prefect.start("server", "start", "--host", "127.0.0.1", "--port", str(prefect.port))
        wait_until(lambda: healthy(prefect), 120, "the server answers")
        prefect.run("work-pool", "create", "feedback", "--type", "process")
        prefect.run("deploy", "--all")
        yield prefect
    finally:
        prefect.stop()


def test_every_deployment_is_there_with_its_schedule_and_its_limit(prefect: Prefect) -> None:
    found = {
        d["entrypoint"].split(":")[1] + "/" + d["name"]: d
        for d in prefect.ask("deployments/filter", {})
    }
    assert set(found) == DEPLOYMENTS
    for deployment in found.values():
        assert deployment["schedules"][0]["active"]
        assert deployment["schedules"][0]["schedule"]["timezone"] == "Europe/Moscow"
        assert deployment["global_concurrency_limit"]["limit"] == 1
        assert deployment["description"]


def test_schedules_really_make_runs(prefect: Prefect) -> None:
    """Fails with an SQLAlchemy that stops Prefect's scheduler in silence."""
    scheduled = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    every = {d["id"] for d in prefect.ask("deployments/filter", {})}
    wait_until(
        lambda: {r["deployment_id"] for r in prefect.ask("flow_runs/filter", scheduled)} == every,
        120,
        "each deployment has runs scheduled",
    )


def test_a_scheduled_run_is_done_by_a_worker(prefect: Prefect) -> None:
    prefect.run(
        *("deployment", "schedule", "create", "pipeline/daily"),
        *("--cron", "* * * * *", "--timezone", "Europe/Moscow"),
    )
    prefect.start("worker", "start", "--pool", "feedback", "--type", "process")
    done = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}}
    wait_until(lambda: prefect.ask("flow_runs/count", done) > 0, 300, "a scheduled run has ended")
    run = prefect.ask("flow_runs/filter", done)[0]
    assert (run["state"]["type"], run["auto_scheduled"]) == ("COMPLETED", True), run["state"]
    assert len(rows(prefect.settings, "feedback_item")) == 3
    assert (prefect.home / "site/current/index.html").exists()


def healthy(prefect: Prefect) -> bool:
    try:
        return bool(prefect.ask("health"))
    except OSError:
        return False


def wait_until(true: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(1)
