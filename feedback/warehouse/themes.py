"""The texts that themes are looked for in, and the themes of each day as they are stored.

One voice counts once: repeats are left out, and of a campaign one text stays. Members are those of
the latest day alone.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Connection, Engine, delete, func, select

from feedback.topics.discovery import HALF, METHOD, Known, Theme
from feedback.topics.same_themes import packed, unpacked
from feedback.warehouse import bulk
from feedback.warehouse.current import compared, is_current, judged_by, last_said, may_be_counted
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import (
    feedback_item,
    inference,
    resemblance,
    theme,
    theme_member,
)

Model = tuple[str, str]  # name and version of who told the language
Row = dict[str, Any]
item, alike, judged = feedback_item.c, resemblance.c, inference.c


def last_day(engine: Engine, zone: str) -> date | None:
    """The day of the latest words; None when nothing is stored."""
    moment = last_said(engine)
    return moment.astimezone(ZoneInfo(zone)).date() if moment else None


def voices(engine: Engine, model: Model, day: date, zone: str) -> pd.DataFrame:
    """What was said in the window up to `day`, by item_id.

    Columns: item_id, version, text, language, is_late (said in the later half).
    """
    start, middle, end = (
        datetime.combine(day + timedelta(days=n), time(), ZoneInfo(zone))
        for n in (1 - 2 * HALF, 1 - HALF, 1)
    )
    query = (
        select(item.item_id, item.version, item.text, judged.language, item.said_at)
        .add_columns(alike.group_id, alike.flag)
        .select_from(
            feedback_item.join(inference, judged_by(model)).outerjoin(resemblance, compared())
        )
        .where(item.said_at >= start, item.said_at < end, alike.duplicate_of.is_(None))
        .where(is_current(), may_be_counted())
        .order_by(item.item_id)
    )
    found = bulk.frame(engine, query)
    copied = found["flag"].eq("campaign") & found.sort_values("said_at", kind="stable").duplicated(
        "group_id"
    )
    found["is_late"] = pd.to_datetime(found["said_at"], utc=True) >= middle
    columns = ["item_id", "version", "text", "language", "is_late"]
    return found.loc[~copied, columns].reset_index(drop=True)


def earlier(engine: Engine, day: date) -> dict[str, list[Known]]:
    """{language: the themes of the latest day before `day`}."""
    one = theme.c
    latest = select(func.max(one.day)).where(one.day < day, one.method == METHOD).scalar_subquery()
    query = select(one.language, one.theme_id, one.first_day, one.centroid)
    query = query.where(one.day == latest, one.method == METHOD).order_by(one.theme_id)
    found: dict[str, list[Known]] = {}
    with engine.connect() as connection:
        for language, theme_id, first_day, centroid in connection.execute(query):
            found.setdefault(language, []).append(Known(theme_id, first_day, unpacked(centroid)))
    return found


def store(
    engine: Engine, run_id: str, day: date, texts: pd.DataFrame, found: dict[str, list[Theme]]
) -> None:
    """Store a day's themes in the place of what is stored of it, whole or not at all.

    `found` is {language: themes of the `voices` in that language}. What is the same already stays
    as it is, with the run that found it.
    """
    own = {language: texts[texts["language"] == language] for language in found}
    rows = [
        _row(one, own[language], day, language, run_id)
        for language, some in found.items()
        for one in some
    ]
    members = [
        {"item_id": said["item_id"], "version": int(said["version"]), "theme_id": one.theme_id}
        for language, some in found.items()
        for one in some
        for said in own[language].iloc[one.members].to_dict("records")
    ]
    with writing(engine) as connection:
        kept = select(theme).where(theme.c.day >= day)
        if not _holds(connection, kept, rows, "run_id"):
            connection.execute(delete(theme).where(theme.c.day >= day))
            bulk.insert(connection, theme, rows)
        if not _holds(connection, select(theme_member), members):
            connection.execute(delete(theme_member))
            bulk.insert(connection, theme_member, members)


def _row(one: Theme, texts: pd.DataFrame, day: date, language: str, run_id: str) -> Row:
    late = texts["is_late"].iloc[one.members]
    return {
        "day": day,
        "theme_id": one.theme_id,
        "method": METHOD,
        "language": language,
        "terms": one.terms,
        "size": int(late.sum()),
        "size_before": int((~late).sum()),
        "first_day": one.first_day,
        "quoted": str(texts["item_id"].iloc[one.quoted]),
        "centroid": packed(one.middle),
        "run_id": run_id,
    }


def _holds(connection: Connection, query: Any, rows: Sequence[Row], *apart: str) -> bool:
    """Whether what is stored is just these rows, whatever their columns `apart`."""
    stored = [dict(row._mapping) for row in connection.execute(query)]

    def comparable(row: Row) -> tuple[str, ...]:
        return tuple(f"{k}={v!r}" for k, v in sorted(row.items()) if k not in apart)

    return sorted(map(comparable, stored)) == sorted(map(comparable, rows))
