"""Attaching the files that prove a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from backend.domain.activities.errors.proofs import PhotoNotPicture, ProofNotFound, ProofRepeated, TooManyProofs
from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.activities.rules.kinds import Proof
from backend.domain.attachments.models import Attachment
from backend.domain.attachments.rules import PICTURES
from backend.foundation.transaction import transaction

MAXIMUM_FILES: Final = 9


def attach_files(record: ActivityRecord, files: Sequence[tuple[UUID, Proof]]) -> None:
    """Let a record have these files, in this order, and no others; they are uploads of the record's person.

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
        session.flush()


def _uploads_of(record: ActivityRecord, attachment_ids: Sequence[UUID]) -> dict[UUID, Attachment]:
    own = Attachment.uploaded_by_person_id == record.person_id
    with transaction() as session:
        found = session.scalars(select(Attachment).where(Attachment.id.in_(attachment_ids), own).with_for_update())
        return {attachment.id: attachment for attachment in found}
