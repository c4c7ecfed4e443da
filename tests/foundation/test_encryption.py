"""Encryption at rest: bound to its row, by keys that can rotate."""

from __future__ import annotations

import hmac
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.foundation.encryption import Keyring, Undecipherable

OLD, NEW = os.urandom(32), os.urandom(32)
KEYRING = Keyring({"k1": OLD}, index_key=os.urandom(32))


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_what_is_encrypted_reads_back_for_its_own_row(plaintext: bytes, row: bytes) -> None:
    assert KEYRING.decrypt(KEYRING.encrypt(plaintext, row), row) == plaintext


def test_a_value_moved_to_another_row_does_not_read() -> None:
    ciphertext = KEYRING.encrypt(b"103.2,27.3", b"check_ins:location:1")
    with pytest.raises(Undecipherable):
        KEYRING.decrypt(ciphertext, b"check_ins:location:2")


def test_any_byte_that_is_changed_is_found() -> None:
    ciphertext = KEYRING.encrypt(b"secret", b"row")
    for place in range(len(ciphertext)):
        damaged = bytearray(ciphertext)
        damaged[place] ^= 1
        with pytest.raises(Undecipherable):
            KEYRING.decrypt(bytes(damaged), b"row")


@pytest.mark.parametrize("ciphertext", [b"", b"\x01", b"\x02\x02k1", b"\x01\x02k1"])
def test_what_is_no_ciphertext_is_said_to_be_none(ciphertext: bytes) -> None:
    with pytest.raises(Undecipherable):
        KEYRING.decrypt(ciphertext, b"row")


def test_a_new_key_encrypts_and_the_old_one_still_reads() -> None:
    rotated = Keyring({"k2": NEW, "k1": OLD}, index_key=KEYRING.index_key)
    old = KEYRING.encrypt(b"secret", b"row")
    assert rotated.decrypt(old, b"row") == b"secret"
    assert rotated.encrypt(b"secret", b"row")[2:4] == b"k2"


def test_a_value_whose_key_is_gone_does_not_read() -> None:
    with pytest.raises(Undecipherable, match="key"):
        Keyring({"k2": NEW}, KEYRING.index_key).decrypt(KEYRING.encrypt(b"secret", b"row"), b"row")


def test_the_same_value_never_encrypts_to_the_same_bytes() -> None:
    assert KEYRING.encrypt(b"secret", b"row") != KEYRING.encrypt(b"secret", b"row")


def test_a_keyed_hash_depends_on_purpose_value_and_key() -> None:
    hashes = {
        KEYRING.keyed_hash("telephone", "13800000000"),
        KEYRING.keyed_hash("location", "13800000000"),
        KEYRING.keyed_hash("telephone", "13800000001"),
        Keyring({"k1": OLD}, index_key=os.urandom(32)).keyed_hash("telephone", "13800000000"),
    }
    assert len(hashes) == 4
    assert KEYRING.keyed_hash("telephone", "1") == KEYRING.keyed_hash("telephone", "1")


def test_a_keyed_hash_is_hmac_sha256_of_purpose_and_value_each_time_anew() -> None:
    keyring = Keyring({"k1": OLD}, index_key=NEW)
    told = [keyring.keyed_hash("telephone", value) for value in ("13800000001", "13800000002", "13800000001")]
    assert told[1] == hmac.digest(NEW, b"telephone\x0013800000002", "sha256")
    assert told[0] == told[2] != told[1]
