"""How long a call waits, told from headers and from a budget."""

from datetime import UTC, datetime

import pytest

from connectors.waiting import Budget, asked_wait, backoff, until_reset

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("Sun, 01 Nov 2026 12:00:30 GMT", 30),
        ("Sun, 01 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(asked: str, seconds: float | None) -> None:
    assert asked_wait({"Retry-After": asked}, NOW) == seconds


@pytest.mark.parametrize(
    "reset", ["2026-11-01T12:05:00.000Z", "2026-11-01T12:05:00", "300", str(int(NOW) + 300)]
)
def test_a_reset_is_read_as_date_as_moment_and_as_seconds(reset: str) -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    assert until_reset(headers, NOW) == 300
    assert asked_wait(headers, NOW) == 300
    assert until_reset(headers | {"X-RateLimit-Remaining": "1"}, NOW) is None


def test_a_reset_that_cannot_be_read_asks_for_nothing() -> None:
    assert until_reset({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "later"}, NOW) is None


def test_backoff_grows_and_stays_under_its_ceiling() -> None:
    for tries, ceiling in ((1, 1), (3, 4), (30, 20)):
        waits = [backoff(tries) for _ in range(500)]
        assert max(waits) <= ceiling
        assert max(waits) > ceiling * 0.8
        assert min(waits) < ceiling * 0.2


def test_a_budget_lets_a_burst_through_and_then_paces() -> None:
    budget = Budget(per_minute=60)
    waits = [budget.take(NOW) for _ in range(12)]
    assert waits == [0.0] * 10 + [1.0, 2.0]
    assert budget.take(NOW + 3600) == 0


def test_a_slow_budget_still_lets_one_call_through_at_once() -> None:
    budget = Budget(per_minute=1)
    assert [budget.take(NOW), budget.take(NOW)] == [0.0, 60.0]


def test_a_clock_that_is_set_back_does_not_stop_a_budget_for_long() -> None:
    budget = Budget(per_minute=60)
    budget.take(NOW)
    assert budget.take(NOW - 3600) <= 60
