"""What every source must do, as tests that it inherits.

A source writes a small `Place` (where its records lie) and three lines; see `SourceContract`.
"""

import json
import logging
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

import pytest

from connectors.contract import Cursor, Page, Source
from feedback.errors import Changed, FeedbackError, Refused, Unavailable, Unreadable
from feedback.records import RawItem, Skipped, Utterance


class Place(Protocol):
    """Somewhere with known records, such as a folder or a server on loopback.

    `refs` are the refs of all its records, at least five and all readable. `secret` is what may
    never be shown, "" where there is none. `broken_words` is a word of the broken record.
    """

    refs: list[str]
    secret: str
    broken_words: str

    def source(self, page_size: int) -> Source:
        """A new source that points here; called many times, so it must start nothing."""

    def add_one(self) -> str:
        """Put one more readable record here, newer than all; returns its ref."""

    def break_one(self) -> None:
        """Spoil one of the records so that it cannot be fetched or read."""


class NetworkPlace(Place, Protocol):
    """A place behind a login."""

    def refuse(self) -> None:
        """From now on the login or token is refused (401)."""

    def go_away(self) -> None:
        """From now on nobody answers, or only with 503. Waiting must cost the test no time."""


class HttpPlace(NetworkPlace, Protocol):
    """A place behind HTTP. `waited` lists the seconds its sources slept, really or pretended."""

    waited: list[float]

    def ask_patience(self, seconds: int) -> None:
        """The next request, once, is answered 429 with Retry-After: `seconds`."""

    def loop(self) -> None:
        """From now on every page names itself, or an earlier page, as the next one."""


