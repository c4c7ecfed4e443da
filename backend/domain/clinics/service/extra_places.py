"""Extra places (加号): added beyond capacity by the desk or the expert, never to a clinic that is closed or over."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from backend.domain.access.rules import Action
from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.bookings import ClinicClosed, ClinicOver
from backend.domain.clinics.errors.desk import PeriodUnknown
from backend.domain.clinics.models.clinics import Clinic, ClinicPeriod, ClinicPlace
from backend.domain.clinics.queries.desk import get_desk_clinic
from backend.domain.clinics.rules.planning import Channel, ClinicStatus
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction


def add_extra_places(actor: Actor, clinic_id: UUID, period_id: UUID | None, count: int = 1) -> Sequence[ClinicPlace]:
    """Add places for the desk to a period of a clinic, None: to the first that is not over.

    Raises:
        ClinicNotFound, Forbidden: as in get_desk_clinic; the expert may add to their own.
        ClinicClosed, ClinicOver: nobody will be seen there any more.
        PeriodUnknown: the period is of another clinic, or over.
    """
    with transaction() as session:
        clinic = get_desk_clinic(actor, clinic_id, Action.CONFIRM, for_update=True)
        require_held(clinic)
        period = period_to_come(clinic, period_id)
        last = session.scalar(select(func.max(ClinicPlace.number)).where(ClinicPlace.clinic_id == clinic_id)) or 0
        places = [
            ClinicPlace(
                id=new_id(),
                clinic_id=clinic_id,
                period_id=period.id,
                number=last + one,
                channel=Channel.DESK,
                extra=True,
            )
            for one in range(1, count + 1)
        ]
        session.add_all(places)
        session.flush()
        for place in places:
            db.session.refresh(place)
        record_event(
            actor,
            "add_extra_places",
            "clinic",
            clinic_id,
            organisation_id=clinic.recipient_id,
            period_id=str(period.id),
            count=count,
        )
        return places


def require_held(clinic: Clinic) -> None:
    """Let pass a clinic at which somebody can still be seen.

    Raises:
        ClinicClosed, ClinicOver: nobody can.
    """
    if clinic.status is ClinicStatus.CLOSED:
        raise ClinicClosed
    if clinic.ends_at <= clock.now():
        raise ClinicOver("这次门诊已经结束，请选择其他日期。")


def period_to_come(clinic: Clinic, period_id: UUID | None) -> ClinicPeriod:
    """Return a period of a clinic that is not over, the first unless told which.

    Raises:
        PeriodUnknown: there is none such.
    """
    now = clock.now()
    for period in clinic.periods:
        if period.ends_at > now and period_id in (None, period.id):
            return period
    raise PeriodUnknown
