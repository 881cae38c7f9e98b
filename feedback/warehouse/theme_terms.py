"""The themes that no declared topic covers, with only those words that several people used.

A word of a theme is a customer's word: what fewer than FEW people said may be a name or an address
that redaction missed, so it is told to nobody.
"""

from collections.abc import Iterable

import pandas as pd
from sqlalchemy import Engine, func, select

from feedback.metrics.compute import FEW
from feedback.topics.passages import passages
from feedback.warehouse import bulk, theme_list
from feedback.warehouse.current import may_be_counted
from feedback.warehouse.tables import feedback_item, person, theme, theme_member
from feedback.warehouse.themes import Model


def uncovered(engine: Engine, model: Model, method: str, zone: str) -> pd.DataFrame | None:
    """Those of `theme_list.listed` without a topic; `attrs["day"]` is the last of their window.

    `terms` are those that FEW people at least used; a theme left without any is left out. None
    where no themes are stored, or nothing was tagged.
    """
    found = theme_list.listed(engine, model, method, zone)
    if found["untagged"].isna().all():
        return None
    lacking = found[found["untagged"].astype(float) > theme_list.MOSTLY]
    said = _members(engine, lacking["theme_id"].tolist())
    terms = [
        shared(one["terms"], said[said["theme_id"] == one["theme_id"]][["who", "text"]].to_numpy())
        for one in lacking.to_dict("records")
    ]
    with engine.connect() as connection:
        day = connection.scalar(select(func.max(theme.c.day)))
    told = lacking.assign(terms=pd.Series(terms, index=lacking.index, dtype=object))
    kept = told[[len(one) > 0 for one in terms]].reset_index(drop=True)
    kept.attrs["day"] = day
    return kept


def shared(terms: list[str], said: Iterable[tuple[str, str]]) -> list[str]:
    """Those of the terms that at least FEW people used in any form; `said` is (who, text)."""
    names = {term: name for term in terms if (name := _name(term))}
    users: dict[str, set[str]] = {name: set() for name in names.values()}
    for who, text in said:
        if all(len(some) >= FEW for some in users.values()):
            break
        for name in {term.name for passage in passages(text) for term in passage} & users.keys():
            users[name].add(who)
    return [term for term in terms if term in names and len(users[names[term]]) >= FEW]


def _name(term: str) -> str:
    """The dictionary forms of a term as it was said; "" where they are not known."""
    spans = [one for passage in passages(term) for one in passage]
    return max(spans, key=lambda one: one.end - one.start).name if spans else ""


def _members(engine: Engine, themes: list[str]) -> pd.DataFrame:
    """theme_id, who (a person, or a text of nobody known), text of the members of these themes."""
    item, member = feedback_item.c, theme_member.c
    same = (item.item_id == member.item_id) & (item.version == member.version)
    who = func.coalesce(person.c.root_id, item.person_id, item.item_id).label("who")
    query = (
        select(member.theme_id, who, item.text)
        .select_from(
            theme_member.join(feedback_item, same).outerjoin(
                person, person.c.person_id == item.person_id
            )
        )
        .where(member.theme_id.in_(themes), may_be_counted())
        .order_by(item.item_id)
    )
    return bulk.frame(engine, query)
