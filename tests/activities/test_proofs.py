"""Files that prove a record: whose they may be, and who may open them."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask

from backend.domain.accounts.models import Person
from backend.domain.activities.errors.proofs import (
    PhotoNotPicture,
    PictureHidden,
    PictureWaiting,
    ProofNotFound,
    ProofRepeated,
    TooManyProofs,
)
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.proofs import open_proof
from backend.domain.activities.rules.kinds import ActivityKind, Proof
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service.amendments import amend_record
from backend.domain.activities.service.countersigning import countersign_record
from backend.domain.activities.service.drafts import discard_record
from backend.domain.activities.service.pictures import heed_verdict, keep_question
from backend.domain.activities.service.proofs import MAXIMUM_FILES, attach_files
from backend.domain.activities.service.submitting import hand_in
from backend.domain.attachments.models import Attachment
from backend.domain.attachments.queries import read_own_file
from backend.domain.attachments.service.files import store_file
from backend.domain.attachments.service.sweeping import drop_loose_files, forget_old_places
from backend.domain.dispatch.models import Dispatch
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.domain.organisations.rules.places import Point, gcj02_from_wgs84
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.errors import Forbidden, NotFound
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction
from tests.support.activities import make_record
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person, make_site
from tests.support.pictures import PNG, as_jpeg, as_png, draw_scene, photograph

PDF = b"%PDF-1.7 sign-in sheet"
NOON = datetime(2026, 11, 3, 12, 30)  # noqa: DTZ001 - as cameras write it
THAT_DAY = NOON.date()
AT_THE_SITE, FAR_AWAY = (102.8329, 24.8801), (103.2, 25.1)  # WGS-84, as phones write it


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    centre = gcj02_from_wgs84(Point(*AT_THE_SITE))
    site = make_site(county.township, "门诊楼", longitude=f"{centre.longitude:.6f}", latitude=f"{centre.latitude:.6f}")
    return make_dispatch(
        county.doctor, county.township, starts_on=date(2026, 10, 1), ends_on=date(2027, 3, 31), sites=[site]
    )


@pytest.fixture
def record(dispatch: Dispatch) -> ActivityRecord:
    return make_record(dispatch, status=RecordStatus.DRAFT, occurred_on=THAT_DAY)


def uploaded(person: Person, content: bytes = PNG, *, channel: str = "console") -> Attachment:
    actor = dataclasses.replace(acting(person, Role.STAFF), channel=channel)
    return store_file(actor, "现场.png", content)


def found_in(record: ActivityRecord, content: bytes, proof: Proof = Proof.PHOTO) -> list[str]:
    """Return what is odd about a new upload of the author's when the record has it and nothing else."""
    attach_files(record, [(uploaded(record.person, content).id, proof)])
    return [finding["code"] for finding in record.files[0].findings]


def proofs_of(record: ActivityRecord) -> list[tuple[UUID, Proof]]:
    return [(file.attachment_id, file.proof) for file in record.files]


def test_a_record_has_the_files_that_were_named_last_in_their_order(county: County, record: ActivityRecord) -> None:
    photo, sheet, slides = uploaded(county.doctor), uploaded(county.doctor, PDF), uploaded(county.doctor, PDF)
    attach_files(record, [(photo.id, Proof.PHOTO), (sheet.id, Proof.SIGN_IN_SHEET)])
    named = [(slides.id, Proof.MATERIAL), (photo.id, Proof.OTHER)]
    attach_files(record, named)
    assert proofs_of(record) == named


def test_nobody_proves_a_record_with_a_file_of_somebody_else(county: County, record: ActivityRecord) -> None:
    for attachment_id in (uploaded(county.director).id, new_id()):
        with pytest.raises(ProofNotFound):
            attach_files(record, [(attachment_id, Proof.OTHER)])
    assert record.files == []


def test_a_photograph_must_be_a_picture(county: County, record: ActivityRecord) -> None:
    with pytest.raises(PhotoNotPicture):
        attach_files(record, [(uploaded(county.doctor, PDF).id, Proof.PHOTO)])


