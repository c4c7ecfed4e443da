"""Heeding the events that WeChat pushes: what people allow, and what became of messages. Each counts once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from backend.domain.notifications.models.grants import PushedEvent as Heeded
from backend.domain.notifications.queries.templates import find_template_by_id
from backend.domain.notifications.rules.delivery import Recipient, Settlement, after_event
from backend.domain.notifications.rules.templates import TemplateKey
from backend.domain.notifications.service.grants import add_grant, revoke_grants
from backend.domain.notifications.service.notices import DELIVER
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.errors import Forbidden
from backend.foundation.transaction import enqueue_after_commit, transaction
from backend.wechat.current import current_settings
from backend.wechat.push import Choice, Delivery, PictureVerdict, PushedEvent, is_signed, parse_event

_POPUP = "subscribe_msg_popup_event"
_KEPT_FOR = timedelta(days=2)  # WeChat repeats an event within seconds
_WAITS_FOR_LEAVE = timedelta(minutes=5)  # what was caused by the very tap at which leave was given

_SETTLE_KNOWN = text("""
UPDATE outbox_messages SET status = :status, failure = :failure, errcode = :errcode, settled_at = :now,
    claimed_until = NULL
WHERE message_id = :message_id AND status IN ('sending', 'sent', 'unknown')
RETURNING id
""")

# Nobody has told us its id: of those under way to this person in this template, the one that was sent then.
_SETTLE_AMBIGUOUS = text("""
UPDATE outbox_messages SET status = :status, failure = :failure, errcode = :errcode, settled_at = :now,
    claimed_until = NULL, message_id = :message_id
WHERE id = (
    SELECT id FROM outbox_messages
    WHERE recipient_id = ANY(CAST(:recipients AS uuid[])) AND template = :template
        AND status IN ('sending', 'unknown') AND message_id IS NULL
    ORDER BY abs(extract(epoch FROM sent_at - :told_at)) LIMIT 1)
    AND status IN ('sending', 'unknown')
RETURNING id
""")

_OWE_AGAIN = text("""
UPDATE outbox_messages SET status = 'owed', failure = NULL, due_at = :now
WHERE recipient_id = ANY(CAST(:recipients AS uuid[])) AND template = :template AND status = 'failed'
    AND failure = 'no_grant' AND due_at > :since
RETURNING id
""")


class PushNotSigned(Forbidden):
    """Whoever pushes this does not know our token: it is not WeChat."""

    code: ClassVar[str] = "push_not_signed"
    message: ClassVar[str] = "签名有误，推送未被接受。"


def require_signature(*, signature: str, timestamp: str, nonce: str) -> None:
    """Let pass what WeChat has signed.

    Raises:
        PushNotSigned: it has not.
    """
    token = current_settings().wechat_push_token
    if not is_signed(token, signature=signature, timestamp=timestamp, nonce=nonce):
        raise PushNotSigned


def heed_event(
    body: bytes, find_recipient: Callable[[str], Recipient | None], heed_verdict: Callable[[str, str], None]
) -> None:
    """Heed a pushed event once, however often it comes; what concerns nobody here is taken and left.

    `find_recipient` says who has an openid; `heed_verdict` is given the trace and the verdict on a picture.

    Raises:
        MalformedPush: it is no event.
    """
    event = parse_event(body)
    with transaction():
        if not _is_first(event):
            return
        for item in event.items:
            if isinstance(item, PictureVerdict):
                heed_verdict(item.trace_id, item.suggest)
        recipient = find_recipient(event.openid)
        if recipient is None:
            return
        for item in event.items:
            if isinstance(item, Choice):
                _heed_choice(recipient, item, asked=event.name == _POPUP)
            elif isinstance(item, Delivery):
                _heed_delivery(recipient, item, datetime.fromtimestamp(event.created_at, UTC))


def _is_first(event: PushedEvent) -> bool:
    statement = insert(Heeded).values(fingerprint=event.fingerprint, name=event.name[:100])
    kept = statement.on_conflict_do_nothing().returning(Heeded.fingerprint)
    return db.session.scalar(kept) is not None


def _heed_choice(recipient: Recipient, choice: Choice, *, asked: bool) -> None:
    found = find_template_by_id(choice.template_id)
    if found is None:
        return
    key, installed = found
    if choice.status in ("reject", "ban"):
        revoke_grants([(recipient.account_id, key)])
    elif choice.status == "accept" and (asked or installed.standing):
        add_grant(recipient.account_id, key, standing=installed.standing)
        _owe_again(recipient, key)


def _owe_again(recipient: Recipient, key: TemplateKey) -> None:
    """Owe what found no leave a moment ago: the event of the tap that caused it may come after it."""
    now = clock.now()
    named = {"recipients": recipient.ids, "template": key.value}
    if db.session.execute(_OWE_AGAIN, named | {"now": now, "since": now - _WAITS_FOR_LEAVE}).all():
        enqueue_after_commit(DELIVER)


def _heed_delivery(recipient: Recipient, told: Delivery, told_at: datetime) -> None:
    found = find_template_by_id(told.template_id)
    if found is None:
        return
    key, _installed = found
    settlement = after_event(told.message_id, told.errcode)
    if settlement.revokes:
        revoke_grants([(recipient.account_id, key)])
    known = _values(settlement)
    ambiguous = known | {"recipients": recipient.ids, "template": key.value, "told_at": told_at}
    # Known once more in the end: the worker may have written the id down while we looked.
    for statement, values in ((_SETTLE_KNOWN, known), (_SETTLE_AMBIGUOUS, ambiguous), (_SETTLE_KNOWN, known)):
        if db.session.execute(statement, values).all():
            return


def _values(settlement: Settlement) -> dict[str, object]:
    return {
        "status": settlement.status.value,
        "failure": settlement.failure and settlement.failure.value,
        "errcode": settlement.errcode,
        "message_id": settlement.message_id,
        "now": clock.now(),
    }


def drop_old_events() -> int:
    """Forget events that WeChat will not repeat any more; return how many."""
    statement = text("DELETE FROM pushed_events WHERE received_at < :before")
    with transaction() as session:
        return session.connection().execute(statement, {"before": clock.now() - _KEPT_FOR}).rowcount
