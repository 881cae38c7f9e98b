"""What a person asks about people at the command line: who is who, part them, note a consent.

An address that was typed is hashed to look it up and is never printed back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection

from feedback.errors import Refused
from feedback.identity import Identified, identify
from feedback.records import Author, Purpose
from feedback.warehouse import consents, lookup, roots
from feedback.warehouse import merges as joining
from feedback.warehouse import people as stored
from feedback.warehouse.engine import hold, writing
from tasks.opening import Opened, opened


def merges(path: str, status: str) -> pd.DataFrame:
    """Merges with their reasons; see `feedback.warehouse.lookup.merges`."""
    with opened(path) as house:
        return lookup.merges(house.engine, status)


def show(path: str, author: Author, source: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Tables with their titles: the people known by one identity, their merges and consents."""
    with opened(path) as house:
        claim = _asked(house, author, source).claims[0]
        with house.engine.connect() as connection:
            found = {root for _, root in lookup.known_by(connection, claim)}
        yield "People", lookup.people(house.engine, found)
        yield "Merges", lookup.merges_of(house.engine, found)
        yield "Consents", lookup.consents_of(house.engine, found)


def undo(path: str, one: str, other: str, why: str) -> str:
    """Part two people for good; says whether others still join them."""
    with _deciding(path) as connection:
        if not joining.undo(connection, one, other, why):
            raise Refused(
                "No merge joins these two people directly. Nothing was changed."
                + _still(connection, one, other)
            )
        return "Parted. They will not be merged again unless you `redo` it." + _still(
            connection, one, other
        )


def redo(path: str, one: str, other: str) -> str:
    """Let two people who were parted be one again, by what both claim."""
    with _deciding(path) as connection:
        if not joining.redo(connection, one, other):
            raise Refused("Nobody has parted these two people. Nothing was changed.")
    return "No longer parted: what both claim joins them again, unless too many claim it."


def say(path: str, author: Author, source: str, purpose: Purpose, given: bool) -> str:
    """Note a consent, or that it was withdrawn, as of now, for who is known by an identity.

    Who is not known yet becomes known, so that a refusal holds for what comes later.
    """
    with opened(path) as house, writing(house.engine) as connection:
        asked, now = _asked(house, author, source), datetime.now(UTC)
        found = lookup.known_by(connection, asked.claims[0])
        if given and len({root for _, root in found}) > 1:
            raise Refused(
                "Several people share that address or number, and one cannot allow it for the "
                "others. Nothing was written. Name the person by something of their own."
            )
        if not found:
            stored.store(connection, house.vault, [asked])
        told = {"purpose": purpose, "said_at": now, "source": "", "ref": "", "given": given}
        people = [one for one, _ in found] or [str(asked.person_id)]
        consents.store(connection, [told | {"person_id": one} for one in people])
    known = f"{len(people)} people" if len(people) > 1 else "one person"
    return f"Noted for {known}{'' if found else ', not met before'}: {purpose} " + (
        "is allowed." if given else "is refused. It holds from now on; what was sent stays sent."
    )


@contextmanager
def _deciding(path: str) -> Iterator[Connection]:
    """Nobody is refined or compared meanwhile: who is one changes what they repeat."""
    with (
        opened(path) as house,
        hold(house.engine, "refining"),
        writing(house.engine) as connection,
    ):
        yield connection


def _asked(house: Opened, author: Author, source: str) -> Identified:
    """The person that one typed identity makes. Raises `Refused` when it is not exactly one."""
    at_home = author.external_id or (author.handle and "@" not in author.handle.lstrip("@"))
    if at_home and not source:
        raise Refused(
            "An id, or a handle without @host, means something in one source only. Nothing was "
            "read or written. Name it with --source."
        )
    settings = house.settings
    where = (source, datetime.now(UTC), settings.phone_regions[0], settings.own_addresses())
    asked = identify(house.vault, author, *where)
    if len(asked.claims) != 1:
        raise Refused(
            "Give exactly one of an e-mail address, a phone number, a handle and an id that "
            "somebody can be known by. Nothing was read or written."
        )
    return asked


def _still(connection: Connection, one: str, other: str) -> str:
    way = roots.joined_by(connection, one, other)
    if not way:
        return ""
    named = one + "".join(f" - {kind} - {person}" for person, kind in way)
    return f" They are still one through others: {named}. Part two of these as well."
