"""Measurements to the model card's Markdown. Nothing is measured here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from feedback.sentiment.calibrate import PRECISION
from feedback.sentiment.markdown import grid
from feedback.sentiment.measures import Measure
from feedback.sentiment.model import LIKELIER_THAN_NOT, SentimentModel
from feedback.sentiment.sources import LANGUAGES, TESTED, TRAINED

COMMAND = "feedback model card --data DIR > feedback/sentiment/MODEL_CARD.md"
LANGUAGE_NAMES = {"ru": "Russian", "en": "English"}


@dataclass(frozen=True)
class Line:
    """One engine on one set of texts."""

    kind: str
    language: str
    name: str
    engine: str
    n: int
    found: dict[str, Measure]


def write(model: SentimentModel, lines: Sequence[Line], ablation: Sequence[Line]) -> str:
    """The whole card."""
    parts = [_head(model), _training(model.meta), _explained()]
    for kind, words in _KINDS.items():
        parts.append(f"## {words[0]}\n\n{words[1]}")
        for language in LANGUAGES:
            chosen = [line for line in lines if (line.kind, line.language) == (kind, language)]
            parts.append(
                f"### {LANGUAGE_NAMES[language]}\n\n{_table(chosen, list(_first(chosen)))}"
            )
    pairs = sorted(ablation, key=lambda line: (line.language, line.name, line.engine))
    short = ["accuracy", "macro-F1", "polarity accuracy"]
    parts.append(f"## What our own utterances add\n\n{_ABLATION}\n\n{_table(pairs, short)}")
    return "\n\n".join([*parts, _LIMITS]) + "\n"


_KINDS = {
    "never trained on": (
        "Sources never trained on",
        "The nearest to the texts of a new customer. Nothing was tuned on them. `umsab_english`"
        " holds negative texts only.",
    ),
    "source left out": (
        "Whole sources left out, a fold at a time",
        "Trained again without the sources of the fold, judged with the shipped temperature and"
        " threshold. These two were set on just these predictions: accuracy, macro-F1 and polarity"
        " accuracy owe them nothing, the other measures are a little flattered.",
    ),
    "rows held out": (
        "Rows held out of trained sources",
        "One row in ten and those beyond a set's most, never trained on. Easier than a new source.",
    ),
}
_ABLATION = (
    "Trained with and without `own`, in both cases without `synth`, and tried on sources that"
    " neither saw. `synth` is feedback as well and resembles `own` more than real mail does."
)
_LIMITS = f"""## What it can't do

The {PRECISION:.0%} that the thresholds aim at hold on each of the strict sources. They are missed
on tweets, as the first tables show: for texts of such a kind set it on labels of your own.

It reads words, not the world: irony, sarcasm and comparisons with others are often misread, and
whether an opinion is there at all is its weakest judgement. Mixed opinions are labelled neutral in
our own utterances and come out as either. Long texts are judged as one piece. It must not be used
to judge people. See `docs/explanation/sentiment.md`."""


def _head(model: SentimentModel) -> str:
    return f"""# Model card: {model.name} {model.version}

Generated; made by `{COMMAND}`.

Hashed words and character 2-5-grams, three convolutions over neighbouring words, maximum and mean;
temperature scaling; one reader per language. It learned what a larger model, regressions on
multilingual-e5-small (MIT) and on hashed features, thinks of the texts, their clauses and words;
for a source that is left out, that model had not seen its labels either. Russian and English only:
every other language is `unsure`. Trained by `feedback.sentiment.train` with seed
{model.meta["seed"]}."""


def _training(meta: dict[str, Any]) -> str:
    known: dict[str, dict[str, int]] = meta["rows"]
    rows = [
        [
            *(one.name, one.about, one.licence, language),
            *(str(known[language][one.name]), one.fold + (", strict" if one.strict else "")),
        ]
        for one in TRAINED
        for language in LANGUAGES
        if one.name in known[language]
    ]
    tests = "\n".join(f"- `{one.name}`: {one.about} (licence: {one.licence})" for one in TESTED)
    header = ["set", "what", "licence", "language", "rows", "calibrates in fold"]
    heads: dict[str, dict[str, float]] = meta["heads"]
    settings = [
        [LANGUAGE_NAMES[language], str(head["temperature"]), str(head["threshold"])]
        for language, head in heads.items()
    ]
    return f"""## Learned from

{grid(header, rows)}

Only tested on, never trained or tuned on:

{tests}

{grid(["language", "temperature", "threshold"], settings)}"""


def _explained() -> str:
    return f"""## How to read the numbers

Each value with its 95 % interval: Wilson's for shares, the percentile bootstrap for macro-F1 and
ECE. *Accuracy* and *macro-F1*: three classes, the likeliest label, nothing abstained; F1 over the
classes that occur. *Polarity accuracy*: on texts that truly are negative or positive, the likelier
of the two. *Coverage of opinions*: the share of those texts for which a polarity is stated;
*polarity precision*: how many of these are right (aim {PRECISION:.0%}). *Judged*: texts of all
three kinds with any label but `unsure`; *right where judged*: three classes. *ECE*: expected
calibration error, ten bins. A label is stated from a confidence of {LIKELIER_THAN_NOT:.0%} on, a
polarity also only from the threshold on (the share of its probability among the two polarities).
VADER states a polarity from |compound| >= 0.05 on, as its authors advise, and never abstains."""


def _first(lines: Sequence[Line]) -> dict[str, Measure]:
    return lines[0].found if lines else {}


def _table(lines: Sequence[Line], columns: Sequence[str]) -> str:
    rows = [
        [f"{line.name} ({line.language})", line.engine, str(line.n)]
        + [str(line.found[column]) for column in columns]
        for line in lines
    ]
    return grid(["set", "engine", "n", *columns], rows)
