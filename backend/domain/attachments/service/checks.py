"""Having WeChat check pictures before others see them: the question, its repetition, and the verdict.

The verdict comes as an event within half an hour, or never: then the question is asked again. It may come before the
answer that names it, so that question and verdict meet in one row, whichever is first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from backend.domain.attachments.models import Attachment, PictureVerdict
from backend.domain.attachments.rules import PictureCheck
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.transaction import enqueue_after_commit, transaction

CHECK_PICTURES: Final = "backend.jobs.attachments.check_pictures"
ASK_AGAIN_AFTER: Final = timedelta(minutes=40)  # a verdict comes within thirty
_TRY_AGAIN_AFTER: Final = timedelta(minutes=5)
_STRAY_FOR: Final = timedelta(days=2)
_RISKY: Final = "risky"  # "review" would have somebody of ours look, who reads the record anyway


@dataclass(frozen=True)
class Question:
    """A picture that WeChat is to be asked about, and who uploaded it."""

    attachment_id: UUID
    person_id: UUID


def ask_for_check(attachment: Attachment) -> None:
    """Have a picture checked that others are to see, within the transaction that shows it to them; once."""
    if attachment.picture_check is PictureCheck.UNASKED:
        attachment.picture_check = PictureCheck.WAITING
        attachment.check_due_at = clock.now()
        enqueue_after_commit(CHECK_PICTURES)


def claim_questions(at_most: int) -> list[Question]:
    """Return what is to be asked now, asked before in vain or never; nobody else asks it meanwhile."""
    now = clock.now()
    due = (
        select(Attachment.id)
        .where(Attachment.check_due_at <= now, Attachment.picture_check == PictureCheck.WAITING)
        .order_by(Attachment.check_due_at)
        .limit(at_most)
        .with_for_update(skip_locked=True)
    )
    claim = (
        update(Attachment)
        .where(Attachment.id.in_(due.scalar_subquery()))
        .values(check_due_at=now + ASK_AGAIN_AFTER)
        .returning(Attachment.id, Attachment.uploaded_by_person_id)
        .execution_options(synchronize_session=False)
    )
    with transaction() as session:
        return [Question(*row) for row in session.execute(claim)]


def keep_question(attachment_id: UUID, trace_id: str) -> UUID | None:
    """Write down by what name WeChat's verdict will come; return the picture if it is here and refuses it."""
    named = insert(PictureVerdict).values(trace_id=trace_id, attachment_id=attachment_id)
    kept = named.on_conflict_do_update(index_elements=["trace_id"], set_={"attachment_id": attachment_id})
    with transaction() as session:
        suggest = session.scalar(kept.returning(PictureVerdict.suggest))
        return _settle(attachment_id, suggest) if suggest else None


def heed_verdict(trace_id: str, suggest: str) -> UUID | None:
    """Heed WeChat's verdict, however often it comes; return the picture that is refused by it now."""
    told = insert(PictureVerdict).values(trace_id=trace_id, suggest=suggest)
    kept = told.on_conflict_do_update(index_elements=["trace_id"], set_={"suggest": suggest})
    with transaction() as session:
        attachment_id = session.scalar(kept.returning(PictureVerdict.attachment_id))
        return _settle(attachment_id, suggest) if attachment_id else None


def exempt_picture(attachment_id: UUID) -> None:
    """Let a picture pass about which nobody can be asked: its owner has no WeChat here any more."""
    with transaction():
        _end(attachment_id, PictureCheck.EXEMPT)


def try_again_later(attachment_id: UUID) -> None:
    """Ask again soon: WeChat did not take the question."""
    with transaction() as session:
        again = clock.now() + _TRY_AGAIN_AFTER
        session.execute(update(Attachment).where(Attachment.id == attachment_id).values(check_due_at=again))


def drop_stray_verdicts() -> int:
    """Forget verdicts that belong to no picture of ours; return how many."""
    stray = PictureVerdict.attachment_id.is_(None), PictureVerdict.created_at < clock.now() - _STRAY_FOR
    with transaction() as session:
        return len(session.scalars(delete(PictureVerdict).where(*stray).returning(PictureVerdict.trace_id)).all())


def _settle(attachment_id: UUID, suggest: str) -> UUID | None:
    refused = suggest == _RISKY
    ended = _end(attachment_id, PictureCheck.REFUSED if refused else PictureCheck.PASSED)
    return attachment_id if ended and refused else None


def _end(attachment_id: UUID, check: PictureCheck) -> bool:
    """Let a picture that waits be so, for good; tell whether it waited."""
    waits = Attachment.id == attachment_id, Attachment.picture_check == PictureCheck.WAITING
    ending = update(Attachment).where(*waits).values(picture_check=check, check_due_at=None).returning(Attachment.id)
    return db.session.scalar(ending) is not None
