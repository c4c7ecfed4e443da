"""The export of 200,000 records of activities: memory of the job that makes it, with what they say of patients."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import insert, select

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.records import RecordFilter
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service.exports import request_records
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.encryption import encrypt_bytes
from backend.foundation.ids import new_id
from benchmarks.county import HOSPITAL, send_doctors
from benchmarks.figures import Figure, verify
from benchmarks.house import House
from benchmarks.making import make_apart
from tests.support.factories import make_person

RECORDS = 200_000
_DOCTORS = 1_000
_AT_ONCE = 5_000
_DETAILS: dict[ActivityKind, dict[str, Any]] = {
    ActivityKind.LECTURE: {
        "topic": "高血压病的规范化管理与随访",
        "person_times": 32,
        "hours": 1.5,
        "audience": "staff",
    },
    ActivityKind.OUTPATIENT_CLINIC: {"morning": 21, "afternoon": 14, "note": "复诊患者较多，集中在慢性病随访"},
    ActivityKind.SURGERY_TAUGHT: {"operation": "腹腔镜胆囊切除术", "grade": "3", "learner": "王医生"},
    ActivityKind.CRITICAL_CASE: {"diagnosis": "重症肺炎", "icd_10": "J18.9", "participants": 9},
}
_PATIENT = {"patient_surname": "李", "patient_sex": "male", "patient_age_band": "elderly"}
_CLINICAL = {
    ActivityKind.SURGERY_TAUGHT: _PATIENT,
    ActivityKind.CRITICAL_CASE: {**_PATIENT, "conclusion": "结合胸部CT与血气分析，考虑重症肺炎合并呼吸衰竭。" * 4},
}


def run(house: House) -> list[Figure]:
    """Let the job make the file of all that the office reads.

    Raises:
        Broken: the file does not have every record.
    """
    with house.app.app_context():
        send_doctors(_DOCTORS)
        _keep_records()
        house.tidy()
        hospital = db.session.scalars(select(Organisation).where(Organisation.code == HOSPITAL)).one()
        office = make_person(hospital, roles=[Role.MEDICAL_AFFAIRS])
        actor = Actor(person_id=office.id, role=Role.MEDICAL_AFFAIRS, organisation_id=hospital.id)
        made = make_apart(request_records(actor, RecordFilter()).id, house)
    verify(expected=RECORDS, found=made.rows, of="rows of the file")
    return made.figures(f"export of {RECORDS:,} records of activities")


def _keep_records() -> None:
    columns = (Dispatch.id, Dispatch.person_id, Dispatch.supporting_id, Dispatch.recipient_id)
    dispatches = db.session.execute(select(*columns)).all()
    records = _records(dispatches)
    for _ in range(RECORDS // _AT_ONCE):
        db.session.execute(insert(ActivityRecord), [next(records) for _ in range(_AT_ONCE)])
        db.session.commit()


def _records(dispatches: Any) -> Iterator[dict[str, Any]]:
    now, today, kinds = clock.now(), clock.today(), list(_DETAILS)
    for number in range(RECORDS):
        record_id, kind, dispatch = new_id(), kinds[number % len(kinds)], dispatches[number % len(dispatches)]
        clinical = _CLINICAL.get(kind)
        yield {
            "id": record_id,
            "series_id": record_id,
            "kind": kind,
            "occurred_on": today - timedelta(days=number % 30),
            "dispatch_id": dispatch.id,
            "person_id": dispatch.person_id,
            "supporting_id": dispatch.supporting_id,
            "recipient_id": dispatch.recipient_id,
            "title": str(next(iter(_DETAILS[kind].values()))),
            "quantity": 35 if kind is ActivityKind.OUTPATIENT_CLINIC else 1,
            "details": _DETAILS[kind],
            "clinical": encrypt_bytes(
                orjson.dumps(clinical), table="activity_records", column="clinical", row_id=record_id
            )
            if clinical
            else None,
            "status": RecordStatus.SUBMITTED,
            "submitted_at": now,
        }
