"""Writes the samples: python -m examples.generate [--folder F] [--seed 7] [--rows 1000].

The same seed and rows give the same bytes on every Python from 3.11 on; nothing reads the clock.
"""

import argparse
import json
import random
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from examples import form_answers, form_files, mail_dirt, social_files, story
from examples.dirt import Tally
from examples.mail_files import SHOP, SUPPORT, Mailbox
from examples.mime import mbox
from examples.people import crowd
from examples.phrases import Phrasebook
from examples.story import Utterance, tell
from examples.voice import Voice

FOLDER = Path(__file__).parent / "data"
# Utterances per channel in the first thousand rows, and the share of every row beyond it.
BASE = {"mail": 252, "shop_mail": 88, "nps": 170, "csat": 90, "reviews": 150, "social": 250}
GROWTH = {"mail": 0.03, "shop_mail": 0.005, "nps": 0.35, "csat": 0.005, "reviews": 0.57}
FILES = {
    "mail": "mail/support.mbox",
    "shop_mail": "mail/shop",
    "nps": "forms/nps.csv",
    "csat": "forms/csat.xlsx",
    "reviews": "forms/reviews.jsonl",
    "social": "social/posts.jsonl",
}


@dataclass(frozen=True)
class Samples:
    """All files by their path, and the utterances they were made of."""

    files: dict[str, bytes]
    plans: dict[str, list[Utterance]]
    tallies: dict[str, Tally]


def counts(rows: int) -> dict[str, int]:
    """Say how many utterances each channel gets; beyond 1,000 it is mostly answers to forms."""
    grown = {name: base + int((rows - 1000) * GROWTH.get(name, 0)) for name, base in BASE.items()}
    return grown | {"social": rows - sum(grown.values()) + grown["social"]}


def make(seed: int, rows: int) -> Samples:
    """Invent everything; each channel draws from a generator of its own."""
    people_rng = random.Random(f"{seed} people")
    people = crowd(people_rng, Phrasebook(people_rng), story.LANGUAGES, rows * 56 // 100)
    files: dict[str, bytes] = {}
    plans, tallies = {}, {}
    for channel, count in counts(rows).items():
        rng = random.Random(f"{seed} {channel}")
        plan = plans[channel] = tell(rng, people, channel, count)
        tally = tallies[channel] = Tally(FILES[channel])
        files |= _channel(rng, channel, plan, tally)
    files["expected.json"] = _expected(seed, rows, plans, tallies)
    return Samples(files, plans, tallies)


def _channel(
    rng: random.Random, channel: str, plan: list[Utterance], tally: Tally
) -> dict[str, bytes]:
    voice = Voice(rng, Phrasebook(rng))
    path = FILES[channel]
    if channel in ("mail", "shop_mail"):
        return _mail(rng, voice, tally, plan)
    if channel == "social":
        amounts = _amounts(social_files.AMOUNTS, len(plan) // BASE[channel])
        written = social_files.posts(rng, voice, tally, plan, amounts)
        return {path: social_files.posts_jsonl(written)}
    column = ("nps", "csat", "reviews").index(channel)
    per_thousand = {kind: numbers[column] for kind, numbers in form_answers.AMOUNTS.items()}
    amounts = _amounts(per_thousand, len(plan) // BASE[channel])
    rows = form_answers.answers(rng, voice, tally, plan, amounts)
    write = (form_files.nps_csv, form_files.csat_xlsx, form_files.reviews_jsonl)[column]
    return {path: write(rows)}


def _amounts(per_thousand: dict[str, int], times: int) -> dict[str, int]:
    return {kind: number * max(1, times) for kind, number in per_thousand.items()}


def _mail(
    rng: random.Random, voice: Voice, tally: Tally, plan: list[Utterance]
) -> dict[str, bytes]:
    support = plan[0].channel == "mail"
    per_thousand = {kind: pair[0 if support else 1] for kind, pair in mail_dirt.AMOUNTS.items()}
    box = Mailbox(rng, voice, tally, SUPPORT if support else SHOP)
    letters = box.letters(plan)
    amounts = _amounts(per_thousand, len(plan) // BASE[plan[0].channel])
    written = mail_dirt.spoil(box, letters, amounts)
    if support:
        return {tally.path: mbox([(mail_dirt.separator(it, raw), raw) for it, raw in written])}
    files = {
        f"{tally.path}/{number:04d}.eml": raw.replace(b"\n", b"\r\n")
        for number, (_, raw) in enumerate(written, start=1)
    }
    name = f"{len(files) + 1:04d}.eml"
    tally.count(name, "broken_record")
    return files | {f"{tally.path}/{name}": mail_dirt.garbage(rng)}


def _expected(
    seed: int, rows: int, plans: dict[str, list[Utterance]], tallies: dict[str, Tally]
) -> bytes:
    told = [said for plan in plans.values() for said in plan]
    found: dict[str, Any] = {
        "seed": seed,
        "rows": rows,
        "from": story.START.isoformat(),
        "to": (story.START + timedelta(days=story.DAYS - 1)).isoformat(),
        "languages": dict(sorted(Counter(it.person.language for it in told).items())),
        "story": {
            "outage": [day.isoformat() for day in story.OUTAGE],
            "improving_product": story.IMPROVING,
            "negative_share_by_week": _weekly(told, "neg"),
            "app_positive_share_by_week": _weekly(
                [it for it in told if it.product == story.IMPROVING], "pos"
            ),
        },
        "files": {tally.path: tally.as_dict() for tally in tallies.values()},
    }
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


def _weekly(told: list[Utterance], polarity: str) -> dict[str, float]:
    weeks: dict[date, Counter[str]] = {}
    for said in told:
        monday = said.when.date() - timedelta(days=said.when.weekday())
        weeks.setdefault(monday, Counter())[said.polarity] += 1
    return {
        week.isoformat(): round(seen[polarity] / seen.total(), 3)
        for week, seen in sorted(weeks.items())
    }


def write(samples: Samples, folder: Path) -> None:
    """Replace the contents of `folder` by the samples."""
    for part in ("mail", "forms", "social"):
        shutil.rmtree(folder / part, ignore_errors=True)
    for path, content in samples.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def main() -> None:
    """Read the command line and write the samples."""
    parser = argparse.ArgumentParser(description="Write the sample feedback.")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rows", type=int, default=1000)
    given = parser.parse_args()
    if given.rows < 1000:
        parser.error("--rows must be 1000 or more: fewer rows cannot hold every kind of dirt")
    samples = make(given.seed, given.rows)
    write(samples, given.folder)
    for tally in samples.tallies.values():
        print(f"{tally.path}: {tally.fates.total()} records, {tally.fates['new']} to be stored")


if __name__ == "__main__":
    main()
