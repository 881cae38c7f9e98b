"""Opens what a task works on, settings, warehouse and vault: its own, so that it can run anywhere.

A setting that reads `prefect-secret:NAME` is fetched from that Prefect Secret block here.
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from sqlalchemy import Engine

from connectors import catalogue
from connectors.contract import CrmTarget, Source
from feedback import settings as tree
from feedback.errors import Fault, FeedbackError, Refused
from feedback.sentiment.engine import SHIPPED
from feedback.sentiment.engine import Engine as Judge
from feedback.settings import Settings
from feedback.vault import Vault, open_vault
from feedback.warehouse import engine as warehouse
from feedback.warehouse.answers import Answers
from feedback.warehouse.collected import require_key

log = logging.getLogger("feedback")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a task needs; closed when the `with` block ends."""

    path: str
    settings: Settings
    engine: Engine
    vault: Vault

    def source(self, name: str) -> Source:
        """The source of that name in the settings. Raises `Refused`."""
        return catalogue.source(name, self.settings.sources[name])

    def sources(self) -> dict[str, Source]:
        """Every source whose settings can be used; the others were refused when collecting."""
        usable = {}
        for name in self.settings.sources:
            try:
                usable[name] = self.source(name)
            except Refused as error:
                log.warning("settings    %-16s %s", name, error)
        return usable

    def judge(self) -> Judge:
        """The engine that `understand.engine` chooses. Raises `Refused`."""
        return self._judge(self.settings.understand.engine)

    def other_judge(self, name: str) -> Judge:
        """The engine that a person names. Raises `Refused`."""
        known = [SHIPPED, *self.settings.engines]
        if name not in known:
            raise Refused(
                f"There is no [engines.{name}] in {self.path}. Known: {', '.join(known)}. Nothing "
                "was judged."
            )
        return self._judge(name)

    def _judge(self, name: str) -> Judge:
        return catalogue.engine(name, self.settings.engines, Answers(self.engine, self.vault))

    def model(self) -> tuple[str, str]:
        """Name and version of what judges: whose inferences are counted, told and published."""
        judge = self.judge()
        return judge.name, judge.version

    def midnight(self, day: date) -> datetime:
        """When a day begins, in the zone that days are counted in."""
        return datetime.combine(day, time(), ZoneInfo(self.settings.timezone))

    def target(self, name: str) -> CrmTarget:
        """The CRM target of that name in the settings. Raises `Refused`."""
        return catalogue.target(name, self.settings.crm[name])


@contextmanager
def opened(path: str, doing: str = "") -> Iterator[Opened]:
    """The settings of a file, with its warehouse and vault; the edge of every task.

    Errors of ours leave here without what caused them, and any other as a `Fault` that names its
    kind and place: the text of either may quote a record, and Prefect keeps what it is told.
    """
    try:
        with _open(path) as house:
            yield house
    except FeedbackError as error:
        if doing:
            log.warning("%s: %s: %s", doing, type(error).__name__, error)
        raise error from None
    except Exception as error:  # noqa: BLE001 - the one place, see above
        fault = _fault(error)
        log.error("%s: %s", doing, fault)  # noqa: TRY400 - the trace may quote a record
        raise fault from None


@contextmanager
def _open(path: str) -> Iterator[Opened]:
    settings = with_secrets(tree.load(Path(path)))
    vault = open_vault(settings.key.get_secret_value(), settings.key_file)
    engine = warehouse.connect(settings.database.get_secret_value())
    try:
        warehouse.require_current(engine)
        require_key(engine, vault)
        yield Opened(path, settings, engine, vault)
    finally:
        engine.dispose()


def _fault(error: Exception) -> Fault:
    frames = reversed(traceback.extract_tb(error.__traceback__)[-3:])
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return Fault(
        f"A fault of ours: {type(error).__name__} at {places}. The step under way was rolled back; "
        "what was stored before stays, the next run goes on from there. Please report this line."
    )


def with_secrets(settings: Settings) -> Settings:
    """The same settings, every reference to a Prefect Secret block replaced by what it holds."""
    settings.database = SecretStr(_secret(settings.database.get_secret_value()))
    settings.key = SecretStr(_secret(settings.key.get_secret_value()))
    for table in settings.tables():
        table.update({name: _secret(value) for name, value in table.items()})
    return settings


def _secret(value: Any) -> Any:
    if not (isinstance(value, str) and value.startswith(tree.SECRET)):
        return value
    from prefect.blocks.system import Secret  # seconds to import, and few settings need it

    name = value.removeprefix(tree.SECRET)
    try:
        return Secret.load(name).get()
    except ValueError:
        raise Refused(
            f"There is no Prefect Secret block {name!r}. Nothing was read or written. Make it on "
            "the Prefect server that this run talks to, or set the value by environment variable."
        ) from None
