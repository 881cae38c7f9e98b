"""Plausible counts per source: the default, a source's own range, and what is said outside it.

All but the first read a file of their own, so that the shipped ranges may change.
"""

from pathlib import Path

import pytest

from expectations.volumes import Plausible, doubts, plausible
from feedback.errors import Refused


def test_the_shipped_file_has_a_default_for_every_source() -> None:
    assert plausible("a source nobody has named") == Plausible(least=0, most=1_000_000)


def test_a_source_takes_from_the_default_what_it_leaves_out(tmp_path: Path) -> None:
    assert plausible("mail", volumes(tmp_path)) == Plausible(least=10, most=100)


@pytest.mark.parametrize(("count", "doubted"), [(9, True), (10, False), (100, False), (101, True)])
def test_a_count_out_of_its_range_is_doubted(count: int, doubted: bool, tmp_path: Path) -> None:
    found = doubts({"mail": count, "chat": 3}, volumes(tmp_path))
    assert bool(found) == doubted
    if found:
        assert found[0].startswith(f"mail: {count} records, expected 10 to 100")


def test_a_range_upside_down_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"volumes\.toml: upside-down has least 10 .* not a range"):
        plausible("upside-down", volumes(tmp_path))


def test_a_slip_in_the_file_is_named_as_one_to_mend(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"volumes\.toml: forms has 'leest', which is none of least"):
        plausible("forms", volumes(tmp_path))


def volumes(folder: Path) -> Path:
    path = folder / "volumes.toml"
    path.write_text(
        "[default]\nleast = 0\nmost = 100\n"
        "[sources.mail]\nleast = 10\n"
        "[sources.forms]\nleest = 1\n"
        "[sources.upside-down]\nleast = 10\nmost = 1\n"
    )
    return path
