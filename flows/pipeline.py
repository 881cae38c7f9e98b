"""Every day we collect what customers said, clean it, understand it, tell the CRM and publish.

A source that is silent does not silence the others: the run ends as failed and names the gap.
"""

from prefect import flow

from tasks.collect import collect
from tasks.compare import compare
from tasks.publish import publish
from tasks.refine import refine
from tasks.runs import begin, end
from tasks.sync import sync
from tasks.themes import find_themes
from tasks.topics import tag
from tasks.understand import understand
from tasks.validate import validate


@flow(name="pipeline")
def pipeline(settings: str = "feedback.toml") -> str:
    """The whole job on one settings file; running it again changes nothing that is done."""
    run = begin(settings)
    collected = [collect.submit(settings, run.id, source) for source in run.sources]
    for future in collected:
        future.wait()
    refine(settings, run.id)
    compare(settings, run.id)
    understood = understand(settings, run.id, return_state=True)
    done = [*(future.state for future in collected), understood]
    if not understood.is_completed():  # of what is half understood nothing is told or published
        return end(run, done)
    done.append(tag(settings, run.id, return_state=True))
    done.append(find_themes(settings, run.id, return_state=True))
    judged = validate(settings, run.id, return_state=True)
    done.append(judged)
    if not judged.is_completed():  # a batch that is held is neither told nor published
        return end(run, done)
    synced = [sync(settings, run.id, target, return_state=True) for target in run.targets]
    published = publish(settings, run.id, return_state=True)
    return end(run, [*done, *synced], published)
