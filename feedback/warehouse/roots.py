"""Who is one in the end: everybody joined by merges, directly or through others, has one root.

Roots are found again for those only whose merges changed, in the transaction that changed them;
what they said is then compared anew, for one person who says a thing twice is one voice.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, bindparam, select, update

from feedback.identity import KINDS
from feedback.warehouse import bulk, resembling
from feedback.warehouse.tables import person, person_identity, person_merge


def find_roots(connection: Connection, touched: Collection[str]) -> None:
    """Give everybody joined to these people their root.

    Of whoever was one before, each part that fell off holds one of those whose merges changed.
    """
    own = person.c
    groups = list(components(connection, touched))
    wanted = _roots(connection, groups)
    query = select(own.person_id, own.root_id)
    stored = bulk.fetch(connection, query, own.person_id, wanted)
    rows = [{"p": one, "r": wanted[one]} for one, root in stored if root != wanted[one]]
    if rows:
        mine = own.person_id == bindparam("p")
        connection.execute(update(person).where(mine).values(root_id=bindparam("r")), rows)
        resembling.compare_again(connection, [row["p"] for row in rows])


def _roots(connection: Connection, groups: Sequence[Collection[str]]) -> dict[str, str]:
    """{person: root}. A group's root has the strongest identity, then the smallest id."""
    claim = person_identity.c
    merged = [one for group in groups if len(group) > 1 for one in group]
    ranks: dict[str, int] = defaultdict(lambda: len(KINDS))
    query = select(claim.person_id, claim.kind)
    for one, kind in bulk.fetch(connection, query, claim.person_id, merged):
        ranks[one] = min(ranks[one], KINDS.index(kind))
    roots: dict[str, str] = {}
    for group in groups:
        roots |= dict.fromkeys(group, min(group, key=lambda one: (ranks[one], one)))
    return roots


def components(connection: Connection, start: Collection[str]) -> Iterator[set[str]]:
    """Everybody joined to these people by active merges, one set for each group who are one."""
    near: dict[str, set[str]] = {}
    frontier = set(start)
    while frontier:
        near |= {one: set() for one in frontier}
        for one, other, _ in _steps(connection, frontier):
            near[one].add(other)
        frontier = {other for one in frontier for other in near[one]} - near.keys()
    while near:
        group, frontier = set[str](), {next(iter(near))}
        while frontier:
            group |= frontier
            frontier = {other for one in frontier for other in near.pop(one)} - group
        yield group


def joined_by(connection: Connection, one: str, other: str) -> list[tuple[str, str]]:
    """A shortest way from one person to another: [(person, by what kind)]; [] if there is none."""
    ways: dict[str, list[tuple[str, str]]] = {one: []}
    frontier = [one]
    while frontier and other not in ways:
        reached: dict[str, list[tuple[str, str]]] = {}
        for near, far, kind in _steps(connection, frontier):
            if far not in ways:
                reached.setdefault(far, [*ways[near], (far, kind)])
        ways |= reached
        frontier = list(reached)
    return ways.get(other, [])


def _steps(connection: Connection, people: Collection[str]) -> list[tuple[str, str, str]]:
    """(person, other person, kind) of the active merges of these people, sorted."""
    own = person_merge.c
    active = own.status == "active"
    there = select(own.person_a, own.person_b, own.kind).where(active)
    back = select(own.person_b, own.person_a, own.kind).where(active)
    found = bulk.fetch(connection, there, own.person_a, people)
    found += bulk.fetch(connection, back, own.person_b, people)
    return sorted((near, far, kind) for near, far, kind in found)
