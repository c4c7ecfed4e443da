"""Phones of the demo: two doctors whose WeChat is bound, one who can be bound in the preview, and a patient."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from backend.domain.accounts.models import Account, Person
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.ids import new_id

BOUND = (("A0001", "demo-doctor-1"), ("A0002", "demo-doctor-2"))
PATIENT_OPENID = "demo-patient-1"
UNBOUND_STAFF_NUMBER = "A0003"
UNBOUND_TELEPHONE = "13800000000"  # what the preview's imagined phone has, unless told otherwise
UNBOUND_TAIL = "1234"
UNBOUND = f"林知远, {UNBOUND_TELEPHONE}, ID {UNBOUND_TAIL}"
_AT = {"demo-doctor-1": "longitude=103.8121&latitude=26.9041", "demo-doctor-2": "longitude=103.8731&latitude=26.9511"}


def bind_phones(wechat_app_id: str, organisation_code: str) -> None:
    """Bind the demo's WeChat identities to their doctors, in the present transaction."""
    statement = select(Person).join(Person.organisation).where(Organisation.code == organisation_code)
    for staff_number, openid in BOUND:
        doctor = db.session.scalars(statement.where(Person.staff_number == staff_number)).one()
        db.session.add(
            Account(id=new_id(), wechat_app_id=wechat_app_id, openid=openid, person_id=doctor.id, bound_at=clock.now())
        )
    db.session.add(Account(id=new_id(), wechat_app_id=wechat_app_id, openid=PATIENT_OPENID))


def phone_addresses() -> Iterator[str]:
    """Yield the preview's addresses that open as a bound doctor, standing at the site."""
    for staff_number, openid in BOUND:
        yield f"/phone?openid={openid}&{_AT[openid]} ({staff_number})"
    yield f"/phone?openid={PATIENT_OPENID} (就诊人)"
