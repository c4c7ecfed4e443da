"""Revealing a raw place on an exception, and dropping places that are past their days."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import CursorResult, select, update

from backend.domain.access.rules import Action, Resource
from backend.domain.attendance.errors.taps import LocationDropped, NoOpenException
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.queries.exceptions import is_open_exception
from backend.domain.attendance.queries.taps import get_check_in
from backend.domain.audit.service import record_event
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.queries import find_setting
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.encryption import decrypt
from backend.foundation.transaction import transaction


def reveal_location(actor: Actor, check_in_id: UUID, reason: str) -> tuple[float, float]:
    """Return the raw place of a tap that is an open exception: longitude and latitude in GCJ-02 degrees.

    The one concerned may always see their own. Every look is audited with its reason.

    Raises:
        NotFound, Forbidden: as the who-sees-what table says.
        NoOpenException: the tap is verified, another has replaced it, or somebody has decided about it.
        LocationDropped: no place was told, or its days are over.
    """
    with transaction():
        check_in = get_check_in(actor, check_in_id, Action.READ, Resource.COORDINATES)
        if check_in.person_id != actor.person_id and not is_open_exception(check_in):
            raise NoOpenException
        if check_in.location is None:
            raise LocationDropped
        record_event(actor, "reveal_location", "check_in", check_in.id, reason=reason)
        place = decrypt(check_in.location, table="check_ins", column="location", row_id=check_in.id)
    longitude, latitude = place.split(",")
    return float(longitude), float(latitude)


def drop_old_locations(day: date) -> int:
    """Drop the raw places that are past the days for which each supporting hospital keeps them; return how many."""
    dropped = 0
    with transaction() as session:
        for supporting_id in session.scalars(select(Dispatch.supporting_id).distinct()):
            kept_days = find_setting("attendance.coordinates_kept_days", supporting_id, day)
            before = clock.now() - timedelta(days=kept_days)
            dispatches = select(Dispatch.id).where(Dispatch.supporting_id == supporting_id)
            for table, told_at in ((CheckIn, CheckIn.received_at), (SpotCheck, SpotCheck.answered_at)):
                result = session.execute(
                    update(table)
                    .where(table.dispatch_id.in_(dispatches), told_at < before, table.location.is_not(None))
                    .values(location=None)
                    .execution_options(synchronize_session=False)
                )
                dropped += result.rowcount if isinstance(result, CursorResult) else 0
    return dropped
