"""BottleCRM as the people who work with it see it, real or fake: plain calls, no connector."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

from connectors.catalogue import target
from connectors.contract import Activity, CrmTarget
from tests.connectors.crm.gateway import forgetful_gateway
from tests.connectors.target_contract import an_activity


class PeopleOfBottleCrm:
    def __init__(self, base_url: str, token: str) -> None:
        self.base_url, self.secret = base_url, token

    def target(self, base_url: str = "") -> CrmTarget:
        return target("desk", self.settings(base_url or self.base_url))

    def settings(self, base_url: str) -> dict[str, Any]:
        table = {"kind": "bottlecrm", "base_url": base_url, "token": self.secret}
        return table | {"calls_per_minute": 1_000_000}

    def away(self) -> CrmTarget:
        return self.target("http://127.0.0.1:9/nobody-listens")

    @contextmanager
    def losing(self) -> Iterator[CrmTarget]:
        """The server before us answers the next POST 502, though it was done, then all 403."""
        with forgetful_gateway(self.base_url) as base_url:
            yield self.target(base_url)

    def contacts(self) -> list[dict[str, Any]]:
        found = self.call("GET", "/api/contacts/?limit=1000")["results"]
        return [contact | {"remote_id": contact["id"]} for contact in found]

    def activities(self) -> list[dict[str, Any]]:
        return [_as_activity(c) for c in self.call("GET", "/api/cases/?limit=1000")["cases"]]

    def add_contact(self, email: str, name: str) -> str:
        first, _, last = name.partition(" ")
        body = {"first_name": first, "last_name": last, "email": email}
        return str(self.call("POST", "/api/contacts/", body)["id"])

    def refused(self) -> Activity:
        return an_activity("refused", text="Words with a NUL\0 in them")

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.base_url + path, data, headers, method=method)
        with urlopen(request, timeout=30) as answer:
            return dict(json.load(answer))


def _as_activity(case: dict[str, Any]) -> dict[str, Any]:
    contact_id = next((contact["id"] for contact in case["contacts"]), "")
    return case | {"remote_id": case["id"], "text": case["description"], "contact_id": contact_id}
