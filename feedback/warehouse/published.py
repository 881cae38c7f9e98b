"""What was published: every number with its snapshot, and the publications themselves.

The same numbers are published once; the snapshot that stands is the newest row.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Engine, select

from feedback.metrics.compute import COLUMNS
from feedback.warehouse import bulk
from feedback.warehouse.engine import writing
from feedback.warehouse.tables import metric_value, publication, topic_value


def latest(engine: Engine, folder: str) -> dict[str, Any] | None:
    """The publication that stands in a folder; None before the first."""
    query = (
        select(publication)
        .where(publication.c.folder == folder)
        .order_by(publication.c.published_at.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def by_another(engine: Engine, folder: str, model: str) -> tuple[dict[str, Any], str] | None:
    """The last publication in a folder whose numbers another model made, and that model.

    None when there is none; models are "name version".
    """
    own = metric_value.c
    made = select(own.model_version).where(own.snapshot == publication.c.snapshot).limit(1)
    by = made.scalar_subquery().label("model")
    query = select(publication, by).where(publication.c.folder == folder, by != model)
    with engine.connect() as connection:
        row = (
            connection.execute(query.order_by(publication.c.published_at.desc()).limit(1))
            .mappings()
            .one_or_none()
        )
    return (dict(row), row["model"]) if row else None


def numbers(engine: Engine, snapshot: str) -> pd.DataFrame:
    """The metric table of a publication, as `feedback.metrics.compute` made it."""
    own = metric_value.c
    query = select(*(own[name] for name in COLUMNS)).where(own.snapshot == snapshot)
    return bulk.frame(engine, query).astype(dict.fromkeys(("value", "low", "high"), "float64"))


def store(
    engine: Engine,
    values: pd.DataFrame,
    *,
    snapshot: str,
    folder: str,
    as_of: datetime,
    model_version: str,
    content_hash: str,
    verdict: Mapping[str, Any],
    runs: list[str],
    files: Mapping[str, str],
    topics: pd.DataFrame | None = None,
) -> None:
    """Keep the numbers of a snapshot and its publication, in one transaction.

    `values` has the columns of the metrics frame, `topics` those of the topics frame and `method`;
    storing a snapshot again changes nothing.
    """
    stamp = {"snapshot": snapshot, "as_of": as_of}
    rows = _rows(values, stamp | {"model_version": model_version})
    told = [] if topics is None else _rows(topics, stamp)
    row = {
        "snapshot": snapshot,
        "folder": folder,
        "published_at": datetime.now(UTC),
        "as_of": as_of,
        "content_hash": content_hash,
        "verdict": dict(verdict),
        "runs": runs,
        "files": dict(files),
    }
    with writing(engine) as connection:
        bulk.insert(connection, metric_value, rows)
        bulk.insert(connection, topic_value, told)
        bulk.insert(connection, publication, [row])


def _rows(values: pd.DataFrame, stamp: dict[str, Any]) -> list[dict[str, Any]]:
    frame = values.astype(object).where(values.notna(), None)
    return [dict(zip(frame.columns, row, strict=True)) | stamp for row in frame.to_numpy()]
