"""Accidents that others had with Prefect, each kept from happening here."""

import re
import sys
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
FLOWS = sorted((ROOT / "flows").glob("*.py"))


def test_no_flow_file_hides_a_standard_module_or_a_folder_of_ours() -> None:
    taken = set(sys.stdlib_module_names) | {"tasks", "connectors", "expectations", "feedback"}
    assert FLOWS
    assert not {path.stem for path in FLOWS} & taken


def test_no_flow_file_defines_a_type() -> None:
    assert not [
        path.name for path in FLOWS if re.search(r"^class ", path.read_text(), re.MULTILINE)
    ]


def test_no_secret_is_resolved_into_a_deployment() -> None:
    text = (ROOT / "prefect.yaml").read_text(encoding="utf-8")
    assert "prefect.blocks" not in text
    assert "job_variables" not in text


def test_every_deployment_names_a_flow_that_is_there() -> None:
    told = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    for deployment in told["deployments"]:
        path, _, name = deployment["entrypoint"].partition(":")
        assert re.search(rf"^@flow.*\ndef {name}\(", (ROOT / path).read_text(), re.MULTILINE)


def test_an_idle_server_rests() -> None:
    """Prefect makes the interval a whole number: below 1 it loops without a pause."""
    told = tomllib.loads((ROOT / "prefect.toml").read_text(encoding="utf-8"))
    assert told["server"]["services"]["task_run_recorder"]["flush_interval"] >= 1


def test_the_lock_names_no_registry_and_keeps_the_scheduler_alive() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    assert re.search(r"^sqlalchemy==2\.0\.", lock, re.MULTILINE)
    assert re.search(r"^fastapi==0\.1[0-4]\d\.|^fastapi==0\.150\.", lock, re.MULTILINE)
