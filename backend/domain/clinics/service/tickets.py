"""The ticket of a booking, proved by a key that only the server has."""

from __future__ import annotations

import hmac
from uuid import UUID

from backend.domain.clinics.errors.bookings import TicketInvalid
from backend.domain.clinics.rules.tickets import read_ticket, ticket_text
from backend.foundation.encryption import keyed_hash


def ticket_of(booking_id: UUID) -> str:
    """Return the text of a booking's QR code."""
    return ticket_text(booking_id, keyed_hash("booking-qr", str(booking_id)))


def booking_of_ticket(text: str) -> UUID:
    """Return which booking a QR code is the ticket of.

    Raises:
        TicketInvalid: we have not given it out.
    """
    booking_id = read_ticket(text)
    if booking_id is None or not hmac.compare_digest(ticket_of(booking_id), text.strip().upper()):
        raise TicketInvalid
    return booking_id
