"""Rows per second and peak memory of each step from collecting to comparing, and their growth.

python -m benchmarks.refine 10000 100000 1000000

Each stage runs in a process of its own, so that its peak memory is its own; Great Expectations'
cost stands apart. The reviews are the samples' kind, put together so that nearly all differ.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.stages import SETTINGS, timed
from examples.generate import make

STAGES = ("collect", "refine", "compare", "understand")
# Inside refining: what is counted under which name, as module:function.
PARTS = {
    "open and read": "feedback.refining:read",
    "clean and redact": "feedback.refining:clean",
    "identify": "feedback.refining:identify",
    "validate (Great Expectations)": "expectations.verdict:judge",
    "store": "feedback.warehouse.refined:store",
}
BASE = 50_000  # different reviews; larger files join two of them


def main(sizes: list[int]) -> None:
    """Print a Markdown table per size: seconds, rows per second, peak memory in MB."""
    made = make(7, BASE * 2).files
    lines = next(text for name, text in made.items() if str(name).endswith("reviews.jsonl"))
    reviews = list(_readable(lines.decode()))[:BASE]
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            settings = Path(folder) / "feedback.toml"
            settings.write_text(SETTINGS)
            _write(Path(folder) / "reviews.jsonl", reviews, rows)
            print(f"\n{rows:,} rows\n\n| step | seconds | rows/s | peak MB |\n|---|---|---|---|")
            for stage in ("start", *STAGES):
                for name, seconds, peak in _in_a_process(stage, settings):
                    speed = f"{rows / seconds:,.0f}" if seconds and stage != "start" else ""
                    print(f"| {name} | {seconds:.1f} | {speed} | {peak:,.0f} |", flush=True)


def _readable(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        if line.startswith("{") and line.endswith("}"):  # the samples hold one broken record
            yield json.loads(line)


def _write(path: Path, reviews: list[dict[str, Any]], rows: int) -> None:
    """The first reviews as they are, the rest two texts each, so that few texts are alike."""
    count = len(reviews)
    with path.open("w", encoding="utf-8") as file:
        for n in range(rows):
            review = reviews[n % count] | {"id": n, "author_id": f"a{n % (rows // 2 + 1)}"}
            if n >= count:
                other = reviews[(n * 7919 + n // count) % count]
                review["text"] = f"{review['text']} {other['text']}"
            file.write(json.dumps(review, ensure_ascii=False) + "\n")


def _in_a_process(stage: str, settings: Path) -> Iterator[tuple[str, float, float]]:
    """(name, seconds, peak MB) of the stage and of its parts; a part's memory is the stage's."""
    command = [sys.executable, "-m", "benchmarks.refine", "--stage", stage, str(settings)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    told = json.loads(done.stdout.splitlines()[-1])
    for name, seconds in told["seconds"].items():
        yield name, seconds, told["peak"]


def one_stage(stage: str, settings: str) -> None:
    """Run one stage here and print its times, and the peak memory of this process."""
    import_module("expectations.verdict")  # seconds that every process pays once: told as "start"
    from tasks import operate, runs

    if stage == "start":
        seconds = {"start (imports)": time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID)}
        list(operate.init(settings))
    else:
        run, work = runs.begin(settings), import_module(f"tasks.{stage}")
        arguments = (run.settings, run.id, "reviews")[: 3 if stage == "collect" else 2]
        parts = {name: _timed_part(where) for name, where in PARTS.items()}
        seconds = {stage: timed(lambda: getattr(work, stage).fn(*arguments))}
        if stage == "refine":
            seconds |= {f"- {name}": part() for name, part in parts.items()}
    print(json.dumps({"seconds": seconds, "peak": _peak()}))


def _peak() -> float:
    """MB. Linux's VmHWM is of this program alone; ru_maxrss would count the parent's memory too."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed_part(where: str) -> Callable[[], float]:
    """Count the time spent in a function from now on; returns how to ask for it."""
    module_name, _, name = where.partition(":")
    module = import_module(module_name)
    function, spent = getattr(module, name), [0.0]

    def counted(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            spent[0] += time.perf_counter() - began

    setattr(module, name, counted)
    return lambda: spent[0]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stage"]:
        os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
        one_stage(*sys.argv[2:4])
    else:
        main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
