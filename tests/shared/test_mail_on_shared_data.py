"""The mail reader and both mail sources on messages that others collected.

Needs the folder `shared` beside the checkout, or FEEDBACK_SHARED; skipped without it.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
from imapclient.exceptions import IMAPClientError

from connectors.mail.files import MailFilesSettings, MailFilesSource
from connectors.mail.imap import ImapSettings, ImapSource
from connectors.mail.parse import read_message
from feedback.errors import Unreadable
from feedback.records import Skipped
from tests.connectors.dovecot import PASSWORD, Dovecot, dovecot, dovecot_server
from tests.connectors.mail.letters import mail_settings, mbox, ref_of
from tests.connectors.source_contract import contents, items, last_cursor, refs

__all__ = ["dovecot", "dovecot_server"]

SHARED = Path(os.environ.get("FEEDBACK_SHARED", Path(__file__).parents[2].parent / "shared"))
MAIL = SHARED / "data" / "mail"
pytestmark = pytest.mark.skipif(not MAIL.is_dir(), reason=f"there is no shared mail at {MAIL}")

UNDATED = "The message has no readable Date, and no Received header with one."
NO_MAIL = "This is no mail message: it has no header. Nothing can be read from it."


@pytest.mark.parametrize(
    ("folder", "outcomes"),
    [
        ("imap_tools", {"heard": 94, "bounce": 6, UNDATED: 12, NO_MAIL: 1}),
        ("cpython-test_email", {"heard": 27, "bounce": 4, UNDATED: 16, NO_MAIL: 1}),
    ],
)
def test_every_message_is_heard_skipped_or_set_aside(folder: str, outcomes: dict[str, int]) -> None:
    assert Counter(outcome(payload) for payload in payloads(folder)) == outcomes


def test_what_is_cut_out_of_mails_is_set_aside_and_not_made_up() -> None:
    for folder in ("crisp-email-reply-parser", "email-reply-parser", "mail-parser-reply"):
        found = Counter(outcome(payload) for payload in payloads(folder))
        assert set(found) <= {UNDATED, NO_MAIL}, folder
        assert found.total() > 20, folder


def test_pages_of_files_hold_every_message_whatever_their_size() -> None:
    for pattern in ("imap_tools/*.eml", "cpython-test_email/*.txt"):
        whole = contents(files(MAIL / pattern, 1000).pull(None))
        assert len(whole) == len(list(MAIL.glob(pattern)))
        for size in (1, 7):
            pages = list(files(MAIL / pattern, size).pull(None))
            assert contents(pages) == whole
            assert list(files(MAIL / pattern, size).pull(last_cursor(pages))) == []


def test_every_message_is_the_same_record_from_a_file_an_mbox_and_a_server(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    accepted = []
    client = dovecot.client("shared")
    for payload in payloads("imap_tools"):
        try:
            client.append("INBOX", b"\r\n".join(payload.splitlines()) + b"\r\n")
        except IMAPClientError:  # Dovecot takes no NUL
            continue
        accepted.append(payload)
    client.logout()
    assert len(accepted) > 100
    wanted = [ref_of(payload) for payload in accepted]
    assert refs(server(dovecot).pull(None)) == wanted
    whole = [one for one in accepted if outcome(one) != NO_MAIL]  # what begins without a header
    (tmp_path / "box").write_bytes(mbox(whole))
    assert refs(files(tmp_path / "box", 10).pull(None)) == [ref_of(one) for one in whole]


def test_what_a_server_gives_reads_as_the_file_does(dovecot: Dovecot) -> None:
    said = payloads("cpython-test_email")
    dovecot.append("cpython", [b"\r\n".join(payload.splitlines()) + b"\r\n" for payload in said])
    given = items(server(dovecot, "cpython").pull(None))
    assert [outcome(item.payload) for item in given] == [outcome(payload) for payload in said]


def payloads(folder: str) -> list[bytes]:
    return [file.read_bytes() for file in sorted((MAIL / folder).iterdir())]


def outcome(payload: bytes) -> str:
    try:
        read = read_message(payload, mail_settings())
    except Unreadable as error:
        return error.reason
    return read.reason if isinstance(read, Skipped) else "heard"


def files(path: Path, page_size: int) -> MailFilesSource:
    settings = MailFilesSettings(kind="mail-files", path=str(path), page_size=page_size)
    return MailFilesSource("post", settings)


def server(dovecot: Dovecot, user: str = "shared") -> ImapSource:
    table = {"kind": "imap", "host": dovecot.host, "port": dovecot.port, "tls": "none"}
    table |= {"user": user, "password": PASSWORD, "page_size": 10}
    return ImapSource("post", ImapSettings.model_validate(table))
