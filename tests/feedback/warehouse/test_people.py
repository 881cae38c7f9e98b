from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from feedback.errors import Refused
from feedback.identity import Identified, identify
from feedback.records import Author
from feedback.refining import Stored
from feedback.vault import Vault
from feedback.warehouse import merges, people, refined, roots
from feedback.warehouse.engine import connect, upgrade, writing
from feedback.warehouse.tables import person, person_identity, person_merge

NOW = datetime(2026, 9, 1, tzinfo=UTC)
VAULT = Vault(b"k" * 32)
PHONE, OTHER_PHONE = "+79123456789", "+79123456780"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Author(email="a@x.example", phone=PHONE), Author(phone=PHONE)),
        (Author(email="a@x.example", phone=PHONE), Author(email="b@x.example", phone=PHONE)),
        (Author(email="a@x.example", external_id="7"), Author(external_id="7")),
        (Author(phone=PHONE, handle="@a@x.example"), Author(handle="@a@x.example")),
        (Author(external_id="7", handle="anna"), Author(handle="anna")),
    ],
)
def test_two_who_claim_one_identity_are_one(engine: Engine, one: Author, other: Author) -> None:
    assert not are_one(engine, one, Author(email="other@x.example"))
    remember(engine, one, other)
    assert are_one(engine, one, other)


def test_a_merge_says_why_and_quotes_nobody(engine: Engine) -> None:
    remember(engine, Author(email="a@x.example", phone=PHONE), Author(phone=PHONE))
    with engine.connect() as connection:
        (row,) = connection.execute(select(person_merge)).mappings()
    assert (row["kind"], row["reason"]) == ("phone", "the same phone number")
    assert row["person_a"] < row["person_b"]
    assert (row["status"], row["undone_at"]) == ("active", None)
    assert row["merged_at"].tzinfo


def test_the_root_is_who_has_the_strongest_identity(engine: Engine) -> None:
    authors = [Author(handle="@a@x.example"), Author(phone=PHONE, handle="@a@x.example")]
    remember(engine, *authors, Author(email="a@x.example", phone=PHONE))
    assert {root_of(engine, one) for one in authors} == {person_of(Author(email="a@x.example"))}


def test_people_are_one_through_others_whatever_the_batches(engine: Engine) -> None:
    chain = [
        Author(email=f"p{n}@x.example", phone=f"+7912345678{n}", handle=f"@h{n + 1}@x.example")
        for n in range(9)
    ]
    links = [Author(phone=f"+7912345678{n}", handle=f"@h{n}@x.example") for n in range(9)]
    for author in [*chain, *links]:
        remember(engine, author)
    assert len({root_of(engine, one) for one in chain}) == 1


@pytest.mark.parametrize("address", ["info@firm.example", "support+1@firm.example"])
def test_an_address_of_many_merges_nobody(engine: Engine, address: str) -> None:
    authors = [Author(email=address, phone=PHONE), Author(email=address, phone=OTHER_PHONE)]
    remember(engine, *authors, Author(email=address))
    assert len({root_of(engine, one) for one in [*authors, Author(email=address)]}) == 3
    assert merged(engine) == []


def test_a_phone_of_many_falls_apart_with_the_sixth(engine: Engine) -> None:
    authors = [Author(email=f"p{n}@x.example", phone=PHONE) for n in range(merges.MOST + 3)]
    remember(engine, *authors[: merges.MOST])
    assert len({root_of(engine, one) for one in authors[: merges.MOST]}) == 1
    for author in authors[merges.MOST :]:
        remember(engine, author)
        assert {status for *_, status in merged(engine)} == {"shared"}
    assert len({root_of(engine, one) for one in authors}) == len(authors)
    assert len(merged(engine)) == 15  # of how many so ever: among the first six


