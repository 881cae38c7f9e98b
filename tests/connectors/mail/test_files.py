"""Mail files: what arrives from an mbox, a Maildir, a folder of .eml and a glob."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.catalogue import source as from_catalogue
from connectors.mail.files import MailFilesSettings, MailFilesSource
from feedback.errors import Refused, Unreadable
from feedback.records import Utterance
from tests.connectors.mail.letters import letter, letters, mbox, ref_of
from tests.connectors.source_contract import (
    Place,
    SourceContract,
    items,
    last_cursor,
    refs,
)


class TestAnMboxAsASource(SourceContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Place:
        return MboxPlace(tmp_path)


class TestAMaildirAsASource(SourceContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Place:
        return MaildirPlace(tmp_path)


class TestAFolderOfEmlAsASource(SourceContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Place:
        return EmlPlace(tmp_path)


class TestAGlobOfMboxesAsASource(SourceContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Place:
        return GlobPlace(tmp_path)


def test_the_kind_is_in_the_catalogue(tmp_path: Path) -> None:
    built = from_catalogue("post", {"kind": "mail-files", "path": str(tmp_path)})
    assert isinstance(built, MailFilesSource)
    assert built.channel == "mail"


def test_a_missing_path_says_what_to_correct(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.mbox", tmp_path / "*.mbox"):
        with pytest.raises(Refused, match=r"post: there is nothing at .* Correct `path`"):
            list(at(path).pull(None))


def test_a_folder_without_mail_is_refused_and_not_taken_for_silence(tmp_path: Path) -> None:
    (tmp_path / "notes.doc").write_text("no mail")
    with pytest.raises(Refused, match="holds no mail"):
        list(at(tmp_path).pull(None))


def test_an_empty_mbox_and_an_empty_maildir_are_only_silent(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert list(at(tmp_path / "empty").pull(None)) == []
    for part in ("cur", "new", "tmp"):
        (tmp_path / "Maildir" / part).mkdir(parents=True)
    assert list(at(tmp_path / "Maildir").pull(None)) == []


def test_the_same_mail_has_one_ref_in_an_mbox_and_in_files(tmp_path: Path) -> None:
    payloads = [*letters(3), letter(7, "Пишу.\r\n\r\nFrom now on I am happy.\r\n>From here too.")]
    wanted = sorted((ref_of(payload), ref_of(payload)) for payload in payloads)
    for end in (b"\n", b"\r\n"):
        (tmp_path / "box").write_bytes(mbox(payloads, end=end))
        found = items(at(tmp_path / "box").pull(None))
        assert sorted((item.ref, ref_of(item.payload)) for item in found) == wanted


def test_a_line_that_begins_with_from_in_a_text_begins_no_message(tmp_path: Path) -> None:
    body = "Здравствуйте.\r\n\r\nFrom my side all is fine.\r\nIt works."
    box = mbox([letter(1, body)]).replace(b">From", b"From") + mbox([letter(2)])
    (tmp_path / "box").write_bytes(box)
    source = at(tmp_path / "box")
    first, second = items(source.pull(None))
    assert "From my side all is fine.\nIt works." in heard(source, first.payload).text
    assert second.ref == ref_of(letter(2))


def test_an_mbox_without_blank_lines_between_its_messages_is_still_cut(tmp_path: Path) -> None:
    (tmp_path / "box").write_bytes(mbox(letters(3)).replace(b"\n\nFrom ", b"\nFrom "))
    assert refs(at(tmp_path / "box").pull(None)) == [ref_of(one) for one in letters(3)]


def test_an_unchanged_file_is_not_opened_again(tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.write_bytes(mbox(letters(3)))
    cursor, stat = last_cursor(at(box).pull(None)), box.stat()
    box.write_bytes(b"x" * stat.st_size)  # whoever opens it now finds no mail
    os.utime(box, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert list(at(box).pull(cursor)) == []


def test_an_mbox_whose_beginning_changed_is_read_from_the_start(tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.write_bytes(mbox(letters(4)))
    cursor = last_cursor(at(box).pull(None))
    box.write_bytes(mbox([letter(9), *letters(4)[2:]]))
    assert refs(at(box).pull(cursor)) == [ref_of(one) for one in [letter(9), *letters(4)[2:]]]


@pytest.mark.parametrize("missing", [9, len(mbox([letter(8)])) // 2])
def test_a_message_that_is_still_being_written_arrives_once_and_whole(
    tmp_path: Path, missing: int
) -> None:
    box, whole = tmp_path / "box", mbox([*letters(3), letter(8)])
    box.write_bytes(whole[:-missing])
    pages = list(at(box).pull(None))
    assert refs(pages) == [ref_of(one) for one in letters(3)]
    box.write_bytes(whole)
    assert refs(at(box).pull(last_cursor(pages))) == [ref_of(letter(8))]


def test_a_header_without_its_text_is_held_back_though_a_blank_line_ends_it(tmp_path: Path) -> None:
    head = mbox([letter(8)]).partition(b"\n\n")[0] + b"\n\n"
    (tmp_path / "box").write_bytes(mbox(letters(3)) + head)
    assert refs(at(tmp_path / "box").pull(None)) == [ref_of(one) for one in letters(3)]


@pytest.mark.parametrize("seconds", [301, -3600])
def test_a_last_message_without_a_blank_line_arrives_when_the_file_is_at_rest(
    tmp_path: Path, seconds: int
) -> None:
    box = tmp_path / "box"
    box.write_bytes(mbox(letters(3)).rstrip(b"\n"))
    early = list(at(box).pull(None))
    assert len(refs(early)) == 2
    later = at(box, clock=lambda: box.stat().st_mtime + seconds)
    assert refs(later.pull(last_cursor(early))) == [ref_of(letters(3)[2])]
    assert list(later.pull(last_cursor(later.pull(None)))) == []


def test_a_message_that_rested_half_written_is_read_again_when_whole(tmp_path: Path) -> None:
    box, whole = tmp_path / "box", mbox(letters(3))
    box.write_bytes(whole[:-9])
    cursor = last_cursor(at(box, clock=lambda: box.stat().st_mtime + 301).pull(None))
    box.write_bytes(whole + mbox([letter(8)]))
    assert refs(at(box).pull(cursor)) == [ref_of(letters(3)[2]), ref_of(letter(8))]


def test_a_maildir_message_that_was_read_and_flagged_is_no_new_record(tmp_path: Path) -> None:
    place = MaildirPlace(tmp_path)
    cursor = last_cursor(place.source(2).pull(None))
    for file in (tmp_path / "new").iterdir():
        file.rename(tmp_path / "cur" / f"{file.name}:2,FS")
    assert refs(place.source(2).pull(cursor)) == []


def test_a_message_over_the_limit_is_set_aside_and_its_neighbours_arrive(tmp_path: Path) -> None:
    payloads = [letter(1), letter(2, "x" * 60_000), letter(3)]
    (tmp_path / "box.mbox").write_bytes(mbox(payloads))
    for n, payload in enumerate(payloads):
        (tmp_path / f"{n}.eml").write_bytes(payload)
    records = [r for page in at(tmp_path, max_bytes=50_000).pull(None) for r in page.records]
    aside = [one for one in records if isinstance(one, Unreadable)]
    assert len(records) == 6
    assert len(aside) == 2
    assert all("max_bytes" in one.reason and not one.payload for one in aside)


def test_a_file_that_cannot_be_opened_is_set_aside_until_it_can(tmp_path: Path) -> None:
    place = EmlPlace(tmp_path)
    shut = tmp_path / "shut.eml"
    shut.symlink_to(shut)  # as unreadable as a file without rights, for root too
    pages = list(place.source(100).pull(None))
    assert [r.ref for p in pages for r in p.records if isinstance(r, Unreadable)] == [str(shut)]
    assert len(items(pages)) == len(place.refs)
    cursor = last_cursor(pages)
    assert list(place.source(100).pull(cursor)) == []
    shut.unlink()
    shut.write_bytes(letter(40))
    assert refs(place.source(100).pull(cursor)) == [ref_of(letter(40))]


def test_files_are_left_as_they_were(tmp_path: Path) -> None:
    place = MboxPlace(tmp_path)
    before = [(file, file.stat().st_mtime_ns) for file in tmp_path.iterdir()]
    list(place.source(2).pull(None))
    assert [(file, file.stat().st_mtime_ns) for file in tmp_path.iterdir()] == before


def at(
    path: Path,
    page_size: int = 100,
    max_bytes: int = 25_000_000,
    clock: Callable[[], float] = time.time,
) -> MailFilesSource:
    settings = MailFilesSettings(
        kind="mail-files", path=str(path), page_size=page_size, max_bytes=max_bytes
    )
    return MailFilesSource("post", settings, clock)


def heard(source: MailFilesSource, payload: bytes) -> Utterance:
    utterance = source.read(payload)
    assert isinstance(utterance, Utterance)
    return utterance


class FilesPlace:
    """Seven letters in files below `folder`; the subclasses say how."""

    secret = ""
    broken_words = "Beschwerde"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.refs = [ref_of(one) for one in letters(7)]
        self.write(letters(7))

    def source(self, page_size: int) -> MailFilesSource:
        return at(self.path(), page_size)

    def add_one(self) -> str:
        self.write([letter(30)], name="30")
        return ref_of(letter(30))

    def break_one(self) -> None:
        undated = letter(3, "Beschwerde", date=None)
        self.write([undated if n == 3 else one for n, one in enumerate(letters(7))], anew=True)

    def path(self) -> Path:
        return self.folder

    def write(self, payloads: list[bytes], name: str = "", anew: bool = False) -> None:
        raise NotImplementedError


class MboxPlace(FilesPlace):
    def path(self) -> Path:
        return self.folder / "box"

    def write(self, payloads: list[bytes], name: str = "", anew: bool = False) -> None:
        with self.path().open("wb" if anew else "ab") as file:
            file.write(mbox(payloads))


class GlobPlace(FilesPlace):
    def path(self) -> Path:
        return self.folder / "*.box"

    def write(self, payloads: list[bytes], name: str = "", anew: bool = False) -> None:
        for n in range(0, len(payloads), 3):
            (self.folder / f"{name}{n}.box").write_bytes(mbox(payloads[n : n + 3]))


class EmlPlace(FilesPlace):
    def write(self, payloads: list[bytes], name: str = "", anew: bool = False) -> None:
        for n, payload in enumerate(payloads):
            file = self.folder / f"folder {n % 2}" / f"{name}{n}.EML"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(payload)


class MaildirPlace(FilesPlace):
    def write(self, payloads: list[bytes], name: str = "", anew: bool = False) -> None:
        for part in ("cur", "new", "tmp"):
            (self.folder / part).mkdir(exist_ok=True)
        for n, payload in enumerate(payloads):
            (self.folder / "new" / f"17{name}{n}.M1P1.host").write_bytes(payload)
