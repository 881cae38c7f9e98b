"""Every hour we collect what customers said, from every source that answers."""

from prefect import flow

from tasks import collect as tasks
from tasks.runs import begin, end


@flow(name="collect")
def collect(settings: str = "feedback.toml") -> str:
    """Collect from all sources of one settings file; each goes on where it stopped."""
    run = begin(settings)
    collected = [tasks.collect.submit(settings, run.id, source) for source in run.sources]
    for future in collected:
        future.wait()
    return end(run, [future.state for future in collected])
