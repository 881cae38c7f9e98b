"""Data Docs show how often an expectation failed, and nobody's words."""

from pathlib import Path

import great_expectations.expectations as gxe
import pandas as pd
import pytest
from great_expectations import ExpectationSuite

from expectations import clean
from expectations.data_docs import build
from expectations.rules import must
from feedback.errors import Changed, Refused
from tests.expectations import factories
from tests.expectations.factories import NOW

WORD = "secretword"


def test_the_pages_count_what_failed_and_quote_nobody(tmp_path: Path) -> None:
    broken = [
        {"text": f"{WORD}@example.com"},
        {"text": f"<p>{WORD}"},
        {"channel": WORD},
        {"survey": WORD},
        {"source": WORD, "ref": WORD, "said_at": None},
        {"product": WORD * 30},
        {"item_id": WORD},
        {"item_id": WORD},
    ]
    first = build([(factories.clean(*broken), clean.suite(now=NOW))], tmp_path / "docs")
    pages = {path: path.read_bytes() for path in (tmp_path / "docs").rglob("*") if path.is_file()}
    assert first in pages
    assert [path for path, page in pages.items() if WORD.encode() in page] == []
    [told] = [page for path, page in pages.items() if "validations" in str(path)]
    assert b"unexpected value" in told


def test_a_check_that_cannot_be_made_leaves_no_page(tmp_path: Path) -> None:
    check = gxe.ExpectColumnValuesToBeBetween(column="n", min_value=0, **must("negative"))
    frame = pd.DataFrame({"n": pd.Series([WORD, 1], dtype=object)})
    suite = ExpectationSuite(name="odd", expectations=[check])
    with pytest.raises(Changed, match="1 checks of odd could not be made"):
        build([(frame, suite)], tmp_path / "docs")
    assert not (tmp_path / "docs").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(Refused, match="no empty folder"):
        build([], tmp_path)
