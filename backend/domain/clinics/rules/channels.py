"""Which free places somebody may have at an instant, by the way in which they ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.clinics.rules.planning import Channel


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The instants of a clinic on which it depends who may have its places; see `models.clinics.Clinic`."""

    release_at: datetime
    overflow_at: datetime
    phone_until: datetime
    ends_at: datetime


class Shut(StrEnum):
    """Why no place at all can be had in this way now."""

    NOT_RELEASED = "not_released"
    OVER = "over"


def why_shut(channel: Channel, at: datetime, opening: Opening) -> Shut | None:
    """Say why nobody gets a place through this channel at an instant, None when they may.

    The desk gives places out from before the release until the clinic is over, the others in between.
    """
    if at >= opening.ends_at:
        return Shut.OVER
    if channel is Channel.DESK:
        return None
    if at < opening.release_at:
        return Shut.NOT_RELEASED
    return Shut.OVER if at >= opening.phone_until else None


def channels_in_turn(channel: Channel, at: datetime, opening: Opening) -> tuple[tuple[Channel, ...], ...]:
    """Return whose places may be had through this channel, in the order in which they are given out.

    What referrals and family doctors have left is the phone's from the overflow on; a family doctor, whose residents
    could take up their phones themselves, may have whatever the phone may; what is left when the phone's time is over
    is the desk's.
    """
    if channel is Channel.REFERRAL:
        return ((channel,),)
    if channel is Channel.DESK:
        rest = tuple(other for other in Channel if other is not channel)
        return ((channel,), rest) if at >= opening.phone_until else ((channel,),)
    kept = (Channel.REFERRAL, Channel.FAMILY_DOCTOR) if at >= opening.overflow_at else ()
    phones = tuple(other for other in (Channel.PHONE, *kept) if other is not channel)
    return ((channel,), phones) if phones else ((channel,),)