def test_what_was_undone_stays_undone_and_can_be_redone(engine: Engine) -> None:
    one, other = Author("a@x.example", PHONE), Author("b@x.example", PHONE)
    remember(engine, one, other)
    assert undo(engine, one, other) == []
    assert not are_one(engine, one, other)
    remember(engine, one, other)
    remember(engine, Author("a@x.example", handle="@h@h"), Author("b@x.example", handle="@h@h"))
    assert not are_one(engine, one, other)
    assert {status for *_, status in merged(engine)} == {"undone"}
    with writing(engine) as connection:
        assert merges.redo(connection, person_of(one), person_of(other))
        assert not merges.redo(connection, person_of(one), person_of(other))
    assert are_one(engine, one, other)
    assert {status for *_, status in merged(engine)} == {"active"}


def test_an_undone_merge_is_kept_with_who_said_why(engine: Engine) -> None:
    one, other = Author("a@x.example", PHONE), Author("b@x.example", PHONE)
    remember(engine, one, other)
    undo(engine, one, other)
    with engine.connect() as connection:
        (row,) = connection.execute(select(person_merge)).mappings()
    assert (row["status"], row["undone_why"]) == ("undone", "father and son")
    assert row["undone_at"] >= row["merged_at"]


def test_two_who_are_still_joined_by_a_third_are_told_so(engine: Engine) -> None:
    one, other = Author("a@x.example", PHONE), Author("b@x.example", PHONE)
    third = Author(phone=PHONE)
    remember(engine, one, other, third)
    assert undo(engine, one, other) == [(person_of(third), "phone"), (person_of(other), "phone")]
    assert are_one(engine, one, other)
    undo(engine, one, third)
    assert not are_one(engine, one, other)
    assert are_one(engine, other, third)


def test_nothing_is_undone_between_two_who_were_never_merged(engine: Engine) -> None:
    one, other = Author("a@x.example"), Author("b@x.example")
    remember(engine, one, other)
    with writing(engine) as connection:
        assert not merges.undo(connection, person_of(one), person_of(other), "")


def test_the_fullest_name_and_the_earliest_time_are_kept(engine: Engine) -> None:
    names = ["", "Anna", "Anna Petrova", "A. P."]
    for days, name in enumerate(names):
        remember(engine, Author("a@x.example", name=name), seen_at=NOW - timedelta(days=days))
    with engine.connect() as connection:
        (row,) = connection.execute(select(person)).mappings()
    assert VAULT.open(row["name"]).decode() == "Anna Petrova"
    assert row["first_seen"] == NOW - timedelta(days=3)


def test_storing_again_writes_nothing(engine: Engine) -> None:
    authors = [Author("a@x.example", PHONE, name="Anna"), Author(phone=PHONE)]
    remember(engine, *authors)
    before = everything(engine)
    remember(engine, *authors)
    assert everything(engine) == before


authors = st.builds(
    Author,
    email=st.sampled_from(["", *(f"p{n}@x.example" for n in range(9)), "info@x.example"]),
    phone=st.sampled_from(["", PHONE, PHONE, OTHER_PHONE]),
    external_id=st.sampled_from(["", "", "1", "2"]),
    handle=st.sampled_from(["", "", "@a@x.example", "anna"]),
    name=st.sampled_from(["", "Anna", "Bo"]),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(found=st.lists(authors, min_size=2, max_size=25), data=st.data())
def test_the_order_and_the_batches_change_nothing(
    engine: Engine, found: list[Author], data: st.DataObject
) -> None:
    told = []
    for _ in range(2):
        forget(engine)
        order = data.draw(st.permutations(list(enumerate(found))))
        cuts = sorted(data.draw(st.sets(st.integers(1, len(found) - 1), max_size=4)))
        for start, end in pairwise([0, *cuts, len(found)]):
            batch = [known(a, NOW + timedelta(hours=n)) for n, a in order[start:end]]
            with writing(engine) as connection:
                people.store(connection, VAULT, batch)
        told.append(plain(engine))
    assert told[0] == told[1]
    assert roots_by_hand(told[0]) == {one: root for one, root, *_ in told[0]["person"]}


def test_nothing_can_be_read_at_rest(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'f.db'}")
    upgrade(engine)
    remember(engine, Author("anna@x.example", PHONE, "card-4711", "@annah@host.example", "Annabel"))
    engine.dispose()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("f.db*"))
    assert b"person_identity" in stored
    for text in ("anna@x", PHONE[2:], "4711", "annah", "Annabel", "host.example"):
        assert text.encode() not in stored, text


