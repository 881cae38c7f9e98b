"""Sets held together by links: those of the definition, without looking at every two rows."""

import itertools
import time
from datetime import timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.linking import earliest

HOUR = timedelta(hours=1)
ROWS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=25
)


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_linking_the_next_in_time_holds_together_what_linking_every_two_would(
    rows: list[tuple[int, int, int]],
) -> None:
    parent = list(range(len(rows)))

    def top(row: int) -> int:
        return row if parent[row] == row else top(parent[row])

    for a, b in itertools.combinations(range(len(rows)), 2):
        near = abs(rows[a][0] - rows[b][0]) <= 60
        if near and any(x == y > 0 for x, y in zip(rows[a][1:], rows[b][1:], strict=True)):
            parent[top(a)] = top(b)
    first: dict[int, tuple[int, str]] = {}
    for row, (minute, *_) in enumerate(rows):
        first[top(row)] = min(first.get(top(row), (999, "")), (minute, f"i{row:02}"))
    assert found(rows) == [first[top(row)][1] for row in range(len(rows))]


def test_a_hundred_thousand_rows_that_share_every_number_are_linked_in_seconds() -> None:
    """Comparing every two of them would take hours."""
    count = 100_000
    minutes = np.arange(count) // 100
    ids = [f"i{n:06}" for n in range(count)]
    frame = pd.DataFrame({"item_id": ids, "said_at": at(minutes)})
    numbers = np.random.default_rng(1).integers(1, 4, (48, count)).astype(np.uint64)
    began = time.process_time()
    assert set(earliest(frame, [(keys, HOUR) for keys in numbers])) == {"i000000"}
    assert time.process_time() - began < 30


def found(rows: list[tuple[int, int, int]]) -> list[str]:
    minutes, *numbers = np.array(rows).T
    ids = [f"i{n:02}" for n in range(len(rows))]
    frame = pd.DataFrame({"item_id": ids, "said_at": at(minutes)})
    return earliest(frame, [(keys.astype(np.uint64), HOUR) for keys in numbers]).tolist()


def at(minutes: np.ndarray) -> pd.Series:
    return pd.Series(pd.Timestamp(2026, 9, 1, tz="UTC") + pd.to_timedelta(minutes, unit="min"))
