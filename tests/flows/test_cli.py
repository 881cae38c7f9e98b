import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from tasks import environment, runs
from tasks.collect import collect
from tasks.refine import refine
from tasks.understand import understand
from tests.connectors.engines import tiny_onnx
from tests.samples import ANSWERS, rows, world, write_answers

ROOT = Path(__file__).parents[2]


def test_init_makes_settings_key_and_tables_and_can_be_repeated(tmp_path: Path) -> None:
    path = tmp_path / "feedback.toml"
    assert ask("init", path).exit_code == 0
    made = path.read_bytes(), (tmp_path / ".feedback/key").read_bytes()
    assert ask("init", path).exit_code == 0
    assert (path.read_bytes(), (tmp_path / ".feedback/key").read_bytes()) == made
    assert ask("check", path).exit_code == 0


def test_check_names_what_fails_and_what_to_mend_and_goes_on(tmp_path: Path) -> None:
    more = '[sources.gone]\nkind = "mail-files"\nchannel = "mail"\npath = "gone.mbox"\n'
    told = ask("check", Path(world(tmp_path, more=more)))
    assert told.exit_code == 1
    lines = told.output.splitlines()
    assert any(line.startswith("FAILED sources.gone") for line in lines)
    assert any(line.startswith("ok     sources.survey") for line in lines)
    assert any(line.startswith("ok     publish") for line in lines)


def test_comparing_models_says_what_would_change_and_writes_it_on_request(tmp_path: Path) -> None:
    tiny_onnx.write(tmp_path / "tiny")
    settings = world(tmp_path, more='[engines.tiny]\nkind = "onnx"\npath = "tiny"\n')
    write_answers(tmp_path, [[str(n), "2026-09-01 10:00", "9", "thanks", ""] for n in range(6)])
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
    understand.fn(settings, run.id)
    out = str(tmp_path / "moved.csv")
    told = ask(f"model compare --engine tiny --out {out}", Path(settings))
    assert told.exit_code == 0, told.output
    assert "6 texts of 6 compared, 6 labels change" in told.output
    assert "positive_share" in told.output
    header = Path(out).read_text().splitlines()[0]
    assert header.startswith("metric,grain,period,channel,value_before,n_before")
    assert ask("model compare", Path(settings)).exit_code == 2
    refused = ask("model compare --engine nobody", Path(settings))
    assert refused.exit_code == 1
    assert "no [engines.nobody]" in refused.output


def test_check_changes_nothing(tmp_path: Path) -> None:
    settings = world(tmp_path)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    assert ask("check", Path(settings)).exit_code == 0
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[sources.a]\nkind = "fax"\nchannel = "mail"', "Known kinds"),
        ('[sources.a]\nkind = "table"\nchannel = "form"', "path"),
        ('[sources.a]\nkind = "table"\nchannel = "fax"\npath = "x.csv"', "channel"),
    ],
)
def test_a_source_that_cannot_be_used_is_said_in_words(
    tmp_path: Path, text: str, said: str
) -> None:
    path = Path(world(tmp_path))
    path.write_text(text, encoding="utf-8")
    told = ask("check", path)
    assert told.exit_code == 1
    assert said in told.output
    assert "Traceback" not in told.output


def test_a_missing_settings_file_is_said_in_words(tmp_path: Path) -> None:
    told = ask("status", tmp_path / "none.toml")
    assert told.exit_code == 1
    assert "feedback init" in told.output


def test_a_record_with_brackets_in_its_id_is_listed_as_it_is(tmp_path: Path) -> None:
    settings = world(tmp_path)
    write_answers(tmp_path, [["[/b]", "no date", "5", "hm", ""]])
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
    told = ask("set-aside list", Path(settings))
    assert told.exit_code == 0
    assert "[/b]" in told.output


def test_init_makes_the_folder_of_the_settings_file(tmp_path: Path) -> None:
    assert ask("init", tmp_path / "new" / "feedback.toml").exit_code == 0


def test_a_number_of_retries_that_is_none_is_said_in_words(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "run", "--settings", world(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "FEEDBACK_TASK_RETRIES": "many"},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert "FEEDBACK_TASK_RETRIES" in done.stderr
    assert "Traceback" not in done.stderr


def test_prefect_is_set_up_alike_in_every_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ("PREFECT_HOME", "DO_NOT_TRACK", "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    before = dict(os.environ)
    try:
        environment.settle()
        assert [os.environ[name] for name in names] == [str(ROOT / ".prefect"), "1", "120"]
    finally:
        os.environ.clear()
        os.environ.update(before)


def test_wrong_usage_has_an_exit_code_of_its_own() -> None:
    assert CliRunner().invoke(app, ["run", "--colour"]).exit_code == 2


@pytest.mark.parametrize(
    "command", [[], ["init"], ["check"], ["run"], ["status"], ["set-aside", "list"]]
)
def test_every_command_has_help_with_an_example(command: list[str]) -> None:
    told = CliRunner().invoke(app, [*command, "--help"])
    assert told.exit_code == 0
    assert not command or "Example" in told.output


@pytest.mark.parametrize("command", ["eval", "compare"])
def test_help_says_where_the_name_of_an_engine_comes_from(command: str) -> None:
    told = CliRunner().invoke(app, ["model", command, "--help"]).output
    assert "an engine of the settings, by its name" in " ".join(told.replace("│", " ").split())


@pytest.mark.slow
def test_a_run_from_the_shell_ends_with_the_path_of_the_page(
    tmp_path: Path, prefect_server: None
) -> None:
    settings = world(tmp_path)
    done = shell("run", settings)
    assert done.returncode == 0, done.stderr
    page = Path(done.stdout.splitlines()[-1])
    assert page == tmp_path / "site/current/index.html"
    assert page.exists()
    manifest = json.loads((page.parent / "manifest.json").read_text())
    assert {file["name"] for file in manifest["files"]} >= {"index.html", "metrics.csv"}
    assert "collect" in done.stderr


@pytest.mark.slow
def test_a_renamed_column_ends_with_gaps_names_it_and_loses_nothing(
    tmp_path: Path, prefect_server: None
) -> None:
    settings = world(tmp_path)
    write_answers(tmp_path, ANSWERS, ["id", "when", "score", "message", "mail"])
    done = shell("run", settings)
    assert done.returncode not in (0, 2)
    told = done.stdout + done.stderr
    assert "words" in told
    assert "message" in told
    assert "Traceback" not in told
    write_answers(tmp_path, ANSWERS)
    assert shell("run", settings).returncode == 0
    assert len(rows(settings, "feedback_item")) == len(ANSWERS)


def ask(command: str, settings: Path) -> Result:
    return CliRunner().invoke(app, [*command.split(), "--settings", str(settings)])


def shell(command: str, settings: str) -> subprocess.CompletedProcess[str]:
    from prefect.settings import PREFECT_API_URL

    return subprocess.run(
        [sys.executable, "-m", "flows.cli", command, "--settings", settings],
        cwd=ROOT,
        env={
            **os.environ,
            "PREFECT_API_URL": str(PREFECT_API_URL.value()),
            "FEEDBACK_TASK_RETRIES": "0",
        },
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
