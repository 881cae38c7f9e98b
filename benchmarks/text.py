"""Texts per second through each step of cleaning and through language, each step alone.

python -m benchmarks.text 10000 100000

The texts are the samples' reviews, made anew for each size. Seconds are processor seconds of one
core, so that a busy machine shows the same.
"""

import html
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.stages import write_reviews
from feedback.text.clean import clean
from feedback.text.html import html_to_text
from feedback.text.language import detect
from feedback.text.mojibake import repair
from feedback.text.normalise import normalise
from feedback.text.quotes import strip_quoted
from feedback.text.redact import redact


def main(sizes: list[int]) -> None:
    """Print a Markdown table: a line per step, a column per size."""
    columns = [measured(reviews(rows)) for rows in sizes]
    print("| texts/s | " + " | ".join(f"{rows:,} texts" for rows in sizes) + " |")
    print("| --- " * (len(sizes) + 1) + "|")
    for step in columns[0]:
        print(f"| {step} | " + " | ".join(f"{column[step]:,.0f}" for column in columns) + " |")


def reviews(rows: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reviews.jsonl"
        write_reviews(path, rows)
        lines = path.read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line).get("text") or "") for line in lines]


def measured(texts: list[str]) -> dict[str, float]:
    pages = [f"<style>p {{}}</style><p>{html.escape(text)}</p><p>.</p>" for text in texts]
    misread = [text.encode().decode("latin-1") for text in texts]
    detect(texts[:1])  # loads the model
    steps: dict[str, Callable[[], object]] = {
        "encoding, sound texts": lambda: [repair(text) for text in texts],
        "encoding, every text misread": lambda: [repair(text) for text in misread],
        "HTML to text": lambda: [html_to_text(page) for page in pages],
        "quotations": lambda: [strip_quoted(text) for text in texts],
        "normalise": lambda: [normalise(text) for text in texts],
        "redact": lambda: [redact(text) for text in texts],
        "clean, all of it": lambda: [clean(text) for text in texts],
        "clean, HTML mail": lambda: [clean(page, html=True, mail=True) for page in pages],
        "language": lambda: detect(texts),
    }
    return {name: len(texts) / seconds(work) for name, work in steps.items()}


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
