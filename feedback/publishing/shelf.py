"""Where publications stand: `snapshots/<id>/` whole folders and `current`, a link to one of them.

Killed at any moment, `current` still leads to a whole publication: folders appear and links
change by rename alone, and what a killed run left behind is swept by the next one.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SNAPSHOTS = "snapshots"
CURRENT = "current"
UNFINISHED = ".unfinished-"


def place(folder: Path, name: str, files: Mapping[str, bytes], *, keep: int) -> Path:
    """Store `files` as `snapshots/<name>`, make it current, drop all but the `keep` newest names.

    Files already there with the same bytes are left alone; with other bytes (a newer template, a
    damaged file) the new ones get `<name>-2`, because a folder in use is never changed.
    Raises OSError; whatever happens, the previous publication stays readable.
    """
    snapshots = folder / SNAPSHOTS
    snapshots.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        _sweep(folder)
        home = _home(snapshots, name, files)
        if not home.exists():
            _write(snapshots / f"{UNFINISHED}{home.name}", files).rename(home)
            _settle(snapshots)
        _switch(folder, home)
        _prune(folder, keep)
    return home


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel lets go of it when the process dies
        yield


def _home(snapshots: Path, name: str, files: Mapping[str, bytes]) -> Path:
    home, attempt = snapshots / name, 1
    while home.exists() and not _holds(home, files):
        attempt += 1
        home = snapshots / f"{name}-{attempt}"
    return home


def _holds(home: Path, files: Mapping[str, bytes]) -> bool:
    if {path.name for path in home.iterdir()} != set(files):
        return False
    return all((home / name).read_bytes() == content for name, content in files.items())


def _write(unfinished: Path, files: Mapping[str, bytes]) -> Path:
    unfinished.mkdir()
    for name, content in files.items():
        with (unfinished / name).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    _settle(unfinished)
    return unfinished


def _switch(folder: Path, home: Path) -> None:
    link = folder / f"{UNFINISHED}{CURRENT}"
    link.symlink_to(Path(SNAPSHOTS) / home.name, target_is_directory=True)
    link.replace(folder / CURRENT)
    _settle(folder)


def _prune(folder: Path, keep: int) -> None:
    snapshots = folder / SNAPSHOTS
    names = sorted(path.name for path in snapshots.iterdir() if not path.name.startswith("."))
    for name in set(names[:-keep]) - {(folder / CURRENT).readlink().name}:
        (snapshots / name).rename(snapshots / f"{UNFINISHED}{name}")
    _sweep(folder)


def _sweep(folder: Path) -> None:
    (folder / f"{UNFINISHED}{CURRENT}").unlink(missing_ok=True)
    for left in (folder / SNAPSHOTS).glob(f"{UNFINISHED}*"):
        shutil.rmtree(left)


def _settle(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
