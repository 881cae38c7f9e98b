from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from tasks import runs
from tasks.collect import collect
from tasks.refine import refine
from tests.samples import ANSWERS, rows, world, write_answers

NO_DATE = ["4", "no date", "5", "secret \x1b[31mwords", ""]


@pytest.mark.parametrize(
    "command",
    [["set-aside", name] for name in ("list", "show", "fix", "replay", "drop")] + [["refine"]],
)
def test_every_command_has_help_with_an_example(command: list[str]) -> None:
    told = CliRunner().invoke(app, [*command, "--help"])
    assert told.exit_code == 0
    assert "Example" in told.output


def test_a_broken_record_is_found_looked_at_mended_and_gone(tmp_path: Path) -> None:
    settings = broken(tmp_path, NO_DATE)
    listed = ask("list --source survey --reason text", settings)
    assert "text where a date was expected" in listed.output
    assert "secret" not in listed.output
    number = str(rows(settings, "set_aside", "id")[0][0])
    file = tmp_path / "broken.json"
    assert "Wrote" in ask(f"show {number} --raw {file}", settings).output
    still = ask(f"fix {number} --file {file}", settings)
    assert still.exit_code == 1
    assert "still open" in still.output
    file.write_text(file.read_text().replace("no date", "2026-09-04"))
    mended = ask(f"fix {number} --file -", settings, given=file.read_bytes())
    assert "is mended: version 2" in mended.output
    assert "none" in ask("list", settings).output


def test_a_record_cannot_command_the_terminal(tmp_path: Path) -> None:
    settings = broken(tmp_path, NO_DATE)
    number = str(rows(settings, "set_aside", "id")[0][0])
    shown = ask(f"show {number}", settings).output
    assert "words" in shown
    assert "\x1b" not in shown
    payload = tmp_path / "raw"
    ask(f"show {number} --raw {payload}", settings)
    assert "secret" not in ask(f"show {number} --raw {payload}2", settings).output


def test_many_records_are_counted_by_their_reason(tmp_path: Path) -> None:
    settings = broken(tmp_path, *([f"x{n}", "no date", "5", "hm", ""] for n in range(51)))
    counted = ask("list", settings).output
    assert "Set aside (open): 51" in counted
    assert "x7" not in counted
    assert "x7" in ask("list --each", settings).output


def test_dropping_wants_a_reason_and_a_choice(tmp_path: Path) -> None:
    settings = broken(tmp_path, NO_DATE)
    assert ask("drop --source survey", settings).exit_code == 2
    assert ask("drop --why x", settings).exit_code == 1
    assert rows(settings, "set_aside", "status") == [("open",)]
    assert ask("drop --source survey --why x", settings).exit_code == 0
    assert rows(settings, "set_aside", "status") == [("dropped",)]


def test_an_odd_age_is_said_in_words(tmp_path: Path) -> None:
    told = ask("list --older-than soon", world(tmp_path))
    assert told.exit_code == 1
    assert "12h, 7d or 2w" in told.output


def test_since_and_all_are_not_both_meant(tmp_path: Path) -> None:
    settings = world(tmp_path)
    command = ["refine", "--all", "--since", "2026-09-01", "--settings", settings]
    assert CliRunner().invoke(app, command).exit_code == 2


@pytest.mark.usefixtures("prefect_server", "impatient")
def test_refining_again_reports_what_came_of_it_and_what_waits_for_whom(tmp_path: Path) -> None:
    from flows.refine import refine as job

    settings = broken(tmp_path, NO_DATE)
    path = Path(settings)
    path.write_text(path.read_text().replace("survey =", 'owner = "anna"\nsurvey ='))
    report = job(settings, again=True)
    assert "Set aside and open, 1 in all: survey 1 (anna)." in report
    assert report.splitlines()[-1].startswith("Rebuilt 4 records: 3 came out as before")


def broken(folder: Path, *answers: list[str]) -> str:
    settings = world(folder)
    write_answers(folder, [*ANSWERS, *answers])
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
    return settings


def ask(command: str, settings: str, given: bytes = b"") -> Result:
    arguments = ["set-aside", *command.split(), "--settings", settings]
    return CliRunner().invoke(app, arguments, input=given)
