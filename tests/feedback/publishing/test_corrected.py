"""The corrected shares stand beside the plain ones, or what they lack does."""

import html as escapes
import json
import re

import pytest

from feedback.metrics.catalogue import CORRECTED, DECLARED
from feedback.metrics.corrected import Labels
from feedback.publishing.exports import export
from feedback.publishing.page import render
from feedback.publishing.snapshot import Snapshot, rows
from tests.feedback.publishing.samples import START, make_row, make_snapshot, make_values

NAMES = [metric.name for metric in CORRECTED]
READ = Labels(texts=5120, labelled=250, missing=0)


def test_the_page_says_the_corrected_share_with_interval_n_and_as_of_in_both_languages() -> None:
    page = said(corrected(READ))
    english = (
        "of all texts: 31.0% (95%: 26.0–37.0%), n = 250. People read 250 of 5,120 texts. as of"
    )
    assert (
        page.count(english) == 2
    )  # on the card and over its charts: negative; and positive over its own
    assert "доля всех текстов: 31,0 % (95 %: 26,0–37,0 %), n = 250. Люди прочли 250 из 5120" in page


def test_the_page_says_how_many_labels_lack_and_no_number() -> None:
    few = {"value": None, "low": None, "high": None, "n": 0, "status": "few"}
    page = said(corrected(Labels(texts=5120, labelled=27, missing=23), **few))
    assert "at least 23 more texts (they read 27 of 5,120)" in page
    assert "ещё не меньше 23 текстов (прочли 27 из 5120)" in page
    assert "Corrected for the model's errors, of all" not in page


@pytest.mark.parametrize(
    ("most", "english", "russian"),
    [
        (
            ("en", "neutral"),
            "Most of them in English, called neutral: feedback label --language en",
            "Больше всего на английском, названных нейтральными: feedback label --language en",
        ),
        (
            ("ru", "unsure"),
            "Most of them in Russian, called unsure: feedback label --unsure --language ru",
            "Больше всего на русском, где модель не уверена: feedback label --unsure --language ru",
        ),
        (
            ("other", "positive"),
            "Most of them in other languages, called positive: feedback label",
            "Больше всего на других языках, названных положительными: feedback label",
        ),
        (None, "(they read 27 of 5,120). In any language: feedback label", "На любом языке: fe"),
    ],
)
def test_the_page_says_where_labels_lack_most_and_how_to_give_them(
    most: tuple[str, str] | None, english: str, russian: str
) -> None:
    few = {"value": None, "low": None, "high": None, "n": 0, "status": "few"}
    page = said(corrected(Labels(texts=5120, labelled=27, missing=23, most=most), **few))
    assert english in page
    assert russian in page


def test_a_page_without_labels_says_nothing_of_them() -> None:
    assert "orrected for" not in said(make_snapshot())


def test_the_corrected_shares_are_in_the_files_and_have_no_chart() -> None:
    snapshot = corrected(READ)
    content = json.loads(export("json", snapshot, rows(snapshot)))
    found = [record for record in content["records"] if record["metric"] in NAMES]
    assert [(one["value"], one["n"]) for one in found] == [(0.31, 250)] * 2
    assert set(NAMES) < {metric["name"] for metric in content["metrics"]}
    page = render(snapshot, rows(snapshot), "id", ())
    assert not [name for name in NAMES if f'id="en-{name}"' in page]
    assert "Corrected negative share" in page


def corrected(labels: Labels, **changes: object) -> Snapshot:
    own = {"grain": "period", "period": START, "value": 0.31, "low": 0.26, "high": 0.37, "n": 250}
    given = [make_row(metric=name, **(own | changes)) for name in NAMES]
    return make_snapshot(values=make_values(given), metrics=DECLARED, labels=labels)


def said(snapshot: Snapshot) -> str:
    page = render(snapshot, rows(snapshot), "id", ())
    words = re.sub(r"[\s\xa0\u202f]+", " ", re.sub(r"<[^>]+>", " ", page))
    return escapes.unescape(words)
