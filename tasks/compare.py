"""Comparing: who says the same again, who says nearly the same, what is a campaign or a flood.

It asks no model, so that what counts as one voice does not change with one. While another run
refines nothing is compared: it may be merging the people, or taking away the items, that are read.
"""

from contextlib import ExitStack

from prefect import task

from feedback.warehouse import comparing, ledger, resembling
from feedback.warehouse.engine import hold
from tasks.opening import log, opened
from tasks.patience import INSIDE

BATCH = 10_000  # texts held in memory at once


@task(name="compare", **INSIDE)
def compare(settings: str, run_id: str) -> str:
    """Compare what is new with what was said around it; says what was found in one line."""
    begun, compared = set[str](), 0
    with (
        opened(settings, "compare") as house,
        hold(house.engine, "refining") as still_ours,
        ExitStack() as books,
    ):
        for batch in resembling.pending(house.engine, BATCH):
            still_ours()
            for source in set(batch["source"]) - begun:
                books.enter_context(ledger.entry(house.engine, run_id, source, resembling.STAGE))
                begun.add(source)
            resembling.store(house.engine, run_id, batch)
        resembling.mend(house.engine)
        while count := comparing.step(house.engine):
            still_ours()
            compared += count
            log.info("compare     %-16s %d compared", "so far", compared)
        return resembling.summary(house.engine)
