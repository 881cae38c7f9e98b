"""Cleaning on mail, posts and personal data of others, where the folder beside the checkout is.

FEEDBACK_SHARED names another place. The numbers are floors; --junit-xml says what was reached.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import redaction
from feedback.text.clean import clean
from feedback.text.language import detect
from feedback.text.quotes import strip_quoted
from feedback.text.redact import redact

BESIDE = Path(__file__).resolve().parents[3] / "shared"
DATA = Path(os.environ.get("FEEDBACK_SHARED", BESIDE)) / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no shared data at {DATA}")

CORPORA = ("crisp-email-reply-parser", "mail-parser-reply", "email-reply-parser")
MAILS = [path for name in CORPORA for path in sorted((DATA / "mail" / name).glob("*.txt"))]
# Mails that begin with the header block or the "On … wrote:" of what is below.
ONLY_QUOTATION = {"email_pl_1_1", "email_pl_1_2", "email_pl_1_3", "multiline_on"}
# Lines of own words, counted by eye.
OWN_LINES = {
    "correct_sig": 1,
    "email_10": 5,
    "email_13": 5,
    "email_14": 5,
    "email_19": 1,
    "email_20": 1,
    "email_22": 5,
    "email_24": 5,
    "email_1_4": 1,
    "email_1_7": 1,
    "email_1_8": 2,
    "email_2_1": 1,
    "email_2_2": 1,
    "email_2_3": 1,
    "email_bullets": 5,
    "email_danish_2": 2,
    "email_german_outlook": 5,
    "email_headers_no_delimiter": 1,
    "email_ja_1_2": 4,
    "email_norwegian_gmail": 5,
    "email_not_a_signature_2": 7,
    "email_partial_quote_header": 4,
    "email_portuguese": 5,
    "email_reply_header": 6,
    "email_russian": 5,
    "email_sent_from_my_not_signature": 2,
    "email_thread": 1,
    "email_tricky_11_double_signature": 1,
    "email_tricky_13_timestamp_variations": 7,
    "email_tricky_17_forward_header": 1,
    "email_tricky_18_inline_reply": 3,
    "email_tricky_19_quote_without_header": 3,
    "email_tricky_7_multiple_dashes": 9,
    "email_unquoted_reply": 1,
    "email_zoho": 2,
    "multi_header": 1,
    "pathological": 2,
}


@pytest.mark.parametrize("path", MAILS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_of_each_mail_the_own_words_remain(path: Path) -> None:
    own = strip_quoted(path.read_text("utf-8", "replace"))
    lines = [line for line in own.split("\n") if line.strip()]
    assert not any(line.startswith(">") for line in lines)
    assert bool(lines) is (path.stem not in ONLY_QUOTATION)
    assert strip_quoted(own) == own
    assert len(lines) == OWN_LINES.get(path.stem, len(lines))


def test_personal_data_is_found_and_little_else(
    record_property: Callable[[str, object], None],
) -> None:
    scored = redaction.score(redaction.presidio())
    recall = {kind: scored.found[kind] / scored.labelled[kind] for kind in scored.labelled}
    precision = {kind: scored.right[kind] / scored.marks[kind] for kind in scored.marks}
    record_property("recall", recall)
    record_property("precision", precision)
    floors = {"email": 1, "ip": 1, "card": 0.95, "iban": 0.9, "phone": 0.89, "name": 0.35}
    assert all(recall[kind] >= floor for kind, floor in floors.items())
    assert all(share == 1 for kind, share in precision.items() if kind != "name")
    assert precision["name"] >= 0.93


def test_names_in_the_news_are_found_and_little_else(
    record_property: Callable[[str, object], None],
) -> None:
    scored = redaction.news()
    recall = scored.found["full name"] / scored.labelled["full name"]
    precision = scored.right["name"] / scored.marks["name"]
    record_property("recall, precision", (recall, precision))
    assert recall >= 0.72
    assert precision >= 0.97


@pytest.mark.parametrize(
    ("file", "language", "floor"),
    [("ru", "ru", 0.98), ("en", "en", 0.94), ("multi", "de", 0.85), ("multi", "fr", 0.93),
     ("multi", "es", 0.93)],
)  # fmt: skip
def test_the_language_of_posts_and_reviews_is_told(
    file: str, language: str, floor: float, record_property: Callable[[str, object], None]
) -> None:
    frame = pd.read_parquet(DATA / "sentiment" / f"sentiment_{file}.parquet")
    texts = frame.loc[frame["lang"] == language, "text"].sample(2000, random_state=0)
    answers = [code for code, _ in detect([clean(text).text for text in texts])]
    share = answers.count(language) / len(answers)
    record_property(language, share)
    assert share >= floor


def test_news_have_no_cards_and_no_papers() -> None:
    for line in (DATA / "pii" / "factrueval2016_ru.jsonl").read_text("utf-8").splitlines():
        text = json.loads(line)["text"]
        assert set(redact(text).counts) <= {"email", "phone", "name", "address", "handle"}
