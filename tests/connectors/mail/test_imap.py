"""The IMAP source against a real Dovecot: nothing is lost, doubled or marked as read."""

import itertools
import logging
from pathlib import Path
from typing import cast

import pytest
from pydantic import ValidationError

from connectors.catalogue import source as from_catalogue
from connectors.mail.imap import ImapSettings, ImapSource
from connectors.mail.imap_fetch import FetchedPage
from connectors.mail.imap_folder import Folder
from connectors.mail.imap_session import Session
from feedback.errors import Refused, Unavailable, Unreadable
from tests.connectors.dovecot import PASSWORD, Dovecot, dovecot, dovecot_server, free_port
from tests.connectors.mail.letters import letter, letters, ref_of
from tests.connectors.source_contract import (
    NetworkPlace,
    NetworkSourceContract,
    items,
    last_cursor,
    refs,
    through_json,
)

__all__ = ["dovecot", "dovecot_server"]
_users = (f"user{n}" for n in itertools.count())


class TestAnImapMailboxAsASource(NetworkSourceContract):
    @pytest.fixture
    def place(self, dovecot: Dovecot) -> NetworkPlace:
        return ImapPlace(dovecot)


def test_a_mailbox_made_anew_is_read_from_its_start(dovecot: Dovecot) -> None:
    place = ImapPlace(dovecot, folder="Support")
    cursor = last_cursor(place.source(2).pull(None))
    client = dovecot.client(place.user)
    client.delete_folder("Support")
    client.logout()
    dovecot.append(place.user, [letter(20), letter(21)], "Support")
    assert refs(place.source(2).pull(cursor)) == [ref_of(letter(20)), ref_of(letter(21))]


def test_a_message_deleted_between_search_and_fetch_costs_no_other(dovecot: Dovecot) -> None:
    place = ImapPlace(dovecot)
    pulled = place.source(2).pull(None)
    got = [next(pulled)]  # by now the whole folder was searched
    place.expunge(4)
    got += pulled
    assert refs(got) == [ref for n, ref in enumerate(place.refs) if n != 3]
    assert len(refs(got)) == sum(len(page.records) for page in got)


def test_a_server_killed_in_the_middle_is_waited_for_and_nothing_is_lost(dovecot: Dovecot) -> None:
    place = ImapPlace(dovecot)
    pulled = place.source(2).pull(None)
    got = [next(pulled)]
    dovecot.kill()
    with pytest.raises(Unavailable, match="the rest comes with the next run"):
        list(pulled)
    with pytest.raises(Unavailable):
        place.source(2).check()
    dovecot.start()
    got += place.source(2).pull(through_json(got[-1].cursor))
    assert refs(got) == place.refs


def test_a_connection_lost_in_the_middle_is_opened_again(dovecot: Dovecot) -> None:
    place = ImapPlace(dovecot)
    pulled = place.source(2).pull(None)
    got = [next(pulled)]
    dovecot.kill()
    dovecot.start()
    got += pulled
    assert refs(got) == place.refs


def test_many_messages_that_make_the_server_hang_up_end_the_pull(dovecot: Dovecot) -> None:
    place = ImapPlace(dovecot)
    for n in range(7):
        place.damage(n)
    with pytest.raises(Unavailable, match="hung up 5 times in a row"):
        list(place.source(7).pull(None))


def test_a_damaged_message_is_named_by_folder_uidvalidity_and_uid(dovecot: Dovecot) -> None:
    place = ImapPlace(dovecot)
    place.damage(3)
    pages = list(place.source(100).pull(None))
    aside = [r for page in pages for r in page.records if isinstance(r, Unreadable)]
    assert [one.ref for one in aside] == [f"INBOX/{pages[0].cursor['INBOX']['uidvalidity']}/4"]


