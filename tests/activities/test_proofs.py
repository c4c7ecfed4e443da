"""Files that prove a record: whose they may be, and who may open them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from backend.domain.accounts.models import Person
from backend.domain.activities.errors.proofs import PhotoNotPicture, ProofNotFound, ProofRepeated, TooManyProofs
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.proofs import open_proof
from backend.domain.activities.rules.kinds import Proof
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service.proofs import MAXIMUM_FILES, attach_files
from backend.domain.attachments.models import Attachment
from backend.domain.attachments.service.files import store_file
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.errors import Forbidden, NotFound
from backend.foundation.ids import new_id
from tests.support.activities import make_record
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch
from tests.support.pictures import PNG

PDF = b"%PDF-1.7 sign-in sheet"


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def record(county: County) -> ActivityRecord:
    today = clock.today()
    dispatch = make_dispatch(
        county.doctor, county.township, starts_on=today - timedelta(days=30), ends_on=today + timedelta(days=30)
    )
    return make_record(dispatch, status=RecordStatus.DRAFT)


def uploaded(person: Person, content: bytes = PNG) -> Attachment:
    return store_file(acting(person, Role.STAFF), "现场.png", content)


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
