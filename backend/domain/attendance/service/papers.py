"""Files that were uploaded for leave or a timesheet and never attached: personal papers that nobody waits for."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from backend.domain.attachments.models import Attachment
from backend.domain.attendance.models.requests import LeaveAttachment
from backend.domain.attendance.models.timesheets import Timesheet
from backend.foundation import clock
from backend.foundation.transaction import transaction

_KEPT: Final = timedelta(days=7)  # in which somebody may still fill in what they are for


def drop_loose_papers() -> int:
    """Drop the files that were uploaded a week ago and belong to nothing; return how many."""
    used = select(LeaveAttachment.attachment_id).union(select(Timesheet.scan_id).where(Timesheet.scan_id.is_not(None)))
    with transaction() as session:
        dropped = session.scalars(
            delete(Attachment)
            .where(Attachment.created_at < clock.now() - _KEPT, Attachment.id.not_in(used))
            .returning(Attachment.id)
            .execution_options(synchronize_session=False)
        )
        return len(dropped.all())
