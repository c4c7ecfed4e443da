"""Telling offices of clinics whose expert cannot be there: what dispatch and attendance changed since they planned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from backend.domain.accounts.queries import holders_of
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.queries.conflicts import conflicts_of
from backend.domain.clinics.queries.named import names_of_clinic
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.clinics.rules.presence import Conflict
from backend.domain.clinics.rules.wording import window_label
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.transaction import transaction

OFFICES_PAGE = "/office/clinics/index"
_AHEAD = timedelta(days=30)
"""Offices see every conflict in the calendar; told they are of those that come soon."""


def owe_conflict_notices() -> int:
    """Tell medical affairs and the desk of each coming clinic that its expert cannot hold, once a clinic and reason.

    Returns how many clinics are in conflict.
    """
    today = clock.today()
    with transaction():
        statement = (
            select(Clinic)
            .options(*names_of_clinic(), selectinload(Clinic.periods))
            .where(Clinic.status == ClinicStatus.SCHEDULED, Clinic.held_on.between(today, today + _AHEAD))
            .order_by(Clinic.starts_at)
        )
        clinics = {clinic.id: clinic for clinic in db.session.scalars(statement)}
        conflicts = conflicts_of(clinics.values())
        owed = [one for clinic_id, conflict in conflicts.items() for one in _owed(clinics[clinic_id], conflict)]
        owe_notices(owed)
        return len(conflicts)


def _owed(clinic: Clinic, conflict: Conflict) -> Iterator[Owed]:
    when = window_label(clinic.starts_at, clinic.ends_at)
    body = f"{clinic.expert.name}在{clinic.recipient.name}{when}的坐诊：{conflict.text}。请停诊、换人或调整派驻。"
    notice = Notice(kind=NoticeKind.CLINIC_CONFLICT, title="坐诊安排有冲突", body=body, page=OFFICES_PAGE)
    offices = ((Role.MEDICAL_AFFAIRS, clinic.supporting_id), (Role.DESK, clinic.recipient_id))
    for role, organisation_id in offices:
        for person_id in holders_of(role, organisation_id):
            key = f"clinic_conflict:{clinic.id}:{conflict.reason}:{person_id}"
            yield Owed(
                notice=notice,
                dedupe_key=key,
                person_id=person_id,
                organisation_id=organisation_id,
                lapses_at=clinic.ends_at,
            )
