"""One exchange over HTTP, and what can safely be said of it: no query, no body, no secret.

A failure comes back as a value, so that no traceback carries the library's error with its URL.
"""

import json
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ReadTimeoutError

LARGEST = 64 * 2**20  # bytes of one answer
LONGEST = 300.0  # seconds for one answer, however slowly it drips

_SAID = ("error_description", "message", "detail", "title", "error", "errors")
_ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+|\+?\d[\d\s()-]{7,}\d")


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked. Only `name` may be shown."""

    method: str
    url: str = field(repr=False)
    params: Mapping[str, Any] | None = field(default=None, repr=False)
    body: Any = field(default=None, repr=False)
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    asks: bool = False  # a POST that changes nothing there, so that it may be repeated

    @property
    def name(self) -> str:
        return f"{self.method} {urlsplit(self.url).path}"

    @property
    def writes(self) -> bool:
        return self.method != "GET" and not self.asks


@dataclass(frozen=True, slots=True)
class Raw:
    """What came back, whatever its status."""

    status: int
    content: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    links: Mapping[str, Mapping[str, str]] = field(repr=False)

    def json(self) -> Any:
        """The parsed body, None when it is not JSON."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer: `why` in words, whether the call was certainly never sent, who has to mend it."""

    why: str
    unsent: bool
    ours: bool = False


class OneStep(requests.Session):
    """Even where it follows no redirect, `requests` looks ahead and trips over a garbled one."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        del resp


def exchange(
    http: requests.Session,
    call: Call,
    timeout: tuple[float, float],
    clock: Callable[[], float] = time.time,
) -> Raw | Lost:
    """Send once, follow nothing. `timeout` is (connect, read) in seconds."""
    try:
        with http.request(
            call.method,
            call.url,
            params=call.params,
            json=call.body,
            headers=call.headers,
            timeout=timeout,
            allow_redirects=False,
            stream=True,
        ) as got:
            content = _content(got, clock)
            return Raw(got.status_code, content, got.headers, got.links)
    except requests.RequestException as error:
        return _lost(error)


def said_by(body: Any, hidden: set[str]) -> str:
    """The server's own short words on a refusal, from known fields only, at most 200 characters.

    What we sent is taken out of them, and so is whatever looks like an address or a number:
    servers repeat the value that they refuse.
    """
    said = "; ".join(_words(body)) if isinstance(body, Mapping) else ""
    for value in sorted(hidden, key=len, reverse=True):
        if len(value) > 3:
            said = said.replace(value, "…")
    return " ".join(_ADDRESS.sub("…", said).split())[:200]


def strings(value: Any) -> Iterator[str]:
    """Every text inside a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def _words(body: Mapping[str, Any]) -> Iterator[str]:
    for key in _SAID:
        value = body.get(key)
        if isinstance(value, Mapping):
            yield from (f"{name}: {' '.join(strings(inner))}" for name, inner in value.items())
        elif isinstance(value, str):
            yield value


def _content(got: requests.Response, clock: Callable[[], float]) -> bytes:
    content, end = bytearray(), clock() + LONGEST
    for chunk in got.iter_content(2**16):
        content += chunk
        if len(content) > LARGEST or clock() > end:
            raise requests.ReadTimeout
    return bytes(content)


def _lost(error: requests.RequestException) -> Lost:
    causes = tuple(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Lost("its certificate is not trusted", unsent=True, ours=True)
    if isinstance(error, ValueError):  # an address or header that requests will not send
        return Lost("the address cannot be called", unsent=True, ours=True)
    if any(isinstance(cause, ConnectTimeoutError | NewConnectionError) for cause in causes):
        return Lost("no connection", unsent=True)
    if isinstance(error, requests.Timeout) or any(
        isinstance(cause, ReadTimeoutError) for cause in causes
    ):
        return Lost("no full answer in time", unsent=False)
    return Lost("the connection broke", unsent=False)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
