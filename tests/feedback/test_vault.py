import stat
from pathlib import Path

import pytest

from feedback.errors import Refused
from feedback.vault import Vault, make_key, open_vault, write_key_file


def test_what_was_sealed_comes_back_and_cannot_be_read_before() -> None:
    vault = Vault(b"k" * 32)
    sealed = vault.seal("привет".encode() * 9)
    assert "привет".encode() not in sealed
    assert vault.open(sealed).decode() == "привет" * 9


def test_another_key_opens_nothing_and_says_so() -> None:
    sealed = Vault(b"k" * 32).seal(b"words")
    with pytest.raises(Refused, match="another key"):
        Vault(b"x" * 32).open(sealed)


def test_one_flipped_bit_is_noticed() -> None:
    vault = Vault(b"k" * 32)
    sealed = bytearray(vault.seal(b"words"))
    sealed[-1] ^= 1
    with pytest.raises(Refused):
        vault.open(bytes(sealed))


def test_an_identity_hashes_alike_under_one_key_only() -> None:
    vault = Vault(b"k" * 32)
    assert vault.hash("email", "a@example.com") == vault.hash("email", "a@example.com")
    assert vault.hash("email", "a@example.com") != vault.hash("handle", "a@example.com")
    assert vault.hash("email", "a@example.com") != Vault(b"x" * 32).hash("email", "a@example.com")


def test_the_key_file_is_its_owners_alone_and_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key"
    write_key_file(path)
    first = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_key_file(path)
    assert path.read_text() == first


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    write_key_file(tmp_path / "key")
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(Refused, match="chmod 600"):
        open_vault("", tmp_path / "key")


def test_without_any_key_the_way_to_one_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="feedback init"):
        open_vault("", tmp_path / "key")


@pytest.mark.parametrize("key", ["short", "%%%", make_key()[:-4]])
def test_a_key_of_another_shape_is_refused_without_showing_it(key: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as told:
        open_vault(key, tmp_path / "key")
    assert key not in str(told.value)
