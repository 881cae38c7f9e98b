"""A gateway on loopback before a server over HTTP, as one that fails at the worst moment.

It answers 502 to the first POST, which the server has done by then, and 403 to all that follows.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen


def forgetful_gateway(upstream: str) -> AbstractContextManager[str]:
    """Its base URL, for as long as the `with` lasts."""
    return served(_handler(upstream))


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The base URL of a handler on a free port of loopback, for as long as the `with` lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(upstream: str) -> type[BaseHTTPRequestHandler]:
    posted = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content = (403, b"{}") if posted.is_set() else self._passed_on(None)
            self._say(status, content)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not posted.is_set():
                self._passed_on(body)
            status = 403 if posted.is_set() else 502
            posted.set()
            self._say(status, b"{}")

        def _passed_on(self, body: bytes | None) -> tuple[int, bytes]:
            headers = {name: self.headers[name] for name in ("Authorization", "Content-Type")}
            given = {name: value for name, value in headers.items() if value}
            request = Request(upstream + self.path, body, given, method=self.command)
            with urlopen(request, timeout=30) as answer:
                return int(answer.status), bytes(answer.read())

        def _say(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
