"""An HTTP server on loopback that says what it is told to say, and a clock that only pretends.

Cutting an answer in its middle and not answering at all are statuses here: `CUT` and `LATE`.
"""

import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from connectors.http import Session

TOKEN = "tok-5f3a"
CUT = -1  # the status of an answer that breaks off in its middle
LATE = -2  # the status of an answer that does not come


@dataclass
class Says:
    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class FakeTime:
    """Sleeping only moves the clock; `runs` seconds pass with every look at it."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0
        self.runs = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        self.now += self.runs
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Server:
    """Answers in the order it was told, then with `always`; keeps what it was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.time = FakeTime()
        self.always = Says(599, {})
        self.asked: list[str] = []
        self.bodies: list[Any] = []
        self.headers: list[Mapping[str, str]] = []
        self.sessions: list[Session] = []
        self._queue: list[Says] = []

    def says(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        self._queue.append(Says(status, body, headers or {}))

    def session(self, **changed: Any) -> Session:
        self.sessions.append(a_session(self.url, self.time, **changed))
        return self.sessions[-1]

    def answer(self, asked: str) -> Says:
        return self._queue.pop(0) if self._queue else self.always


class Handler(BaseHTTPRequestHandler):
    told: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.told.bodies.append(json.loads(self.rfile.read(length) or "null"))
        self.told.asked.append(f"{self.command} {self.path}")
        self.told.headers.append(self.headers)
        self._send(self.told.answer(self.told.asked[-1]))
        self.close_connection = True

    do_POST = do_PATCH = do_GET  # noqa: N815

    def _send(self, says: Says) -> None:
        if says.status == LATE:
            threading.Event().wait(0.6)
            return
        body = says.body if isinstance(says.body, bytes) else json.dumps(says.body).encode()
        self.send_response_only(says.status if says.status > 0 else 200)
        for name, value in says.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + (50 if says.status == CUT else 0)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def running(told: Server, certificate: Path | None = None) -> Iterator[Server]:
    handler = type("ToldHandler", (Handler,), {"told": told})
    http = QuietServer(("127.0.0.1", 0), handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        http.socket = context.wrap_socket(http.socket, server_side=True)
    told.url = f"{'https' if certificate else 'http'}://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        for session in told.sessions:
            session.__exit__()
        http.shutdown()
        thread.join()
        http.server_close()


class QuietServer(ThreadingHTTPServer):
    daemon_threads = False  # server_close waits for them, so that no test outlives its server

    def handle_error(self, *args: object) -> None:
        pass  # a client that went away is what several tests are about


_accounts = count()


def a_session(url: str, time: FakeTime, **changed: Any) -> Session:
    given: dict[str, Any] = {
        "name": "brand",
        "account": f"account {next(_accounts)}",
        "setting": "sources.brand.token",
        "token": SecretStr(TOKEN),
        "per_minute": 6000,
        "clock": time.clock,
        "sleep": time.sleep,
    }
    return Session(url, **given | changed)
