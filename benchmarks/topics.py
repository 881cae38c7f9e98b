"""Texts per second of one core through each step of tagging and through the whole.

python -m benchmarks.topics 10000

The texts are the samples' reviews. Seconds are processor seconds, so that a busy machine shows the
same; dictionaries are warm, as they are after the first batch of a run.
"""

import sys
from collections.abc import Callable

from benchmarks.text import reviews, seconds
from feedback.sentiment import model as sentiment
from feedback.topics import model, taxonomy
from feedback.topics.key_phrases import key_phrases
from feedback.topics.matching import Matcher
from feedback.topics.tag import Tagger
from feedback.topics.words import words


def main(sizes: list[int]) -> None:
    """Print a Markdown table: a line per step, a column per size."""
    columns = [measured(reviews(rows)) for rows in sizes]
    print("| texts/s | " + " | ".join(f"{rows:,} texts" for rows in sizes) + " |")
    print("| --- " * (len(sizes) + 1) + "|")
    for step in columns[0]:
        print(f"| {step} | " + " | ".join(f"{column[step]:,.0f}" for column in columns) + " |")


def measured(texts: list[str]) -> dict[str, float]:
    languages = [model.route(text, "unknown") for text in texts]
    tagger, judge = Tagger(taxonomy.topics(), sentiment.load()), sentiment.load()
    read = [words(text) for text in texts]  # fills the dictionaries
    topics, intents = Matcher(taxonomy.topics()), Matcher(taxonomy.intents(), denials=True)
    steps: dict[str, Callable[[], object]] = {
        "words and lemmas": lambda: [words(text) for text in texts],
        "phrases of topics and intents": lambda: [(topics.find(r), intents.find(r)) for r in read],
        "trained model": lambda: model.load().probabilities(texts, languages),
        "key phrases": lambda: [key_phrases(own) for own in read],
        "sentiment, of whole texts": lambda: judge.judge(texts, languages),
        "tagging, all of it": lambda: tagger.tag(texts, languages),
    }
    return {name: len(texts) / seconds(work) for name, work in steps.items()}


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000])
