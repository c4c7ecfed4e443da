"""The text of a booking's QR code is proved by a key that only the server has."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.clinics.errors.bookings import TicketInvalid
from backend.domain.clinics.rules.tickets import read_ticket, ticket_text
from backend.domain.clinics.service.tickets import booking_of_ticket, ticket_of
from backend.foundation.ids import new_id


@given(st.uuids(), st.binary(min_size=32, max_size=32))
def test_a_ticket_says_which_booking_it_is_of(booking_id: object, proof: bytes) -> None:
    text = ticket_text(booking_id, proof)  # type: ignore[arg-type]

    assert read_ticket(text) == booking_id
    assert len(text) == 41


@given(st.text(max_size=60))
def test_any_other_text_is_no_ticket(text: str) -> None:
    assert read_ticket(text) is None


def test_the_desk_reads_its_own_tickets_in_small_letters_too(app: Flask) -> None:
    booking_id = new_id()

    assert booking_of_ticket(ticket_of(booking_id)) == booking_id
    assert booking_of_ticket(f" {ticket_of(booking_id).lower()}\n") == booking_id


def test_a_forged_ticket_is_refused(app: Flask) -> None:
    mine, other = ticket_of(new_id()), ticket_of(new_id())
    prefix, booking, seal = mine.split(".")

    for forged in (
        ".".join([prefix, other.split(".")[1], seal]),
        ".".join([prefix, booking, "A" * 10]),
        ".".join([prefix, booking]),
        "https://example.com/",
        "",
    ):
        with pytest.raises(TicketInvalid):
            booking_of_ticket(forged)