def test_nine_files_are_the_limit_and_each_goes_in_once(county: County, record: ActivityRecord) -> None:
    files = [(uploaded(county.doctor).id, Proof.OTHER) for _ in range(MAXIMUM_FILES)]
    attach_files(record, files)
    with pytest.raises(TooManyProofs):
        attach_files(record, [*files, (uploaded(county.doctor).id, Proof.OTHER)])
    with pytest.raises(ProofRepeated):
        attach_files(record, [files[0], files[0]])
    assert proofs_of(record) == files


def test_who_may_read_a_record_opens_its_files(county: County, record: ActivityRecord) -> None:
    sheet = uploaded(county.doctor, PDF)
    attach_files(record, [(sheet.id, Proof.SIGN_IN_SHEET)])
    assert open_proof(county.visitor, record.id, sheet.id).content == PDF
    with pytest.raises(NotFound):
        open_proof(county.recipient, record.id, sheet.id)  # nobody else sees a draft
    record.status, record.submitted_at = RecordStatus.SUBMITTED, clock.now()
    for actor in (county.recipient, county.office, county.overseer):
        assert open_proof(actor, record.id, sheet.id).content == PDF
    with pytest.raises(NotFound):
        open_proof(county.stranger, record.id, sheet.id)
    with pytest.raises(Forbidden):
        open_proof(acting(county.director, Role.DESK), record.id, sheet.id)
    with pytest.raises(NotFound):
        open_proof(county.visitor, record.id, uploaded(county.doctor).id)  # which belongs to nothing


def test_a_photograph_of_that_day_and_place_or_of_none_is_not_odd(record: ActivityRecord) -> None:
    assert found_in(record, photograph(1, taken_at=NOON, place=AT_THE_SITE)) == []
    assert found_in(record, photograph(2)) == []
    assert found_in(record, as_jpeg(draw_scene(3))) == []


def test_a_photograph_of_another_day_is_told_and_the_day_compared_again_when_the_record_changes(
    record: ActivityRecord,
) -> None:
    assert found_in(record, photograph(taken_at=NOON - timedelta(days=1))) == ["taken_another_day"]
    assert record.files[0].findings[0]["text"] == "照片拍摄于2026年11月2日，与记录的日期2026年11月3日不同。"
    record.occurred_on = date(2026, 11, 2)
    attach_files(record, proofs_of(record))
    assert record.files[0].findings == []


def test_a_photograph_from_far_away_is_told_and_with_the_countersignature_where_it_was_is_forgotten(
    county: County, record: ActivityRecord
) -> None:
    assert found_in(record, photograph(taken_at=NOON, place=FAR_AWAY)) == ["taken_elsewhere"]
    (file,) = record.files
    assert file.findings[0]["text"] == "照片拍摄地点距派驻点约44公里。"
    assert file.attachment.place is not None

    record.status, record.submitted_at = RecordStatus.SUBMITTED, clock.now()
    countersign_record(county.recipient, record.id, record.version)

    assert file.attachment.place is None
    assert [finding["code"] for finding in file.findings] == ["taken_elsewhere"]
    amended = amend_record(county.visitor, record.id)
    attach_files(amended, [])
    attach_files(amended, [(file.attachment_id, Proof.PHOTO)])
    assert [finding["code"] for finding in amended.files[0].findings] == ["taken_elsewhere"]


def test_a_photograph_from_far_away_is_told_again_after_it_was_taken_off_or_called_a_sheet(
    dispatch: Dispatch, record: ActivityRecord
) -> None:
    assert found_in(record, photograph(taken_at=NOON, place=FAR_AWAY), Proof.SIGN_IN_SHEET) == []
    photo = [(record.files[0].attachment_id, Proof.PHOTO)]
    for files, codes in ((photo, ["taken_elsewhere"]), ([], []), (photo, ["taken_elsewhere"])):
        attach_files(record, files)
        assert [finding["code"] for file in record.files for finding in file.findings] == codes
    attach_files(record, [])
    another = make_record(dispatch, status=RecordStatus.DRAFT, occurred_on=THAT_DAY)
    attach_files(another, photo)
    assert [finding["code"] for finding in another.files[0].findings] == ["taken_elsewhere"]


