"""Bookings: their states (FHIR R4's Appointment), and why a place cannot be had."""

from __future__ import annotations

from enum import StrEnum


class BookingStatus(StrEnum):
    """Where a booking stands."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"


class CancelReason(StrEnum):
    """For what a booking was cancelled."""

    PATIENT = "patient"
    DESK = "desk"
    MOVED = "moved"  # booked anew in one step
    CLOSURE = "closure"


class AppealDecision(StrEnum):
    """What the desk made of an appeal against a no-show."""

    EXCUSED = "excused"
    UPHELD = "upheld"
