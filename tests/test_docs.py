import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]


def test_the_reference_is_what_the_code_says() -> None:
    from docs.make_reference import pages

    for name, text in pages().items():
        written = (ROOT / "docs/reference" / name).read_text(encoding="utf-8")
        assert written == text, f"{name} is out of date: run make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_the_docs_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


def test_every_direct_dependency_has_a_reason() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())
    listed = told["project"]["dependencies"] + told["dependency-groups"]["dev"]
    wanted = [re.split(r"[\[<>=]", requirement)[0] for requirement in listed]
    reasons = (ROOT / "docs/decisions/0001-dependencies.md").read_text(encoding="utf-8")
    assert not [name for name in wanted if name not in reasons and not name.startswith("types-")]
