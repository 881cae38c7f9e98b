from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from tasks import runs
from tasks.collect import collect
from tasks.refine import refine
from tasks.understand import understand
from tests.samples import rows, world


@pytest.mark.parametrize(
    "command", [[], *([name] for name in ("export", "import", "export-training"))]
)
def test_every_command_has_help_with_an_example(command: list[str]) -> None:
    told = CliRunner().invoke(app, ["label", *command, "--help"])
    assert told.exit_code == 0
    assert "Example" in told.output


def test_one_key_labels_a_text_and_the_end_of_the_keys_quits(tmp_path: Path) -> None:
    settings = world(tmp_path)
    run = runs.begin(settings)
    collect.fn(settings, run.id, "survey")
    refine.fn(settings, run.id)
    understand.fn(settings, run.id)
    told = CliRunner().invoke(app, ["label", "--settings", settings], input="n")
    assert told.exit_code == 0
    assert "Stored 1 answers. 1 are left" in told.output
    assert rows(settings, "correction", "sentiment", "drawn") == [("negative", "sampled")]


def test_a_mistake_ends_in_a_sentence(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["label", "--settings", world(tmp_path)])
    assert told.exit_code == 1
    assert "There is nothing to read" in told.output
