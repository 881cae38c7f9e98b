"""What an item is stated to be: what a person said who read this version, else what the model said.

Everything that counts, publishes or tells a CRM takes the label from here, so a correction wins
everywhere at once; an edited item is another version, and judged anew.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from feedback.warehouse.tables import correction, feedback_item, inference


def corrected() -> ColumnElement[Any]:
    """The label that a person gave this version of a feedback item; null where nobody did.

    Of several the later holds; an empty one says that the one before was taken back.
    """
    own = correction.alias("given")
    last = select(func.nullif(own.c.sentiment, "")).where(_of_this_version(own.c))
    last = last.order_by(own.c.id.desc()).limit(1)
    return last.correlate(feedback_item).scalar_subquery()


def stated() -> ColumnElement[Any]:
    """The label that counts, where `inference` is joined for the model's; null: not judged."""
    return func.coalesce(corrected(), inference.c.sentiment)


def corrected_by_chance(model: tuple[str, str]) -> ColumnElement[Any]:
    """The same as `corrected`, but only where chance alone chose the item to be read.

    Sampled items were chosen whatever a model said of them, so they speak for any stratum. What
    was drawn among the unsure speaks for the unsure of that model, (name, version), alone.
    """
    own = correction.alias("drawn")
    of_model = and_(own.c.model == model[0], own.c.model_version == model[1])
    unsure = and_(own.c.drawn == "unsure", of_model, inference.c.sentiment == "unsure")
    fairly = or_(own.c.drawn == "sampled", unsure)
    drawn = exists().where(_of_this_version(own.c), fairly).correlate(feedback_item, inference)
    return case((drawn, corrected()))


def _of_this_version(own: Any) -> ColumnElement[bool]:
    return and_(own.item_id == feedback_item.c.item_id, own.version == feedback_item.c.version)