def test_people_are_stored_with_their_items_or_not_at_all(engine: Engine) -> None:
    """So a kill at any point leaves the whole batch to the next run."""
    remember(engine, Author("a@x.example", PHONE))
    before = everything(engine)
    outcome = refined.Refined(fetched=1, people=[known(Author(phone=PHONE, name="Bo"), NOW)])
    outcome.refused = [(Stored("form", "1", 1, b"", NOW), None)]  # type: ignore[list-item]
    with pytest.raises(Refused):
        refined.store(engine, VAULT, "run", {"form": outcome})
    assert everything(engine) == before


def known(author: Author, seen_at: datetime = NOW) -> Identified:
    return identify(VAULT, author, "form", seen_at, "RU")


def person_of(author: Author) -> str:
    return str(known(author).person_id)


def remember(engine: Engine, *found: Author, seen_at: datetime = NOW) -> None:
    with writing(engine) as connection:
        people.store(connection, VAULT, [known(author, seen_at) for author in found])


def root_of(engine: Engine, author: Author) -> str | None:
    query = select(person.c.root_id).where(person.c.person_id == person_of(author))
    with engine.connect() as connection:
        return connection.scalar(query)


def are_one(engine: Engine, one: Author, other: Author) -> bool:
    return root_of(engine, one) is not None and root_of(engine, one) == root_of(engine, other)


def undo(engine: Engine, one: Author, other: Author) -> list[tuple[str, str]]:
    pair = person_of(one), person_of(other)
    with writing(engine) as connection:
        assert merges.undo(connection, *pair, "father and son")
        return roots.joined_by(connection, *pair)


def merged(engine: Engine) -> list[tuple[Any, ...]]:
    own = person_merge.c
    query = select(own.person_a, own.person_b, own.kind, own.value_hash, own.reason, own.status)
    with engine.connect() as connection:
        return sorted(tuple(row) for row in connection.execute(query))


def everything(engine: Engine) -> list[list[Any]]:
    with engine.connect() as connection:
        tables = (person, person_identity, person_merge)
        return [sorted(map(tuple, connection.execute(select(table)))) for table in tables]


def plain(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """What the tables say, without the random part of what is sealed and without our own clock."""
    own, claim = person.c, person_identity.c
    with engine.connect() as connection:
        found = connection.execute(
            select(own.person_id, own.root_id, own.shared, own.first_seen, own.name)
        )
        rows = sorted((*row[:-1], VAULT.open(row[-1])) for row in found)
        claims = connection.execute(
            select(claim.person_id, claim.kind, claim.value_hash, claim.value)
        )
        claimed = sorted((*row[:-1], VAULT.open(row[-1])) for row in claims)
    return {"person": rows, "claims": claimed, "merges": merged(engine)}


def roots_by_hand(told: dict[str, list[tuple[Any, ...]]]) -> dict[str, str]:
    """The roots as the rule says them: joined step by step until nothing changes."""
    kinds = ("email", "phone", "external_id", "handle")
    rank = {
        one: min(kinds.index(kind) for who, kind, *_ in told["claims"] if who == one)
        for one, *_ in told["person"]
    }
    claimants: dict[str, set[str]] = {}
    for one, _, value_hash, _ in told["claims"]:
        claimants.setdefault(value_hash, set()).add(one)
    root = {one: one for one in rank}
    for _ in root:
        for group in claimants.values():
            if len(group) <= merges.MOST:
                best = min((root[one] for one in group), key=lambda one: (rank[one], one))
                root |= dict.fromkeys(group, best)
    return root


def forget(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in (person_merge, person_identity, person):
            connection.execute(delete(table))