class SourceContract:
    """Inherit, and give the fixture `place`:

    class TestMastodonAsASource(SourceContract):
        @pytest.fixture
        def place(self) -> Place: ...
    """

    @pytest.fixture
    def place(self) -> Iterator[Place]:
        raise NotImplementedError("the class that inherits says where its records lie")

    def test_every_record_arrives_once_and_can_be_read(self, place: Place) -> None:
        source = place.source(page_size=2)
        pages = list(source.pull(None))
        assert len(place.refs) >= 5, "a place of fewer than five records proves too little"
        assert sorted(refs(pages)) == sorted(place.refs)
        for item in items(pages):
            heard = source.read(item.payload)
            assert isinstance(heard, Utterance), f"{item.ref} was skipped: {heard}"
            assert heard.said_at.tzinfo is not None, f"{item.ref} has a naive time"

    def test_it_resumes_from_every_cursor_without_loss_or_double(self, place: Place) -> None:
        pages = list(place.source(page_size=2).pull(None))
        assert len(pages) > 1, "one page proves nothing about resuming"
        for done in range(1, len(pages) + 1):
            cursor = through_json(pages[done - 1].cursor)
            rest = list(place.source(page_size=2).pull(cursor))
            assert sorted(refs(pages[:done]) + refs(rest)) == sorted(place.refs), f"page {done}"

    def test_it_resumes_when_nobody_asked_for_the_rest(self, place: Place) -> None:
        got, cursor = [], None
        for _ in range(10 * len(place.refs)):
            pulled = place.source(page_size=1).pull(cursor)
            page = next(pulled, None)
            pulled.close()  # type: ignore[attr-defined]  # a killed run asks for no more
            if page is None:
                break
            got += refs([page])
            cursor = through_json(page.cursor)
            if len(got) >= len(place.refs):
                break
        assert sorted(got) == sorted(place.refs)

    def test_the_result_does_not_depend_on_the_page_size(self, place: Place) -> None:
        whole = sorted(contents(place.source(page_size=100).pull(None)))
        for size in (1, 2, 3, len(place.refs)):
            assert sorted(contents(place.source(page_size=size).pull(None))) == whole, f"{size}"

    def test_no_page_is_larger_than_asked_for(self, place: Place) -> None:
        assert max(len(page.records) for page in place.source(page_size=2).pull(None)) <= 2

    def test_a_second_pull_from_the_last_cursor_brings_nothing(self, place: Place) -> None:
        cursor = last_cursor(place.source(page_size=2).pull(None))
        again = list(place.source(page_size=2).pull(cursor))
        assert refs(again) == []
        for page in again:
            third = list(place.source(page_size=2).pull(through_json(page.cursor)))
            assert refs(third) == [], "the cursor of an empty page lost its place"

    def test_a_new_record_is_found_from_the_last_cursor(self, place: Place) -> None:
        cursor = last_cursor(place.source(page_size=2).pull(None))
        new = place.add_one()
        found = refs(place.source(page_size=2).pull(cursor))
        assert found.count(new) == 1, found

    def test_a_record_pulled_twice_is_the_same_record(self, place: Place) -> None:
        first, again = place.source(page_size=2).pull(None), place.source(page_size=3).pull(None)
        assert sorted(contents(first)) == sorted(contents(again))

    def test_a_broken_record_is_set_aside_and_the_others_arrive(self, place: Place) -> None:
        place.break_one()
        source = place.source(page_size=2)
        read, broken = read_all(source, source.pull(None))
        assert len(broken) == 1, f"{len(broken)} set aside, wanted 1"
        assert len(read) == len(place.refs) - 1
        assert set(read) <= set(place.refs)
        reason = broken[0].reason
        assert len(reason) > 10, f"a reason for a person: {reason!r}"
        assert not (place.broken_words and place.broken_words in reason), "it quotes the record"

    def test_the_pull_after_a_broken_record_brings_it_no_more(self, place: Place) -> None:
        place.break_one()
        cursor = last_cursor(place.source(page_size=2).pull(None))
        again = list(place.source(page_size=2).pull(cursor))
        assert [record for page in again for record in page.records] == []

    def test_constructing_opens_nothing(self, place: Place) -> None:
        place.source(page_size=2)  # the first time imports modules, which are files
        with opened() as touched:
            place.source(page_size=2)
        assert touched == []

    def test_check_answers_in_a_sentence_and_changes_nothing(self, place: Place) -> None:
        assert len(place.source(page_size=2).check()) > 10
        assert sorted(refs(place.source(page_size=2).pull(None))) == sorted(place.refs)

    def test_reading_is_pure_and_never_fails_but_by_unreadable(self, place: Place) -> None:
        source = place.source(page_size=2)
        payload = items(source.pull(None))[0].payload
        assert source.read(payload) == source.read(payload)
        half = payload[: len(payload) // 2]
        for bad in (b"", b"\x00\xff\xfe", b"{}", b"[]", b"null", half, payload[::-1]):
            try:
                heard = source.read(bad)
            except Unreadable as error:
                assert len(error.reason) > 10, f"a reason for a person: {error.reason!r}"
            else:
                assert isinstance(heard, Utterance | Skipped)

    def test_the_secret_is_never_shown(
        self, place: Place, caplog: pytest.LogCaptureFixture
    ) -> None:
        if not place.secret:
            return
        caplog.set_level(logging.DEBUG)
        source = place.source(page_size=2)
        said = [source.check(), repr(source), str(vars(source))]
        said += [str(page) for page in source.pull(None)]
        assert place.secret not in " ".join([*said, caplog.text])


class NetworkSourceContract(SourceContract):
    """Inherit where a login and a network are needed."""

    def test_a_refused_login_says_what_to_change_and_not_the_secret(
        self, place: NetworkPlace, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        place.refuse()
        for error in (failure_of_check(place), failure_of_pull(place)):
            assert isinstance(error, Refused), repr(error)
            assert place.source(page_size=2).name in str(error), f"which source? {error}"
            assert place.secret not in f"{error!r} {error.__cause__!r} {caplog.text}"

    def test_a_place_that_is_away_is_waited_for(self, place: NetworkPlace) -> None:
        place.go_away()
        for error in (failure_of_check(place), failure_of_pull(place)):
            assert isinstance(error, Unavailable), repr(error)
            assert place.secret not in f"{error!r} {error.__cause__!r}"


class HttpSourceContract(NetworkSourceContract):
    """Inherit where the place is spoken to over HTTP."""

    def test_it_waits_as_retry_after_says(self, place: HttpPlace) -> None:
        place.ask_patience(7)
        try:
            got = refs(place.source(page_size=2).pull(None))
        except Unavailable as error:
            assert error.retry_after == 7, "it gave up without saying how long to wait"
        else:
            assert sum(place.waited) >= 7, place.waited
            assert sorted(got) == sorted(place.refs)

    def test_a_paging_loop_is_noticed(self, place: HttpPlace) -> None:
        place.loop()
        assert isinstance(failure_of_pull(place), Changed)


def refs(pages: Iterable[Page]) -> list[str]:
    return [item.ref for item in items(pages)]


def items(pages: Iterable[Page]) -> list[RawItem]:
    return [record for page in pages for record in page.records if isinstance(record, RawItem)]


def contents(pages: Iterable[Page]) -> list[tuple[str, str]]:
    return [(item.ref, item.content_hash) for item in items(pages)]


def through_json(cursor: Cursor) -> Cursor:
    """As the warehouse keeps it."""
    again: Cursor = json.loads(json.dumps(cursor))
    assert again == cursor, "JSON changes this cursor"
    return again


def last_cursor(pages: Iterable[Page]) -> Cursor:
    *_, last = pages
    return through_json(last.cursor)


def read_all(source: Source, pages: Iterable[Page]) -> tuple[list[str], list[Unreadable]]:
    """The refs that could be read, and what was set aside by the pull or by the reader."""
    read, broken = [], []
    for record in (record for page in pages for record in page.records):
        try:
            if isinstance(record, Unreadable):
                raise record
            source.read(record.payload)
            read.append(record.ref)
        except Unreadable as error:
            broken.append(error)
    return read, broken


def failure_of_check(place: Place) -> FeedbackError:
    with pytest.raises(FeedbackError) as caught:
        place.source(page_size=2).check()
    return caught.value


def failure_of_pull(place: Place) -> FeedbackError:
    with pytest.raises(FeedbackError) as caught:
        list(place.source(page_size=2).pull(None))
    return caught.value


_watch = threading.local()
_OPENING = {"open", "os.listdir", "os.scandir", "glob.glob", "sqlite3.connect", "subprocess.Popen"}


def _hear(event: str, args: tuple[object, ...]) -> None:
    touched = getattr(_watch, "touched", None)
    if touched is not None and (event in _OPENING or event.startswith("socket.")):
        touched.append(f"{event} {args[:1]}")


sys.addaudithook(_hear)  # there is one for good: Python cannot take an audit hook back


@contextmanager
def opened() -> Iterator[list[str]]:
    """What this thread opens meanwhile: files, folders, sockets, processes."""
    _watch.touched = touched = []
    try:
        yield touched
    finally:
        _watch.touched = None
