"""What a person does with records that were set aside: look, mend, have them read again, drop.

While another run refines nothing is decided here: it may be reading the same record.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from feedback import refining
from feedback.errors import Refused, Unreadable
from feedback.records import SetAsideStatus
from feedback.refining import Stored
from feedback.settings import Settings
from feedback.warehouse import aside, collected
from feedback.warehouse.aside import Chosen
from feedback.warehouse.engine import hold
from tasks.opening import Opened, opened

AGE = re.compile(r"(\d{1,5})([hdw])")
UNITS = {"h": "hours", "d": "days", "w": "weeks"}

NEXT = "Run `feedback refine`, or wait for the next run."
STAYING = (
    "they could not be collected and are tried only one by one with --id, or they cannot be read "
    "yet. See `feedback set-aside show`, then fix or drop them."
)


def choose(
    status: SetAsideStatus, source: str, reason: str, older_than: str, ids: list[int]
) -> Chosen:
    """The records of which all that is given is true. Raises `Refused` for an age like "soon"."""
    return Chosen(status, source, reason, _age(older_than) if older_than else None, tuple(ids))


def listed(path: str, chosen: Chosen) -> pd.DataFrame:
    """A row for each of the chosen, with who mends what comes from its source."""
    with opened(path) as house:
        found = aside.find(house.engine, chosen)
        found.insert(2, "owner", [owner(house.settings, name) for name in found["source"]])
    return found


def counted(found: pd.DataFrame) -> pd.DataFrame:
    """How many of those `listed` have one source and reason, and how old the oldest is."""
    alike = found.assign(reason=[aside.shared(reason) for reason in found["reason"]])
    groups = alike.groupby(["source", "owner", "stage", "reason"], sort=True)
    return groups.agg(count=("id", "size"), oldest=("first_seen", "min")).reset_index()


def show(path: str, number: int) -> tuple[list[tuple[str, str]], bytes]:
    """What is known of one record, as (name, value), and the record as it came.

    The record is personal data: it is for the person who asked, never for a log.
    """
    with opened(path) as house:
        row = aside.one(house.engine, number)
        payload = _opened(house, row) or b""
        told = [(name.replace("_", " "), _shown(row[name])) for name in aside.COLUMNS]
        told += [("owner", owner(house.settings, row["source"])), ("status", row["status"])]
        for at, action, why in aside.history(house.engine, number):
            told.append((action, f"{_shown(at)} {why}".rstrip()))
    return told, payload


def save(payload: bytes, to: Path) -> str:
    """Write a record to a new file that only its owner can read."""
    try:
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Refused(
            f"{to} was not written ({error.strerror}). Name a file that is new."
        ) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(payload)
    return f"Wrote {len(payload)} bytes to {to}: personal data, delete it when you are done."


def fix(path: str, number: int, payload: bytes, why: str) -> str:
    """Store the mended record in the place of a broken one. Raises `Refused` if it is not read."""
    with _deciding(path) as house:
        row = aside.one(house.engine, number)
        if row["status"] != SetAsideStatus.OPEN:
            raise Refused(f"The record {number} is {row['status']}, not open. Nothing was changed.")
        if reason := _unreadable(house, row, payload):
            raise Refused(
                f"The mended record cannot be read: {reason.rstrip('.')}. Nothing was changed; "
                f"{number} is still open. Mend the file, then give it again."
            )
        version = _keep(house, row, payload, "fix", why)
    return f"{number} is mended: version {version} of its record. {NEXT}"


def replay(path: str, chosen: Chosen, why: str) -> str:
    """Have records read again, after settings or code were mended; says how many.

    What could not even be collected is tried only when it is named by its number: its payload may
    be readable and still be wrong, as a row with a cell too many is.
    """
    with _deciding(path) as house:
        found = _found(house, chosen)
        count = aside.replay(house.engine, chosen, list(house.settings.sources), why)
        named = found[found["stage"] == collected.STAGE] if chosen.ids else found.iloc[:0]
        stored = sum(_collected(house, int(number), why) for number in named["id"])
    left = len(found) - count - stored
    stay = f" Left as they are: {left}, for {STAYING}" if left else ""
    return f"To be read again: {count + stored}. {NEXT}{stay}"


def drop(path: str, chosen: Chosen, why: str) -> str:
    """Close records for good; says how many. Raises `Refused` when nothing says which."""
    if chosen.everything:
        raise Refused("Say which: --id, --source, --reason or --older-than. Nothing was dropped.")
    with _deciding(path) as house:
        _found(house, chosen)
        count = aside.drop(house.engine, chosen, why)
    return f"Dropped: {count}. They stay counted and are not taken up again."


def owner(settings: Settings, source: str) -> str:
    """Who mends what is set aside from a source; "-" when nobody is named."""
    return settings.owner(source) or "-"


def _found(house: Opened, chosen: Chosen) -> pd.DataFrame:
    """The chosen records. Raises `Refused` where a number that was given is not among them."""
    found = aside.find(house.engine, chosen)
    missing = sorted(set(chosen.ids) - set(found["id"]))
    if missing:
        raise Refused(
            f"No {chosen.status.value} record of these has the number "
            f"{', '.join(map(str, missing))}. Nothing was changed. See `feedback set-aside list`."
        )
    return found


@contextmanager
def _deciding(path: str) -> Iterator[Opened]:
    with opened(path) as house, hold(house.engine, "refining"):
        yield house


def _collected(house: Opened, number: int, why: str) -> bool:
    """Whether the reader, mended since, reads what could not be collected; then it is stored."""
    row = aside.one(house.engine, number)
    payload = _opened(house, row)
    known = row["source"] in house.settings.sources
    if not (payload and known) or _unreadable(house, row, payload):
        return False
    _keep(house, row, payload, "replay", why)
    return True


def _opened(house: Opened, row: dict[str, Any]) -> bytes | None:
    return None if row["payload"] is None else house.vault.open(row["payload"])


def _unreadable(house: Opened, row: dict[str, Any], payload: bytes) -> str:
    """Why the row's source cannot read a payload; "" when it can."""
    name = row["source"]
    if name not in house.settings.sources:
        raise Refused(
            f"There is no [sources.{name}] in the settings any more, so nothing can say whether "
            "the record can be read. Nothing was changed. Put it back, or drop the record."
        )
    stored = Stored(name, row["ref"], row["version"], payload, row["first_seen"])
    said = refining.read(stored, house.source(name).read)
    return said.reason if isinstance(said, Unreadable) else ""


def _keep(
    house: Opened, row: dict[str, Any], payload: bytes, action: aside.Action, why: str
) -> int:
    with hold(house.engine, f"source {row['source']}"):  # which numbers its versions too
        return aside.keep(house.engine, house.vault, row, payload, action, why)


def _shown(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S %Z}" if isinstance(value, datetime) else str(value)


def _age(text: str) -> timedelta:
    if not (told := AGE.fullmatch(text)):
        raise Refused(f"{text!r} is no age such as 12h, 7d or 2w. Nothing was changed.")
    return timedelta(**{UNITS[told[2]]: int(told[1])})
