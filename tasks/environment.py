"""Prefect's settings of this checkout, for commands that run in another folder.

Prefect reads `prefect.toml` in the folder a command runs in only; call this before importing it.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def settle() -> None:
    """Set what is not set yet: `prefect.toml`, no telemetry, and our lines instead of Prefect's."""
    told = tomllib.loads((ROOT / "prefect.toml").read_text(encoding="utf-8"))
    told["home"] = str(ROOT / told["home"])
    told["logging"]["level"] = "CRITICAL"
    for name, value in [*_flat("PREFECT", told), ("DO_NOT_TRACK", "1")]:
        os.environ.setdefault(name, value)


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        name = f"{prefix}_{key.upper()}"
        if isinstance(value, Mapping):
            yield from _flat(name, value)
        else:
            yield name, ",".join(value) if isinstance(value, list) else str(value)
