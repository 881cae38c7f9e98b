"""What a person asks for at the command line: set up, check, look at what is stored.

Nothing here needs Prefect, so that it answers at once.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine

import feedback
from connectors import catalogue
from feedback import settings as tree
from feedback.errors import FeedbackError, Refused
from feedback.sentiment.engine import Forgetful
from feedback.vault import open_vault, write_key_file
from feedback.warehouse import collected, report, understood
from feedback.warehouse import engine as warehouse
from feedback.warehouse.answers import Answers
from tasks.opening import Opened, opened, with_secrets

TEMPLATE = Path(feedback.__file__).parent / "settings.template.toml"


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check found: `said` is one sentence for a person."""

    what: str
    ok: bool
    said: str


def init(path: str) -> Iterator[str]:
    """Make what is missing of settings file, key and tables; yields a sentence per step."""
    if not Path(path).exists():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(TEMPLATE, path)
        yield f"Wrote {path}: name your sources in it."
    settings = with_secrets(tree.load(Path(path)))
    engine = warehouse.connect(settings.database.get_secret_value())
    try:
        warehouse.upgrade(engine)
        if not settings.key.get_secret_value() and _needs_key(settings.key_file, engine):
            write_key_file(settings.key_file)
            yield f"Made the key {settings.key_file}: keep a copy, nothing can be read without it."
    finally:
        engine.dispose()
    yield f"The tables are ready in {engine.url.render_as_string(hide_password=True)}."


def _needs_key(key_file: Path, engine: Engine) -> bool:
    """Whether a key has to be made. Raises `Refused` when data exist that a new key cannot open."""
    if key_file.exists():
        return False
    if not collected.is_empty(engine):
        raise Refused(
            f"The key file {key_file} is gone, and the warehouse holds data sealed with its key. "
            "No new key was made: it could not open them. Restore the file, or set FEEDBACK_KEY."
        )
    return True


def check(path: str) -> Iterator[Checked]:
    """Prove access to everything in the settings, changing nothing."""
    settings = with_secrets(tree.load(Path(path)))
    yield _checked("key", lambda: _key(settings))
    yield _checked("database", lambda: _database(settings))
    for name, table in settings.sources.items():
        yield _checked(f"sources.{name}", partial(_source, name, table))
    for name, table in settings.crm.items():
        yield _checked(f"crm.{name}", partial(_target, name, table))
    for name in dict.fromkeys([settings.understand.engine, *settings.engines]):
        yield _checked(f"engines.{name}", partial(_engine, name, settings))
    yield _checked("understand.taxonomy", lambda: _taxonomy(settings.understand.taxonomy))
    yield _checked("publish", lambda: _folder(settings.publish.folder))


def status(path: str, runs: int = 1) -> Iterator[tuple[str, pd.DataFrame]]:
    """Tables with their titles: each source, the CRMs, the books of the last runs."""
    with opened(path) as house:
        yield "Sources", report.source_states(house.engine).reset_index()
        yield "CRM", report.outbox_counts(house.engine)
        yield "Understanding", _understanding(house)
        for run_id in report.last_runs(house.engine, runs):
            yield f"Run {run_id}", report.of_run(house.engine, run_id)


def _understanding(house: Opened) -> pd.DataFrame:
    """What judges, how many items wait for it, and the tokens it cost since midnight UTC."""
    try:
        name, version = house.model()
    except Refused as error:
        return pd.DataFrame([{"engine": house.settings.understand.engine, "problem": str(error)}])
    waiting = understood.waiting(house.engine, name, version)
    tokens = sum(
        Answers(house.engine, house.vault).spent_today(part) for part in {name, *name.split("+")}
    )
    told = {"engine": name, "version": version, "waiting": waiting, "tokens_today": tokens}
    return pd.DataFrame([told])


def train(data: Path, out: Path, seed: int) -> str:
    """Train the sentiment model on a folder of labelled tables; says from what, and where it is."""
    from feedback.sentiment.train import train

    return train(data, out, seed)


def model_card(data: Path) -> str:
    """The model card, measured anew on the test sets in a folder; takes half an hour."""
    from feedback.sentiment.evaluate import model_card

    return model_card(data)


def train_topics(data: Path, out: Path) -> str:
    """Train the topic model on labelled feedback; says where the weights are."""
    from feedback.topics.train import train

    train(data, out)
    return f"Wrote {out}."


def topics_card(data: Path) -> str:
    """How well topics and intents are found, measured anew; takes minutes."""
    from feedback.topics.evaluate import report

    return report(data)


def _checked(what: str, look: Callable[[], str]) -> Checked:
    try:
        return Checked(what, True, look())
    except FeedbackError as error:
        return Checked(what, False, str(error))


def _source(name: str, table: Mapping[str, Any]) -> str:
    return catalogue.source(name, table).check()


def _target(name: str, table: Mapping[str, Any]) -> str:
    return catalogue.target(name, table).check()


def _engine(name: str, settings: tree.Settings) -> str:
    """One tiny judgement, of words of ours."""
    judge = catalogue.engine(name, settings.engines, Forgetful())
    [label] = judge.judge(["Thank you, everything is great!"], ["en"])["label"]
    if pd.isna(label):
        raise Refused(
            f"[engines.{name}] can ask nothing: its budget of a day is smaller than one request. "
            "Raise tokens_per_day or cost_per_day."
        )
    if label == "negative":
        raise Refused(
            f"[engines.{name}] cannot be trusted: it called a friendly text negative: see its "
            "labels setting, or name another model. Nothing was stored."
        )
    chosen = " It is the one in use." if name == settings.understand.engine else ""
    return f"{judge.name} {judge.version} judged a friendly text: {label}.{chosen}"


def _key(settings: tree.Settings) -> str:
    open_vault(settings.key.get_secret_value(), settings.key_file)
    return "The key is there and nobody else can read it."


def _database(settings: tree.Settings) -> str:
    engine = warehouse.connect(settings.database.get_secret_value())
    try:
        warehouse.require_current(engine)
    finally:
        engine.dispose()
    return f"The tables of {engine.url.render_as_string(hide_password=True)} are up to date."


def _taxonomy(path: Path | None) -> str:
    from feedback.topics.taxonomy import topics  # loads the dictionaries: a tenth of a second

    declared = topics(path)
    return f"{len(declared)} topics are declared {f'in {path}' if path else 'by us'}."


def _folder(folder: Path) -> str:
    there = next(parent for parent in [folder, *folder.parents] if parent.exists())
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        raise Refused(
            f"The folder {folder} cannot be written. Mend its rights or `publish.folder`."
        )
    return f"Pages can be written to {folder}."
