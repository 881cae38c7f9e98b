"""What `feedback model eval` prints, on tables small enough to count by hand."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from feedback.sentiment import model, report
from feedback.sentiment.model import UNSURE
from feedback.sentiment.sources import LABELS

KINDS = ("negative", "neutral", "positive")


def test_every_number_has_its_n_and_interval_for_each_engine() -> None:
    text = report.evaluate(rows(), [Fixed("ours"), Fixed("theirs", wrong=3)])

    assert "| all | ours 1 | 60 | 1.000 (0.940–1.000) |" in text
    assert "| all | theirs 1 | 60 | 0.950 (0.863–0.983) |" in text


def test_parts_are_by_language_channel_and_length_and_small_ones_get_no_row() -> None:
    some = rows()
    some.loc[:24, ["lang", "channel"]] = ["ru", "mail"]
    some.loc[:24, "text"] = "ж" * 200
    some.loc[25:29, "channel"] = "chat"  # five rows: too few to say anything
    text = report.evaluate(some, [Fixed("ours")])

    assert "| ru | ours 1 | 25 |" in text
    assert "| mail | ours 1 | 25 |" in text
    assert "| up to 300 characters | ours 1 | 25 |" in text
    assert "| chat |" not in text


def test_the_confusion_counts_what_is_unsure_apart() -> None:
    text = report.evaluate(rows(), [Fixed("ours", wrong=2, unsure=4)])

    assert "| negative | 14 | 2 | 0 | 4 |" in text
    assert "| neutral | 0 | 20 | 0 | 0 |" in text


def test_the_surest_mistakes_come_first_and_cannot_break_the_table() -> None:
    some = rows()
    some.loc[0, "text"] = "one | two\n`three`"
    text = report.evaluate(some, [Fixed("ours", wrong=3)], worst=2)
    listed = text.split("worst mistakes")[1].splitlines()[4:]

    assert listed[0] == "| negative | neutral | 0.99 | one \\| two 'three' |"
    assert len(listed) == 2


@pytest.mark.parametrize("covered", [0.25, 1.0])
def test_the_surest_opinions_are_counted_among_opinions_only(covered: float) -> None:
    text = report.evaluate(rows(), [Fixed("ours")])
    line = next(one for one in text.splitlines() if one.startswith("| ours 1 | 40 |"))

    assert covered in report.COVERAGES
    assert line.count("1.000 (") == len(report.COVERAGES)


def rows() -> pd.DataFrame:
    labels = [label for label in KINDS for _ in range(20)]
    return pd.DataFrame(
        {"text": [f"{x} {i}" for i, x in enumerate(labels)], "label": labels, "lang": "en"}
    ).assign(channel="review")


class Fixed:
    """Knows the label from the order of `rows`; errs or is unsure about the first ones."""

    version = "1"

    def __init__(self, name: str, wrong: int = 0, unsure: int = 0) -> None:
        self.name, self.wrong, self.unsure = name, wrong, unsure

    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> pd.DataFrame:
        assert len(texts) == len(languages)
        best = np.arange(len(texts)) // 20
        best[: self.wrong] = 1
        chances = np.full((len(texts), 3), 0.1)
        chances[np.arange(len(texts)), best] = 0.8
        labels = np.array(LABELS, dtype=object)[best]
        labels[self.wrong : self.wrong + self.unsure] = UNSURE
        confidence = np.linspace(0.99, 0.6, len(texts))
        columns = [labels, chances[:, 2] - chances[:, 0], confidence, *chances.T]
        return pd.DataFrame(dict(zip(model.COLUMNS, columns, strict=True)))
