"""What stands in the folder after publishing, also when the process died half way.

The process that dies is a real one: it kills itself before each of its file operations in turn.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from feedback.errors import Changed, Refused
from feedback.publishing import shelf
from feedback.publishing.publish import Rendered, current, make, place
from feedback.publishing.snapshot import snapshot_id
from tests.feedback.publishing.samples import AS_OF, make_row, make_snapshot, make_values

ROOT = Path(__file__).parents[3]
PAGES = {"index.html", "quality.html", "quality.json"}
ALL = (
    PAGES
    | {"metrics.csv", "metrics.xlsx", "metrics.json", "metrics.parquet"}
    | {
        "topics.csv",
        "topics.parquet",
    }
)


def test_a_publication_has_its_pages_and_all_exports_with_true_checksums(
    rendered: Rendered, tmp_path: Path
) -> None:
    publication = place(rendered, tmp_path)
    assert {file.name for file in publication.files} == ALL | {"manifest.json"}
    for file in publication.files:
        content = (publication.folder / file.name).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (file.sha256, file.size)
    assert publication.page == tmp_path / "current" / "index.html"
    assert publication.page.read_bytes() == (publication.folder / "index.html").read_bytes()


def test_the_manifest_says_which_numbers_these_are(rendered: Rendered, tmp_path: Path) -> None:
    assert current(tmp_path) is None
    publication = place(rendered, tmp_path)
    manifest = current(tmp_path)
    assert manifest is not None
    assert manifest.id == publication.id
    assert (manifest.as_of, manifest.runs) == (AS_OF, make_snapshot().runs)
    assert {file.name for file in manifest.files} == ALL


def test_publishing_the_same_snapshot_twice_gives_the_same_bytes(
    rendered: Rendered, tmp_path: Path
) -> None:
    again = make(make_snapshot())
    assert again == rendered
    assert place(rendered, tmp_path).id == place(again, tmp_path).id
    assert len(list((tmp_path / "snapshots").iterdir())) == 1


def test_bytes_do_not_depend_on_the_clock_the_zone_or_the_order_of_rows() -> None:
    shuffled = make_snapshot(values=make_values().iloc[::-1].reset_index(drop=True))
    code = (
        "from feedback.publishing.publish import make\n"
        "from tests.feedback.publishing.samples import make_snapshot\n"
        "for file in make(make_snapshot()).files: print(file.sha256)"
    )
    env = {**os.environ, "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    there = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    assert there.stdout.split() == [file.sha256 for file in make(shuffled).files]


def test_any_changed_number_source_or_run_gives_another_id() -> None:
    usual = snapshot_id(make_snapshot())
    assert usual.startswith("20261031T030000Z-")
    other = make_values([make_row(metric="csat", channel="mail")])
    for changed in ({"values": other}, {"sources": ()}, {"runs": ()}, {"judged": None}):
        assert snapshot_id(make_snapshot(**changed)) != usual, changed


def test_the_newest_snapshots_are_kept_and_older_ones_dropped(tmp_path: Path) -> None:
    for name in "1234":
        shelf.place(tmp_path, name, {"index.html": b""}, keep=2)
    assert sorted(path.name for path in (tmp_path / "snapshots").iterdir()) == ["3", "4"]


def test_an_old_snapshot_published_again_is_current_and_survives_the_tidying(
    tmp_path: Path,
) -> None:
    for name in "561":
        shelf.place(tmp_path, name, {"index.html": b""}, keep=2)
    assert (tmp_path / "current" / "index.html").exists()
    assert (tmp_path / "current").resolve().name == "1"


def test_a_damaged_snapshot_is_published_anew_beside_itself(
    rendered: Rendered, tmp_path: Path
) -> None:
    first = place(rendered, tmp_path)
    (first.folder / "index.html").write_text("half a pa")
    again = place(rendered, tmp_path)
    assert again.id == f"{first.id}-2"
    assert "</html>" in again.page.read_text("utf-8")


def test_a_folder_that_cannot_be_written_is_refused_in_words(
    rendered: Rendered, tmp_path: Path
) -> None:
    (tmp_path / "current").mkdir()
    with pytest.raises(Refused, match=r"still stands.*publish again"):
        place(rendered, tmp_path)


def test_a_strange_manifest_is_named_and_not_guessed_at(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    (tmp_path / "current" / "manifest.json").write_text('{"id": 1}')
    with pytest.raises(Changed, match=r"manifest\.json"):
        current(tmp_path)


def test_killed_at_any_step_the_previous_publication_stays_whole(tmp_path: Path) -> None:
    old, new = {"index.html": b"old", "a": b"1" * 9}, {"index.html": b"new", "a": b"2" * 9}
    survived = set()
    for step in range(200):
        folder = tmp_path / str(step)
        for name in ("0", "1"):
            shelf.place(folder, name, old, keep=2)
        died = _place_and_die(folder, "2", new, step)
        shown = {path.name: path.read_bytes() for path in (folder / "current").iterdir()}
        assert shown in (old, new), f"step {step} left {shown}"
        survived.add(shown["index.html"])
        finished = list((folder / "snapshots").glob("[!.]*"))
        assert all(len(list(path.iterdir())) == len(old) for path in finished), f"step {step}"
        shelf.place(folder, "3", new, keep=2)
        assert not list(folder.rglob(".unfinished-*")), f"step {step} was not tidied up"
        if not died:
            break
    assert step > 20, "the steps were not seen: has the audit hook lost its events?"
    assert survived == {b"old", b"new"}


def _place_and_die(folder: Path, name: str, files: dict[str, bytes], step: int) -> bool:
    """Publish in a process of its own that kills itself before its file operation `step`."""
    code = f"""
import os, signal, sys
from pathlib import Path
from feedback.publishing import shelf
left = [{step}]
def hook(event, arguments):
    if event == "open" or event.startswith(("os.", "shutil.", "fcntl.")):
        left[0] -= 1
        if left[0] == -1:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
shelf.place(Path({str(folder)!r}), {name!r}, {files!r}, keep=2)
left[0] = 10**9
"""
    ended = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, check=False)
    assert ended.returncode in (0, -signal.SIGKILL)
    return ended.returncode != 0


def test_the_manifest_lists_itself_nowhere_and_is_valid_json(rendered: Rendered) -> None:
    manifest = json.loads(rendered.contents["manifest.json"])
    assert {file["name"] for file in manifest["files"]} == ALL


@pytest.fixture(scope="module")
def rendered() -> Rendered:
    return make(make_snapshot())
