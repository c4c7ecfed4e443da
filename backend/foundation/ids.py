"""Identifiers: UUID version 7, made before the insert so that ciphertexts can be bound to their row."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a new identifier, ordered by time."""
    return uuid7()
