"""Every retry count and delay of the tasks, in one table.

Only `Unavailable` is waited for; seconds are the connectors' own affair, here we speak of minutes.
"""

import os
from typing import Any

from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from feedback.errors import Refused, Unavailable


def _retries(told: str) -> int:
    if not told.isdecimal():
        raise Refused(
            f"FEEDBACK_TASK_RETRIES is {told!r}, not a number. Nothing was read or written."
        )
    return int(told)


RETRIES = _retries(os.environ.get("FEEDBACK_TASK_RETRIES", "2"))
DELAYS = [30.0, 120.0]  # seconds before the first and the second retry


def _worth_waiting(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.data, Unavailable)


OUTSIDE: dict[str, Any] = {
    "retries": RETRIES,
    "retry_delay_seconds": DELAYS,
    "retry_condition_fn": _worth_waiting,
    "cache_policy": NO_CACHE,
}
"""For tasks that talk to a source, a CRM or an engine of others."""

INSIDE: dict[str, Any] = {"cache_policy": NO_CACHE}
"""For tasks that talk to the warehouse alone: their next run goes on where they stopped."""
