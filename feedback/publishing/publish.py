"""Publishes a snapshot: pages for people, files for programs, a manifest of checksums.

The same snapshot gives the same bytes: nothing here asks the clock, the place or the user.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from feedback.errors import Changed, Refused
from feedback.publishing import shelf
from feedback.publishing.exports import FORMATS, export
from feedback.publishing.page import QUALITY_PAGE, render, render_quality
from feedback.publishing.quality_facts import quality_json
from feedback.publishing.snapshot import Snapshot, rows, snapshot_id
from feedback.publishing.topic_files import topic_files

KEEP = 30
PAGE = "index.html"
QUALITY_FACTS = "quality.json"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class PublishedFile:
    """One file of a publication; size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """What `manifest.json` says: which numbers, of when, from which runs, in which files."""

    id: str
    as_of: datetime
    window_start: date
    window_end: date
    timezone: str
    model: str
    runs: tuple[str, ...]
    files: tuple[PublishedFile, ...]


@dataclass(frozen=True)
class Rendered:
    """A publication that is made and stands nowhere yet."""

    id: str
    contents: Mapping[str, bytes]

    @property
    def files(self) -> tuple[PublishedFile, ...]:
        return tuple(_listed(name, content) for name, content in self.contents.items())


@dataclass(frozen=True)
class Publication:
    """A finished publication: `page` is the stable path people bookmark."""

    id: str
    page: Path
    folder: Path
    files: tuple[PublishedFile, ...]


def make(snapshot: Snapshot) -> Rendered:
    """All files of a publication, in memory; the same snapshot gives the same bytes."""
    return Rendered(snapshot_id(snapshot), _files(snapshot))


def place(rendered: Rendered, folder: Path) -> Publication:
    """Write `folder/snapshots/<id>/` and point `folder/current` at it, atomically.

    Keeps the KEEP newest snapshots. Raises Refused when the folder cannot be written; the page
    published before stays in place then, as it does when the process is killed.
    """
    try:
        home = shelf.place(folder, rendered.id, rendered.contents, keep=KEEP)
    except OSError as error:
        raise Refused(
            f"Could not publish snapshot {rendered.id} into {folder}: {error.strerror or error}. "
            "The page published before still stands. Free the space or mend the rights of that "
            "folder, then publish again."
        ) from error
    page = folder / shelf.CURRENT / PAGE
    return Publication(id=home.name, page=page, folder=home, files=rendered.files)


def current(folder: Path) -> Manifest | None:
    """The manifest of what is published now, or None before the first publication.

    Raises Changed when the manifest is there and cannot be read as one.
    """
    path = folder / shelf.CURRENT / MANIFEST
    if not path.exists():
        return None
    try:
        return _manifest(json.loads(path.read_bytes()))
    except (ValueError, KeyError, TypeError) as error:
        raise Changed(
            f"{path} is not a manifest we wrote. Nothing was changed. Publish again to replace it."
        ) from error


def _files(snapshot: Snapshot) -> dict[str, bytes]:
    table = rows(snapshot)
    exports = {f"metrics.{kind}": export(kind, snapshot, table) for kind in FORMATS}
    exports |= topic_files(snapshot)
    page = render(snapshot, table, snapshot_id(snapshot), tuple(exports))
    files = {PAGE: page.encode(), **_quality(snapshot), **exports}
    return {**files, MANIFEST: _manifest_bytes(snapshot, files)}


def _quality(snapshot: Snapshot) -> dict[str, bytes]:
    if snapshot.quality is None:
        return {}
    page = render_quality(snapshot, snapshot.quality, snapshot_id(snapshot), (QUALITY_FACTS,))
    return {
        QUALITY_PAGE: page.encode(),
        QUALITY_FACTS: quality_json(snapshot, snapshot.quality),
    }


def _manifest_bytes(snapshot: Snapshot, files: Mapping[str, bytes]) -> bytes:
    content = {
        "id": snapshot_id(snapshot),
        "as_of": snapshot.as_of.isoformat(),
        "window_start": snapshot.window_start.isoformat(),
        "window_end": snapshot.window_end.isoformat(),
        "timezone": snapshot.timezone,
        "model": snapshot.model,
        "runs": list(snapshot.runs),
        "files": [asdict(_listed(name, content)) for name, content in files.items()],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def _manifest(content: dict[str, Any]) -> Manifest:
    return Manifest(
        id=content["id"],
        as_of=datetime.fromisoformat(content["as_of"]),
        window_start=date.fromisoformat(content["window_start"]),
        window_end=date.fromisoformat(content["window_end"]),
        timezone=content["timezone"],
        model=content["model"],
        runs=tuple(content["runs"]),
        files=tuple(PublishedFile(**file) for file in content["files"]),
    )


def _listed(name: str, content: bytes) -> PublishedFile:
    return PublishedFile(name, hashlib.sha256(content).hexdigest(), len(content))
