"""Which kind in the settings is which connector: the one line that a newcomer adds.

A connector is imported only when it is asked for, so that a broken one harms nobody else.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, cast

from pydantic import ValidationError

from connectors.contract import CrmTarget, Source
from feedback.errors import Refused
from feedback.sentiment import model
from feedback.sentiment.engine import SHIPPED, Around, Engine, Memory

SOURCES = {
    "imap": "connectors.mail.imap:ImapSource",
    "mail-files": "connectors.mail.files:MailFilesSource",
    "table": "connectors.forms.tables:TableSource",
    "mastodon": "connectors.social.mastodon:MastodonSource",
}
TARGETS = {
    "sql": "connectors.crm.sql:SqlTarget",
    "bottlecrm": "connectors.crm.bottlecrm:BottleCrmTarget",
}

ENGINES = {
    "onnx": "connectors.engines.onnx_file:OnnxEngine",
    "transformers": "connectors.engines.hugging_face:TransformersEngine",
    "openai": "connectors.engines.openai_compatible:OpenAiEngine",
    "cascade": "connectors.engines.cascade:CascadeEngine",
    "trained": "connectors.engines.trained:TrainedEngine",
}


def source(name: str, table: Mapping[str, Any]) -> Source:
    """The source of `[sources.<name>]`; nothing is opened. Raises `Refused` for bad settings."""
    return cast(Source, _build("sources", name, table, SOURCES))


def target(name: str, table: Mapping[str, Any]) -> CrmTarget:
    """The target of `[crm.<name>]`; nothing is opened. Raises `Refused` for bad settings."""
    return cast(CrmTarget, _build("crm", name, table, TARGETS))


def engine(
    name: str, tables: Mapping[str, Mapping[str, Any]], memory: Memory, within: Sequence[str] = ()
) -> Engine:
    """The shipped engine, or that of `[engines.<name>]`; nothing is opened. Raises `Refused`.

    `within` are the engines that this one is a part of.
    """
    if name == SHIPPED:
        return model.load()
    if name in within:
        raise Refused(f"[engines.{name}] is a part of itself. Nothing was judged.")
    if name not in tables:
        raise Refused(
            f"There is no [engines.{name}], which {_asked_for(within)} names. Known: "
            f"{', '.join([SHIPPED, *tables])}. Nothing was judged."
        )

    def other(part: str) -> Engine:
        return engine(part, tables, memory, (*within, name))

    return cast(Engine, _build("engines", name, tables[name], ENGINES, Around(memory, other)))


def _asked_for(within: Sequence[str]) -> str:
    return f"[engines.{within[-1]}]" if within else "understand.engine"


def _build(
    section: str, name: str, table: Mapping[str, Any], kinds: Mapping[str, str], *more: object
) -> object:
    kind = str(table.get("kind", ""))
    if kind not in kinds:
        known = ", ".join(sorted(kinds))
        raise Refused(f"[{section}.{name}] has kind {kind!r}. Known kinds: {known}.")
    module, _, class_name = kinds[kind].partition(":")
    connector = getattr(import_module(module), class_name)
    try:
        settings = connector.Settings(**table)
    except ValidationError as error:
        said = "; ".join(f"{_where(e['loc'])}: {e['msg']}" for e in error.errors())
        raise Refused(f"[{section}.{name}] cannot be used. {said}. Nothing was read.") from None
    return connector(name, settings, *more)


def _where(loc: tuple[int | str, ...]) -> str:
    return ".".join(map(str, loc)) or "settings"
