"""Waiting for a place, and offers that are held for a while."""

from __future__ import annotations

from enum import StrEnum


class WaitlistStatus(StrEnum):
    """Where somebody who waits stands."""

    WAITLIST = "waitlist"
    OFFERED = "offered"
    BOOKED = "booked"
    DECLINED = "declined"
    LAPSED = "lapsed"  # an offer was not answered, or the clinic began
    CANCELLED = "cancelled"


class OfferKind(StrEnum):
    """For what a place is held."""

    WAITLIST = "waitlist"
    CLOSURE = "closure"


class OfferStatus(StrEnum):
    """Where an offer stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
