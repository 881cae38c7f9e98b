"""BottleCRM over its REST API: a contact per person, a ticket (there: "case") per utterance.

BottleCRM knows no idempotency keys, so ours is the last line of the ticket, where its search looks.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from connectors.contract import Activity, Contact, CrmObject, Outcome
from connectors.crm.bottlecrm_ticket import description, marker, name_parts, title
from connectors.http import Answer, OutcomeUnknown, Rejected, Session
from feedback.errors import Changed, FeedbackError

PAGE = 100
ABOUT_THE_RECORD = (400, 409, 413, 422)  # other refusals speak of the address or the access
EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
PHONE = re.compile(r"[\d\s\-().+]{7,25}")  # what BottleCRM takes for one
HIDDEN_TOO = {"slim": "true", "show_merged": "true", "include_deleted": "true"}
"""Tickets that people merged or put away are still there: they must not be made again."""


class BottleCrmTarget:
    """CRM target for BottleCRM 1.35; a contact that is there is used and left as it is."""

    batch = 50

    class Settings(BaseModel):
        """What `[crm.<name>]` says. `token` is a personal access token of an administrator."""

        model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

        kind: Literal["bottlecrm"]
        base_url: str = Field(description="Of the server, without `/api`.")
        token: SecretStr = Field(description="`bcrm_pat_…`; by the environment.")
        status: Literal["New", "Assigned", "Pending"] = Field("New", description="Of new tickets.")
        priority: Literal["Low", "Normal", "High", "Urgent"] = Field(
            "Normal", description="Of new tickets."
        )
        calls_per_minute: float = Field(600, gt=0)

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self._settings = settings

    def check(self) -> str:
        """Read a page of contacts and one of tickets: whether it may write shows only later."""
        with self._session() as http:
            contacts = _count(http.get("api/contacts/", {"limit": 1}), "contacts_count")
            tickets = _count(http.get("api/cases/", {"limit": 1, "slim": "true"}), "cases_count")
        return f"CRM {self.name}: the token sees {contacts} contacts and {tickets} tickets."

    def find(self, objects: Sequence[CrmObject]) -> dict[str, str]:
        """One search per object. An update is never reported: repeating it does no harm."""
        sought = [one for one in objects if not _is_update(one) and not _flaw(one)]
        with self._session() as http:
            found = {one.key: _look_up(http, one) for one in sought}
        return {key: remote_id for key, remote_id in found.items() if remote_id}

    def write(self, objects: Sequence[CrmObject]) -> Iterator[Outcome]:
        """One by one. Once not even a look-up is answered well, the rest is left unsent."""
        away: FeedbackError | None = None
        with self._session() as http:
            for one in objects:
                if away:
                    raise away
                try:
                    outcome = self._put(http, one)
                except Rejected as rejected:
                    if rejected.status not in ABOUT_THE_RECORD:
                        raise
                    why = rejected.said or f"BottleCRM answered {rejected.status}"
                    outcome = Outcome(one.key, "rejected", error=why)
                except OutcomeUnknown as unknown:
                    outcome, away = _after_silence(http, one, unknown)
                yield outcome

    def _put(self, http: Session, one: CrmObject) -> Outcome:
        if flaw := _flaw(one):
            return Outcome(one.key, "rejected", error=flaw)
        if isinstance(one, Activity):
            if one.remote_id:
                return _update(http, one)
            remote_id = _create(http, one, "api/cases/", self._ticket(one))
        else:
            known = one.remote_id or _look_up(http, one)
            remote_id = known or _create(http, one, "api/contacts/", _person(one))
        return Outcome(one.key, "done", remote_id)

    def _ticket(self, one: Activity) -> dict[str, Any]:
        return {
            "name": title(one),
            "description": description(one),
            "status": self._settings.status,
            "priority": self._settings.priority,
            "contacts": [one.contact_id] if one.contact_id else [],
            "teams": [],
            "assigned_to": [],
        }

    def _session(self) -> Session:
        return Session(
            self._settings.base_url,
            name=f"CRM {self.name}",
            account=f"bottlecrm {self._settings.base_url}",
            setting=f"crm.{self.name}.token",
            token=self._settings.token,
            per_minute=self._settings.calls_per_minute,
        )


def _person(one: Contact) -> dict[str, str]:
    first, last = name_parts(one.name, one.email)
    body = {"first_name": first, "last_name": last, "email": one.email.strip()}
    body |= {"source_ref": marker(one.key)}
    return body | ({"phone": one.phone} if PHONE.fullmatch(one.phone) else {})


def _create(http: Session, one: CrmObject, path: str, body: dict[str, Any]) -> str:
    try:
        return _new_id(http.post(path, body))
    except Rejected as rejected:
        # it may be refused because it is there: another made this contact since we looked, or
        # an earlier write of this ticket arrived after all (titles are unique)
        there = _look_up(http, one) if rejected.status == 400 else ""
        if not there:
            raise
        return there


def _update(http: Session, one: Activity) -> Outcome:
    """Bring our words up to date; title, status, people are left to those who work with it."""
    try:
        ticket = _body(http.get(f"api/cases/{one.remote_id}/")).get("cases_obj")
    except Rejected as rejected:
        if rejected.status != 404:
            raise
        gone = "the ticket is gone: deleted, or hidden from this token"
        return Outcome(one.key, "rejected", error=gone)
    if not isinstance(ticket, dict):
        raise Changed("BottleCRM's ticket has no cases_obj. This ticket was not written.")
    linked = [str(contact["id"]) for contact in ticket.get("contacts") or []]
    new: dict[str, Any] = {"description": description(one)}
    if one.contact_id and one.contact_id not in linked:
        new["contacts"] = [*linked, one.contact_id]
    if len(new) > 1 or str(ticket.get("description")).strip() != new["description"]:
        http.patch(f"api/cases/{one.remote_id}/", new)
    return Outcome(one.key, "done", one.remote_id)


def _after_silence(
    http: Session, one: CrmObject, unknown: OutcomeUnknown
) -> tuple[Outcome, FeedbackError | None]:
    """A write without an answer: look once, and else leave it unknown; it is never repeated.

    Whatever ends the look-up is held back until the caller has heard of this object.
    """
    remote_id, away = "", None
    try:
        remote_id = "" if _is_update(one) else _look_up(http, one)
    except FeedbackError as error:
        away = error
    if remote_id:
        return Outcome(one.key, "done", remote_id), None
    return Outcome(one.key, "unknown", error=str(unknown)), away


def _look_up(http: Session, one: CrmObject) -> str:
    """The remote id of the contact with this e-mail, or of the ticket with our line; else ""."""
    if isinstance(one, Activity):
        line = marker(one.key)
        tickets = _all(http, "api/cases/", {"search": line, **HIDDEN_TOO}, "cases")
        ours = (t for t in tickets if line in str(t.get("description")).splitlines())
        return next((str(ticket["id"]) for ticket in ours), "")
    email = one.email.strip()
    # ?email= is a search for a part, whatever its case
    contacts = _all(http, "api/contacts/", {"email": email}, "contacts")
    same = (c for c in contacts if str(c.get("email")).lower() == email.lower())
    return next((str(contact["id"]) for contact in same), "")


def _all(http: Session, path: str, params: dict[str, str], what: str) -> Iterator[dict[str, Any]]:
    start, count = 0, 1
    while start < count:
        answer = http.get(path, {**params, "limit": PAGE, "offset": start})
        items = _body(answer).get("results" if what == "contacts" else what)
        if not isinstance(items, list):
            raise Changed(f"BottleCRM's list of {what} has another shape. Nothing was written.")
        yield from items
        start, count = start + PAGE, _count(answer, f"{what}_count")


def _body(answer: Answer) -> dict[str, Any]:
    return answer.body if isinstance(answer.body, dict) else {}


def _count(answer: Answer, field: str) -> int:
    count = _body(answer).get(field)
    if not isinstance(count, int):
        raise Changed(f"BottleCRM's answer has no {field}. Nothing was written. Is it BottleCRM?")
    return count


def _new_id(answer: Answer) -> str:
    remote_id = _body(answer).get("id")
    if not remote_id:
        raise OutcomeUnknown("BottleCRM took the record and told no id. Look it up.")
    return str(remote_id)


def _is_update(one: CrmObject) -> bool:
    return isinstance(one, Activity) and bool(one.remote_id)


def _flaw(one: CrmObject) -> str:
    """Why a contact can never be there: what is no address makes BottleCRM's search answer 500."""
    email = one.email.strip() if isinstance(one, Contact) else ""
    if isinstance(one, Activity) or (EMAIL.fullmatch(email) and email.isprintable()):
        return ""
    return "it has no usable e-mail, the only thing BottleCRM finds a contact by"
