"""Attaching the files that prove a record, and comparing them with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from backend.domain.activities.errors.proofs import PhotoNotPicture, ProofNotFound, ProofRepeated, TooManyProofs
from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.activities.queries.proofs import find_use_elsewhere
from backend.domain.activities.rules.kinds import Proof
from backend.domain.activities.rules.proofs import ProofFindingCode, find_other_day, find_other_place, find_reuse
from backend.domain.attachments.models import Attachment
from backend.domain.attachments.rules import PICTURES
from backend.domain.attachments.service.checks import ask_for_check
from backend.domain.attachments.service.files import place_of
from backend.domain.organisations.rules.places import Point
from backend.extensions import db
from backend.foundation.transaction import transaction

MAXIMUM_FILES: Final = 9


def attach_files(record: ActivityRecord, files: Sequence[tuple[UUID, Proof]]) -> None:
    """Let a record have these files, in this order, and no others; they are uploads of the record's person.

    They are compared with the record as it stands now: call it after the day was changed. Others see a picture once
    WeChat has passed it, which is asked for here.

    Raises:
        TooManyProofs, ProofRepeated, PhotoNotPicture: they are not such as prove a record.
        ProofNotFound: one does not exist, or somebody else uploaded it.
    """
    if len(files) > MAXIMUM_FILES:
        raise TooManyProofs
    if len({attachment_id for attachment_id, _proof in files}) < len(files):
        raise ProofRepeated
    with transaction() as session:
        known = {file.attachment_id: file for file in record.files}
        uploads = _uploads_of(record, [attachment_id for attachment_id, _proof in files])
        attached = []
        for position, (attachment_id, proof) in enumerate(files):
            upload = uploads.get(attachment_id)
            if upload is None:
                raise ProofNotFound
            if proof is Proof.PHOTO and upload.content_type not in PICTURES:
                raise PhotoNotPicture
            file = known.get(attachment_id) or ActivityFile(attachment=upload, attachment_id=attachment_id, findings=[])
            file.proof, file.position = proof, position
            attached.append(file)
        record.files = attached
        compare_files(record)
        for upload in uploads.values():
            ask_for_check(upload)
        session.flush()


def compare_files(record: ActivityRecord) -> None:
    """Write down what is odd about the files of a record, as it and all others stand now."""
    with transaction():
        for file in record.files:
            findings = _findings_of(record, file)
            if findings != file.findings:
                file.findings = findings


def forget_places(record: ActivityRecord) -> None:
    """Forget where the pictures of a record were taken, which can be compared no more: it is countersigned."""
    for file in record.files:
        if file.attachment.place is not None:
            file.attachment.place = None


def _findings_of(record: ActivityRecord, file: ActivityFile) -> list[dict[str, str]]:
    day = find_other_day(file.attachment.taken_on, record.occurred_on) if file.proof is Proof.PHOTO else None
    reuse = find_reuse(find_use_elsewhere(record, file.attachment, file.proof))
    return [*_other_place(record, file), *(finding.as_told() for finding in (day, reuse) if finding)]


def _other_place(record: ActivityRecord, file: ActivityFile) -> list[dict[str, str]]:
    """Compare where a picture was taken, as long as that is known; then what was found of it stays, wherever it is."""
    place = place_of(file.attachment)
    if place is None:
        return _found_before(file)
    if file.proof is not Proof.PHOTO:
        return []
    sites = record.dispatch.sites if record.dispatch else []
    centres = [(Point(float(site.longitude), float(site.latitude)), site.radius_m) for site in sites]
    found = find_other_place(place, centres)
    return [found.as_told()] if found else []


def _found_before(file: ActivityFile) -> list[dict[str, str]]:
    """Return what was found of the place of a picture, here or in another record or edition that has it."""
    statement = select(ActivityFile.findings).where(ActivityFile.attachment_id == file.attachment_id)
    told = [*file.findings, *(finding for found in db.session.scalars(statement) for finding in found)]
    return [finding for finding in told if finding["code"] == ProofFindingCode.TAKEN_ELSEWHERE][:1]


def _uploads_of(record: ActivityRecord, attachment_ids: Sequence[UUID]) -> dict[UUID, Attachment]:
    own = Attachment.uploaded_by_person_id == record.person_id
    with transaction() as session:
        statement = select(Attachment).where(Attachment.id.in_(attachment_ids), own).order_by(Attachment.id)
        found = session.scalars(statement.with_for_update())  # in one order, so that nobody waits for each other
        return {attachment.id: attachment for attachment in found}
