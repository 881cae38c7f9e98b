"""Syncing: every person and utterance that a CRM lacks is written there, once.

What a crash or a time-out left unknown is looked up first: it is never written blindly again.
"""

from collections.abc import Callable, Iterator
from typing import Any

from prefect import task

from connectors.contract import Activity, Contact, CrmObject, CrmTarget
from feedback.errors import FeedbackError
from feedback.vault import Vault
from feedback.warehouse import ledger, synced
from feedback.warehouse.engine import hold
from feedback.warehouse.synced import Ended, Kind
from tasks.opening import Opened, log, opened
from tasks.patience import OUTSIDE
from tasks.validate import refuse_doubted

Due = list[dict[str, Any]]


@task(name="sync", task_run_name="sync-{target}", **OUTSIDE)
def sync(settings: str, run_id: str, target: str) -> str:
    """Bring one CRM up to date; says what came of it in one line.

    Raises `Changed` while a source is held as a whole.
    """
    with (
        opened(settings, f"sync {target}") as house,
        ledger.entry(house.engine, run_id, target, synced.STAGE),
        hold(house.engine, f"crm {target}") as still_ours,
    ):
        refuse_doubted(house, f"Nothing was sent to {target}.")
        return str(_bring_up_to_date(house, run_id, house.target(target), still_ours))


def _bring_up_to_date(
    house: Opened, run_id: str, crm: CrmTarget, still_ours: Callable[[], None]
) -> ledger.Counts:
    total = ledger.Counts()
    for kind, due in _batches(house, crm):
        still_ours()
        total += _write(house, run_id, crm, kind, due)
        log.info("sync        %-16s %s", crm.name, total)
    return total


def _batches(house: Opened, crm: CrmTarget) -> Iterator[tuple[Kind, Due]]:
    """Contacts first, for activities need their ids."""
    after = ""
    while due := synced.due_contacts(house.engine, crm.name, after, crm.batch):
        yield "contact", due
        after = due[-1]["root_id"]
    after, version = "", house.model()
    while due := synced.due_activities(house.engine, crm.name, version, after, crm.batch):
        yield "activity", due
        after = due[-1]["item_id"]


def _write(house: Opened, run_id: str, crm: CrmTarget, kind: Kind, due: Due) -> ledger.Counts:
    """Any other end than ours leaves the batch `intended`: the next attempt looks it up."""
    synced.intend(house.engine, crm.name, kind, due)
    left = {row["item_id"]: row for row in due}
    ended: list[Ended] = []
    try:
        _look_up(crm, kind, house.vault, due)
        for outcome in crm.write([_object(kind, row, house.vault) for row in due]):
            remote_id = outcome.remote_id or left[outcome.key]["remote_id"]
            ended.append(Ended(outcome.key, outcome.status, remote_id, outcome.error))
            del left[outcome.key]
    except FeedbackError:
        ended += [Ended(i, _not_sent(row), row["remote_id"]) for i, row in left.items()]
        synced.settle(house.engine, run_id, crm.name, kind, due, ended)
        raise
    return synced.settle(house.engine, run_id, crm.name, kind, due, ended)


def _look_up(crm: CrmTarget, kind: Kind, vault: Vault, due: Due) -> None:
    """Give what an earlier attempt may have written the remote id that it has by now."""
    unsure = [r for r in due if r["status"] in ("intended", "unknown") and not r["remote_id"]]
    if unsure:
        found = crm.find([_object(kind, row, vault) for row in unsure])
        for row in unsure:
            row["remote_id"] = found.get(row["item_id"], "")


def _not_sent(row: dict[str, Any]) -> str:
    """A row whose turn never came stays as unsure as it was."""
    return "unknown" if row["status"] in ("intended", "unknown") else "pending"


def _object(kind: Kind, row: dict[str, Any], vault: Vault) -> CrmObject:
    if kind == "contact":
        name, email, phone = (
            vault.open(row[part]).decode() if row[part] else ""
            for part in ("name", "email", "phone")
        )
        known = "" if row["shared"] else name  # a mailbox of many bears nobody's name
        return Contact(row["item_id"], email, known, phone, row["remote_id"])
    shown = {name: row[name] or "" for name in ("subject", "text", "product", "sentiment", "url")}
    numbers = {name: row[name] for name in ("rating", "scale_low", "scale_high")}
    return Activity(
        key=row["item_id"],
        said_at=row["said_at"],
        channel=row["channel"],
        contact_id=row["contact_id"],
        remote_id=row["remote_id"],
        **shown,
        **numbers,
    )
