"""Mail from an IMAP server (RFC 3501), read-only: no flag changes, nothing is moved.

A cursor holds UIDVALIDITY and the last UID of each folder: a folder made anew begins anew.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from connectors.contract import Cursor, Page
from connectors.mail.imap_fetch import FetchedPage
from connectors.mail.imap_folder import Folder
from connectors.mail.imap_session import session
from connectors.mail.parse import MailSettings, read_message
from feedback.errors import Unreadable
from feedback.records import RawItem, Skipped, Utterance

_LOOPBACK = ("localhost", "::1")


class ImapSettings(MailSettings):
    """`[sources.<name>]` with kind = "imap"."""

    host: str = Field(min_length=1, description="Name of the IMAP server.")
    port: int = Field(993, ge=1, le=65_535, description="993 for tls, mostly 143 for starttls.")
    user: str = Field(min_length=1, description="Login name, often the address.")
    password: SecretStr = Field(description="Password, or the provider's password for programs.")
    folders: list[str] = Field(["INBOX"], min_length=1, description="Folders, as people see them.")
    tls: Literal["tls", "starttls", "none"] = Field(
        "tls", description="none only for a server on this machine."
    )
    ca_file: Path | None = Field(
        None, description="PEM file of the authority that signed the server's certificate."
    )
    timeout: float = Field(30, gt=0, le=600, description="Seconds to wait for each answer.")

    @field_validator("user", "password")
    @classmethod
    def _is_one_line(cls, value: str | SecretStr) -> str | SecretStr:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not text or not text.isprintable():
            raise ValueError("is empty or holds a line break or another unprintable character")
        return value

    @model_validator(mode="after")
    def _plain_only_at_home(self) -> Self:
        if self.tls == "none" and not self.host.startswith("127.") and self.host not in _LOOPBACK:
            raise ValueError("tls = 'none' would send the password readable: use tls or starttls")
        return self


class ImapSource:
    """One account, one or more folders. A connection is open only while `check` or `pull` runs."""

    Settings = ImapSettings

    def __init__(self, name: str, settings: ImapSettings) -> None:
        self.name = name
        self.channel = settings.channel
        self.settings = settings

    def check(self) -> str:
        """Log in and open every folder read-only."""
        with session(self.name, self.settings) as opened:
            folders = [Folder(opened, folder) for folder in self.settings.folders]
            counts = ", ".join(f"{folder.name}: {folder.count}" for folder in folders)
        who = f"{self.settings.user} at {self.settings.host}"
        return f"{self.name}: logged in as {who}, read-only. Messages in {counts}."

    def pull(self, since: Cursor | None) -> Iterator[Page]:
        """Pages by ascending UID, folder after folder; a page is cut short at 50 MB."""
        places: dict[str, Any] = dict(since or {})
        with session(self.name, self.settings) as opened:
            for name in self.settings.folders:
                folder = Folder(opened, name)
                for records, last_uid in self._pages(folder, places.get(name)):
                    place = {"uidvalidity": folder.uidvalidity, "last_uid": last_uid}
                    places = {**places, name: place}
                    yield Page(records, places)

    def read(self, payload: bytes) -> Utterance | Skipped:
        """See `read_message`."""
        return read_message(payload, self.settings)

    def _pages(
        self, folder: Folder, place: dict[str, int] | None
    ) -> Iterator[tuple[list[RawItem | Unreadable], int]]:
        """(records, last UID) after `place`; from the start where the folder was made anew."""
        known = place is not None and place["uidvalidity"] == folder.uidvalidity
        for uids in folder.uids_after(place["last_uid"] if place and known else 0):
            at = 0
            while at < len(uids):
                page = FetchedPage(folder, self.settings.max_bytes)
                at += page.take(uids[at : at + self.settings.page_size])
                yield page.records, uids[at - 1]
