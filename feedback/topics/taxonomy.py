"""Declared topics and intents: names, phrases, examples, read from YAML and checked as a whole.

A topic is found where one of its phrases is: words in any form, in order, side by side.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from feedback.errors import Refused
from feedback.settings import NAME
from feedback.topics.words import fold, look_up

TOPICS, INTENTS = Path(__file__).parent / "taxonomy.yaml", Path(__file__).parent / "intents.yaml"
INTENT_KEYS = frozenset(
    ("complaint", "praise", "question", "suggestion", "request", "churn", "risk", "urgent")
)


@dataclass(frozen=True)
class Phrase:
    """The words to be found one after the other, each as the keys that any one word may have."""

    steps: tuple[frozenset[str], ...]
    gaps: tuple[bool, ...]  # whether one word more may stand before a step


def _flat(told: Any) -> Any:
    """A list of phrases may be broken into several, for the eye."""
    if not isinstance(told, list):
        return told
    return [one for part in told for one in (part if isinstance(part, list) else [part])]


Texts = Annotated[list[str], BeforeValidator(_flat)]


class Names(BaseModel):
    """What people read; both languages, for the page has both."""

    model_config = ConfigDict(extra="forbid")
    ru: str
    en: str


class Declared(BaseModel):
    """One topic or intent as its file tells it."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    names: Names
    phrases: Texts
    blocking: Texts = []
    alone: bool = False  # it counts only where no other is found
    examples: Texts = []


Taxonomy = Mapping[str, Declared]


def topics(path: Path | None = None) -> Taxonomy:
    """The topics of a user's own file, or ours. Raises `Refused`: file, topic, what to mend.

    Read anew each time: a worker that lives for weeks must see an edit.
    """
    return read(path or TOPICS)


@cache
def intents() -> Taxonomy:
    """The intents, always ours: the code knows what each of them is for."""
    return read(INTENTS)


TWICE = "a key stands twice"


class _NoTwins(yaml.SafeLoader):
    """Refuses a key that stands twice: YAML itself would keep the later in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for place, (key, _) in enumerate(node.value):
            if key.value in keys[:place]:
                raise yaml.constructor.ConstructorError(None, None, TWICE, key.start_mark)
        return super().construct_mapping(node, deep)


def read(path: Path) -> Taxonomy:
    """{key: what is declared}, in the order of the file. Raises `Refused`."""
    try:
        told = yaml.load(path.read_text(encoding="utf-8"), _NoTwins)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise _unusable(
            path, f"{error.strerror}. Name another file in `understand.taxonomy`"
        ) from None
    except UnicodeDecodeError:
        raise _unusable(path, "it is not UTF-8. Save it as UTF-8") from None
    except yaml.YAMLError as error:
        raise _unusable(path, f"it is not YAML{_at(error)}. Mend it there") from None
    if not isinstance(told, dict) or not told:
        raise _unusable(path, "it declares no topic. Write `my_topic:` with names and phrases")
    taxonomy = {key: _declared(path, key, value) for key, value in told.items()}
    _no_phrase_twice(path, taxonomy)
    return taxonomy


def _declared(path: Path, key: Any, told: Any) -> Declared:
    where = f"topic {key!r}"
    if not isinstance(key, str) or not NAME.fullmatch(key):
        raise _unusable(path, f"{where}: name it with small letters, digits and _, as my_topic")
    if not isinstance(told, dict):
        raise _unusable(path, f"{where}: give it `names` and `phrases`")
    told = {"blocking" if name == "not" else name: value for name, value in told.items()}
    try:
        one = Declared.model_validate(told)
    except ValidationError as error:
        raise _unusable(path, f"{where}: {'; '.join(map(_wrong, error.errors()))}") from None
    if not one.phrases:
        raise _unusable(path, f"{where}: give it at least one phrase")
    for text in [*one.phrases, *one.blocking]:
        if not compiled(text).steps:
            raise _unusable(path, f"{where}: the phrase {text!r} has no word. Take it out")
    return one


def _no_phrase_twice(path: Path, taxonomy: Taxonomy) -> None:
    for key, one in taxonomy.items():
        for phrases in (one.phrases, one.blocking):
            counts = Counter(_normal(text) for text in phrases)
            if twice := [text for text, n in counts.items() if n > 1]:
                said = ", ".join(repr(text) for text in twice)
                raise _unusable(path, f"topic {key!r}: listed twice: {said}. Leave one of each")


def compiled(text: str) -> Phrase:
    """A phrase as written: words; `*` lets one word more stand there, `=word` is that very form."""
    parts = text.split()
    said = [n for n, part in enumerate(parts) if any(map(str.isalnum, part))]
    gaps = tuple(n > 0 and parts[n - 1] == "*" for n in said)
    return Phrase(tuple(_keys(parts[n]) for n in said), gaps)


def _keys(part: str) -> frozenset[str]:
    """A dictionary form stands for itself alone, any other form for all that it may be."""
    if part.startswith("="):
        return frozenset((f"={fold(part[1:])}",))
    form = fold(part)
    keys = look_up(form).keys
    return frozenset((form,)) if form in keys else frozenset(k for k in keys if k[0] != "=")


def _normal(text: str) -> str:
    return " ".join(part if part == "*" else fold(part) for part in text.split())


def _wrong(error: Any) -> str:
    where = ".".join("not" if part == "blocking" else str(part) for part in error["loc"])
    return f"{where}: {_MENDED.get(error['type'], error['msg'])}"


_MENDED = {
    "missing": "it is missing. Write it",
    "extra_forbidden": "nothing of that name is known. Take it out or mend its spelling",
    "string_type": "text is expected. Put it in quotes",
}


def _at(error: yaml.YAMLError) -> str:
    mark, twice = getattr(error, "problem_mark", None), getattr(error, "problem", "") == TWICE
    return f" in line {mark.line + 1}{f' ({TWICE})' if twice else ''}" if mark else ""


def _unusable(path: Path, why: str) -> Refused:
    return Refused(f"The taxonomy {path} cannot be used: {why}. Nothing was read or written.")


def texts(taxonomy: Taxonomy) -> Iterator[tuple[str, str]]:
    """Every example with the key of its topic."""
    for key, one in taxonomy.items():
        yield from ((key, text) for text in one.examples)
