"""What keeps personal data unreadable at rest: sealed bytes, and keyed hashes to find people by.

Sealing the same bytes twice gives different bytes; the keyed hash of a value is always the same.
"""

import base64
import hmac
import os
import secrets
import zlib
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from feedback.errors import Refused

NONCE = 12  # bytes, as NIST SP 800-38D recommends for GCM


class Vault:
    """Seals and opens bytes (deflate, then AES-256-GCM) and hashes identities (HMAC-SHA-256)."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(_derive(key, b"seal"))
        self._hash_key = _derive(key, b"identity")

    def seal(self, plain: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, zlib.compress(plain, 6), None)

    def open(self, sealed: bytes) -> bytes:
        """The bytes that were sealed. Raises `Refused` when another key sealed them."""
        try:
            plain = self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None)
        except InvalidTag:
            raise Refused(
                "Stored data cannot be opened: it was sealed with another key, or damaged. "
                "Nothing was changed. Give the key it was written with (FEEDBACK_KEY or key_file)."
            ) from None
        return zlib.decompress(plain)

    def hash(self, kind: str, value: str) -> str:
        """The keyed hash, 64 hex digits, under which an identity is found again."""
        return hmac.new(self._hash_key, f"{kind}\0{value}".encode(), "sha256").hexdigest()


def make_key() -> str:
    """A new random 256-bit key as text."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def write_key_file(path: Path) -> None:
    """Make a key file that only its owner can read. Raises FileExistsError; none is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(make_key() + "\n")


def open_vault(key: str, key_file: Path) -> Vault:
    """The vault of a key given as text, or else of the key file. Raises `Refused`."""
    if not key:
        if not key_file.is_file():
            raise Refused(
                f"There is no key: neither FEEDBACK_KEY nor the file {key_file.name}. Nothing was "
                "read or written. Run `feedback init`, or restore the key if data exist already."
            )
        if key_file.stat().st_mode & 0o077:
            raise Refused(
                f"The key file {key_file.name} can be read by others than its owner. Nothing was "
                f"read or written. Run: chmod 600 {key_file}"
            )
        key = _read(key_file)
    return Vault(_decode(key.strip()))


def _read(key_file: Path) -> str:
    try:
        return key_file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise Refused(
            f"The key file {key_file.name} cannot be read. Nothing was read or written. Run as the "
            "user who owns it, or restore it if it was damaged."
        ) from None


def _decode(key: str) -> bytes:
    try:
        plain = base64.urlsafe_b64decode(key)
    except ValueError:
        plain = b""
    if len(plain) != 32:
        raise Refused(
            "The key is not 32 bytes in URL-safe base64. Nothing was read or written. Give the key "
            "that `feedback init` made."
        )
    return plain


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"feedback-flows/" + purpose).derive(key)
