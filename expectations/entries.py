"""One source's entry in a TOML file of limits: what it leaves out comes from [default].

Whoever runs this writes these files, so what is wrong in one is theirs to mend, and named.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from feedback.errors import Refused

KINDS: dict[type, str] = {int: "a whole number", float: "a number", list: "a list of names"}


def entry(path: Path, source: str, wanted: Mapping[str, type]) -> dict[str, Any]:
    """{key: value} with exactly the keys of `wanted`, each of its type: int, float or list.

    Raises `Refused` when the file cannot be read, or an entry has another key or kind of value.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # also a TOMLDecodeError: it names the place alone
        raise refused(path, "the file", f"cannot be read ({error})") from None
    found: dict[str, Any] = {}
    sources = table.get("sources", {})
    if not isinstance(sources, dict):
        raise refused(path, "sources", "is not a table of sources")
    for where, part in (("default", table), (source, sources)):
        found |= _checked(path, where, part.get(where, {}), wanted)
    if missing := set(wanted) - set(found):
        raise refused(path, "default", f"lacks {', '.join(sorted(missing))}")
    return found


def refused(path: Path, where: str, words: str) -> Refused:
    """The error that names the file, the entry in it, and what is wrong there."""
    return Refused(
        f"{path.name}: {where} {words}. Nothing was judged by it, sent on or published; what was "
        "stored stays. Mend the file, then run again."
    )


def _checked(path: Path, where: str, entry: Any, wanted: Mapping[str, type]) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise refused(path, where, "is not a table of limits")
    for key, value in entry.items():
        if key not in wanted:
            raise refused(path, where, f"has {key!r}, which is none of {', '.join(wanted)}")
        if not _is(value, wanted[key]):
            raise refused(path, where, f"has {key} = {value!r}, which is not {KINDS[wanted[key]]}")
    return entry


def _is(value: Any, kind: type) -> bool:
    if kind is list:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, (int, kind)) and not isinstance(value, bool)
