"""Collecting: every page of a source is stored with its cursor before the next one is asked for.

A source that fails leaves what it gave before; it goes on from there the next time.
"""

from prefect import task

from feedback.warehouse import collected, ledger
from feedback.warehouse.engine import hold
from tasks.opening import Opened, log, opened
from tasks.patience import OUTSIDE


@task(name="collect", task_run_name="collect-{source}", **OUTSIDE)
def collect(settings: str, run_id: str, source: str) -> str:
    """Store everything a source has that we have not; says what came of it in one line."""
    with (
        opened(settings, f"collect {source}") as house,
        ledger.entry(house.engine, run_id, source, collected.STAGE),
    ):
        counts = _pull(house, run_id, source)
    log.info("collect     %-16s %s", source, counts)
    return str(counts)


def _pull(house: Opened, run_id: str, source: str) -> ledger.Counts:
    total = ledger.Counts()
    with hold(house.engine, f"source {source}") as still_ours:
        since = collected.cursor_of(house.engine, source)
        for page in house.source(source).pull(since):
            still_ours()
            total += collected.store_page(
                house.engine, house.vault, run_id, source, page.records, page.cursor
            )
    return total
