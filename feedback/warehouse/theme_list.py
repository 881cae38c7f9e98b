"""The themes of the latest day as a person reads them: what the taxonomy lacks first.

Growth and declared topics are worked out when they are read, from what is stored then; a quote of
somebody who has refused since is not shown.
"""

import pandas as pd
from sqlalchemy import Engine, and_, func, select

from feedback.topics.growth import growth
from feedback.warehouse import bulk
from feedback.warehouse.tables import theme, theme_member, topic_inference
from feedback.warehouse.themes import Model, voices

MOSTLY = 0.5  # of a theme's members without a topic: the taxonomy lacks it
COLUMNS = ("theme_id", "language", "terms", "size", "size_before", "ratio", "low", "high", "trend",
           "first_day", "topic", "untagged", "quote")  # fmt: skip
_KEPT = ("day", "theme_id", "language", "terms", "size", "size_before", "first_day", "quoted")


def listed(engine: Engine, model: Model, method: str, zone: str) -> pd.DataFrame:
    """COLUMNS of the latest day's themes: those of no topic first, then by size.

    `ratio`, `low`, `high`: the later rate over the earlier, NaN where there is too little to tell.
    `topic`: what most members were tagged with, NA if nothing; `untagged`: the share of members
    without any topic, NaN where nothing was tagged.
    """
    found = _latest(engine)
    if found.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    texts = voices(engine, model, found["day"].iloc[0], zone)
    found = pd.concat([_grown(some, texts) for _, some in found.groupby("language")])
    found = found.join(_topics(engine, method), on="theme_id")
    found["quote"] = found["quoted"].map(dict(zip(texts["item_id"], texts["text"], strict=True)))
    found["lacks"] = found["untagged"] > MOSTLY
    order = found.sort_values(["lacks", "size", "theme_id"], ascending=[False, False, True])
    return order[list(COLUMNS)].reset_index(drop=True)


def _latest(engine: Engine) -> pd.DataFrame:
    latest = select(func.max(theme.c.day)).scalar_subquery()
    query = select(*(theme.c[name] for name in _KEPT)).where(theme.c.day == latest)
    return bulk.frame(engine, query.order_by(theme.c.theme_id))


def _grown(some: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    """The themes of one language with their growth against all texts of that language."""
    late = texts.loc[texts["language"] == some["language"].iloc[0], "is_late"]
    sizes = some["size"].tolist(), some["size_before"].tolist()
    told = growth(*sizes, int(late.sum()), int((~late).sum()))
    return some.join(pd.DataFrame(told, index=some.index))


def _topics(engine: Engine, method: str) -> pd.DataFrame:
    """By theme: `topic`, what most of its members were tagged with, and `untagged`."""
    tags, member = topic_inference.c, theme_member.c
    same = and_(tags.item_id == member.item_id, tags.version == member.version)
    query = select(member.theme_id, tags.topics)
    query = query.select_from(theme_member.join(topic_inference, same))
    rows = bulk.frame(engine, query.where(tags.method == method))
    rows["topic"] = [sorted(topics) for topics in rows["topics"]]
    rows["untagged"] = [float(not topics) for topics in rows["topics"]]
    counts = rows.explode("topic").value_counts(["theme_id", "topic"], sort=False).reset_index()
    counts = counts.sort_values(["count", "topic"], ascending=[False, True], kind="stable")
    most = counts.drop_duplicates("theme_id").set_index("theme_id")["topic"]
    return pd.DataFrame({"topic": most, "untagged": rows.groupby("theme_id")["untagged"].mean()})