def test_damaged_messages_of_two_folders_made_in_one_second_are_two() -> None:
    refs = []
    for folder in (EmptyHandedFolder("INBOX"), EmptyHandedFolder("Отзывы")):
        page = FetchedPage(cast(Folder, folder), max_bytes=1000)
        page.take([4])
        refs += [record.ref for record in page.records]
    assert len(set(refs)) == 2


def test_an_empty_range_of_uids_brings_nothing_again(dovecot: Dovecot) -> None:
    place = ImapPlace(dovecot)
    cursor = last_cursor(place.source(100).pull(None))
    assert cursor["INBOX"]["last_uid"] == 7
    place.expunge(7)
    assert list(place.source(100).pull(cursor)) == []


def test_several_folders_with_cyrillic_names_are_read(dovecot: Dovecot) -> None:
    place = ImapPlace(dovecot)
    dovecot.append(place.user, [letter(11)], "Отзывы")
    dovecot.append(place.user, [letter(12)], "Отзывы.Жалобы")
    source = place.source(100, folders=["INBOX", "Отзывы", "Отзывы.Жалобы"])
    assert refs(source.pull(None)) == [*place.refs, ref_of(letter(11)), ref_of(letter(12))]
    assert "Отзывы: 1" in source.check()


def test_one_mail_in_two_folders_is_one_record(dovecot: Dovecot) -> None:
    place = ImapPlace(dovecot)
    copied = b"Received: by archive.example.com; Tue, 2 Jun 2026 10:00:00 +0300\r\n" + letters(7)[0]
    dovecot.append(place.user, [copied], "Archive")
    found = items(place.source(100, folders=["INBOX", "Archive"]).pull(None))
    assert len(found) == 8
    assert (found[0].ref, found[0].content_hash) == (found[7].ref, found[7].content_hash)


def test_a_missing_folder_names_those_there_are(dovecot: Dovecot) -> None:
    place = ImapPlace(dovecot)
    dovecot.append(place.user, [letter()], "Отзывы")
    with pytest.raises(Refused, match=r"'Feedback' cannot be opened.*INBOX, Отзывы"):
        place.source(2, folders=["Feedback"]).check()


def test_flags_are_left_as_they_were(dovecot: Dovecot) -> None:
    place = ImapPlace(dovecot)
    client = dovecot.client(place.user)
    client.select_folder("INBOX")
    client.add_flags([2], [b"\\Flagged"])
    client.logout()
    list(place.source(2).pull(None))
    client = dovecot.client(place.user)
    client.select_folder("INBOX", readonly=True)
    flags = {
        uid: set(got[b"FLAGS"]) - {b"\\Recent"}
        for uid, got in client.fetch([1, 2, 3, 4, 5, 6, 7], ["FLAGS"]).items()
    }
    client.logout()
    assert flags == {uid: {b"\\Flagged"} if uid == 2 else set() for uid in range(1, 8)}


def test_nobody_else_notices_that_mail_was_pulled(dovecot: Dovecot) -> None:
    place = ImapPlace(dovecot)
    list(place.source(2).pull(None))
    client = dovecot.client(place.user)
    assert client.folder_status("INBOX", ["RECENT", "UNSEEN"]) == {b"RECENT": 7, b"UNSEEN": 7}
    client.logout()


def test_uids_are_asked_for_in_ranges_that_fit_into_one_answer() -> None:
    server = FakeServer([1, 50_000, 50_001, 120_000], uidnext=120_001)
    found = list(Folder(FakeSession(server), "INBOX").uids_after(1))
    assert found == [[50_000, 50_001], [], [120_000]]
    assert server.asked == ["2:50001", "50002:100001", "100002:120000"]


def test_the_last_message_is_not_pulled_again_where_the_server_names_no_uidnext() -> None:
    server = FakeServer([3, 7], uidnext=None)
    assert list(Folder(FakeSession(server), "INBOX").uids_after(7)) == [[]]
    assert list(Folder(FakeSession(server), "INBOX").uids_after(0)) == [[3, 7]]


