"""What the authors of records and those who countersign them are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.waiting import waiting_for_signers
from backend.domain.activities.rules.kinds import KINDS
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notice, owe_notices
from backend.foundation import clock
from backend.foundation.transaction import transaction

_SIGNED = NoticeKind.ACTIVITY_COUNTERSIGNED
_WAITING = NoticeKind.ACTIVITY_SUBMITTED


def tell_returned(record: ActivityRecord) -> None:
    """Owe its author the reason for which a record came back."""
    body = f"{_named(record)}：{record.return_reason}"
    notice = Notice(NoticeKind.ACTIVITY_RETURNED, "工作日志已退回", body, _page_of(record))
    owe_notice(record.person_id, notice, dedupe_key=f"{notice.kind}:{record.id}:{record.version}")


def tell_signed(records: Collection[ActivityRecord]) -> None:
    """Owe each author one notice of all of theirs that were countersigned."""
    by_author: dict[UUID, list[ActivityRecord]] = defaultdict(list)
    for record in records:
        by_author[record.person_id].append(record)
    owe_notices(
        [
            Owed(person_id=author_id, notice=_signed(theirs), dedupe_key=f"{_SIGNED}:{theirs[0].id}")
            for author_id, theirs in by_author.items()
        ]
    )


def remind_signers() -> int:
    """Owe all who may countersign something one notice a day of how much waits for them; return how many are owed."""
    today = clock.today()
    with transaction():
        owed = [
            Owed(
                person_id=waiting.person_id,
                notice=Notice(
                    _WAITING,
                    f"{waiting.count}条工作日志待会签",
                    f"{waiting.organisation_name}有{waiting.count}条工作日志等待您会签。",
                    "/office/activities/index",
                ),
                dedupe_key=f"{_WAITING}:{waiting.person_id}:{waiting.organisation_id}:{today}",
            )
            for waiting in waiting_for_signers(today)
        ]
        owe_notices(owed)
        return len(owed)


def _signed(records: list[ActivityRecord]) -> Notice:
    first = records[0]
    if len(records) == 1:
        return Notice(_SIGNED, "工作日志已会签", f"{_named(first)}已会签。", _page_of(first))
    title = f"{len(records)}条工作日志已会签"
    return Notice(_SIGNED, title, f"{_named(first)}等{len(records)}条已会签。", "/doctor/activities/index")


def _named(record: ActivityRecord) -> str:
    # Without its title: that may be a diagnosis, and this goes out through WeChat.
    return f"{record.occurred_on.month}月{record.occurred_on.day}日{KINDS[record.kind].label}"


def _page_of(record: ActivityRecord) -> str:
    return f"/doctor/activity/index?id={record.id}"
