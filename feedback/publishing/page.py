"""The pages: each one self-contained HTML file with both languages in it, for people.

The content security policy names the hash of the only script, so nothing else can ever run.
"""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from feedback.publishing import formats, words
from feedback.publishing.edition import Edition, edition
from feedback.publishing.quality import QualityEdition, quality_edition
from feedback.publishing.snapshot import Row, Snapshot, plain
from feedback.quality import Quality

QUALITY_PAGE = "quality.html"


def render(snapshot: Snapshot, table: Sequence[Row], identity: str, exports: Sequence[str]) -> str:
    """The page of numbers as text; a pure function of its arguments."""
    editions = [edition(language, snapshot, table) for language in formats.LANGUAGES]
    other = QUALITY_PAGE if snapshot.quality else ""
    return _page("body.html.j2", snapshot, editions, identity, exports, other)


def render_quality(
    snapshot: Snapshot, quality: Quality, identity: str, exports: Sequence[str]
) -> str:
    """The page on data quality as text; a pure function of its arguments."""
    editions = [quality_edition(language, snapshot, quality) for language in formats.LANGUAGES]
    return _page("quality.html.j2", snapshot, editions, identity, exports, "index.html")


def _page(
    template: str,
    snapshot: Snapshot,
    editions: Sequence[Edition | QualityEdition],
    identity: str,
    exports: Sequence[str],
    other: str,
) -> str:
    """`other` is the file name of the page beside this one, "" when there is none."""
    style, script = _static("page.css"), _static("page.js")
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            content=template,
            title=plain(snapshot.title),
            timezone=snapshot.timezone,
            as_of=snapshot.as_of.isoformat(),
            editions=editions,
            identity=identity,
            runs=", ".join(plain(run) for run in snapshot.runs),
            exports=exports,
            other=other,
            say=words.say,
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            style_hash=_hash(style),
            script_hash=_hash(script),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("feedback.publishing"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _static(name: str) -> str:
    return (files("feedback.publishing") / "static" / name).read_text("utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
