"""The one HTTP session: time limits, budget, short retries, and answers sorted into our errors.

A write whose answer never came is not retried: it raises `OutcomeUnknown`, to be looked up first.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests
from pydantic import SecretStr

from connectors.waiting import asked_wait, backoff, budget_of, until_reset
from connectors.wire import Call, Lost, OneStep, Raw, exchange, said_by, strings
from feedback.errors import Changed, Refused, Unavailable

TRIES = 4
REDIRECTS = 5

log = logging.getLogger(__name__)
# urllib3 writes whole URLs, queries and all, at every level; `log` below says what is needed.
logging.getLogger("urllib3.connectionpool").addFilter(lambda _: False)


class OutcomeUnknown(Unavailable):
    """A write was sent and no answer tells what became of it: look it up, never just repeat."""


class Rejected(Refused):
    """A 4xx about this one request (not 401, 403): `status`, and `body` as parsed, or None.

    `body` may hold a customer's words and stays out of messages; `said` is safe to show.
    """

    def __init__(self, message: str, *, status: int, said: str, body: Any) -> None:
        super().__init__(message)
        self.status = status
        self.said = said
        self.body = body


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx answer: `body` is the parsed JSON (None if empty), `next` and `prev` its Link URLs."""

    status: int
    body: Any = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    next: str = field(default="", repr=False)
    prev: str = field(default="", repr=False)


