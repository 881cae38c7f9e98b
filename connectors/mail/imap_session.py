"""A logged-in IMAP connection that is closed whatever happens, and its failures in our terms.

Texts of the server are never passed on: what imaplib reports may hold a line of somebody's mail.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from imapclient import IMAPClient
from imapclient.exceptions import (
    CapabilityError,
    IMAPClientAbortError,
    IMAPClientError,
    LoginError,
)
from pydantic import SecretStr

from feedback.errors import Refused, Unavailable

_STORED = "What was handed out before is complete; the rest comes with the next run."
_WAIT_CODES = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[THROTTLED]")  # RFC 5530


class Account(Protocol):
    """What a session needs to know of the settings."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def user(self) -> str: ...
    @property
    def password(self) -> SecretStr: ...
    @property
    def tls(self) -> str: ...
    @property
    def ca_file(self) -> Path | None: ...
    @property
    def timeout(self) -> float: ...


class Session:
    """A logged-in connection; `client` is another one after `reopen`."""

    def __init__(self, name: str, account: Account) -> None:
        self.name = name
        self._account = account
        self.client: Any = None

    def reopen(self) -> None:
        """Connect and log in anew, whatever became of the connection before."""
        self.hang_up()
        self.client = _connected(self.name, self._account)
        _log_in(self.client, self.name, self._account)

    def hang_up(self) -> None:
        if self.client is not None:
            _shut(self.client)


@contextmanager
def session(name: str, account: Account) -> Iterator[Session]:
    """A session. Raises `Refused` and `Unavailable`, also for what fails inside."""
    where = f"{name}: {account.host}:{account.port}"
    opened = Session(name, account)
    try:
        opened.reopen()
        yield opened
        with suppress(OSError, IMAPClientError):  # everything was read: a rude goodbye is no loss
            opened.client.logout()
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise Unavailable(
            f"{where} cannot be reached or fell silent ({said}). {_STORED} Wait; if it stays so, "
            "check `host`, `port` and `timeout`."
        ) from None
    except IMAPClientAbortError:
        raise Unavailable(f"{where} ended the connection. {_STORED}") from None
    except IMAPClientError as error:
        why = "asks for patience" if waits(error) else "answers what is no proper IMAP"
        raise Unavailable(
            f"{where} {why}. {_STORED} Wait; if it stays so, check `host`, `port` and `tls`."
        ) from None
    finally:
        opened.hang_up()


def waits(error: IMAPClientError) -> bool:
    """Whether the server only asks for patience."""
    return any(code in str(error).upper() for code in _WAIT_CODES)


def _connected(name: str, account: Account) -> Any:
    where = f"{name}: {account.host}:{account.port}"
    try:
        return _opened(account)
    except ssl.SSLCertVerificationError as error:
        raise Refused(
            f"{where} shows a certificate that is not trusted ({error.verify_message}). Nothing "
            "was sent to it. Correct `host`, or name the authority's PEM file as `ca_file`."
        ) from None
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
        raise  # it went away, as any server may
    except ssl.SSLError:
        raise Refused(
            f"{where} does not speak TLS as it should. No password was sent to it. Correct `port`, "
            "or set `tls` to 'starttls'."
        ) from None
    except CapabilityError:
        raise Refused(
            f"{where} offers no STARTTLS. No password was sent to it. Set `tls` to 'tls' and "
            "`port` to 993."
        ) from None


def _opened(account: Account) -> Any:
    context = None if account.tls == "none" else _trust(account.ca_file)
    client = IMAPClient(
        account.host,
        port=account.port,
        ssl=account.tls == "tls",
        ssl_context=context,
        timeout=account.timeout,
    )
    client._imap.debug = 0  # at 5, as IMAPClient sets it, whole mails are formatted for the log
    if account.tls == "starttls":
        try:
            client.starttls(context)
        except (OSError, IMAPClientError):
            _shut(client)
            raise
    return client


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError):
        raise Refused(
            f"The certificate file {ca_file} cannot be read as PEM. Nothing was sent. Correct "
            "`ca_file`."
        ) from None


def _log_in(client: Any, name: str, account: Account) -> None:
    password = account.password.get_secret_value()
    plain_ascii = (account.user + password).isascii()  # else LOGIN cannot carry them
    try:
        (client.login if plain_ascii else client.plain_login)(account.user, password)
    except LoginError as error:
        if isinstance(error.__context__, IMAPClientAbortError) or waits(error):
            raise Unavailable(f"{name}: {account.host} broke off the login. {_STORED}") from None
        raise Refused(
            f"{name}: the login of {account.user} at {account.host} was refused. Nothing was read. "
            "Correct `user` and `password` (many providers want a password made for programs)."
        ) from None


def _shut(client: Any) -> None:
    with suppress(OSError):  # it is closed already
        client.shutdown()
