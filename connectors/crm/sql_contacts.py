"""Which stored contact is the same person as one of ours, and what of it is still empty.

Its e-mail decides before our key does: people who use the CRM may have met this person first.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from connectors.contract import Contact

Row = dict[str, Any]


class Known:
    """Contacts that are there, by key and by e-mail."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._by_key: dict[str, Row] = {}
        self._by_email: dict[str, Row] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        self._by_key[row["key"]] = row
        if row["email"]:
            self._by_email[folded(row["email"])] = row

    def same(self, one: Contact) -> Row | None:
        by_email = self._by_email.get(folded(one.email))
        return self._by_key.get(one.remote_id) or by_email or self._by_key.get(one.key)


def match(contacts: Sequence[Contact], known: Known) -> tuple[dict[Contact, Row], list[Row]]:
    """The row of each contact, and those rows that are new or had an empty field to fill."""
    rows: dict[Contact, Row] = {}
    to_put: dict[str, Row] = {}
    for one in contacts:
        row = known.same(one) or {"key": one.key, "email": None, "name": "", "phone": ""}
        ours = {"email": one.email.strip() or None, "name": one.name, "phone": one.phone}
        blanks = {field: ours[field] for field in ours if ours[field] and not row[field]}
        if blanks or "updated_at" not in row:
            row |= {**blanks, "updated_at": datetime.now(UTC)}
            known.add(row)
            to_put[row["key"]] = row
        rows[one] = row
    return rows, list(to_put.values())


def folded(email: str) -> str:
    """The form in which two spellings of one address are equal."""
    return email.strip().lower()


def ascii_folded(email: str) -> str:
    """The same as SQLite makes it: its lower() knows ASCII only."""
    return "".join(c.lower() if c.isascii() else c for c in email.strip())
