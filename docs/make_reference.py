"""Writes docs/reference/ from the code: `make docs`. A test fails when a page is out of date.

Nothing there is written by hand: descriptions stand beside what they describe.
"""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import yaml
from prefect.server.schemas.schedules import CronSchedule
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from connectors.catalogue import ENGINES, SOURCES, TARGETS
from expectations.thresholds import GATES, Thresholds, thresholds
from expectations.volumes import plausible
from feedback.metrics.catalogue import DECLARED
from feedback.metrics.topics import TOPIC_METRICS
from feedback.records import Channel
from feedback.settings import Publish, Settings, Understand

ROOT = Path(__file__).parents[1]
FROM = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday: the timetable shows the first run after it


def pages() -> dict[str, str]:
    """{file name: its text} of every page of the reference."""
    return {
        "settings.md": _settings(),
        "connectors.md": _connectors(),
        "metrics.md": _metrics(),
        "suites.md": _suites(),
        "timetable.md": _timetable(),
    }


def _settings() -> str:
    return _page(
        "Settings",
        "One TOML file; `FEEDBACK_<NAME>` in the environment wins, with `__` for each level.",
        "## At the top",
        _fields(Settings),
        "## `[publish]`",
        _fields(Publish),
        "## `[understand]`",
        _fields(Understand),
        "Sources, CRM targets and engines: see [connectors](connectors.md).",
    )


def _connectors() -> str:
    parts = ["Connectors", "Each kind with the settings it takes."]
    for section, kinds in (("sources", SOURCES), ("crm", TARGETS), ("engines", ENGINES)):
        for kind, where in kinds.items():
            module, _, name = where.partition(":")
            connector = getattr(import_module(module), name)
            parts += [f"## `[{section}.<name>]` kind `{kind}`", connector.__doc__ or ""]
            parts.append(_fields(connector.Settings))
            for field in connector.Settings.model_fields.values():
                if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
                    parts += [
                        f"Fields of `{field.annotation.__name__}`:",
                        _fields(field.annotation),
                    ]
    return _page(*parts)


def _metrics() -> str:
    rows = [
        (f"`{m.name}`", m.title["en"], m.question["en"], m.unit, m.owner, m.caveat["en"])
        for m in (*DECLARED, *TOPIC_METRICS)
    ]
    head = ("metric", "title", "question", "unit", "owner", "mind")
    whole, topics = _table(head, rows[: len(DECLARED)]), _table(head, rows[len(DECLARED) :])
    return _page(
        "Metrics",
        "By day, week and period; channel and product. Corrected ones: by week and period.",
        whole,
        *("By week and period; topic or intent.", topics),
    )


def _suites() -> str:
    from expectations import channels, clean, metrics, raw, topics, understood

    parts = ["Suites", "What must be true of each table. *Critical* sets the row aside or stops."]
    by_channel = [channels.suite(channel) for channel in get_args(Channel)]
    for suite in (
        *(raw.suite(now=FROM), clean.suite(now=FROM), *by_channel),
        *(understood.suite(), topics.suite(), metrics.suite(today=FROM.date())),
    ):
        rows = {
            (str((e.meta or {}).get("reason")), str(getattr(e.severity, "value", e.severity)))
            for e in suite.expectations
        }
        parts += [f"## {suite.name}", _table(("refused because", "severity"), sorted(rows))]
    return _page(*parts, *_gates())


def _gates() -> list[str]:
    told, range_ = thresholds(""), plausible("")
    rows = [
        (f"`{name}`", said, _limit(f"{range_.least}..{range_.most}", name, told))
        for name, said in GATES.items()
    ]
    return [
        "## batch",
        "What each source brought, as a whole. A gate warns, unless `stop` of "
        "`expectations/gates.toml` names it. Shares and drift are judged from "
        f"{told.fewest} items on.",
        _table(("gate", "doubted because", "unless it is at most"), rows),
    ]


def _limit(range_: str, name: str, told: Thresholds) -> str:
    return f"in {range_}" if name == "volume" else f"{told.most(name):g}"


def _timetable() -> str:
    told = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    rows = []
    for deployment in told["deployments"]:
        for schedule in deployment["schedules"]:
            zone = ZoneInfo(schedule["timezone"])
            first = asyncio.run(
                CronSchedule(cron=schedule["cron"], timezone=str(zone)).get_dates(1, start=FROM)
            )[0]
            local, utc = first.astimezone(zone), first.astimezone(UTC)
            rows.append(
                (
                    deployment["name"],
                    f"`{schedule['cron']}`",
                    f"{local:%a %H:%M} {zone}",
                    f"{utc:%a %H:%M} UTC",
                    deployment["concurrency_limit"]["collision_strategy"],
                    deployment["description"],
                )
            )
    head = ("deployment", "cron", "first in a week, local", "in UTC", "on collision", "what")
    return _page("Timetable", "From `prefect.yaml`.", _table(head, rows))


def _fields(model: type[BaseModel]) -> str:
    return _table(
        ("setting", "type", "default", "what"),
        [
            (f"`{n}`", _kind(f), _default(f), f.description or "")
            for n, f in model.model_fields.items()
        ],
    )


def _kind(field: FieldInfo) -> str:
    annotation = field.annotation
    name = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return f"`{name.replace('typing.', '').replace('pydantic.types.', '')}`"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    return (
        ""
        if isinstance(value, BaseModel)
        else f"`{getattr(value, 'get_secret_value', lambda: value)()}`"
    )


def _page(title: str, *parts: str) -> str:
    made = "*Generated by `make docs`; do not edit.*"
    return "\n\n".join([f"# {title}", made, *(part.strip() for part in parts)]) + "\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(_lines(list(head), rows))


def _lines(head: list[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


if __name__ == "__main__":
    for name, text in pages().items():
        (ROOT / "docs/reference" / name).write_text(text, encoding="utf-8")
