"""Encryption at rest (AES-256-GCM) and keyed hashes for look-ups.

A ciphertext is: version byte 1 | length of key id | key id | nonce (12) | AES-GCM output. The associated data
is `table:column:id`, so that a value cannot be moved to another row. The version byte leaves room for SM4.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

_AES_GCM = 1
_NONCE_BYTES = 12


class Undecipherable(Exception):
    """The ciphertext is damaged, belongs to another row, or its key is gone."""


@dataclass(frozen=True)
class Keyring:
    """The keys of one installation; the first encrypts, all decrypt."""

    encryption_keys: dict[str, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)

    def encrypt(self, plaintext: bytes, associated: bytes) -> bytes:
        key_id, cipher = next(iter(self._ciphers.items()))
        nonce = os.urandom(_NONCE_BYTES)
        name = key_id.encode()
        return bytes([_AES_GCM, len(name)]) + name + nonce + cipher.encrypt(nonce, plaintext, associated)

    def decrypt(self, ciphertext: bytes, associated: bytes) -> bytes:
        if len(ciphertext) < 2 or ciphertext[0] != _AES_GCM:
            raise Undecipherable("unknown version")
        start = 2 + ciphertext[1]
        cipher = self._ciphers.get(ciphertext[2:start].decode(errors="replace"))
        if cipher is None:
            raise Undecipherable("unknown key")
        nonce, body = ciphertext[start : start + _NONCE_BYTES], ciphertext[start + _NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, body, associated)
        except (InvalidTag, ValueError):
            raise Undecipherable("damaged, or of another row") from None

    def keyed_hash(self, purpose: str, value: str) -> bytes:
        started = self._hmac.copy()
        started.update(f"{purpose}\0{value}".encode())
        return started.digest()

    # Made once: OpenSSL takes longer to begin either than to run it over a short value.
    @cached_property
    def _hmac(self) -> hmac.HMAC:
        return hmac.new(self.index_key, digestmod="sha256")

    @cached_property
    def _ciphers(self) -> dict[str, AESGCM]:
        return {key_id: AESGCM(key) for key_id, key in self.encryption_keys.items()}


def _keyring() -> Keyring:
    keyring: Keyring = current_app.extensions["keyring"]
    return keyring


def _associated(table: str, column: str, row_id: UUID) -> bytes:
    return f"{table}:{column}:{row_id}".encode()


def encrypt(plaintext: str, *, table: str, column: str, row_id: UUID) -> bytes:
    """Encrypt a value for one column of one row."""
    return encrypt_bytes(plaintext.encode(), table=table, column=column, row_id=row_id)


def encrypt_bytes(plaintext: bytes, *, table: str, column: str, row_id: UUID) -> bytes:
    """Encrypt a file for one column of one row."""
    return _keyring().encrypt(plaintext, _associated(table, column, row_id))


def decrypt(ciphertext: bytes, *, table: str, column: str, row_id: UUID) -> str:
    """Decrypt a value of one column of one row.

    Raises:
        Undecipherable: it is damaged, of another row, or of a key that is gone.
    """
    return decrypt_bytes(ciphertext, table=table, column=column, row_id=row_id).decode()


def decrypt_bytes(ciphertext: bytes, *, table: str, column: str, row_id: UUID) -> bytes:
    """Decrypt a file of one column of one row.

    Raises:
        Undecipherable: as in decrypt.
    """
    return _keyring().decrypt(ciphertext, _associated(table, column, row_id))


def keyed_hash(purpose: str, value: str) -> bytes:
    """Return 32 bytes by which an encrypted or unstored value can be looked up: HMAC-SHA-256 by the index key."""
    return _keyring().keyed_hash(purpose, value)
