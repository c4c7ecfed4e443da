"""Clinics: their states, their periods, and how places are shared out."""

from __future__ import annotations

from enum import StrEnum


class ClinicStatus(StrEnum):
    """Whether a clinic is held; that it is over, the clock says."""

    SCHEDULED = "scheduled"
    CLOSED = "closed"  # 停诊


class Channel(StrEnum):
    """By which way a place is given."""

    PHONE = "phone"
    DESK = "desk"
    REFERRAL = "referral"
    FAMILY_DOCTOR = "family_doctor"


class PlaceState(StrEnum):
    """What a place is to the next who asks."""

    FREE = "free"
    HELD = "held"  # offered to somebody
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"  # its clinic is closed, or it was taken out of the plan


CHANNEL_LABELS = {
    Channel.PHONE: "手机预约",
    Channel.DESK: "现场",
    Channel.REFERRAL: "转诊",
    Channel.FAMILY_DOCTOR: "家庭医生",
}
