"""Every week we publish a page of its own on the last seven days."""

from prefect import flow

from tasks import publish as tasks
from tasks.runs import begin


@flow(name="publish")
def publish(settings: str = "feedback.toml", days: int = 0, place: str = "") -> str:
    """Publish the last `days` days (0: as set) under `place`; returns the path of the page."""
    run = begin(settings)
    return tasks.publish(settings, run.id, days=days, place=place)
