"""A real IMAP server on a private port: Dovecot, with one Maildir per user name.

Any user name logs in with `PASSWORD`. Import the fixture `dovecot` where it is needed.
"""

import getpass
import grp
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from imapclient import IMAPClient

PASSWORD = "secret-of-the-test-mailbox"
_CONFIG = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{home}/mail/%n
mail_max_userip_connections = 50
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 0
{ssl}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={home}/home/%n
}}
"""
_TLS = """ssl = yes
ssl_cert = <{home}/server.pem
ssl_key = <{home}/server.key"""


class Dovecot:
    """The server, as the tests need it. `ca_file` signed its certificate; None without openssl."""

    host = "127.0.0.1"

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port, self.tls_port = free_port(), free_port()
        self.ca_file = _certificates(home)
        self._process: subprocess.Popen[bytes] | None = None
        root = os.geteuid() == 0
        me, us = getpass.getuser(), grp.getgrgid(os.getegid()).gr_name
        config = _CONFIG.format(
            home=home,
            internal="dovecot" if root else me,
            group="dovecot" if root else us,
            login="dovenull" if root else me,
            owner="mail" if root else me,
            owner_group="mail" if root else us,
            port=self.port,
            tls_port=self.tls_port if self.ca_file else 0,
            password=PASSWORD,
            ssl=_TLS.format(home=home) if self.ca_file else "ssl = no",
        )
        (home / "dovecot.conf").write_text(config)
        for folder in ("mail", "home"):
            (home / folder).mkdir()
            if root:
                shutil.chown(home / folder, "mail", "mail")

    def start(self) -> None:
        """Start, and wait until it greets."""
        self._process = subprocess.Popen(
            [_program(), "-F", "-c", str(self.home / "dovecot.conf")], start_new_session=True
        )
        until = time.monotonic() + 20
        while not self._greets():
            if time.monotonic() > until or self._process.poll() is not None:
                log = self.home / "dovecot.log"
                raise RuntimeError(log.read_text() if log.exists() else "Dovecot did not start")
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut does: the server and every process that serves a connection."""
        if self._process is None:
            return
        for pid in _descendants(self._process.pid):
            _kill(pid)
        self._process.wait(10)
        self._process = None

    def client(self, user: str) -> Any:
        """A logged-in IMAPClient that may write."""
        client = IMAPClient(self.host, port=self.port, ssl=False, timeout=20)
        client.login(user, PASSWORD)
        return client

    def append(self, user: str, messages: list[bytes], folder: str = "INBOX") -> None:
        """Deliver these messages into a folder, which is made if need be."""
        client = self.client(user)
        if not client.folder_exists(folder):
            client.create_folder(folder)
        for message in messages:
            client.append(folder, message)
        client.logout()

    def _greets(self) -> bool:
        try:
            with socket.create_connection((self.host, self.port), timeout=2) as connection:
                return connection.recv(4) == b"* OK"
        except OSError:
            return False


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    """One server for all tests; each takes a user name of its own."""
    if not Path(_program()).exists():
        pytest.skip("Dovecot is not installed (Debian: apt-get install dovecot-imapd)")
    home = Path(mkdtemp(prefix="dovecot-"))  # short, because sockets have short names
    home.chmod(0o755)
    server = Dovecot(home)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def dovecot(dovecot_server: Dovecot) -> Iterator[Dovecot]:
    """The server, running; started again if a test killed it."""
    if not dovecot_server._greets():
        dovecot_server.start()
    yield dovecot_server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _program() -> str:
    return shutil.which("dovecot") or "/usr/sbin/dovecot"


def _descendants(pid: int) -> list[int]:
    """This process first, so that it starts no new ones."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, check=True).stdout
    parents = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found = [pid]
    for one in found:
        found += [child for child, parent in parents if parent == one]
    return found


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _certificates(home: Path) -> Path | None:
    """An authority, and a certificate of it for localhost only; they last two days."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    make = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    ca = ["-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test authority"]
    usage = ["-addext", "keyUsage=critical,keyCertSign"]
    server = ["-keyout", "server.key", "-out", "server.pem", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost"]
    leaf = ["-addext", "basicConstraints=critical,CA:FALSE", "-CA", "ca.pem", "-CAkey", "ca.key"]
    for command in ([*make, *ca, *usage], [*make, *server, *names, *leaf]):
        subprocess.run(command, cwd=home, check=True, capture_output=True)
    return home / "ca.pem"
