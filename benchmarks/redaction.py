"""Precision and recall of redaction per kind, with 95 % intervals, as Markdown tables.

python -m benchmarks.redaction

Reads the labelled texts of the tests; where the folder of shared data stands beside the checkout
(or FEEDBACK_SHARED names it), also two public corpora that were labelled by others.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from feedback.metrics.intervals import wilson
from feedback.text.redact import KINDS, redact, steps
from feedback.text.spans import Span

ROOT = Path(__file__).resolve().parents[1]
LABELLED = ROOT / "tests/feedback/text/data/redaction.jsonl"
SHARED = Path(os.environ.get("FEEDBACK_SHARED", ROOT.parent / "shared")) / "data/pii"
PRESIDIO = {
    "PERSON": "name",
    "STREET_ADDRESS": "address",
    "CREDIT_CARD": "card",
    "PHONE_NUMBER": "phone",
    "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip",
}
NAME_TOKENS = ("name", "surname", "patronymic")
Labelled = tuple[str, list[Span]]


@dataclass
class Score:
    """Per kind: labelled spans, those of them found, marks made, those of them right."""

    labelled: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Print a table for each set of texts, and how many texts a second one core redacts."""
    for split in ("dev", "test"):
        print(f"\n## Own texts, {split}\n\n{table(score(own(split)))}")
    if not SHARED.is_dir():
        print(f"\nThe public corpora are not at {SHARED}: left out.")
        return
    print(f"\n## presidio_synth_en\n\n{table(score(presidio()))}")
    print(f"\n## factrueval2016_ru\n\n{table(news(), kinds=('name', 'full name'))}")
    print(f"\n## Speed\n\n{speed()}")


def own(split: str) -> Iterator[Labelled]:
    """The labelled texts of one half, "dev" or "test"."""
    for row in _rows(LABELLED):
        if row["split"] == split:
            yield row["text"], [(start, end, kind) for start, end, kind in row["spans"]]


def presidio() -> Iterator[Labelled]:
    """English sentences made from templates; types without a mark of ours are left out."""
    for row in _rows(SHARED / "presidio_synth_en.jsonl"):
        spans = [(s["start"], s["end"], PRESIDIO.get(s["type"], "")) for s in row["spans"]]
        yield row["text"], [span for span in spans if span[2]]


def news() -> Score:
    """Names in the news; the row "full name" has only the recall of names of two words and more."""
    scored, full = score(factrueval(1)), score(factrueval(2))
    scored.labelled["full name"] = full.labelled["name"]
    scored.found["full name"] = full.found["name"]
    return scored


def factrueval(least: int) -> Iterator[Labelled]:
    """Russian news; neighbouring first names, surnames and patronymics are one name."""
    for row in _rows(SHARED / "factrueval2016_ru.jsonl"):
        names: list[list[int]] = []
        for span in sorted(row["spans"], key=lambda span: span["start"]):
            if span["type"] not in NAME_TOKENS:
                continue
            if names and row["text"][names[-1][1] : span["start"]].strip() == "":
                names[-1] = [names[-1][0], span["end"], names[-1][2] + 1]
            else:
                names.append([span["start"], span["end"], 1])
        yield row["text"], [(start, end, "name") for start, end, size in names if size >= least]


def score(texts: Iterable[Labelled]) -> Score:
    """A labelled span is found when marks of its kind cover more than half of it.

    A mark is right when labelled spans of its kind cover more than half of what it replaced.
    """
    result = Score()
    for text, labelled in texts:
        marks = marks_of(text)
        for spans, others, counted, good in (
            (labelled, marks, result.labelled, result.found),
            (marks, labelled, result.marks, result.right),
        ):
            counted.update(kind for _, _, kind in spans)
            good.update(span[2] for span in spans if _is_covered(span, others))
    return result


def marks_of(text: str) -> list[Span]:
    """What `redact` replaces, as spans of the text before any of it was replaced."""
    places = [(at, at + 1) for at in range(len(text))]  # of each character now: where it was
    marks: list[Span] = []
    for step in steps(text):
        for start, end, kind in reversed(step.spans):
            was = (places[start][0], places[end - 1][1])
            marks.append((*was, kind))
            places[start:end] = [was] * len(f"[{kind}]")
    return sorted(marks)


def table(scored: Score, kinds: Sequence[str] = KINDS) -> str:
    """Markdown: a row per kind that is there, and one for all of them where all are asked for."""
    wanted = [kind for kind in kinds if scored.labelled[kind] or scored.marks[kind]]
    lines = [
        "| kind | labelled | recall | marks | precision |",
        "| --- | --- | --- | --- | --- |",
    ]
    rows = [(kind, [kind]) for kind in wanted] + [("**all**", wanted)] * (kinds is KINDS)
    for title, members in rows:
        cells = Counter[str]()
        for kind in members:
            for name in ("labelled", "found", "marks", "right"):
                cells[name] += getattr(scored, name)[kind]
        recall = _share(cells["found"], cells["labelled"])
        precision = _share(cells["right"], cells["marks"])
        lines.append(
            f"| {title} | {cells['labelled']} | {recall} | {cells['marks']} | {precision} |"
        )
    return "\n".join(lines)


def speed() -> str:
    """Texts per second on one core, in the seconds after the dictionary was loaded."""
    with_marks = [text for split in ("dev", "test") for text, spans in own(split) if spans]
    typical = [text for split in ("dev", "test") for text, _ in own(split)]
    quiet = ["всё пришло вовремя, спасибо, беру не первый раз", "good value, quick delivery"]
    lines = ["| texts | texts/s |", "| --- | --- |"]
    for title, texts in (
        ("without a candidate", quiet * 500),
        ("the labelled ones", typical * 5),
        ("only those with personal data", with_marks * 5),
    ):
        redact(texts[0])
        began = time.perf_counter()
        for text in texts:
            redact(text)
        lines.append(f"| {title} | {len(texts) / (time.perf_counter() - began):,.0f} |")
    return "\n".join(lines)


def _is_covered(span: Span, others: list[Span]) -> bool:
    start, end, kind = span
    shared = sum(max(0, min(end, b) - max(start, a)) for a, b, other in others if other == kind)
    return 2 * shared > end - start


def _share(part: int, whole: int) -> str:
    if not whole:
        return "-"
    low, high = wilson(part, whole)
    return f"{part / whole:.2f} ({low:.2f}-{high:.2f})"


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


if __name__ == "__main__":
    main()
