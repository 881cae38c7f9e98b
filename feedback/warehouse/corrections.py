"""What people who read items said of them: who is to be read next, and their answers.

Rows are only ever added. An answer is taken back by an empty one, for the later of two holds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, exists, or_, select

from feedback.warehouse import bulk
from feedback.warehouse.current import compared, is_current, judged_by, may_be_counted
from feedback.warehouse.engine import writing
from feedback.warehouse.stated import corrected
from feedback.warehouse.tables import correction, feedback_item, inference, resemblance

Drawn = Literal["sampled", "unsure", "chosen"]  # "chosen": of one source, not by chance alone
Model = tuple[str, str]  # name, version
Order = Callable[[str], float]  # item_id -> its place, 0..1: for ever the same, and by chance
TAKEN_BACK = ""
SHOWN = ("item_id", "version", "said_at", "channel", "rating", "scale_low", "scale_high", "text")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items are to be read: `sample` below 1 is a share of them, else a number."""

    sample: float
    since: datetime
    unsure: bool = False
    source: str = ""
    language: str = ""

    @property
    def drawn(self) -> Drawn:
        return "chosen" if self.source else "unsure" if self.unsure else "sampled"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said of one version of an item."""

    item_id: str
    version: int
    label: str
    drawn: str


@dataclass(slots=True)
class Stored:
    """What came of answers: how many were new, how many said what holds already, and the rest."""

    new: int = 0
    same: int = 0
    unknown: set[str] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)  # said of an older version


def draw(engine: Engine, model: Model, wanted: Wanted, order: Order) -> pd.DataFrame:
    """The items that are wanted, in the order to be read; columns item_id, version, label.

    `label` is what a person said already, if anybody. Each item has its place in the order for
    good (a "permanent random number": E. Ohlsson, "Coordination of samples using permanent random
    numbers", Business Survey Methods, Wiley 1995), and the first are taken: readers at two desks
    get the same items, as does who comes back, and items that came since find their place among
    them. All but samples begin at the other end, so that what a model learns from (see
    `to_learn_from`) is hardly ever what it is measured by. Repeats of what somebody said before
    are not asked about, nor items that no model read.
    """
    item = feedback_item.c
    query = select(item.item_id, item.version, corrected().label("label"))
    found = bulk.frame(engine, _eligible(query, model).where(*_which(wanted)))
    places = pd.Series([order(one) for one in found["item_id"]], dtype=float)
    found["place"] = places if wanted.drawn == "sampled" else 1 - places
    found = found.sort_values(["place", "item_id"], ignore_index=True)
    if wanted.sample < 1:
        found = found[found["place"] < wanted.sample]
    else:
        found = found.head(int(wanted.sample))
    return found[["item_id", "version", "label"]]


def take_over(engine: Engine, model: Model, sample: pd.DataFrame, drawn: Drawn) -> int:
    """Let answers that were given for another reason stand for this draw as well.

    Without them the draw would lack just those that were read before, and speak for the rest
    alone. Returns how many were taken over.
    """
    known = sample[sample["label"].notna()]
    read = zip(known["item_id"], known["version"], known["label"], strict=True)
    answers = [Answer(*one, drawn) for one in read]
    if drawn == "chosen" or not answers:
        return 0
    with writing(engine) as connection:
        done = _drawn_before(connection, model, drawn, [one.item_id for one in answers])
        left = [one for one in answers if (one.item_id, one.version) not in done]
        return _insert(connection, model, left)


def shown(engine: Engine, item_id: str, version: int) -> dict[str, Any] | None:
    """What a reader is shown of an item (see SHOWN): never what a model said of it.

    None when it was edited or withdrawn since it was drawn, or somebody else has read it.
    """
    item = feedback_item.c
    query = select(*(item[name] for name in SHOWN)).where(
        item.item_id == item_id, item.version == version, is_current(), may_be_counted()
    )
    with engine.connect() as connection:
        row = connection.execute(query.where(corrected().is_(None))).mappings().one_or_none()
    return dict(row) if row else None


def listed(engine: Engine, sample: pd.DataFrame) -> pd.DataFrame:
    """The same of all that is still to be read of a draw, in its order."""
    item, left = feedback_item.c, sample[sample["label"].isna()]
    query = select(*(item[name] for name in SHOWN)).where(is_current(), may_be_counted())
    with engine.connect() as connection:
        rows = bulk.fetch(connection, query, item.item_id, left["item_id"].tolist())
    found = pd.DataFrame(rows, columns=list(SHOWN))
    return left[["item_id", "version"]].merge(found, on=["item_id", "version"])


def store(engine: Engine, model: Model, answers: Sequence[Answer]) -> Stored:
    """Store what is new in these answers, whole or not at all; says what became of them.

    An answer that says what holds already is not stored again, so that a file read twice changes
    nothing. `model` is the one whose label is kept beside it.
    """
    stored, item = Stored(), feedback_item.c
    query = select(item.item_id, item.version, corrected()).where(is_current())
    with writing(engine) as connection:
        rows = bulk.fetch(connection, query, item.item_id, {one.item_id for one in answers})
        known = {row[0]: (row[1], row[2]) for row in rows}
        fresh: dict[str, Answer] = {}
        for one in answers:
            version, label = known.get(one.item_id, (None, None))
            label = fresh[one.item_id].label if one.item_id in fresh else label
            if version is None:
                stored.unknown.add(one.item_id)
            elif version != one.version:
                stored.stale.add(one.item_id)
            elif label == one.label:
                stored.same += 1
            else:
                fresh[one.item_id] = one
        stored.new = _insert(connection, model, list(fresh.values()))
    return stored


def take_back(engine: Engine, model: Model, item_id: str, version: int, drawn: Drawn) -> None:
    """The last answer about this version of an item no longer holds."""
    with writing(engine) as connection:
        _insert(connection, model, [Answer(item_id, version, TAKEN_BACK, drawn)])


def to_learn_from(engine: Engine, model: Model, *, sampled: bool = False) -> pd.DataFrame:
    """Current items that people labelled and that may be analysed: text, label, lang.

    Without those that were sampled, unless asked: a model that learned from them would look better
    on them than it is, and the shares corrected by them would be wrong.
    """
    item, own = feedback_item.c, correction.c
    chosen = exists().where(
        own.item_id == item.item_id, own.version == item.version, own.drawn == "sampled"
    )
    query = select(item.text, corrected().label("label"), inference.c.language.label("lang"))
    query = query.select_from(feedback_item.outerjoin(inference, judged_by(model)))
    query = query.where(is_current(), may_be_counted(), corrected().is_not(None))
    query = query if sampled else query.where(~chosen)
    return bulk.frame(engine, query.order_by(item.item_id))


def _eligible(query: Select[Any], model: Model) -> Select[Any]:
    joined = feedback_item.join(inference, judged_by(model)).outerjoin(resemblance, compared())
    return query.select_from(joined).where(
        is_current(),
        may_be_counted(),
        feedback_item.c.text != "",
        resemblance.c.duplicate_of.is_(None),
    )


def _which(wanted: Wanted) -> list[ColumnElement[bool]]:
    item, judged = feedback_item.c, inference.c
    which = [item.said_at >= wanted.since]
    which += [judged.sentiment == "unsure"] if wanted.unsure else []
    which += [item.source == wanted.source] if wanted.source else []
    return which + ([judged.language == wanted.language] if wanted.language else [])


def _drawn_before(
    connection: Connection, model: Model, drawn: Drawn, item_ids: list[str]
) -> set[tuple[str, int]]:
    own = correction.c
    of_model = and_(own.model == model[0], own.model_version == model[1])
    query = select(own.item_id, own.version)
    query = query.where(own.drawn == drawn, or_(own.drawn == "sampled", of_model))
    return {(row[0], row[1]) for row in bulk.fetch(connection, query, own.item_id, item_ids)}


def _insert(connection: Connection, model: Model, answers: Sequence[Answer]) -> int:
    judged = inference.c
    query = select(judged.item_id, judged.version, judged.sentiment)
    query = query.where(judged.model == model[0], judged.model_version == model[1])
    ids = {one.item_id for one in answers}
    said = {row[:2]: row[2] for row in bulk.fetch(connection, query, judged.item_id, ids)}
    rows = [
        {
            "item_id": one.item_id,
            "version": one.version,
            "sentiment": one.label,
            "drawn": one.drawn,
            "model": model[0],
            "model_version": model[1],
            "model_label": said.get((one.item_id, one.version), ""),
            "made_at": datetime.now(UTC),
        }
        for one in answers
    ]
    if rows:
        connection.execute(correction.insert(), rows)
    return len(rows)
