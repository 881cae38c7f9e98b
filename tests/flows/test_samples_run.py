"""The sample run: what the generator promised is what the books say, killed or not."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from feedback.settings import load
from tests.samples import crm_rows, rows

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("FEEDBACK_TEST_KILLS", "10"))
STORED = {
    "source_cursor": ("source",),  # the cursor itself tells times and places of files
    "raw_item": ("source", "ref", "version", "content_hash"),
    "set_aside": ("stage", "source", "ref", "version", "content_hash", "reason", "status"),
    "person": ("person_id",),
    "person_identity": ("kind", "value_hash", "person_id"),
    "feedback_item": (
        *("item_id", "version", "source", "ref", "channel", "thread_ref", "in_reply_to"),
        *("person_id", "said_at", "subject", "text", "fingerprint", "rating", "scale_low"),
        *("scale_high", "survey", "product", "region", "segment", "url", "extra"),
    ),
    "inference": (
        *("item_id", "version", "model", "model_version", "language", "language_confidence"),
        *("sentiment", "score", "confidence"),
    ),
    "resemblance": (
        "item_id",
        "version",
        "method",
        "group_id",
        "duplicate_of",
        "answer_of",
        "flag",
    ),
    "outbox": ("target", "kind", "item_id", "fingerprint", "status", "remote_id"),
}
NUMBERS = ("metric", "grain", "period", "channel", "product", "value", "n", "low", "high", "status")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, prefect_server: None) -> str:
    settings = copy_of_the_samples(tmp_path_factory.mktemp("undisturbed"))
    done = feedback("run", settings)
    assert done.returncode == 0, done.stderr
    return settings


def test_every_record_ends_where_its_maker_said_it_would(undisturbed: str) -> None:
    expected = json.loads((ROOT / "examples/data/expected.json").read_text(encoding="utf-8"))
    promised = {
        Path(file).stem: tuple(
            told[count] for count in ("records", "new", "changed", "duplicate", "set_aside")
        )
        for file, told in expected["files"].items()
    }
    books: dict[str, dict[str, tuple[int, ...]]] = {}
    columns = ("stage", "source", "fetched", "new", "changed", "duplicate", "set_aside")
    for stage, source, *counts in rows(undisturbed, "run_ledger", *columns):
        books.setdefault(str(source), {})[str(stage)] = tuple(counts)  # type: ignore[arg-type]
    found = {}
    for source in load(Path(undisturbed)).sources:
        fetched, _, _, duplicate, broken = books[source]["collect"]
        _, new, changed, _, refused = books[source]["refine"]
        found[source] = (fetched, new, changed, duplicate, broken + refused)
    assert found == promised


def test_the_stored_words_are_what_their_maker_meant(undisturbed: str) -> None:
    expected = json.loads((ROOT / "examples/data/expected.json").read_text(encoding="utf-8"))
    stored = rows(undisturbed, "feedback_item", "source", "ref", "subject", "text")
    checked = 0
    for file, told in expected["files"].items():
        for want in told["texts"]:
            ours = [
                f"{subject}\n{text}"
                for source, ref, subject, text in stored
                if source == Path(file).stem and str(ref).startswith(want["ref"])
            ]
            assert ours, want["ref"]
            assert all(any(part in text for text in ours) for part in want["contains"])
            assert not any(part in text for text in ours for part in want["never"])
            checked += 1
    assert checked > 100


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_run_killed_at_any_moment_ends_as_if_nothing_had_happened(
    undisturbed: str, tmp_path: Path
) -> None:
    moments, kills, lasted = random.Random(7), 0, 15.0
    settings = fresh_copy(tmp_path / "0", like=undisturbed)
    while kills < KILLS:
        began = time.monotonic()
        if killed_run(settings, after=moments.uniform(0.0, lasted)):
            kills += 1
        else:
            lasted = time.monotonic() - began
            assert_same(settings, undisturbed)
            settings = fresh_copy(tmp_path / str(kills), like=undisturbed)
    done = feedback("run", settings)
    assert done.returncode == 0, done.stderr
    assert_same(settings, undisturbed)
    assert "Nothing new" in feedback("run", settings).stdout


def assert_same(settings: str, undisturbed: str) -> None:
    for table, columns in STORED.items():
        assert rows(settings, table, *columns) == rows(undisturbed, table, *columns), table
    contacts = ("crm_contacts", "key", "email")
    assert crm_rows(settings, *contacts) == crm_rows(undisturbed, *contacts)
    activities = ("crm_activities", "key", "text", "sentiment", "contact_id")
    assert crm_rows(settings, *activities) == crm_rows(undisturbed, *activities)
    assert last_numbers(settings) == last_numbers(undisturbed)


def fresh_copy(folder: Path, like: str) -> str:
    """The samples again, with the key of another copy, so that keyed hashes are alike."""
    settings = copy_of_the_samples(folder)
    shutil.copy(Path(like).parent / ".feedback/key", folder / "examples/.feedback/key")
    return settings


def copy_of_the_samples(folder: Path) -> str:
    """The samples with settings, database, key and site of their own."""
    shutil.copytree(ROOT / "examples/data", folder / "examples/data")
    text = (ROOT / "examples/feedback.toml").read_text(encoding="utf-8")
    path = folder / "examples/feedback.toml"
    path.write_text(text.replace("../.feedback/", ".feedback/").replace("../site", "site"))
    done = feedback("init", str(path))
    assert done.returncode == 0, done.stderr
    return str(path)


def feedback(command: str, settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", command, "--settings", settings],
        cwd=ROOT,
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )


def killed_run(settings: str, after: float) -> bool:
    """Start a run, wait until it works, kill it `after` seconds later; False if it was done."""
    log = Path(settings).with_suffix(".log")
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "run", "--settings", settings],
            cwd=ROOT,
            env=environment() | {"PREFECT_LOGGING_LEVEL": "INFO"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        while process.poll() is None and "Beginning flow run" not in log.read_text():
            time.sleep(0.02)
        deadline = time.monotonic() + after
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
        return process.wait() == -signal.SIGKILL


def environment() -> dict[str, str]:
    """The tests' own Prefect server, so that a run does not start one of its own."""
    from prefect.settings import PREFECT_API_URL

    return {**os.environ, "PREFECT_API_URL": str(PREFECT_API_URL.value()), "DO_NOT_TRACK": "1"}


def last_numbers(settings: str) -> list[tuple[object, ...]]:
    last = max(rows(settings, "publication", "published_at", "snapshot"))[1]
    numbers = rows(settings, "metric_value", "snapshot", *NUMBERS)
    return [row[1:] for row in numbers if row[0] == last]
