"""BottleCRM's answers as the real 1.35 gives them, from memory and in this process.

The live test runs the same contract against the real server, so a difference shows there.
"""

import json
import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from tests.connectors.crm.gateway import served

Answer = tuple[int, Any]
HTML_500 = (500, "<!doctype html><title>Server Error (500)</title>")


class FakeBottleCrm:
    """One organisation. `before` may answer a request itself, and is shown (method, path)."""

    token = "bcrm_pat_hush-hush"

    def __init__(self) -> None:
        self.contacts: list[dict[str, Any]] = []
        self.cases: list[dict[str, Any]] = []
        self.calls: list[tuple[str, str]] = []
        self.before: Callable[[str, str], Answer | None] = lambda method, path: None
        self.after: Callable[[str, str], Answer | None] = lambda method, path: None
        self.lock = threading.Lock()

    def running(self) -> AbstractContextManager[str]:
        """Its base URL, for as long as the `with` lasts."""
        return served(_handler(self))

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        self.calls.append((method, path))
        instead = self.before(method, path)
        if instead is None:
            with self.lock:
                instead = self._answer(method, path, query, body)
        return self.after(method, path) or instead

    def _answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        one = re.fullmatch(r"/api/cases/([0-9a-f-]{36})/", path)
        if one:
            return self._case(method, one[1], body)
        match method, path:
            case "GET", "/api/contacts/":
                sought = query.get("email", "").lower()
                found = [c for c in self.contacts if sought in str(c["email"]).lower()]
                return 200, {"contacts_count": len(found), "results": _page(found, query)}
            case "GET", "/api/cases/":
                found = [c for c in self.cases if _is_found(c, query)]
                return 200, {"cases_count": len(found), "cases": _page(found, query)}
            case "POST", "/api/contacts/":
                return self._create_contact(body)
            case "POST", "/api/cases/":
                return self._create_case(body)
        return 404, "<!doctype html><title>Not Found</title>"

    def _create_contact(self, body: dict[str, Any]) -> Answer:
        errors = _blank(body, "first_name", "last_name")
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", body["email"]):
            errors["email"] = ["Enter a valid email address."]
        if not re.fullmatch(r"[\d\s\-()+.]{7,25}", body.get("phone", "0000000")):
            errors["phone"] = ["Enter a valid phone number."]
        if body["email"].lower() in (c["email"].lower() for c in self.contacts):
            errors["email"] = ["Contact already exists with this email"]
        if errors:
            return 400, {"error": True, "errors": errors}
        self.contacts.insert(0, {"id": str(uuid4()), **body})
        return 200, {"error": False, "message": "created", "id": self.contacts[0]["id"]}

    def _create_case(self, body: dict[str, Any]) -> Answer:
        errors = _blank(body, "name")
        if "\0" in body["description"]:
            errors["description"] = ["Null characters are not allowed."]
        if len(body["name"]) > 64:
            errors["name"] = ["Ensure this field has no more than 64 characters."]
        if body["name"].lower() in (case["name"].lower() for case in self.cases):
            errors["name"] = ["Case already exists with this name"]
        if errors:
            return 400, {"error": True, "errors": errors}
        case = {"id": str(uuid4()), "merged": False, **body}
        self.cases.insert(0, case | {"contacts": self._linked(body)})
        return 200, {"error": False, "message": "created", "id": case["id"]}

    def _case(self, method: str, remote_id: str, body: Any) -> Answer:
        case = next((c for c in self.cases if c["id"] == remote_id), None)
        if case is None:
            return 404, {"detail": "No such case."}
        if method == "PATCH":
            case.update(body)
            case["contacts"] = self._linked(body) if "contacts" in body else case["contacts"]
            return 200, {"error": False, "message": "Case Updated Successfully"}
        return 200, {"cases_obj": case}

    def _linked(self, body: dict[str, Any]) -> list[dict[str, str]]:
        """Ids that nobody has are dropped in silence, as by the real one."""
        known = {contact["id"] for contact in self.contacts}
        return [{"id": one} for one in body["contacts"] if one in known]


def _is_found(case: dict[str, Any], query: dict[str, str]) -> bool:
    shown = not case["merged"] or query.get("show_merged") == "true"
    words = f"{case['name']}\n{case['description']}".lower()
    return shown and query.get("search", "").lower() in words


def _page(found: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
    start = int(query.get("offset", 0))
    return found[start : start + int(query.get("limit", 10))]


def _blank(body: dict[str, Any], *fields: str) -> dict[str, list[str]]:
    return {f: ["This field may not be blank."] for f in fields if not body[f].strip()}


def _handler(crm: FakeBottleCrm) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._serve()

        do_POST = do_PATCH = do_GET  # noqa: N815

        def _serve(self) -> None:
            url = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or "null")
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            if self.headers.get("Authorization") == f"Bearer {crm.token}":
                status, said = crm.answer(self.command, url.path, query, body)
            else:
                status, said = 403, {"detail": "Organization context is required."}
            if status == 0:  # the line is cut
                self.close_connection = True
                return
            self._say(status, said)

        def _say(self, status: int, said: Any) -> None:
            is_html = isinstance(said, str)
            content = (said if is_html else json.dumps(said)).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if is_html else "application/json")
            self.send_header("Content-Length", str(len(content)))
            if status == 503:
                self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
