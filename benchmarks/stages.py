"""Rows per second of each stage and of the whole, beside a bare pandas script on the same rows.

python -m benchmarks.stages 1000 10000 100000

Both read the same JSONL of sample reviews. The script reads, scores with VADER and groups; it keeps
nothing and checks nothing. Prefect is left out of both: tasks run as plain functions.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pandas as pd
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from examples.generate import make
from tasks import operate, runs
from tasks.collect import collect
from tasks.compare import compare
from tasks.publish import publish
from tasks.refine import refine
from tasks.sync import sync
from tasks.understand import understand

SETTINGS = """
[sources.reviews]
kind = "table"
channel = "form"
path = "reviews.jsonl"
scale = [1, 5]
survey = "csat"
html = true
[sources.reviews.columns]
id = "id"
said_at = "created_at"
rating = "stars"
text = "text"
product = "product"
external_id = "author_id"
[crm.contacts]
kind = "sql"
database = "sqlite:///crm.db"
"""


def main(sizes: list[int]) -> None:
    """Print a Markdown table: seconds and rows per second by stage and size, and the ratio."""
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            write_reviews(home / "reviews.jsonl", rows)
            stages = time_stages(home)
            bare = timed(lambda home=home: bare_pandas(home / "reviews.jsonl"))
        whole = sum(stages.values())
        print(f"\n{rows:,} rows\n\n| stage | seconds | rows/s |\n| --- | --- | --- |")
        for name, seconds in {**stages, "whole": whole, "bare pandas + VADER": bare}.items():
            print(f"| {name} | {seconds:.2f} | {rows / seconds:,.0f} |")
        print(f"\nThe whole takes {whole / bare:.1f} times as long as the bare script.")


def write_reviews(path: Path, rows: int) -> None:
    """Clean reviews of the samples' kind, ids made unique where the generator's run out."""
    made = make(7, max(rows, 1000)).files
    lines = next(text for name, text in made.items() if str(name).endswith("reviews.jsonl"))
    parsed = []
    for line in lines.decode().splitlines():
        try:
            parsed.append(json.loads(line))
        except json.JSONDecodeError:
            continue  # the samples' broken record
    with path.open("w", encoding="utf-8") as file:
        for n in range(rows):
            file.write(json.dumps(parsed[n % len(parsed)] | {"id": n}, ensure_ascii=False) + "\n")


def time_stages(home: Path) -> dict[str, float]:
    import_module("expectations.verdict")  # seconds that every process pays once: not counted
    path = home / "feedback.toml"
    path.write_text(SETTINGS)
    list(operate.init(str(path)))
    run = runs.begin(str(path))
    return {
        "collect": timed(lambda: collect.fn(run.settings, run.id, "reviews")),
        "refine": timed(lambda: refine.fn(run.settings, run.id)),
        "compare": timed(lambda: compare.fn(run.settings, run.id)),
        "understand": timed(lambda: understand.fn(run.settings, run.id)),
        "sync (SQL)": timed(lambda: sync.fn(run.settings, run.id, "contacts")),
        "publish": timed(lambda: publish.fn(run.settings, run.id)),
    }


def bare_pandas(path: Path) -> pd.DataFrame:
    frame = pd.read_json(path, lines=True)
    vader = SentimentIntensityAnalyzer()
    frame["score"] = [vader.polarity_scores(str(text))["compound"] for text in frame["text"]]
    frame["day"] = pd.to_datetime(frame["created_at"], utc=True, errors="coerce").dt.date
    return frame.groupby(["day", "product"])["score"].agg(["mean", "size"])


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000, 10_000, 100_000])
