"""What is stored now, as the suites want it, to be judged once more after the fact.

Texts are among it: nothing of this is for a log or a page.
"""

from datetime import datetime

import pandas as pd
from sqlalchemy import Engine, select

from feedback.metrics.compute import COLUMNS
from feedback.warehouse.bulk import frame
from feedback.warehouse.current import is_current, judged_by
from feedback.warehouse.tables import feedback_item, inference, metric_value, publication

NUMBERS = (
    *("rating", "scale_low", "scale_high", "language_confidence", "score", "confidence"),
    *("p_negative", "p_neutral", "p_positive"),
)


def items(engine: Engine, model: tuple[str, str], since: datetime) -> pd.DataFrame:
    """Current items said from `since` on, each with what the model made of it, if anything."""
    inferred = [c for c in inference.c if c.name not in {*feedback_item.c.keys()}]
    query = (
        select(*feedback_item.c, *inferred)
        .select_from(feedback_item.outerjoin(inference, judged_by(model)))
        .where(is_current(), feedback_item.c.said_at >= since)
    )
    found = frame(engine, query)
    found["said_at"] = pd.to_datetime(found["said_at"], utc=True)
    found["text"] = found["text"].replace("", None)
    return found.astype(dict.fromkeys(NUMBERS, "float64"))


def numbers(engine: Engine) -> pd.DataFrame:
    """The metric table of the newest publication; empty before the first."""
    newest = select(publication.c.snapshot).order_by(publication.c.published_at.desc()).limit(1)
    own = metric_value.c
    query = select(*(own[name] for name in COLUMNS)).where(own.snapshot == newest.scalar_subquery())
    return frame(engine, query).astype(dict.fromkeys(("value", "low", "high"), "float64"))
