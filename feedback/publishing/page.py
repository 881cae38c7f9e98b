"""The page: one self-contained HTML file with both languages in it, for people.

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
from feedback.publishing.edition import edition
from feedback.publishing.snapshot import Row, Snapshot, plain


def render(snapshot: Snapshot, table: Sequence[Row], identity: str, exports: Sequence[str]) -> str:
    """The whole page as text; a pure function of its arguments."""
    style, script = _static("page.css"), _static("page.js")
    environment = _environment()
    return environment.get_template("page.html.j2").render(
        title=plain(snapshot.title),
        timezone=snapshot.timezone,
        as_of=snapshot.as_of.isoformat(),
        editions=[edition(language, snapshot, table) for language in formats.LANGUAGES],
        identity=identity,
        runs=", ".join(plain(run) for run in snapshot.runs),
        exports=exports,
        say=words.say,
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        style_hash=_hash(style),
        script_hash=_hash(script),
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
