"""How long themes take in 100,000 texts, in how much memory, how steady and how good they are.

python -m benchmarks.themes FOLDER 100000 themes.txt

FOLDER has topics/*_en.csv.gz (text, topic) and sentiment/sentiment_{en,ru}.parquet (text). Texts
get dates at random in 57 days; the windows of the last two days share 98 % of them. 30 themes with
five of their texts each are written to the file named last, for a reader to judge.
"""

import random
import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from feedback.text.normalise import fingerprint
from feedback.topics.discovery import LANGUAGES, Known, Theme, discover
from feedback.topics.reading import read_all
from feedback.topics.same_themes import counterparts
from feedback.warehouse import bulk, themes
from feedback.warehouse.engine import connect, upgrade, writing
from feedback.warehouse.tables import feedback_item, inference

START, DAYS = datetime(2026, 9, 1, tzinfo=UTC), 57
LAST = (START + timedelta(days=DAYS - 1)).date()
MODEL = ("benchmark", "1")
Day = dict[str, list[Theme]]


def main(folder: Path, size: int, out: Path) -> None:
    """Print the numbers; write themes for a reader."""
    said = corpus(folder, size)
    with tempfile.TemporaryDirectory() as place:
        engine = connect(f"sqlite:///{place}/feedback.db")
        upgrade(engine)
        add(engine, said)
        yesterday, texts_then = timed("first day", engine, LAST - timedelta(days=1))
        today, texts = timed("next day", engine, LAST)
        earlier = themes.earlier(engine, LAST)
    show(out, yesterday, texts_then)
    for name in LANGUAGES:
        known, own = earlier[name], texts[name]
        old = members(yesterday[name], texts_then[name])
        steady(f"{name}, next day", today[name], own, known, old)
        mixed = own.sample(frac=1, random_state=1).reset_index(drop=True)
        again = discover(mixed, LAST, name, known)
        steady(f"{name}, next day, rows in another order", again, mixed, known, old)
        fresh = renamed(discover(own, LAST, name, []), known)
        steady(f"{name}, next day, found without the day before", fresh, own, known, old)
        quality(name, yesterday[name], texts_then[name], said)


def renamed(found: list[Theme], known: list[Known]) -> list[Theme]:
    """With the ids of their counterparts."""
    same = counterparts([one.middle for one in found], [one.middle for one in known])
    return [
        one if place is None else replace(one, theme_id=known[place].theme_id)
        for place, one in zip(same, found, strict=True)
    ]


def corpus(folder: Path, size: int) -> pd.DataFrame:
    """`size` different texts: item_id, text, language, said_at, label (None where none is)."""
    tables = []
    for path in sorted((folder / "topics").glob("*_en.csv.gz")):
        table = pd.read_csv(path)
        label = table["intent"] if "intent" in table else table["topic"]
        own = {"text": table["text"], "label": path.stem[:5] + label, "language": "en"}
        tables.append(pd.DataFrame(own))
    for name in LANGUAGES:
        table = pd.read_parquet(folder / f"sentiment/sentiment_{name}.parquet")[["text"]]
        table = table.sample(frac=1, random_state=0)
        tables.append(table.assign(label=None, language=name))
    said = pd.concat(tables, ignore_index=True)
    said["item_id"] = said["text"].map(fingerprint)
    said = said.drop_duplicates("item_id").head(size).reset_index(drop=True)
    minutes = random.Random(0).choices(range(DAYS * 24 * 60), k=len(said))
    said["said_at"] = [START + timedelta(minutes=n) for n in minutes]
    return said


def add(engine: Engine, said: pd.DataFrame) -> None:
    items, judged = list[dict[str, Any]](), list[dict[str, Any]]()
    for row in said.itertuples():
        own = {"item_id": row.item_id, "version": 1, "run_id": "run"}
        items.append(own | {
            "source": "s", "ref": row.item_id, "channel": "form", "said_at": row.said_at,
            "received_at": row.said_at, "subject": "", "text": row.text,
            "fingerprint": row.item_id, "cleaning": {}, "extra": {},
        })  # fmt: skip
        judged.append(own | {
            "model": MODEL[0], "model_version": MODEL[1], "language": row.language,
            "language_confidence": 1.0, "sentiment": "neutral",
        })  # fmt: skip
    with writing(engine) as connection:
        bulk.insert(connection, feedback_item, items)
        bulk.insert(connection, inference, judged)


