"""How long an HTTP call has to wait: the account's own budget, and what the server asks for.

One budget is shared by every session of an account in this process, whatever its thread.
"""

import random
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

BURST = 10.0  # seconds' worth of calls that may go at once after a rest
LONGEST_BACKOFF = 20.0


class Budget:
    """A token bucket of `per_minute` calls, in its GCRA form (ITU-T I.371): one date is the state.

    Times are seconds since the epoch. `take` reserves a call and returns the seconds to wait.
    """

    def __init__(self, per_minute: float) -> None:
        self.per_minute = per_minute
        self._lock = threading.Lock()
        self._due = 0.0
        self._closed_until = 0.0

    def take(self, now: float) -> float:
        gap = 60 / self.per_minute
        with self._lock:
            turned_back = self._due > now + max(600, 10 * gap)  # somebody set the clock
            self._due = (now if turned_back else max(self._due, now)) + gap
            return max(0.0, self._due - max(gap, BURST) - now, self._closed_until - now)

    def closed_for(self, now: float) -> float:
        """Seconds for which the server wants no calls at all; 0 when it is open."""
        return max(0.0, self._closed_until - now)

    def close(self, until: float) -> None:
        """The server has no calls left for us before `until`."""
        with self._lock:
            self._closed_until = max(self._closed_until, until)


_budgets: dict[str, Budget] = {}
_budgets_lock = threading.Lock()


def budget_of(account: str, per_minute: float) -> Budget:
    """The one budget of an account; where two settings disagree the smaller holds."""
    with _budgets_lock:
        budget = _budgets.setdefault(account, Budget(per_minute))
        budget.per_minute = min(budget.per_minute, per_minute)
        return budget


def backoff(tries: int) -> float:
    """Full jitter: anything from 0 to 1, 2, 4 ... 20 seconds, so that retries do not meet."""
    return random.uniform(0, min(LONGEST_BACKOFF, 2.0 ** (tries - 1)))  # noqa: S311 - not a secret


def asked_wait(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds in Retry-After (RFC 9110, 10.2.3), else in X-RateLimit-Reset; None: not said.

    A date is compared with the server's own Date, as its clock may differ from ours.
    """
    asked = headers.get("Retry-After")
    if asked is None:
        return until_reset(headers, now)
    if asked.strip().isdecimal():
        return float(asked)
    date = _http_date(asked)
    return None if date is None else max(0.0, date - (_http_date(headers.get("Date")) or now))


def until_reset(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to X-RateLimit-Reset when X-RateLimit-Remaining is 0; None: not said, or calls left.

    Servers write the reset as a date (ISO 8601), as seconds since the epoch or as seconds to go.
    """
    reset = headers.get("X-RateLimit-Reset", "").strip()
    if headers.get("X-RateLimit-Remaining", "").strip() != "0" or not reset:
        return None
    try:
        number = float(reset)
    except ValueError:
        date = _iso_date(reset)
        return None if date is None else max(0.0, date - (_http_date(headers.get("Date")) or now))
    return max(0.0, number - now if number > 1e9 else number)


def _http_date(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except ValueError:
        return None


def _iso_date(text: str) -> float | None:
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
