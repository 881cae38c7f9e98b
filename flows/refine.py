"""Whenever needed we check, clean, compare and understand what was collected, now or before."""

from datetime import date

from prefect import flow

from tasks import refine as tasks
from tasks.compare import compare
from tasks.runs import begin, end
from tasks.themes import find_themes
from tasks.topics import tag
from tasks.understand import understand
from tasks.validate import validate


@flow(name="refine")
def refine(settings: str = "feedback.toml", again: bool = False, since: date | None = None) -> str:
    """Refine, compare and understand all that waits; nothing is fetched and nothing is sent.

    `again` rebuilds first what was made of everything collected before, with the present code and
    settings; `since` only of what was fetched since that day.
    """
    run = begin(settings)
    rebuilt = [tasks.rebuild(settings, run.id, since)] if again or since else []
    tasks.refine(settings, run.id)
    compare(settings, run.id)
    understood = understand(settings, run.id, return_state=True)
    if not understood.is_completed():
        return end(run, [understood], told=rebuilt)
    tagged = tag(settings, run.id, return_state=True)
    themes = find_themes(settings, run.id, return_state=True)
    judged = validate(settings, run.id, return_state=True)
    return end(run, [understood, tagged, themes, judged], told=rebuilt)