def test_a_message_over_the_limit_is_set_aside_without_being_fetched(dovecot: Dovecot) -> None:
    place = ImapPlace(dovecot)
    dovecot.append(place.user, [letter(8, "x" * 60_000), letter(9)])
    pages = list(place.source(100, max_bytes=50_000).pull(None))
    aside = [r for page in pages for r in page.records if isinstance(r, Unreadable)]
    assert refs(pages) == [*place.refs, ref_of(letter(9))]
    assert len(aside) == 1
    assert "max_bytes" in aside[0].reason


def test_a_login_that_is_refused_says_who_and_what_to_correct(dovecot: Dovecot) -> None:
    with pytest.raises(Refused) as caught:
        ImapPlace(dovecot).source(2, password="wrong-one").check()
    assert "user" in str(caught.value)
    assert "127.0.0.1" in str(caught.value)
    assert "`password`" in str(caught.value)


def test_a_password_beyond_ascii_is_sent_and_refused_like_any_other(dovecot: Dovecot) -> None:
    with pytest.raises(Refused, match="was refused") as caught:
        ImapPlace(dovecot).source(2, password="пароль").check()
    assert "пароль" not in repr(caught.value)


def test_words_of_a_mail_do_not_reach_the_log(
    dovecot: Dovecot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place = ImapPlace(dovecot)
    dovecot.append(place.user, [letter(8, "Beschwerde")])
    caplog.clear()
    assert len(items(place.source(2).pull(None))) == 8
    assert "Beschwerde" not in caplog.text


def test_a_certificate_nobody_vouches_for_is_refused(dovecot: Dovecot) -> None:
    _needs_tls(dovecot)
    with pytest.raises(Refused, match=r"not trusted.*`ca_file`"):
        ImapPlace(dovecot).source(2, tls="tls", port=dovecot.tls_port).check()


def test_a_certificate_of_another_host_is_refused(dovecot: Dovecot) -> None:
    ca_file = _needs_tls(dovecot)
    place = ImapPlace(dovecot)
    with pytest.raises(Refused, match=r"not trusted.*Correct `host`"):
        place.source(2, tls="tls", port=dovecot.tls_port, ca_file=ca_file).check()


def test_tls_and_starttls_work_with_the_authority_of_the_server(dovecot: Dovecot) -> None:
    ca_file = _needs_tls(dovecot)
    place = ImapPlace(dovecot)
    for tls, port in (("tls", dovecot.tls_port), ("starttls", dovecot.port)):
        source = place.source(100, tls=tls, port=port, ca_file=ca_file, host="localhost")
        assert refs(source.pull(None)) == place.refs


def test_a_server_without_tls_on_this_port_says_so(dovecot: Dovecot) -> None:
    with pytest.raises(Refused, match=r"does not speak TLS.*Correct `port`"):
        ImapPlace(dovecot).source(2, tls="tls").check()


def test_a_silent_server_is_given_up_after_the_timeout(dovecot: Dovecot) -> None:
    _needs_tls(dovecot)
    with pytest.raises(Unavailable, match="fell silent"):  # it waits for TLS, we for a greeting
        ImapPlace(dovecot).source(2, port=dovecot.tls_port, timeout=0.5).check()


def test_a_ca_file_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    for file in (tmp_path / "ca.pem", tmp_path / "missing.pem"):
        with pytest.raises(Refused, match=file.name):
            ImapSource("post", settings(tls="tls", ca_file=file)).check()


def test_a_password_is_never_sent_readable_over_a_network() -> None:
    for host in ("mail.example.com", "10.0.0.1"):
        with pytest.raises(ValidationError, match="use tls or starttls"):
            settings(host=host)
    assert settings(host="localhost").tls == "none"


def test_a_password_with_a_line_break_is_refused_without_being_shown() -> None:
    table = {**settings().model_dump(), "password": "hidden-one\n"}
    with pytest.raises(Refused, match=r"password: .*line break") as caught:
        from_catalogue("post", table)
    assert "hidden-one" not in str(caught.value)


def settings(**changed: object) -> ImapSettings:
    table = {
        "kind": "imap",
        "host": "127.0.0.1",
        "port": 9,
        "user": "user",
        "password": PASSWORD,
        "tls": "none",
        "timeout": 10,
    }
    return ImapSettings.model_validate({**table, **changed})


def _needs_tls(dovecot: Dovecot) -> Path:
    if dovecot.ca_file is None:
        pytest.skip("openssl is not installed, so there is no certificate to try")
    return dovecot.ca_file


class EmptyHandedFolder:
    """Lists every message and gives none; all such folders were made in one second."""

    uidvalidity = 1_790_000_000

    def __init__(self, name: str) -> None:
        self.name = name

    def fetch(self, uids: list[int], what: str) -> dict[int, object]:
        return {}

    def lists(self, uid: int) -> bool:
        return True


class ImapPlace:
    """A mailbox of seven letters of a user of its own."""

    secret = PASSWORD
    broken_words = "Письмо"

    def __init__(self, dovecot: Dovecot, folder: str = "INBOX") -> None:
        self.dovecot = dovecot
        self.folder = folder
        self.user = next(_users)
        self.refs = [ref_of(one) for one in letters(7)]
        self._changed: dict[str, object] = {}
        dovecot.append(self.user, letters(7), folder)

    def source(self, page_size: int, **changed: object) -> ImapSource:
        where = {"host": self.dovecot.host, "port": self.dovecot.port, "user": self.user}
        with_folder = {**where, "folders": [self.folder], "page_size": page_size}
        return ImapSource("post", settings(**{**with_folder, **self._changed, **changed}))

    def add_one(self) -> str:
        self.dovecot.append(self.user, [letter(30)], self.folder)
        return ref_of(letter(30))

    def break_one(self) -> None:
        self.damage(3)

    def refuse(self) -> None:
        self._changed = {"password": PASSWORD + "-changed"}
        self.secret = PASSWORD + "-changed"

    def go_away(self) -> None:
        self._changed = {"port": free_port()}

    def damage(self, n: int) -> None:
        """Cut the file of the n-th letter, as a full disk does. Dovecot hangs up on such a one."""
        mails = self.dovecot.home / "mail" / self.user
        files = [file for part in ("new", "cur") for file in (mails / part).iterdir()]
        message_id = f"<{n}@example.com>".encode()
        (file,) = [file for file in files if message_id in file.read_bytes()]
        file.write_bytes(file.read_bytes()[:100])

    def expunge(self, uid: int) -> None:
        client = self.dovecot.client(self.user)
        client.select_folder(self.folder)
        client.delete_messages([uid])
        client.expunge()
        client.logout()


class FakeServer:
    """Answers SELECT and SEARCH as RFC 3501 says, `n:*` with the last message included."""

    def __init__(self, uids: list[int], uidnext: int | None) -> None:
        self._uids = uids
        self._uidnext = uidnext
        self.asked: list[str] = []

    def select_folder(self, name: str, readonly: bool) -> dict[bytes, int]:
        answer = {b"UIDVALIDITY": 1, b"EXISTS": len(self._uids)}
        return answer if self._uidnext is None else answer | {b"UIDNEXT": self._uidnext}

    def search(self, criteria: list[str]) -> list[int]:
        self.asked.append(criteria[1])
        first, _, last = criteria[1].partition(":")
        ends = sorted([int(first), max(self._uids) if last == "*" else int(last)])
        return [uid for uid in reversed(self._uids) if ends[0] <= uid <= ends[1]]


class FakeSession(Session):
    """Logged in to a `FakeServer`."""

    def __init__(self, server: FakeServer) -> None:
        super().__init__("post", settings())
        self.client = server
