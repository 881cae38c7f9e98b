"""Whenever needed we check, clean, compare and understand what was collected."""

from prefect import flow

from tasks import refine as tasks
from tasks.compare import compare
from tasks.runs import begin, end
from tasks.understand import understand
from tasks.validate import validate


@flow(name="refine")
def refine(settings: str = "feedback.toml") -> str:
    """Refine, compare and understand all that waits; nothing is fetched and nothing is sent."""
    run = begin(settings)
    tasks.refine(settings, run.id)
    compare(settings, run.id)
    understand(settings, run.id)
    validate(settings, run.id)
    return end(run, [])
