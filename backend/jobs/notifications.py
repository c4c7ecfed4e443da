"""Delivering what is owed to people."""

from __future__ import annotations

import time
from collections import Counter

import structlog
from sqlalchemy.exc import OperationalError

from backend.domain.accounts.queries.addressees import addressees_of
from backend.domain.notifications.rules.delivery import DeliveryStatus
from backend.domain.notifications.service import delivery, events
from backend.domain.notifications.service.delivery import Errand
from backend.foundation.transaction import transaction
from backend.wechat.current import current_client
from backend.wechat.errors import Remedy
from backend.wechat.sender import AT_ONCE, BulkSender, Outcome

log = structlog.get_logger(__name__)

_RUN_SECONDS = 50  # then other jobs have their turn: the next run is a minute away
_PAUSES = (0.5, 1, 2, 4, 8)  # seconds, while a database that was restarted comes back


def deliver_messages() -> None:
    """Send what is owed and due; safe to run twice, and at the same time."""
    ends = time.monotonic() + _RUN_SECONDS
    counts: Counter[str] = Counter(unknown=delivery.expire_claims(), lapsed=delivery.lapse_messages())
    with BulkSender(current_client()) as sender:
        while time.monotonic() < ends and (errands := _claim(counts)) is not None:
            outcomes = sender.send([errand.letter for errand in errands])
            counts.update(_settle(errands, outcomes))
            if _is_used_up(outcomes):
                break
    if counts.total():
        log.info("messages_delivered", **counts)


def _claim(counts: Counter[str]) -> list[Errand] | None:
    """Return what may be sent now, None when nothing is due any more."""
    with transaction():
        claims = delivery.claim_messages(AT_ONCE)
        if not claims:
            return None
        errands = delivery.prepare_errands(claims, addressees_of(claim.recipient_id for claim in claims))
    counts["unsendable"] += len(claims) - len(errands)
    return errands


def _settle(errands: list[Errand], outcomes: list[Outcome]) -> Counter[DeliveryStatus]:
    """Settle what was sent, even where the database goes away in between: else all of it would be unknown."""
    for pause in _PAUSES:
        try:
            return delivery.settle_outcomes(errands, outcomes)
        except OperationalError:
            time.sleep(pause)
    return delivery.settle_outcomes(errands, outcomes)


def _is_used_up(outcomes: list[Outcome]) -> bool:
    return any(outcome.rule and outcome.rule.remedy is Remedy.RETRY_MUCH_LATER for outcome in outcomes)


def drop_old_events() -> None:
    """Forget the events that WeChat will not repeat any more."""
    log.info("events_dropped", events=events.drop_old_events())
