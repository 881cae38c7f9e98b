"""What Great Expectations costs: its import, then each suite's seconds and rows per second of CPU.

python -m benchmarks.validation 10000 100000

Rows are judged as a run judges them, in batches of 10,000; the peak is that of the whole process.
"""

import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module

import pandas as pd

from feedback.records import item_id
from feedback.sentiment.sources import LABELS
from tasks.refine import BATCH

NOW = datetime(2026, 10, 1, tzinfo=UTC)
SAID = (
    "Заказ приехал на два дня позже, чем обещали, и упаковка была помята.",
    "The app is fine, but the last update logs me out every morning. Please mend it!",
    "Спасибо, всё быстро и вежливо. Звонил на [phone], писал на [email], ответили за час.",
)


def main(sizes: list[int]) -> None:
    """Print the import's seconds, then a Markdown table for each size."""
    started, before = time.perf_counter(), _peak()
    import_module("expectations.verdict")
    print(f"import: {time.perf_counter() - started:.1f} s, {_peak() - before:,} MB")
    for rows in sizes:
        frame = _rows(rows)
        print(f"\n{rows:,} rows\n\n| suite | rules | seconds | CPU seconds | rows/CPU s |")
        print("| --- | --- | --- | --- | --- |")
        for name, (make, columns, key) in _suites().items():
            judged, rules = frame[columns], len(make().expectations)
            seconds, busy = _seconds(judged, make, key)
            print(f"| {name} | {rules} | {seconds:.2f} | {busy:.2f} | {rows / busy:,.0f} |")
        print(f"\npeak {_peak():,} MB")


def _suites() -> dict[str, tuple[Callable[[], object], list[str], str | list[str]]]:
    from expectations import channels, clean, raw, understood

    return {
        "raw": (lambda: raw.suite(now=NOW), list(raw.COLUMNS), "key"),
        "clean": (lambda: clean.suite(now=NOW), list(clean.COLUMNS), "item_id"),
        "mail": (lambda: channels.suite("mail"), list(channels.COLUMNS), "item_id"),
        "understood": (understood.suite, list(understood.COLUMNS), understood.KEY),
    }


def _seconds(
    frame: pd.DataFrame, make: Callable[[], object], key: str | list[str]
) -> tuple[float, float]:
    """By the clock, and of the processor alone: the latter holds on a machine with other work."""
    from expectations.verdict import judge

    started, busy = time.perf_counter(), time.process_time()
    for first in range(0, len(frame), BATCH):
        judge(frame.iloc[first : first + BATCH], make(), key)  # type: ignore[arg-type]
    return time.perf_counter() - started, time.process_time() - busy


def _rows(count: int) -> pd.DataFrame:
    """Sound rows with the columns of every suite."""
    refs = [str(number) for number in range(count)]
    text = [SAID[number % len(SAID)] + f" ({number})" for number in range(count)]
    label = [LABELS[number % 3] for number in range(count)]
    score = pd.Series(label).map({"negative": -0.7, "neutral": 0.0, "positive": 0.7})
    columns = {
        "key": refs,
        "item_id": [item_id("shop", ref) for ref in refs],
        "ref": refs,
        "text": text,
        "said_at": pd.date_range("2026-01-01", periods=count, freq="min", tz="UTC"),
        "sentiment": label,
        "score": score,
    }
    same = {
        **dict.fromkeys(("rating", "scale_low", "scale_high", "survey", "url")),
        "source": "shop",
        "channel": "mail",
        "subject": "Заказ",
        "product": "Касса",
        "person_id": "p",
        "thread_ref": "t",
        "version": 1,
        "model": "m",
        "model_version": "1",
        "language": "ru",
        "language_confidence": 0.9,
        "confidence": 0.9,
    }
    return pd.DataFrame(columns).assign(**same)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000])
