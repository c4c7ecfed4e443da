"""Countersigning records, giving them back, and changing what was countersigned: by the services."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from backend.domain.activities.errors.records import RecordLocked, RecordNotFound, RecordNotWaiting
from backend.domain.activities.errors.signing import (
    OwnRecord,
    RecordNotCountersigned,
    ReturnReasonMissing,
)
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.waiting import count_to_countersign, list_waiting
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.oddities import Oddity, oddities_of
from backend.domain.activities.rules.presence import Presence
from backend.domain.activities.rules.statuses import TRANSITIONS, RecordAction, RecordStatus
from backend.domain.activities.service.amendments import amend_record
from backend.domain.activities.service.countersigning import countersign_record, countersign_records, return_record
from backend.domain.activities.service.drafts import discard_record
from backend.domain.activities.service.submitting import recall_record, submit_record
from backend.domain.attachments.rules import PictureCheck
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.errors import Forbidden, StaleVersion
from backend.foundation.ids import new_id
from tests.activities.signing_world import SUBMITTED, attach, delegate_of, stands, told, waiting, yesterday
from tests.support.activities import make_record
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.statements import counted_statements
from tests.support.timesheets import make_tap


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township)


@pytest.fixture
def served(dispatch: Dispatch) -> Dispatch:
    """Yesterday the doctor was there."""
    make_tap(dispatch, yesterday())
    return dispatch


def test_a_countersigned_record_says_by_whom_and_when_and_its_author_is_told(county: County, served: Dispatch) -> None:
    record = waiting(served)
    countersign_record(county.recipient, record.id, record.version)
    assert (record.status, record.version) == (RecordStatus.COUNTERSIGNED, 2)
    assert (record.countersigned_by_person_id, record.countersigned_as) == (county.director.id, Role.DIRECTOR)
    assert record.countersigned_at is not None
    [notice] = told(county.doctor, NoticeKind.ACTIVITY_COUNTERSIGNED)
    assert notice.page == f"/doctor/activity/index?id={record.id}"
    assert "高血压" not in notice.body  # a title may be a diagnosis
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "countersign_activity")).one()
    assert (event.subject_id, event.organisation_id) == (record.id, county.hospital.id)


@pytest.mark.parametrize("action", list(RecordAction))
def test_each_cell_of_the_table_holds_and_nothing_beside_it(
    county: County, dispatch: Dispatch, action: RecordAction
) -> None:
    for status in RecordStatus:
        record = make_record(dispatch, status=status, details={"topic": "高血压", "person_times": 20})
        following = TRANSITIONS.get((status, action))
        if following is None:
            with pytest.raises((RecordNotFound, RecordNotWaiting, RecordLocked, RecordNotCountersigned)):
                act(county, record, action)
        else:
            act(county, record, action)
        assert stands(record) is following or (following is None and stands(record) is status)


def act(county: County, record: ActivityRecord, action: RecordAction) -> None:
    """Do with a record what the action says, as who may; a record is superseded by its next edition only."""
    author, signer = county.visitor, county.recipient
    match action:
        case RecordAction.SUBMIT:
            submit_record(author, record.id, record.version)
        case RecordAction.RECALL:
            recall_record(author, record.id, record.version)
        case RecordAction.DISCARD:
            discard_record(author, record.id, record.version)
        case RecordAction.RETURN:
            return_record(signer, record.id, record.version, reason="请补签到表")
        case RecordAction.COUNTERSIGN:
            countersign_record(signer, record.id, record.version)
        case RecordAction.SUPERSEDE:
            edition = amend_record(author, record.id)
            submit_record(author, edition.id, edition.version)
            countersign_record(signer, edition.id, edition.version)


def test_only_the_recipients_signers_decide(county: County, dispatch: Dispatch) -> None:
    record = waiting(dispatch)
    for actor in (county.office, county.visitor, county.overseer):
        with pytest.raises(Forbidden):
            countersign_record(actor, record.id, record.version)
        with pytest.raises(Forbidden):
            return_record(actor, record.id, record.version, reason="不对")
        with pytest.raises(Forbidden):
            countersign_records(actor, [(record.id, record.version)])
    elsewhere = acting(make_person(county.other_township, roles=[Role.DIRECTOR]), Role.DIRECTOR)
    for actor in (county.stranger, elsewhere):
        with pytest.raises(RecordNotFound):
            countersign_record(actor, record.id, record.version)
    signed, left = countersign_records(elsewhere, [(record.id, record.version)])
    assert (signed, [one.error.code for one in left]) == ([], ["record_not_found"])
    assert stands(record) is SUBMITTED


def test_who_read_an_older_state_neither_signs_nor_returns(county: County, dispatch: Dispatch) -> None:
    record = waiting(dispatch)
    with pytest.raises(StaleVersion):
        countersign_record(county.recipient, record.id, record.version + 1)
    with pytest.raises(StaleVersion):
        return_record(county.recipient, record.id, record.version + 1, reason="不对")


def test_nobody_decides_on_their_own_record(county: County, served: Dispatch) -> None:
    record = waiting(served)
    posted_director = acting(county.doctor, Role.DIRECTOR, county.township)
    with pytest.raises(OwnRecord):
        countersign_record(posted_director, record.id, record.version)
    with pytest.raises(OwnRecord):
        return_record(posted_director, record.id, record.version, reason="不对")
    signed, left = countersign_records(posted_director, [(record.id, record.version)])
    assert (signed, [one.error.code for one in left]) == ([], ["own_record"])
    assert list_waiting(posted_director).total == count_to_countersign(posted_director) == 0


def test_a_delegate_signs_as_such_but_not_for_who_named_them(county: County, served: Dispatch) -> None:
    own, other = waiting(served), waiting(served)
    with pytest.raises(OwnRecord):
        countersign_record(acting(delegate_of(county, county.doctor), Role.DELEGATE), own.id, own.version)
    countersign_record(acting(delegate_of(county, county.director), Role.DELEGATE), other.id, other.version)
    assert other.countersigned_as is Role.DELEGATE


def test_a_returned_record_says_why_and_its_author_is_told(county: County, dispatch: Dispatch) -> None:
    record = waiting(dispatch)
    with pytest.raises(ReturnReasonMissing):
        return_record(county.recipient, record.id, record.version, reason=" \n")
    return_record(county.recipient, record.id, record.version, reason=" 请补签到表 ")
    assert (record.status, record.return_reason, record.version) == (RecordStatus.RETURNED, "请补签到表", 2)
    assert record.returned_by_person_id == county.director.id
    [notice] = told(county.doctor, NoticeKind.ACTIVITY_RETURNED)
    assert "请补签到表" in notice.body
    with pytest.raises(RecordNotWaiting):
        countersign_record(county.recipient, record.id, record.version)


def test_of_many_the_clean_ones_are_signed_and_each_author_told_once(county: County, served: Dispatch) -> None:
    clean = [waiting(served) for _ in range(3)]
    late = waiting(served, is_late=True)
    absent = waiting(served, occurred_on=clock.today() - timedelta(days=2))
    doubtful, refused = waiting(served), waiting(served)
    attach(refused).attachment.picture_check = PictureCheck.REFUSED
    attach(doubtful, {"code": "taken_elsewhere", "text": "照片不在派驻点拍摄"})
    stale = waiting(served)
    decided = make_record(served)
    records = [*clean, late, absent, doubtful, refused, stale, decided]
    chosen = [(one.id, one.version + (one is stale)) for one in records] + [(new_id(), 1)]
    signed, left = countersign_records(county.recipient, chosen)
    assert [one.id for one in signed] == [one.id for one in clean]
    assert [one.error.code for one in left] == [
        *["record_not_clean"] * 4,
        "stale_version",
        "record_not_waiting",
        "record_not_found",
    ]
    assert all(stands(one) is SUBMITTED for one in (late, absent, doubtful, refused, stale))
    [notice] = told(county.doctor, NoticeKind.ACTIVITY_COUNTERSIGNED)
    assert (notice.title, notice.page) == ("3条工作日志已会签", "/doctor/activities/index")


def test_signing_thirty_together_costs_no_more_questions_for_each(county: County, served: Dispatch) -> None:
    few, many = ([waiting(served) for _ in range(count)] for count in (2, 12))
    costs = []
    for records in (few, many):
        chosen = [(one.id, one.version) for one in records]
        db.session.expire_all()
        with counted_statements() as statements:
            countersign_records(county.recipient, chosen)
        reads = [one for one in statements if one.lstrip().upper().startswith(("SELECT", "WITH"))]
        costs.append(len(reads))
    assert costs[0] == costs[1]


def test_each_thing_that_needs_an_eye_is_named() -> None:
    for oddity in Oddity:
        found = oddities_of(
            ActivityKind.LECTURE,
            Presence.ABSENT if oddity is Oddity.NOT_PRESENT else Presence.PRESENT,
            is_late=oddity is Oddity.LATE,
            has_findings=oddity is Oddity.FINDINGS,
            edition=2 if oddity is Oddity.AMENDED else 1,
        )
        assert found == (oddity,)


def test_only_presence_is_clean_but_nobody_has_to_be_there_for_what_is_done_remotely() -> None:
    def odd(kind: ActivityKind, presence: Presence) -> bool:
        return bool(oddities_of(kind, presence, is_late=False, has_findings=False, edition=1))

    assert [presence for presence in Presence if not odd(ActivityKind.LECTURE, presence)] == [Presence.PRESENT]
    assert not any(odd(ActivityKind.REMOTE_ECG, presence) for presence in Presence)


def test_the_list_shows_what_waits_with_the_attendance_of_its_day(county: County, served: Dispatch) -> None:
    later, earlier = waiting(served), waiting(served, occurred_on=clock.today() - timedelta(days=3))
    make_record(served, status=RecordStatus.DRAFT)
    make_record(served)
    found = list_waiting(county.recipient)
    assert [one.record.id for one in found.items] == [earlier.id, later.id]
    assert [one.beside.presence for one in found.items] == [Presence.OPEN, Presence.PRESENT]
    assert [bool(one.beside.oddities) for one in found.items] == [True, False]
    assert found.total == count_to_countersign(county.recipient) == 2
    with pytest.raises(Forbidden):
        list_waiting(county.office)
    assert count_to_countersign(county.office) == 0
