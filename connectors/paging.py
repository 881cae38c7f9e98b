"""Walks a list that comes in pages named by Link headers (RFC 8288).

A server that names a page twice would keep us for ever: the walk stops with `Changed` instead.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from connectors.http import Answer, Session
from feedback.errors import Changed


def follow(
    session: Session,
    path: str,
    params: Mapping[str, Any],
    *,
    rel: Literal["next", "prev"] = "next",
    ids: Callable[[Any], tuple[str, ...]],
) -> Iterator[Answer]:
    """Every answer from `path` on, along the links called `rel`, until there is none.

    `ids` names the entries of a body; a page of entries that was there before is a loop, as is a
    link that was followed before. Raises `Changed` for a loop, and what `Session.get` raises.
    """
    walked: set[object] = set()
    answer = session.get(path, params)
    while True:
        link, entries = getattr(answer, rel), ids(answer.body)
        if (entries and entries in walked) or link in walked:
            raise Changed(
                f"{session.name}: the list at {path} names one page twice, so it has no end. The "
                "pages before it are complete. Nothing after them was read. Tell who runs the "
                "server, or who looks after this connector."
            )
        yield answer
        if not link:
            return
        walked |= {link, entries}
        answer = session.get(link)
