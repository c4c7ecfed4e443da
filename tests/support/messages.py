"""Messages that are owed, and people who allow them to be sent."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.domain.accounts.models import Account
from backend.domain.notifications.models.notices import OutboxMessage
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.rules.templates import TemplateKey
from backend.domain.notifications.service.grants import add_grant
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from tests.support.standin import Standin

SEND = "/cgi-bin/message/subscribe/send"
_keys = itertools.count(1)
_SLOTS = {"what": "骨科 副主任医师 林知远", "when": "2026年12月1日 08:30", "reason": "因公返院", "advice": "请改约"}


def closure_notice(page: str = "/patient/booking/index") -> Notice:
    """Return a notice of the kind that a patient must not miss."""
    return Notice(NoticeKind.CLINIC_CLOSED, "门诊停诊", "您预约的门诊已停诊。", page, _SLOTS)


def work_notice(title: str = "考勤表已退回") -> Notice:
    """Return a notice of work, for which people give leave one message at a time."""
    return Notice(NoticeKind.TIMESHEET_RETURNED, title, "请核对后重新提交。", "/pages/home/index")


def owe(
    account: Account,
    organisation: Organisation,
    notice: Notice | None = None,
    *,
    due_at: datetime | None = None,
    lapses_at: datetime | None = None,
) -> str:
    """Owe an account a message; return its dedupe key."""
    key = f"test:{next(_keys)}"
    owe_notices(
        [
            Owed(
                notice=notice or closure_notice(),
                dedupe_key=key,
                account_id=account.id,
                organisation_id=organisation.id,
                due_at=due_at,
                lapses_at=lapses_at,
            )
        ]
    )
    return key


def allow(standin: Standin, account: Account, template: TemplateKey, *, count: int = 1) -> None:
    """Let somebody allow messages, at WeChat and in the ledger."""
    standing = template not in (TemplateKey.WORK_NOTICE, TemplateKey.SPOT_CHECK)
    standin.order(
        "grants",
        openid=account.openid,
        template_id=f"dev-{template}",
        kind="long_term" if standing else "one_time",
        count=count,
    )
    for _ in range(1 if standing else count):
        add_grant(account.id, template, standing=standing)


def message_of(key: str) -> OutboxMessage:
    """Return a message as it stands."""
    statement = select(OutboxMessage).where(OutboxMessage.dedupe_key == key)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def sent_messages(standin: Standin) -> list[dict[str, Any]]:
    """Return what WeChat has taken."""
    messages: list[dict[str, Any]] = standin.ask("messages")
    return messages
