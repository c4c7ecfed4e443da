"""Changing what was countersigned by a new edition, and telling signers what waits."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from backend.domain.activities.errors.records import RecordNotFound
from backend.domain.activities.errors.signing import (
    AmendmentOpen,
    RecordNotClean,
    RecordNotCountersigned,
)
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service.amendments import amend_record
from backend.domain.activities.service.countersigning import countersign_record, countersign_records
from backend.domain.activities.service.signing_notices import remind_signers
from backend.domain.dispatch.models import Dispatch
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.encryption import decrypt, encrypt
from backend.foundation.errors import Forbidden
from tests.activities.signing_world import attach, delegate_of, hand_in, stands, told, waiting, yesterday
from tests.support.activities import make_record
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person
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


def test_an_amendment_is_a_draft_with_the_same_content_and_files(county: County, served: Dispatch) -> None:
    record = waiting(served, is_late=True, person_times=40)
    note = encrypt('{"note": "…"}', table="activity_records", column="clinical", row_id=record.id)
    db.session.execute(update(ActivityRecord).where(ActivityRecord.id == record.id).values(clinical=note))
    attached = attach(record).attachment_id
    countersign_record(county.recipient, record.id, record.version)
    edition = amend_record(county.visitor, record.id)
    assert (edition.series_id, edition.edition, edition.status) == (record.series_id, 2, RecordStatus.DRAFT)
    assert (edition.details, edition.title, edition.person_times) == (record.details, record.title, 40)
    assert edition.is_late
    assert [file.attachment_id for file in edition.files] == [attached]
    assert edition.clinical is not None
    plain = decrypt(edition.clinical, table="activity_records", column="clinical", row_id=edition.id)
    assert plain == '{"note": "…"}'
    with pytest.raises(AmendmentOpen):
        amend_record(county.visitor, record.id)
    assert stands(record) is RecordStatus.COUNTERSIGNED


def test_the_edition_before_counts_until_the_new_one_is_countersigned(county: County, served: Dispatch) -> None:
    record = waiting(served)
    countersign_record(county.recipient, record.id, record.version)
    edition = amend_record(county.visitor, record.id)
    hand_in(edition)
    assert stands(record) is RecordStatus.COUNTERSIGNED
    with_others, left = countersign_records(county.recipient, [(edition.id, edition.version)])
    assert (with_others, [type(one.error) for one in left]) == ([], [RecordNotClean])
    countersign_record(county.recipient, edition.id, edition.version)
    assert (stands(record), stands(edition)) == (RecordStatus.SUPERSEDED, RecordStatus.COUNTERSIGNED)
    with pytest.raises(RecordNotCountersigned):
        amend_record(county.visitor, record.id)


def test_an_amendment_that_was_given_up_leaves_its_number_unused(county: County, served: Dispatch) -> None:
    record = make_record(served)
    given_up = amend_record(county.visitor, record.id)
    given_up.status = RecordStatus.DISCARDED
    db.session.commit()
    assert amend_record(county.visitor, record.id).edition == 3


def test_only_its_author_amends_a_record(county: County, served: Dispatch) -> None:
    record = make_record(served)
    for actor in (county.recipient, county.office):
        with pytest.raises(Forbidden):
            amend_record(actor, record.id)
    with pytest.raises(RecordNotFound):
        amend_record(county.stranger, record.id)


def test_once_a_day_each_signer_is_told_how_much_waits_for_them(county: County, served: Dispatch) -> None:
    delegate = delegate_of(county, county.doctor)
    other = make_dispatch(make_person(county.hospital, "许文丽"), county.township)
    for dispatch in (served, served, other):
        waiting(dispatch)
    make_record(served)
    assert remind_signers() == 2
    remind_signers()
    [to_director] = told(county.director, NoticeKind.ACTIVITY_SUBMITTED)
    [to_delegate] = told(delegate, NoticeKind.ACTIVITY_SUBMITTED)
    assert (to_director.title, to_director.page) == ("3条工作日志待会签", "/office/activities/index")
    assert to_delegate.title == "1条工作日志待会签"  # without those of who named them


def test_who_no_longer_signs_is_not_told(county: County, served: Dispatch) -> None:
    delegate = delegate_of(county, county.director)
    delegate.roles[0].during = type(delegate.roles[0].during)(yesterday(), clock.today())  # type: ignore[misc]
    db.session.commit()
    waiting(served)
    assert remind_signers() == 1


def test_nobody_is_told_of_nothing(county: County, served: Dispatch) -> None:
    make_record(served)
    assert remind_signers() == 0