class Session:
    """Calls to one server for one account. Nothing is opened before the first call.

    `name` is our connector's, for messages; all sessions of one `account` in this process share
    one budget of `per_minute` calls, which a Retry-After closes; `setting` is where a
    person mends the access ("sources.brand.token"). `scheme` is the word before the token in
    Authorization. Waits longer than `patience` seconds are left to the caller: `Unavailable` with
    `retry_after`.
    """

    def __init__(
        self,
        base_url: str,
        *,
        name: str,
        account: str,
        setting: str,
        token: SecretStr | None = None,
        scheme: str = "Bearer",
        headers: Mapping[str, str] | None = None,
        per_minute: float = 60,
        connect: float = 10,
        read: float = 30,
        patience: float = 60,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name, self.setting, self.patience = name, setting, patience
        self._base = _checked_base(base_url, setting)
        self._secret, self._scheme = _checked_token(token, setting), scheme
        self._timeout = (connect, read)
        self._clock, self._sleep = clock, sleep
        self._budget = budget_of(account, per_minute)
        self._http = OneStep()
        self._http.headers.update({"Accept": "application/json", "User-Agent": "feedback-flows"})
        self._http.headers.update(headers or {})
        self._http.auth = self._sign  # with an auth of our own, requests leaves .netrc alone

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """`path` is relative to the base URL, or a whole URL (of a Link) on the same host."""
        return self.request("GET", path, params=params)

    def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
        return self.request("POST", path, body=body, headers=headers)

    def ask(self, path: str, body: Any) -> Answer:
        """A POST that changes nothing there: it is repeated as a GET is."""
        return self._called(Call("POST", self._url(path), body=body, asks=True))

    def patch(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
        return self.request("PATCH", path, body=body, headers=headers)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer, after a few short retries where repeating does no harm.

        Raises `Unavailable` (nothing was written), `OutcomeUnknown` (perhaps it was), `Rejected`
        and other `Refused`, `Changed` (not JSON). `params` and `body` never reach a message.
        """
        return self._called(Call(method, self._url(path), params, body, headers))

    def _called(self, call: Call) -> Answer:
        for tries in count(1):
            self._wait_for_budget(call)
            got = self._once(call)
            if isinstance(got, Answer):
                return got
            wait = backoff(tries) if got.retry_after is None else got.retry_after
            if isinstance(got, OutcomeUnknown) or tries == TRIES or wait > self.patience:
                raise got
            self._sleep(wait)
        raise AssertionError("count() has no end")

    def _once(self, call: Call) -> Answer | Unavailable:
        for _ in range(REDIRECTS):
            got = exchange(self._http, call, self._timeout, self._clock)
            if isinstance(got, Lost):
                return self._lost(call, got)
            log.debug("%s: %s %s", self.name, call.name, got.status)
            if got.status not in (301, 302, 303, 307, 308):
                return self._judge(call, got)
            call = self._redirected(call, got.headers.get("Location", ""))
        raise Refused(f"{self._what(call)} only redirects. {self._check_url}")

    def _lost(self, call: Call, lost: Lost) -> Unavailable:
        if lost.ours:
            raise Refused(f"{self._what(call)}: {lost.why}. Nothing was sent. {self._check_url}")
        return _unavailable(call, f"{self._what(call)}: {lost.why}.", None, unsent=lost.unsent)

    def _judge(self, call: Call, raw: Raw) -> Answer | Unavailable:
        now = self._clock()
        closed = until_reset(raw.headers, now)
        if closed is not None:
            self._budget.close(now + closed)
        what = f"{self._what(call)} answered {raw.status}"
        if 200 <= raw.status < 300:
            return self._answer(call, raw, what)
        if raw.status in (408, 429) or raw.status >= 500:
            wait = asked_wait(raw.headers, now)
            if wait is not None:  # for every session of the account, not for this call alone
                self._budget.close(now + wait)
            return _unavailable(call, f"{what}.", wait, unsent=raw.status == 429)
        if raw.status in (401, 403):
            raise Refused(
                f"{what}. Nothing was read or written by this call. Put an access that may do "
                f"this into {self.setting}."
            )
        raise self._rejected(call, raw, what)

    def _answer(self, call: Call, raw: Raw, what: str) -> Answer | Unavailable:
        body = raw.json()
        silent = not raw.content and (call.writes or raw.status == 204)
        if body is None and not silent and raw.content.strip() != b"null":
            kind = raw.headers.get("Content-Type", "no type").partition(";")[0][:50]
            said = f"{what} with {kind} where JSON was expected."
            if call.writes:
                return _unavailable(call, said, None, unsent=False)
            raise Changed(f"{said} Nothing was read. {self._check_url}")
        links = {name: _joined(call.url, link.get("url", "")) for name, link in raw.links.items()}
        return Answer(raw.status, body, raw.headers, links.get("next", ""), links.get("prev", ""))

    def _rejected(self, call: Call, raw: Raw, what: str) -> Rejected:
        body = raw.json()
        hidden = {self._secret, *strings(call.params), *strings(call.body)}
        said = said_by(body, hidden)
        return Rejected(
            f"{what}{f' ({said})' if said else ''}. Nothing was read or written by this call. "
            "Change what is asked for, or the settings it came from.",
            status=raw.status,
            said=said,
            body=body,
        )

    def _redirected(self, call: Call, location: str) -> Call:
        target = _joined(call.url, location)
        if call.method != "GET" or not target or urlsplit(call.url)[:2] != urlsplit(target)[:2]:
            host = urlsplit(target).hostname or "nowhere"
            raise Refused(
                f"{self._what(call)} redirects to {host}. Nothing was read or written, and no "
                f"token was sent there. {self._check_url}"
            )
        return Call(call.method, target, headers=call.headers)

    def _wait_for_budget(self, call: Call) -> None:
        now = self._clock()
        closed = self._budget.closed_for(now)
        if closed > self.patience:
            raise Unavailable(
                f"{self._what(call)} was not tried: this account has no calls left for "
                f"{closed:.0f} s. Nothing was read or written. Try again then.",
                retry_after=closed,
            )
        wait = self._budget.take(now)
        if wait > 0:
            self._sleep(wait)

    def _url(self, path: str) -> str:
        """On our own scheme, host and port whatever a Link says: the token goes nowhere else."""
        link = urlsplit(path)
        if not link.scheme:
            return f"{self._base}/{path.lstrip('/')}"
        base = urlsplit(self._base)
        if link.hostname != base.hostname:
            raise Changed(f"{self.name} points to another host. Nothing was read from there.")
        return link._replace(scheme=base.scheme, netloc=base.netloc).geturl()

    def _what(self, call: Call) -> str:
        return f"{self.name}: {call.name}"

    @property
    def _check_url(self) -> str:
        return f"Check the base_url that stands beside {self.setting}."

    def _sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._secret:
            request.headers["Authorization"] = f"{self._scheme} {self._secret}"
        return request


def _joined(url: str, link: str) -> str:
    """The whole address that a Link or Location means; one without a host if it is garbled."""
    try:
        return urlsplit(urljoin(url, link)).geturl() if link else ""
    except ValueError:
        return "about:invalid"


def _unavailable(call: Call, said: str, wait: float | None, *, unsent: bool) -> Unavailable:
    if call.writes and not unsent:
        return OutcomeUnknown(
            f"{said} It is not known whether it was written. Look it up before trying again.",
            retry_after=wait,
        )
    later = f"in {wait:.0f} s" if wait else "later"
    return Unavailable(
        f"{said} Nothing was read or written by this call. Try again {later}.", retry_after=wait
    )


def _checked_base(base_url: str, setting: str) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise Refused(
            f"The base_url that stands beside {setting} must look like https://host and hold no "
            "user name. Nothing was sent."
        )
    return base_url.rstrip("/")


def _checked_token(token: SecretStr | None, setting: str) -> str:
    secret = token.get_secret_value().strip() if token else ""
    if not (secret.isascii() and secret.isprintable()):
        raise Refused(f"{setting} holds signs that no token has. Nothing was sent. Copy it again.")
    return secret
