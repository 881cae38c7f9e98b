"""What is said now: the newest version of every utterance, beside what was inferred from it.

An edited utterance keeps its old versions in the table; everything that counts reads through here.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import ColumnElement, Engine, and_, case, exists, func, select

from feedback.warehouse import bulk
from feedback.warehouse.consents import may_take_part
from feedback.warehouse.stated import corrected_by_chance, stated
from feedback.warehouse.tables import feedback_item, inference, resemblance

COLUMNS = (
    "item_id",
    "said_at",
    "source",
    "channel",
    "product",
    "survey",
    "rating",
    "scale_low",
    "scale_high",
)


def is_current() -> ColumnElement[bool]:
    """True for the newest version of a feedback item."""
    newer = feedback_item.alias("newer")
    same = newer.c.item_id == feedback_item.c.item_id
    return ~exists().where(same, newer.c.version > feedback_item.c.version)


def judged_by(model: tuple[str, str]) -> ColumnElement[bool]:
    """Joins a version of an item with what a model, (name, version), inferred from it."""
    return and_(
        inference.c.item_id == feedback_item.c.item_id,
        inference.c.version == feedback_item.c.version,
        inference.c.model == model[0],
        inference.c.model_version == model[1],
    )


def compared() -> ColumnElement[bool]:
    """Joins a version of an item with what it was found to resemble."""
    return and_(
        resemblance.c.item_id == feedback_item.c.item_id,
        resemblance.c.version == feedback_item.c.version,
    )


def may_be_counted() -> ColumnElement[bool]:
    """False for items of people who refused that their words are analysed."""
    return may_take_part(feedback_item.c.person_id, "analysis")


def last_said(engine: Engine) -> datetime | None:
    """When the latest words were said; None when nothing is stored."""
    return _moment(engine, func.max(feedback_item.c.said_at))


def first_said(engine: Engine) -> datetime | None:
    """When the earliest words were said; None when nothing is stored."""
    return _moment(engine, func.min(feedback_item.c.said_at))


def items(engine: Engine, model: tuple[str, str], since: datetime, until: datetime) -> pd.DataFrame:
    """Current items said from `since` to before `until`, each with what it was judged to be.

    `model` is (name, version). Columns: those of `COLUMNS`, `sentiment` (a person's label before
    the model's), `language`, `model_label`, `drawn_label` (a person's, where chance chose the
    item), `duplicate_of`, `answer_of`, `group_id` and `flag`; times are aware UTC, texts NA where
    nothing is known. An item without words has no label of any kind.
    """
    item, judged, alike = feedback_item, inference, resemblance
    labels = {
        "sentiment": stated(),
        "model_label": judged.c.sentiment,
        "drawn_label": corrected_by_chance(model),
    }
    query = (
        select(*(item.c[name] for name in COLUMNS), judged.c.language)
        .add_columns(*(case((item.c.text != "", own)).label(name) for name, own in labels.items()))
        .add_columns(alike.c.duplicate_of, alike.c.answer_of, alike.c.group_id, alike.c.flag)
        .select_from(item.outerjoin(judged, judged_by(model)).outerjoin(alike, compared()))
        .where(item.c.said_at >= since, item.c.said_at < until, is_current())
        .where(may_be_counted())
        .order_by(item.c.said_at, item.c.item_id)
    )
    frame = bulk.frame(engine, query)
    frame["said_at"] = pd.to_datetime(frame["said_at"], utc=True)
    numbers = ["rating", "scale_low", "scale_high"]
    words = [name for name in frame.columns if name not in {"said_at", *numbers}]
    return frame.astype(dict.fromkeys(numbers, "float64") | dict.fromkeys(words, "string"))


def batches(
    engine: Engine, which: ColumnElement[bool], names: Sequence[str], size: int
) -> Iterator[pd.DataFrame]:
    """Those of the current items for which `which` is true, by id, with these columns.

    Asked anew for each batch: `which` may be what storing the batch before makes untrue.
    """
    item = feedback_item.c
    query = select(*(item[name] for name in names)).where(is_current(), which)
    query, after = query.order_by(item.item_id).limit(size), ""
    while True:
        found = bulk.frame(engine, query.where(item.item_id > after))
        if found.empty:
            return
        yield found
        after = str(found["item_id"].iloc[-1])


def _moment(engine: Engine, what: ColumnElement[datetime]) -> datetime | None:
    with engine.connect() as connection:
        moment: datetime | None = connection.scalar(select(what).where(is_current()))
    return moment
