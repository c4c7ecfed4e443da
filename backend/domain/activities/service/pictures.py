"""What WeChat thinks of the pictures of records, and telling their owner of those that it refuses."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.activities.rules.kinds import KINDS
from backend.domain.attachments.service import checks
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.foundation.transaction import transaction


def heed_verdict(trace_id: str, suggest: str) -> None:
    """Heed a verdict that WeChat pushed; an empty one says that it could not look, and is asked for again."""
    if not suggest:
        return
    with transaction():
        _tell(checks.heed_verdict(trace_id, suggest))


def keep_question(attachment_id: UUID, trace_id: str) -> None:
    """Write down what WeChat was asked, and heed its verdict if that was faster."""
    with transaction():
        _tell(checks.keep_question(attachment_id, trace_id))


def _tell(refused_id: UUID | None) -> None:
    """Owe its owner a word that a picture is hidden, which opens the last record that it is attached to."""
    if refused_id is None:
        return
    statement = (
        select(ActivityRecord)
        .join(ActivityFile, ActivityFile.record_id == ActivityRecord.id)
        .where(ActivityFile.attachment_id == refused_id)
        .order_by(ActivityRecord.created_at.desc())
        .limit(1)
    )
    with transaction() as session:
        record = session.scalars(statement).one_or_none()
        if record is None:  # it was taken off meanwhile
            return
        day, label = record.occurred_on, KINDS[record.kind].label
        body = f"{day.month}月{day.day}日{label}的图片未通过微信审核，他人看不到，请更换。"
        notice = Notice(NoticeKind.PICTURE_REFUSED, "图片未通过审核", body, f"/doctor/activity/index?id={record.id}")
        owe_notice(record.person_id, notice, dedupe_key=f"{notice.kind}:{refused_id}")
