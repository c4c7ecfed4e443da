"""Records that wait to be countersigned, and what became of them, for the tests of signing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from backend.domain.accounts.models import Person
from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.activities.rules.kinds import Proof
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.attachments.service.files import store_file
from backend.domain.dispatch.models import Dispatch
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from tests.support.activities import make_record
from tests.support.county import County
from tests.support.factories import make_person

SUBMITTED = RecordStatus.SUBMITTED


def yesterday() -> date:
    return clock.today() - timedelta(days=1)


def waiting(dispatch: Dispatch, **more: Any) -> ActivityRecord:
    return make_record(dispatch, occurred_on=more.pop("occurred_on", yesterday()), status=SUBMITTED, **more)


def told(person: Person, kind: NoticeKind) -> list[InboxItem]:
    statement = select(InboxItem).where(InboxItem.person_id == person.id, InboxItem.kind == kind)
    return list(db.session.scalars(statement))


def stands(record: ActivityRecord) -> RecordStatus:
    return db.session.scalars(select(ActivityRecord.status).where(ActivityRecord.id == record.id)).one()


def attach(record: ActivityRecord, *findings: dict[str, str]) -> ActivityFile:
    attachment = store_file(Actor(person_id=record.person_id), "签到表.pdf", b"%PDF-1.4")
    file = ActivityFile(
        record_id=record.id, attachment_id=attachment.id, proof=Proof.MATERIAL, position=0, findings=list(findings)
    )
    db.session.add(file)
    db.session.commit()
    return file


def delegate_of(county: County, given_by: Person) -> Person:
    colleague = make_person(county.township, "何秋生", roles=[Role.DELEGATE])
    colleague.roles[0].given_by_person_id = given_by.id
    db.session.commit()
    return colleague


def hand_in(record: ActivityRecord) -> None:
    record.status, record.submitted_at = SUBMITTED, clock.now()
    record.version += 1
    db.session.commit()
