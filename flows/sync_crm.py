"""Whenever needed we tell the CRM what it does not know yet."""

from prefect import flow

from tasks.runs import begin, end
from tasks.sync import sync


@flow(name="sync-crm")
def sync_crm(settings: str = "feedback.toml") -> str:
    """Bring every CRM of one settings file up to date; what is there already is left alone."""
    run = begin(settings)
    return end(run, [sync(settings, run.id, name, return_state=True) for name in run.targets])
