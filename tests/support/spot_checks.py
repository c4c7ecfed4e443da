"""Spot checks as rows, since who is asked when is drawn by lot."""

from __future__ import annotations

from datetime import timedelta

from backend.domain.accounts.models import Person
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.rules.spot_checks import SpotCheckKind, SpotCheckOrigin, SpotCheckStatus
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.ids import new_id


def make_spot_check(person: Person, kind: SpotCheckKind = SpotCheckKind.PRESENCE, **columns: object) -> SpotCheck:
    """Ask somebody on their one dispatch where they are: just now and not yet delivered, unless told otherwise."""
    now = clock.now()
    values = {"status": SpotCheckStatus.SENT, "sent_at": now, "deliver_by": now + timedelta(hours=1), **columns}
    check = SpotCheck(
        id=new_id(),
        dispatch_id=db.session.query(Dispatch).filter_by(person_id=person.id).one().id,
        person_id=person.id,
        kind=kind,
        origin=SpotCheckOrigin.RANDOM,
        planned_at=now,
        **values,
    )
    db.session.add(check)
    db.session.commit()
    return check
