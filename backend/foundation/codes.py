"""Codes that are printed on a form and typed again by whoever verifies it."""

from __future__ import annotations

import secrets
import unicodedata

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that a reader takes for another
_LENGTH = 16


def new_verification_code() -> str:
    """Return a code that nobody can guess."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def tidy_code(text: str) -> str:
    """Return a code as it is stored: however it was spaced, and in letters of any width and case."""
    normal = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in normal if letter.isalnum() and letter.isascii())
