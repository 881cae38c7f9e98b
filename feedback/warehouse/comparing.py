"""Comparing what waits with what was said around it, some weeks at a time.

Only the rows within `WINDOW` of the waiting ones are read: sets reach further through the ids that
were found before. A flag needs all members of a group, so those are read without their sketches.
"""

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Text,
    bindparam,
    case,
    cast,
    func,
    select,
    update,
)

from feedback.duplicates import WINDOW, answers, groups, twins
from feedback.floods import FLOOD_SPAN, campaigns, floods
from feedback.sketch import METHOD, Keys, unpacked
from feedback.warehouse import bulk
from feedback.warehouse.current import compared, is_current
from feedback.warehouse.engine import writing
from feedback.warehouse.resembling import WAITING
from feedback.warehouse.tables import feedback_item, person, resemblance

AT_ONCE = 50_000  # rows on their way from the database to arrays
SETS = ["group_id", "duplicate_of", "answer_of"]
FOUND = ["method", *SETS]
item, alike = feedback_item.c, resemblance.c
WHO = func.coalesce(person.c.root_id, item.person_id)
COLUMNS = (
    *(item.item_id, item.version, item.fingerprint, item.survey, item.rating, item.said_at),
    case((person.c.shared.is_(True), None), else_=WHO).label("person_id"),
    func.length(item.text).label("length"),
    (cast(item.cleaning, Text) != "{}").label("redacted"),
    *(alike.particulars, alike.method, *(alike[name] for name in SETS), alike.flag),
)
KINDS = {column.name: "str" for column in COLUMNS} | {
    "version": "int64",
    "rating": "float64",
    "said_at": "datetime64[us, UTC]",
    "length": "int64",
    "redacted": "bool",
}


def step(engine: Engine) -> int:
    """Compare the earliest items that wait, those of one `WINDOW`; returns how many, 0 at the end.

    Stored whole or not at all. What is stored in the end is the same however the items were parted
    into steps, for items are linked by what stands in the two alone.
    """
    with engine.connect() as connection:
        first = _waiting(connection, func.min(item.said_at))
        if first is None:
            return 0
        last = _waiting(connection, func.max(item.said_at), until=first + WINDOW)
        assert last is not None
        items, sketches = _around(connection, first - WINDOW, last + WINDOW)
    inside = items["said_at"].between(first, last) & (items["method"] == WAITING)
    near = items["said_at"].between(first - FLOOD_SPAN, last + FLOOD_SPAN)
    drowned = items["flag"] == "flood"
    stands = drowned & (items["method"] != WAITING)  # what waits may be another person's by now
    items = items.assign(flood=np.where(near, floods(items, sketches), stands))
    found = items.assign(
        method=items["method"].mask(inside, METHOD),
        group_id=groups(items, sketches),
        duplicate_of=twins(items, sketches),
        answer_of=answers(items, sketches),
    )
    changed = (items[FOUND].fillna("") != found[FOUND].fillna("")).any(axis=1)
    changed |= found["flood"] != drowned
    with writing(engine) as connection:
        for name in SETS:
            _rename(connection, name, items, found)
        rows = found[changed].assign(flag=lambda rows: rows["flood"].map({True: "flood"}))
        _replace(connection, rows, [*FOUND, "flag"])
        _flag(connection, rows["group_id"].dropna().drop_duplicates().tolist())
    return int(inside.sum())


def _waiting(
    connection: Connection, edge: ColumnElement[datetime], until: datetime | None = None
) -> datetime | None:
    """The moment of the first or the last item that waits."""
    query = select(edge).select_from(feedback_item.join(resemblance, compared()))
    query = query.where(alike.method == WAITING, is_current())
    moment: datetime | None = connection.scalar(
        query if until is None else query.where(item.said_at <= until)
    )
    return moment


def _around(connection: Connection, begin: datetime, end: datetime) -> tuple[pd.DataFrame, Keys]:
    """The items of a span of time, and the first of each of their sets that began before it.

    The first of one set may stand in another: a group may begin amid a flood.
    """
    frame, sketches = _read(connection, item.said_at.between(begin, end))
    read = set(frame["item_id"])
    while missing := sorted(set(frame[SETS].stack().dropna()) - read):
        parts = [_read(connection, item.item_id.in_(some)) for some in bulk.chunks(missing)]
        frame = pd.concat([frame, *(part for part, _ in parts)], ignore_index=True)
        sketches = np.concatenate([sketches, *(found for _, found in parts)])
        read |= set(missing)
    return frame, sketches


def _read(
    connection: Connection, which: ColumnElement[bool], sketch: ColumnElement[Any] = alike.sketch
) -> tuple[pd.DataFrame, Keys]:
    both = feedback_item.join(resemblance, compared())
    query = select(*COLUMNS, sketch).select_from(
        both.outerjoin(person, person.c.person_id == item.person_id)
    )
    query = query.where(which, is_current())
    streaming = {"stream_results": True, "yield_per": AT_ONCE}
    frames, sketches = [_frame([])], [unpacked([])]
    for rows in connection.execute(query, execution_options=streaming).partitions():
        frames.append(_frame([row[:-1] for row in rows]))
        sketches.append(unpacked([row[-1] for row in rows]))
    return pd.concat(frames, ignore_index=True), np.concatenate(sketches)


def _frame(rows: list[Any]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(KINDS)).astype(KINDS)


def _rename(connection: Connection, name: str, items: pd.DataFrame, found: pd.DataFrame) -> None:
    """Give a set that has another first item now its name, also where its members were not read."""
    old = items[name] if name == "group_id" else items[name].fillna(items["item_id"])
    new = found[name] if name == "group_id" else found[name].fillna(found["item_id"])
    moved = pd.DataFrame({"old": old, "new": new})[old.notna() & (old != new)].drop_duplicates()
    column = resemblance.c[name]
    followed: set[str] = set()
    for some in bulk.chunks(moved["old"].tolist()):
        followed |= set(connection.scalars(select(column).where(column.in_(some)).distinct()))
    for was, now in moved[moved["old"].isin(followed)].itertuples(index=False):
        connection.execute(_renaming(name), {"was": was, "now": now})


def _renaming(name: str) -> Any:
    column = resemblance.c[name]
    return update(resemblance).where(column == bindparam("was")).values({name: bindparam("now")})


def _flag(connection: Connection, changed: list[str]) -> None:
    """Mark the campaigns among the groups that changed, wherever their members stand in time."""
    for some in bulk.chunks(changed):
        members, _ = _read(connection, alike.group_id.in_(some), func.nullif(1, 1))
        flag = pd.Series(campaigns(members)).map({True: "campaign"}).astype("str")
        flag = flag.mask(members["flag"] == "flood", "flood")
        rows = members.assign(flag=flag)[flag.fillna("") != members["flag"].fillna("")]
        _replace(connection, rows, ["method", "flag"])


def _replace(connection: Connection, rows: pd.DataFrame, names: list[str]) -> None:
    frame = rows[["item_id", "version", *names]].astype(object)
    columns = list(frame.columns)
    values = frame.where(frame.notna(), None).to_numpy()
    filled = [dict(zip(columns, row, strict=True)) for row in values]
    bulk.insert(connection, resemblance, filled, conflict="replace", replaced=names)
