"""Tickets: what the QR code of a booking says, and how the desk reads it."""

from __future__ import annotations

import base64
import binascii
import re
from uuid import UUID

_SEAL_LENGTH = 10
_TICKET = re.compile(rf"BF1\.([A-Z2-7]{{26}})\.([A-Z2-7]{{{_SEAL_LENGTH}}})")


def ticket_text(booking_id: UUID, proof: bytes) -> str:
    """Return what the QR code says: the booking and the beginning of a proof that only the server can make.

    In letters and digits of base32, which a QR code holds in few modules, and which can be read aloud.
    """
    return f"BF1.{_base32(booking_id.bytes)}.{_base32(proof)[:_SEAL_LENGTH]}"


def read_ticket(text: str) -> UUID | None:
    """Return which booking a text claims to be the ticket of, None if it is no ticket; its proof is not looked at."""
    match = _TICKET.fullmatch(text.strip().upper())
    if match is None:
        return None
    try:
        return UUID(bytes=base64.b32decode(match[1] + "======"))
    except (binascii.Error, ValueError):
        return None


def _base32(value: bytes) -> str:
    return base64.b32encode(value).decode().rstrip("=")
