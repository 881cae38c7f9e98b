from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select, update

from feedback.errors import Changed, Refused, Unreadable
from feedback.records import RawItem
from feedback.vault import Vault
from feedback.warehouse import collected, ledger
from feedback.warehouse.tables import person, raw_item, run_ledger, set_aside


def test_a_page_is_stored_with_its_cursor_and_its_books(engine: Engine, vault: Vault) -> None:
    counts = store(engine, vault, [item("a"), item("b")], {"last": 2})
    assert (counts.fetched, counts.new, counts.written) == (2, 2, 2)
    assert collected.cursor_of(engine, "mail") == {"last": 2}
    with engine.connect() as connection:
        assert connection.execute(select(run_ledger.c.new, run_ledger.c.fetched)).all() == [(2, 2)]


def test_the_payload_comes_back_as_it_came_and_is_unreadable_at_rest(
    engine: Engine, vault: Vault
) -> None:
    store(engine, vault, [item("a", b"\x00 secret words \xff")])
    with engine.connect() as connection:
        stored = connection.scalars(select(raw_item.c.payload)).one()
    assert b"secret" not in stored
    assert vault.open(stored) == b"\x00 secret words \xff"


def test_the_same_record_again_is_a_duplicate(engine: Engine, vault: Vault) -> None:
    store(engine, vault, [item("a")])
    counts = store(engine, vault, [item("a"), item("b"), item("b")])
    assert (counts.new, counts.duplicate, counts.changed) == (1, 2, 0)


def test_an_edited_record_is_a_new_version_and_the_old_one_is_kept(
    engine: Engine, vault: Vault
) -> None:
    store(engine, vault, [item("a", b"first")])
    counts = store(engine, vault, [item("a", b"second"), item("a", b"third")])
    assert (counts.new, counts.changed) == (0, 2)
    with engine.connect() as connection:
        versions = connection.scalars(select(raw_item.c.version).order_by(raw_item.c.version)).all()
    assert versions == [1, 2, 3]


def test_what_does_not_count_as_content_makes_no_new_version(engine: Engine, vault: Vault) -> None:
    store(engine, vault, [RawItem("a", b"likes: 1", content="hello")])
    assert store(engine, vault, [RawItem("a", b"likes: 2", content="hello")]).duplicate == 1


def test_a_broken_record_is_set_aside_once_with_its_reason(engine: Engine, vault: Vault) -> None:
    broken = Unreadable("row 7 has 5 cells", ref="row 7", payload=b"a,b,c")
    assert store(engine, vault, [item("a"), broken]).set_aside == 1
    again = store(engine, vault, [broken])
    assert (again.set_aside, again.duplicate) == (0, 1)
    with engine.connect() as connection:
        row = connection.execute(select(set_aside.c.reason, set_aside.c.payload)).one()
    assert row.reason == "row 7 has 5 cells"
    assert vault.open(row.payload) == b"a,b,c"


def test_a_broken_record_keeps_when_it_was_first_seen_and_says_when_last(
    engine: Engine, vault: Vault
) -> None:
    broken = Unreadable("row 7 has 5 cells", ref="row 7", payload=b"a,b,c")
    store(engine, vault, [broken])
    first = seen(engine)
    store(engine, vault, [broken])
    assert seen(engine)[0] == first[0]
    assert seen(engine)[1] > first[1]


def test_a_warehouse_sealed_with_another_key_is_refused(engine: Engine, vault: Vault) -> None:
    store(engine, vault, [item("a")])
    collected.require_key(engine, vault)
    with pytest.raises(Refused, match="another key"):
        collected.require_key(engine, Vault(b"x" * 32))


def test_a_stage_that_fails_says_so_in_its_books(engine: Engine) -> None:
    with pytest.raises(Changed), ledger.entry(engine, "run", "mail", "refine"):
        raise Changed("The answer has another shape.")
    with pytest.raises(KeyError), ledger.entry(engine, "run", "forms", "refine"):
        raise KeyError("Иван Петров")
    with engine.connect() as connection:
        books = connection.execute(select(run_ledger.c.status, run_ledger.c.problem)).all()
    assert set(books) == {("changed", "The answer has another shape."), ("fault", "")}


def test_a_ref_that_no_database_can_store_is_kept_all_the_same(
    engine: Engine, vault: Vault
) -> None:
    odd = [item("nul \0 and \ud800"), Unreadable("bad", ref="\0\udfff", payload=b"x")]
    counts = store(engine, vault, odd)
    assert (counts.new, counts.set_aside) == (1, 1)
    assert store(engine, vault, odd).duplicate == 2


def test_a_page_that_fails_leaves_neither_records_nor_cursor(engine: Engine, vault: Vault) -> None:
    store(engine, vault, [item("a")], {"last": 1})
    with pytest.raises(TypeError):
        store(engine, vault, [item("b")], {"last": object()})
    assert collected.cursor_of(engine, "mail") == {"last": 1}
    with engine.connect() as connection:
        assert connection.scalars(select(raw_item.c.ref)).all() == ["a"]


def test_books_that_do_not_balance_fail_the_page(engine: Engine) -> None:
    ledger.begin(engine, "run", "mail", "collect")
    lost = ledger.Counts(fetched=3, new=2, written=2)
    with pytest.raises(ledger.Unbalanced, match="do not balance"), engine.begin() as connection:
        ledger.add(connection, "run", "mail", "collect", lost)


def test_books_fail_when_the_database_wrote_less_than_it_was_given(engine: Engine) -> None:
    ledger.begin(engine, "run", "mail", "collect")
    lost = ledger.Counts(fetched=2, new=2, written=1)
    with pytest.raises(ledger.Unbalanced), engine.begin() as connection:
        ledger.add(connection, "run", "mail", "collect", lost)


def test_another_key_is_refused_also_when_every_payload_has_ended(
    engine: Engine, vault: Vault
) -> None:
    store(engine, vault, [item("a")])
    who = {"person_id": "p", "root_id": "p", "shared": False, "name": vault.seal(b"Anna")}
    with engine.begin() as connection:
        connection.execute(update(raw_item).values(payload=None))
        connection.execute(person.insert(), [who | {"first_seen": datetime.now(UTC)}])
    collected.require_key(engine, vault)
    with pytest.raises(Refused, match="another key"):
        collected.require_key(engine, Vault(b"another key of 32 bytes, or more"))


def seen(engine: Engine) -> tuple[datetime, datetime]:
    with engine.connect() as connection:
        first, last = connection.execute(
            select(set_aside.c.first_seen, set_aside.c.last_seen)
        ).one()
    return first, last


def item(ref: str, payload: bytes = b"words") -> RawItem:
    return RawItem(ref, payload)


def store(
    engine: Engine,
    vault: Vault,
    records: list[RawItem | Unreadable],
    cursor: dict[str, object] | None = None,
) -> ledger.Counts:
    ledger.begin(engine, "run", "mail", "collect")
    return collected.store_page(engine, vault, "run", "mail", records, cursor or {"last": 0})
