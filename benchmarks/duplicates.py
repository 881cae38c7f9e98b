"""How fast repeats and near-equal texts are found, in how much memory, and how surely.

python -m benchmarks.duplicates 10000 100000

Each size is a process of its own, on SQLite: reviews of the samples' kind over a year, a fifth of
them said again with small edits; then one day more; then as many copies of one campaign in a week.
"""

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from sqlalchemy import Engine

from examples.generate import make
from feedback.metrics.intervals import wilson
from feedback.sketch import PIECE, SHORTEST, sketch
from feedback.text.normalise import fingerprint, folded
from feedback.warehouse import bulk, comparing, ledger, resembling
from feedback.warehouse.engine import connect, upgrade, writing
from feedback.warehouse.tables import feedback_item

START = datetime(2025, 9, 1, tzinfo=UTC)
SAMPLE, ALIKE = 3_000, 0.8
CAMPAIGN = (
    "Требуем вернуть прежние тарифы: новые условия обманывают клиентов, поддержка молчит, а деньги "
    "списаны без согласия. Распространите это сообщение, пока его не удалили. Обращение номер"
)
Edit = Callable[[str, random.Random], str]
Row = dict[str, Any]


def main(sizes: list[int]) -> None:
    """Print how surely pairs are found, then time, texts per second and memory of each size."""
    print("\n".join(accuracy()))
    print("\n| texts | what | seconds | of a core | texts/s | peak MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for size in sizes:
        for work in (a_year, a_campaign):
            with get_context("spawn").Pool(1) as process:
                for line in process.apply(work, (size,)):
                    print(line, flush=True)


def a_year(size: int) -> list[str]:
    texts = said(size, random.Random(size))
    with tempfile.TemporaryDirectory() as folder:
        engine = warehouse(folder)
        add(engine, texts, seconds=365 * 86_400)
        lines = measured(engine, size, "a year")
        add(engine, said(size // 365, random.Random(1)), seconds=86_400, first=size, day=365)
        return [*lines, *measured(engine, size // 365, "one day more")]


def a_campaign(size: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        engine = warehouse(folder)
        add(engine, (f"{CAMPAIGN} {n:06}." for n in range(size)), seconds=7 * 86_400)
        return measured(engine, size, "one campaign in a week")


def measured(engine: Engine, size: int, what: str) -> list[str]:
    times = {"sketch": timed(sketch_all, engine), "compare": timed(compare_all, engine)}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return [
        f"| {size:,} | {what}, {name} | {wall:.1f} | {core:.1f} | {size / wall:,.0f} | {memory:,} |"
        for name, (wall, core) in times.items()
    ]


def sketch_all(engine: Engine) -> None:
    for batch in resembling.pending(engine, 10_000):
        ledger.begin(engine, "run", "reviews", resembling.STAGE)
        resembling.store(engine, "run", batch)


def compare_all(engine: Engine) -> None:
    resembling.mend(engine)
    while comparing.step(engine):
        pass


def accuracy() -> Iterator[str]:
    """Of all pairs of a sample with planted edits: which are linked, beside their exact Jaccard."""
    chance = random.Random(7)
    originals = [text for text in reviews(20_000) if len(folded(text)) >= SHORTEST]
    originals = chance.sample(originals, SAMPLE // 2)
    kinds = [chance.choice(list(EDITS)) for _ in originals]
    edited = [EDITS[kind](text, chance) for text, kind in zip(originals, kinds, strict=True)]
    texts = originals + edited
    exact, keys = jaccard(texts), sketch(texts)
    linked = np.zeros(exact.shape, bool)
    for column in keys.T:
        linked |= (column[:, None] == column) & (column[:, None] > 0)
    pairs = np.triu(np.ones(exact.shape, bool), 1)
    alike, found = (exact >= ALIKE) & pairs, linked & pairs
    yield f"{len(texts):,} texts, {pairs.sum():,} pairs\n\n| | of | share | 95 % interval |"
    yield "| --- | --- | --- | --- |"
    yield row(f"linked of those with J >= {ALIKE}", found[alike])
    yield row(f"J >= {ALIKE} of those linked", alike[found])
    yield row("J >= 0.7 of those linked", exact[found] >= 0.7)
    for low in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        within = (exact >= low) & (exact < low + 0.1 + (low == 0.9)) & pairs
        yield row(f"linked of those with J from {low}", found[within])
    planted = linked[np.arange(SAMPLE // 2), np.arange(SAMPLE // 2) + SAMPLE // 2]
    for kind in EDITS:
        yield row(f"linked with its original: {kind}", planted[np.array(kinds) == kind])


def row(what: str, hits: np.ndarray) -> str:
    low, high = wilson(hits.sum(), len(hits))
    return f"| {what} | {len(hits):,} | {hits.mean():.4f} | {low:.4f} to {high:.4f} |"


def jaccard(texts: list[str]) -> np.ndarray:
    """Exact, of every two texts: the pieces that both have among those that either has."""
    places: dict[str, int] = {}
    words = [folded(text) for text in texts]
    sets = [{text[i : i + PIECE] for i in range(len(text) - PIECE + 1)} for text in words]
    columns = [places.setdefault(piece, len(places)) for own in sets for piece in own]
    ends = np.cumsum([0, *map(len, sets)])
    has = csr_array((np.ones(len(columns), np.int32), columns, ends))
    both = (has @ has.T).toarray()
    size = np.diff(ends)
    return both / (size[:, None] + size - both)


def typo(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text))
    return text[:place] + chance.choice("аеиотнсрeaintors") + text[place + 1 :]


def word_swap(text: str, chance: random.Random) -> str:
    words = text.split()
    words[chance.randrange(len(words))] = chance.choice(
        ["очень", "вчера", "really", "снова", "app"]
    )
    return " ".join(words)


EDITS: dict[str, Edit] = {
    "case and punctuation": lambda text, _: text.upper().replace(",", " -") + "!!",
    "one typing mistake": typo,
    "two typing mistakes": lambda text, chance: typo(typo(text, chance), chance),
    "a word swapped": word_swap,
    "a greeting": lambda text, chance: chance.choice(["Добрый день! ", "Hello, ", "Hi! "]) + text,
    "a thank-you": lambda text, chance: text + chance.choice([" Спасибо!", " Thanks!"]),
}


def said(size: int, chance: random.Random) -> Iterator[str]:
    """Reviews with a number in them, so that no two are equal; each fifth an edit of the last."""
    texts = reviews(20_000)
    last = ""
    for n in range(size):
        if n % 5 == 4:
            yield EDITS[chance.choice(list(EDITS))](last, chance)
        else:
            first, second = chance.choice(texts), chance.choice(texts)
            last = f"{first} {second} {n}"
            yield last


def reviews(rows: int) -> list[str]:
    made = make(7, rows).files
    lines = next(text for name, text in made.items() if str(name).endswith("reviews.jsonl"))
    found = []
    for line in lines.decode().splitlines():
        try:
            found.append(str(json.loads(line)["text"]))
        except (json.JSONDecodeError, KeyError):
            continue  # the samples' broken records
    return sorted({text for text in found if len(text) > 1})


def warehouse(folder: str) -> Engine:
    engine = connect(f"sqlite:///{Path(folder) / 'feedback.db'}")
    upgrade(engine)
    return engine


def add(engine: Engine, texts: Iterator[str], seconds: int, first: int = 0, day: int = 0) -> None:
    chance, rows = random.Random(3), []
    for n, text in enumerate(texts, first):
        at = START + timedelta(days=day, seconds=chance.randrange(seconds))
        rows.append(item(n, text, at, f"p{chance.randrange(100_000)}"))
        if len(rows) == 10_000:
            keep(engine, rows)
            rows = []
    keep(engine, rows)


def keep(engine: Engine, rows: list[Row]) -> None:
    with writing(engine) as connection:
        bulk.insert(connection, feedback_item, rows)


def item(n: int, text: str, at: datetime, who: str) -> Row:
    nothing: Row = dict.fromkeys(column.name for column in feedback_item.columns)
    known = {"item_id": f"{n * 2654435761 % 2**32:032x}", "version": 1, "ref": str(n), "text": text}
    when = {"said_at": at, "received_at": at, "person_id": who, "fingerprint": fingerprint(text)}
    same = {"source": "reviews", "channel": "form", "subject": "", "run_id": "run"}
    return nothing | known | when | same | {"cleaning": {}, "extra": {}}


def timed(work: Callable[[Engine], None], engine: Engine) -> tuple[float, float]:
    """Seconds that passed, and seconds of a core: they part when the machine is shared."""
    began, used = time.perf_counter(), time.process_time()
    work(engine)
    return time.perf_counter() - began, time.process_time() - used


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