def test_where_a_picture_was_taken_that_nobody_countersigns_is_forgotten_after_three_months(
    record: ActivityRecord,
) -> None:
    assert found_in(record, photograph(taken_at=NOON, place=FAR_AWAY)) == ["taken_elsewhere"]
    for days, forgotten in ((89, 0), (91, 1)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            assert forget_old_places() == forgotten
    attach_files(record, proofs_of(record))
    assert [finding["code"] for finding in record.files[0].findings] == ["taken_elsewhere"]


def test_an_amendment_that_is_given_up_leaves_the_files_that_it_shares(
    county: County, dispatch: Dispatch, record: ActivityRecord
) -> None:
    sheet = uploaded(county.doctor, PDF)
    attach_files(record, [(sheet.id, Proof.SIGN_IN_SHEET)])
    record.status, record.submitted_at = RecordStatus.SUBMITTED, clock.now()
    countersign_record(county.recipient, record.id, record.version)
    amended = amend_record(county.visitor, record.id)
    own = uploaded(county.doctor, PDF + b"new")
    attach_files(amended, [*proofs_of(amended), (own.id, Proof.OTHER)])
    discard_record(county.visitor, amended.id, amended.version)

    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        assert drop_loose_files() == 1

    assert open_proof(county.recipient, record.id, sheet.id).content == PDF
    with pytest.raises(NotFound):
        read_own_file(county.visitor, own.id)


def test_a_sheet_may_be_photographed_later_and_elsewhere(record: ActivityRecord) -> None:
    later = photograph(taken_at=NOON + timedelta(days=2), place=FAR_AWAY)
    assert found_in(record, later, Proof.SIGN_IN_SHEET) == []


def test_a_picture_that_proves_another_record_is_told(county: County, dispatch: Dispatch) -> None:
    first, second = (make_record(dispatch, status=RecordStatus.DRAFT, occurred_on=THAT_DAY) for _ in range(2))
    scene = draw_scene(5, (800, 600))
    picture = uploaded(county.doctor, as_jpeg(scene))
    attach_files(first, [(picture.id, Proof.PHOTO)])
    for again in (as_jpeg(scene), as_jpeg(scene.resize((500, 375)), quality=60), as_png(scene)):
        assert found_in(second, again) == ["used_before"]
    assert second.files[0].findings[0]["text"] == "与本人2026年11月3日“讲座”记录所附的文件几乎相同，请核对。"
    attach_files(second, [(picture.id, Proof.PHOTO)])
    assert "所附的文件相同" in second.files[0].findings[0]["text"]
    assert found_in(second, as_jpeg(draw_scene(6, (800, 600)))) == []


def test_a_colleague_s_picture_is_told_without_a_name_once_it_is_handed_in(
    county: County, dispatch: Dispatch, record: ActivityRecord
) -> None:
    colleague = make_person(county.hospital, "段文秀")
    theirs = make_record(
        make_dispatch(colleague, county.township, starts_on=date(2026, 10, 1)),
        ActivityKind.FREE_CLINIC,
        status=RecordStatus.DRAFT,
        occurred_on=THAT_DAY,
    )
    attach_files(theirs, [(uploaded(colleague, photograph(8)).id, Proof.PHOTO)])
    assert found_in(record, photograph(8)) == []  # a draft is nobody else's business
    theirs.status, theirs.submitted_at = RecordStatus.SUBMITTED, clock.now()
    assert found_in(record, photograph(8)) == ["used_before"]
    text = record.files[0].findings[0]["text"]
    assert text == "与另一名派驻人员2026年11月3日“义诊”记录所附的文件相同，请核对。"
    there = make_dispatch(county.doctor, county.other_township, starts_on=date(2026, 4, 1), ends_on=date(2026, 9, 1))
    elsewhere = make_record(there, status=RecordStatus.DRAFT)
    assert found_in(elsewhere, photograph(8)) == ["used_before"]  # one's own, wherever that was


def test_handing_in_compares_with_what_others_have_handed_in_meanwhile(
    county: County, dispatch: Dispatch, record: ActivityRecord
) -> None:
    assert found_in(record, photograph(12)) == []
    colleague = make_person(county.hospital, "段文秀")
    theirs = make_record(make_dispatch(colleague, county.township), status=RecordStatus.SUBMITTED)
    attach_files(theirs, [(uploaded(colleague, photograph(12)).id, Proof.PHOTO)])
    with transaction():
        hand_in(county.visitor, record)
    assert [finding["code"] for finding in record.files[0].findings] == ["used_before"]


def test_other_hospitals_pictures_slides_and_what_was_given_up_are_not_compared(
    county: County, dispatch: Dispatch, record: ActivityRecord
) -> None:
    stranger = make_person(county.foreign_hospital, "万里")
    theirs = make_record(make_dispatch(stranger, county.other_township), status=RecordStatus.SUBMITTED)
    attach_files(theirs, [(uploaded(stranger, photograph(9)).id, Proof.PHOTO)])
    assert found_in(record, photograph(9)) == []
    lecture = make_record(dispatch, status=RecordStatus.DRAFT, occurred_on=THAT_DAY)
    attach_files(lecture, [(uploaded(county.doctor, PDF).id, Proof.MATERIAL)])
    assert found_in(record, PDF, Proof.MATERIAL) == []
    attach_files(lecture, [(uploaded(county.doctor, photograph(10)).id, Proof.PHOTO)])
    lecture.status = RecordStatus.DISCARDED
    assert found_in(record, photograph(10)) == []


def test_editions_share_their_files(dispatch: Dispatch, record: ActivityRecord) -> None:
    assert found_in(record, photograph(11)) == []
    record.status, record.submitted_at = RecordStatus.SUBMITTED, clock.now()
    db.session.flush()
    record.status, record.countersigned_at = RecordStatus.COUNTERSIGNED, clock.now()
    record.countersigned_as = Role.DIRECTOR
    db.session.commit()
    later = make_record(dispatch, status=RecordStatus.DRAFT, occurred_on=THAT_DAY, series_id=record.id, edition=2)
    attach_files(later, proofs_of(record))
    assert later.files[0].findings == []


def test_others_see_a_picture_once_wechat_has_passed_it_and_its_owner_at_once(
    county: County, record: ActivityRecord
) -> None:
    picture = uploaded(county.doctor, channel="phone")
    attach_files(record, [(picture.id, Proof.PHOTO)])
    record.status, record.submitted_at = RecordStatus.SUBMITTED, clock.now()
    keep_question(picture.id, "trace")
    assert open_proof(county.visitor, record.id, picture.id).content == PNG
    with pytest.raises(PictureWaiting):
        open_proof(county.recipient, record.id, picture.id)
    heed_verdict("trace", "")  # WeChat could not look
    with pytest.raises(PictureWaiting):
        open_proof(county.recipient, record.id, picture.id)
    heed_verdict("trace", "pass")
    assert open_proof(county.recipient, record.id, picture.id).content == PNG


def test_a_refused_picture_is_hidden_and_its_owner_told_once(county: County, record: ActivityRecord) -> None:
    picture = uploaded(county.doctor, channel="phone")
    attach_files(record, [(picture.id, Proof.PHOTO)])
    record.status, record.submitted_at = RecordStatus.SUBMITTED, clock.now()
    keep_question(picture.id, "trace")
    for _ in range(2):
        heed_verdict("trace", "risky")
    with pytest.raises(PictureHidden):
        open_proof(county.recipient, record.id, picture.id)
    assert open_proof(county.visitor, record.id, picture.id).content == PNG
    (told,) = db.session.query(InboxItem).filter_by(kind=NoticeKind.PICTURE_REFUSED)
    assert (told.person_id, told.page) == (county.doctor.id, f"/doctor/activity/index?id={record.id}")
    assert told.body == "11月3日讲座的图片未通过微信审核，他人看不到，请更换。"
