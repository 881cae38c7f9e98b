"""Redaction on the labelled texts: the floors are what docs/explanation/redaction.md promises."""

import json

import pytest

from benchmarks.redaction import LABELLED, marks_of, own, score
from feedback.text.redact import KINDS, redact


@pytest.mark.parametrize("split", ["dev", "test"])
def test_nearly_every_labelled_span_is_found_and_nearly_every_mark_is_right(split: str) -> None:
    scored = score(own(split))
    assert scored.found.total() >= 0.9 * scored.labelled.total()
    assert scored.right.total() >= 0.95 * scored.marks.total()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("name", "address")])
def test_what_has_a_checksum_or_a_form_of_its_own_is_always_found(kind: str) -> None:
    scored = score([*own("dev"), *own("test")])
    assert scored.labelled[kind] >= 7
    assert scored.found[kind] == scored.labelled[kind]


def test_every_label_is_of_a_kind_and_lies_within_its_text() -> None:
    rows = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    assert len(rows) >= 250
    for row in rows:
        assert all(
            0 <= start < end <= len(row["text"]) and kind in KINDS
            for start, end, kind in row["spans"]
        )


def test_a_mark_is_traced_to_the_characters_it_replaced() -> None:
    text = "тел. 9161234567, Ивану Петрову: a@b.example"
    assert marks_of(text) == [(5, 15, "phone"), (17, 30, "name"), (32, 43, "email")]
    assert redact(text).text == "тел. [phone], [name]: [email]"
