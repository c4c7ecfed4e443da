"""What is missing or thin in records as they are kept."""

from __future__ import annotations

from datetime import date

import orjson
import pytest
from flask import Flask

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.completeness import thin_of
from backend.domain.activities.rules.completeness import FindingCode
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.encryption import encrypt_bytes
from tests.support.activities import make_record
from tests.support.factories import make_dispatch, make_organisation, make_person
from tests.support.statements import counted_statements

FIRST, SECOND, THIRD = (date(2026, 11, day) for day in (3, 10, 17))
OPINION = "考虑急性心肌梗死，立即双抗、扩容，做好心电监护，联系上级医院胸痛中心绿色通道，由专人护送转诊，并交接用药。"


@pytest.fixture
def dispatch(app: Flask) -> Dispatch:
    hospital = make_organisation("临江县人民医院")
    return make_dispatch(make_person(hospital), make_organisation("柳河镇卫生院"))


def consult(dispatch: Dispatch, day: date, opinion: str, **more: object) -> ActivityRecord:
    details = {"diagnosis": "急性心肌梗死", "icd_10": "I21.9"}
    record = make_record(dispatch, ActivityKind.CONSULTATION, occurred_on=day, details=details, **more)  # type: ignore[arg-type]
    clinical = orjson.dumps({"opinion": opinion})
    record.clinical = encrypt_bytes(clinical, table="activity_records", column="clinical", row_id=record.id)
    db.session.commit()
    return record


def codes_of(record: ActivityRecord) -> list[FindingCode]:
    return [finding.code for finding in thin_of([record])[record.id]]


def test_an_encrypted_opinion_is_compared_with_the_last_one_of_the_person_and_kind(dispatch: Dispatch) -> None:
    draft = RecordStatus.DRAFT
    consult(dispatch, FIRST, OPINION, status=RecordStatus.SUBMITTED)
    assert codes_of(consult(dispatch, SECOND, OPINION, status=draft)) == [FindingCode.PASTED]
    other = make_dispatch(make_person(dispatch.supporting, "段怀山"), dispatch.recipient)
    assert codes_of(consult(other, SECOND, OPINION, status=draft)) == []


def test_a_later_record_and_one_that_was_given_up_are_not_what_a_text_was_pasted_from(dispatch: Dispatch) -> None:
    consult(dispatch, THIRD, OPINION, status=RecordStatus.SUBMITTED)
    consult(dispatch, FIRST, OPINION, status=RecordStatus.DISCARDED)
    assert codes_of(consult(dispatch, SECOND, OPINION, status=RecordStatus.SUBMITTED)) == []


def test_the_edition_before_is_not_the_record_before(dispatch: Dispatch) -> None:
    first = consult(dispatch, FIRST, OPINION, status=RecordStatus.SUBMITTED)
    signer = make_person(dispatch.recipient, "马德明")
    first.status, first.countersigned_as, first.countersigned_at = (
        RecordStatus.COUNTERSIGNED,
        Role.DIRECTOR,
        clock.now(),
    )
    first.countersigned_by_person_id = signer.id
    db.session.commit()
    amended = consult(dispatch, SECOND, OPINION, status=RecordStatus.DRAFT, series_id=first.series_id, edition=2)
    assert codes_of(amended) == []


def test_nothing_is_asked_of_an_old_ledger(dispatch: Dispatch) -> None:
    assert codes_of(make_record(dispatch, status=RecordStatus.IMPORTED)) == []


def test_fifty_records_are_judged_in_two_statements(dispatch: Dispatch) -> None:
    days = [date(2026, 10, day) for day in range(1, 26)]
    records = [make_record(dispatch, occurred_on=day, status=RecordStatus.SUBMITTED, person_times=0) for day in days]
    with counted_statements() as statements:
        found = thin_of(records)
    assert len(statements) == 2
    wanted = [FindingCode.NO_PROOF, FindingCode.NOBODY]
    assert [finding.code for finding in found[records[0].id]] == wanted
    assert [finding.code for finding in found[records[1].id]] == [*wanted, FindingCode.PASTED]