def timed(what: str, engine: Engine, day: date) -> tuple[Day, dict[str, pd.DataFrame]]:
    """Find and store the themes of a day as the task does; print time and memory."""
    wall, core = time.perf_counter(), time.process_time()
    texts = themes.voices(engine, MODEL, day, "UTC")
    earlier = themes.earlier(engine, day)
    own = {name: texts[texts["language"] == name].reset_index(drop=True) for name in LANGUAGES}
    found = {name: discover(own[name], day, name, earlier.get(name, [])) for name in LANGUAGES}
    themes.store(engine, "run", day, texts, found)
    wall, core = time.perf_counter() - wall, time.process_time() - core
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    counts = {name: sum(len(one.members) for one in found[name]) for name in LANGUAGES}
    told = ", ".join(
        f"{name} {len(found[name])} themes with {counts[name]:,} of {len(own[name]):,} texts"
        for name in LANGUAGES
    )
    print(f"{what}: {told}; {wall:.0f} s, {core:.0f} s of a core, peak {memory:,} MB", flush=True)
    return found, own


def members(found: list[Theme], texts: pd.DataFrame) -> dict[str, str]:
    """{item_id: theme_id}."""
    return {texts["item_id"].iloc[i]: one.theme_id for one in found for i in one.members}


def steady(
    what: str, found: list[Theme], texts: pd.DataFrame, earlier: list[Known], old: dict[str, str]
) -> None:
    """Print what share of themes, and of members still in the window, have the id of before."""
    now = members(found, texts)
    there = set(texts["item_id"])
    stayed = [now.get(item) == theme for item, theme in old.items() if item in there]
    kept = len({one.theme_id for one in found} & {one.theme_id for one in earlier})
    print(f"{what}: {kept} of {len(earlier)} themes keep their id, {len(found) - kept} are new, "
          f"{np.mean(stayed):.1%} of members stay", flush=True)  # fmt: skip


def quality(name: str, found: list[Theme], texts: pd.DataFrame, said: pd.DataFrame) -> None:
    """Print coherence (NPMI), and agreement with the labels where there are any."""
    print(f"{name}: NPMI of the ten pairs of five words {npmi(found, texts):.3f}", flush=True)
    labels = texts["item_id"].map(said.set_index("item_id")["label"])
    place = pd.Series(-1, index=texts.index)
    for i, one in enumerate(found):
        place.iloc[one.members] = i
    known = labels.notna()
    if not known.any():
        return
    table = pd.crosstab(place[known & (place >= 0)], labels[known & (place >= 0)]).to_numpy()
    share, chat = (place[known] >= 0).mean(), (place[~known] >= 0).mean()
    purity = table.max(axis=1).sum() / table.sum()
    told = f"{name}: of {known.sum():,} texts with one of {labels.nunique()} labels {share:.0%}"
    told += f" are in a theme, of {(~known).sum():,} without {chat:.0%}"
    print(f"{told}; purity {purity:.2f}, NMI {nmi(table):.2f}", flush=True)


def npmi(found: list[Theme], texts: pd.DataFrame) -> float:
    read = read_all(texts["text"].tolist())
    places, n = {name: i for i, name in enumerate(read.vocabulary)}, read.rows.shape[0]
    values = list[float]()
    for one in found:
        best = sorted(one.middle, key=lambda w: -one.middle[w])
        words = [w for w in best if " " not in w and w in places]
        said = (read.rows[:, [places[w] for w in words[:5]]] > 0).astype(float)
        both = (said.T @ said).toarray() / n
        for i, j in zip(*np.triu_indices(len(both), 1), strict=True):
            p = both[i, j]
            values.append(np.log(p / both[i, i] / both[j, j]) / -np.log(p) if p else -1.0)
    return float(np.mean(values))


def nmi(table: np.ndarray) -> float:
    """Mutual information over the arithmetic mean of the entropies."""
    p = table / table.sum()
    a, b = p.sum(axis=1), p.sum(axis=0)
    inside = p[p > 0] @ np.log(p[p > 0] / np.outer(a, b)[p > 0])
    return float(2 * inside / -(a[a > 0] @ np.log(a[a > 0]) + b[b > 0] @ np.log(b[b > 0])))


def show(out: Path, found: Day, texts: dict[str, pd.DataFrame]) -> None:
    rng, lines = random.Random(7), list[str]()
    pool = [(name, one) for name in LANGUAGES for one in found[name]]
    for name, one in rng.sample(pool, min(30, len(pool))):
        said = texts[name]["text"]
        lines += [f"## {', '.join(one.terms)} ({name}, {len(one.members)} texts)"]
        lines += [f"quote: {said.iloc[one.quoted]!r}"]
        some = rng.sample(one.members, min(5, len(one.members)))
        lines += [*(f"- {said.iloc[i][:200]!r}" for i in some), ""]
    out.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
