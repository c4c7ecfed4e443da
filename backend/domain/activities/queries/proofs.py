"""Reading the files that prove a record, and where else they were used."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, func, or_, select

from backend.domain.activities.errors.proofs import PictureHidden, PictureWaiting, ProofNotFound
from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.activities.queries.records import PRIVATE, get_record
from backend.domain.activities.rules.kinds import KINDS, Proof
from backend.domain.activities.rules.proofs import REUSABLE, Use
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.attachments.models import Attachment
from backend.domain.attachments.queries import File, read_file
from backend.domain.attachments.rules import OPEN_TO_OTHERS, SAME_PAGE_WITHIN, SAME_SCENE_WITHIN, PictureCheck
from backend.extensions import db
from backend.foundation.actor import Actor

_OVER = (RecordStatus.DISCARDED, RecordStatus.WITHDRAWN)


def open_proof(actor: Actor, record_id: UUID, attachment_id: UUID) -> File:
    """Return a file of a record that the actor may read; a picture is its owner's until WeChat has passed it.

    Raises:
        RecordNotFound, Forbidden: as in get_record.
        ProofNotFound: the record has no such file.
        PictureWaiting, PictureHidden: it is not for others yet, or not at all.
    """
    record = get_record(actor, record_id)
    file = db.session.get(ActivityFile, (record_id, attachment_id))
    if file is None:
        raise ProofNotFound
    check = file.attachment.picture_check
    if actor.person_id != record.person_id and check not in OPEN_TO_OTHERS:
        raise PictureHidden if check is PictureCheck.REFUSED else PictureWaiting
    return read_file(attachment_id)


def find_use_elsewhere(record: ActivityRecord, upload: Attachment, proof: Proof) -> Use | None:
    """Return another record, of the author or between these hospitals, that has the same file or one that looks so.

    The very same comes first, then the earliest. Others' drafts are nobody's business.
    """
    if proof in REUSABLE:
        return None
    identical = or_(Attachment.id == upload.id, Attachment.content_hash == upload.content_hash)
    own = ActivityRecord.person_id == record.person_id
    between = and_(
        ActivityRecord.supporting_id == record.supporting_id, ActivityRecord.recipient_id == record.recipient_id
    )
    statement = (
        select(ActivityRecord.occurred_on, ActivityRecord.kind, own.label("own"), identical.label("identical"))
        .join(ActivityFile, ActivityFile.record_id == ActivityRecord.id)
        .join(Attachment, Attachment.id == ActivityFile.attachment_id)
        .where(
            ActivityRecord.series_id != record.series_id,
            ActivityRecord.status.not_in(_OVER),
            ActivityFile.proof.not_in(REUSABLE),
            or_(own, and_(between, ActivityRecord.status.not_in(PRIVATE))),
            or_(identical, _looks_like(upload, proof)),
        )
        .order_by(func.coalesce(identical, False).desc(), ActivityRecord.created_at, ActivityRecord.id)
        .limit(1)
    )
    found = db.session.execute(statement).one_or_none()
    return Use(found.occurred_on, KINDS[found.kind].label, found.own, bool(found.identical)) if found else None


def _looks_like(upload: Attachment, proof: Proof) -> ColumnElement[bool]:
    """Say of another picture that it looks the same; pages of one form look alike, so that it takes more of them."""
    if upload.likeness is None:
        return Attachment.id.is_(None)
    within = SAME_SCENE_WITHIN if proof is Proof.PHOTO else SAME_PAGE_WITHIN
    apart = func.bit_count(Attachment.likeness.op("#")(upload.likeness), type_=Integer)
    return apart <= within
