"""Claiming what is owed and due, and settling what came of each attempt.

A claim is committed before WeChat is called: a worker that dies leaves its messages *sending*, and they become
*unknown* when the claim ends, never owed again by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from backend.domain.notifications.queries.templates import find_template
from backend.domain.notifications.rules.delivery import (
    HELD_FOR,
    OF_USE_FOR,
    UNKNOWN_BLOCKS_FOR,
    Addressee,
    DeliveryStatus,
    Failure,
    Settlement,
    after_error,
    failed,
)
from backend.domain.notifications.rules.templates import TemplateKey, installed_fields
from backend.domain.notifications.service.grants import Grant, give_grants_back, revoke_grants, spend_grants
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.transaction import transaction
from backend.wechat.sender import Letter, Outcome

_ONE_CLAIMS_AT_A_TIME = 0x6D65737367  # a lock of PostgreSQL's, until the claiming transaction ends
_WINDOW = 5  # how many due messages are looked at for each one that is claimed

# Arrays, not joins: how many rows are owed is never what the planner was last told, and it must go by their ids.
_CLAIM = text("""
WITH due AS (
    SELECT id, recipient_id, due_at FROM outbox_messages
    WHERE status = 'owed' AND due_at <= :now AND due_at > :of_use_since AND (lapses_at IS NULL OR lapses_at > :now)
        AND recipient_id NOT IN (
        SELECT recipient_id FROM outbox_messages WHERE status = 'sending'
        UNION ALL
        SELECT recipient_id FROM outbox_messages WHERE status = 'unknown' AND sent_at > :unknown_since)
    ORDER BY due_at LIMIT :window
), first_of_each AS (
    SELECT DISTINCT ON (recipient_id) id, due_at FROM due ORDER BY recipient_id, due_at, id
), chosen AS (
    SELECT id FROM first_of_each ORDER BY due_at LIMIT :most
), taken AS (
    SELECT id FROM outbox_messages WHERE id = ANY(ARRAY(SELECT id FROM chosen)) AND status = 'owed'
    FOR UPDATE SKIP LOCKED
)
UPDATE outbox_messages m
SET status = 'sending', claimed_until = :held_until, attempts = m.attempts + 1, sent_at = :now, errcode = NULL
WHERE m.id = ANY(ARRAY(SELECT id FROM taken))
RETURNING m.id, m.attempts, m.recipient_id, m.template, m.fields, m.page
""")

# Only the attempt that was claimed is settled: not what an event has settled, nor what was claimed anew.
_SETTLE = text("""
UPDATE outbox_messages m
SET status = o.status, claimed_until = NULL, message_id = o.message_id, failure = o.failure, errcode = o.errcode,
    due_at = coalesce(o.due_at, m.due_at), sent_at = CASE WHEN o.status IN ('sent', 'unknown') THEN m.sent_at END
FROM unnest(CAST(:ids AS uuid[]), CAST(:attempts AS integer[]), CAST(:statuses AS text[]), CAST(:message_ids AS text[]),
    CAST(:failures AS text[]), CAST(:errcodes AS integer[]), CAST(:due AS timestamptz[]))
    AS o(id, attempt, status, message_id, failure, errcode, due_at)
WHERE m.id = ANY(CAST(:ids AS uuid[])) AND m.id = o.id AND m.attempts = o.attempt AND m.status IN ('sending', 'unknown')
""")

_EXPIRE = text("""
UPDATE outbox_messages SET status = 'unknown', claimed_until = NULL
WHERE status = 'sending' AND claimed_until < :now
""")

_LAPSE = text("""
UPDATE outbox_messages SET status = 'lapsed'
WHERE status = 'owed' AND (lapses_at <= :now OR due_at <= :of_use_since)
""")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A message that this worker may send, once."""

    id: UUID
    attempt: int
    recipient_id: UUID  # a person or an account
    template: TemplateKey
    fields: Mapping[str, str]
    page: str


@dataclass(frozen=True)
class Errand:
    """A claim as it is sent; leave to write has been spent for it."""

    claim: Claim
    account_id: UUID
    letter: Letter

    @property
    def grant(self) -> Grant:
        return self.account_id, self.claim.template


def claim_messages(most: int) -> list[Claim]:
    """Claim what is owed and due, the oldest first, one for each recipient.

    Nobody is claimed for to whom a send is under way, or was lately and nobody knows whether it arrived.
    """
    now = clock.now()
    with transaction() as session:
        session.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": _ONE_CLAIMS_AT_A_TIME})
        rows = session.execute(
            _CLAIM,
            {
                "now": now,
                "held_until": now + HELD_FOR,
                "of_use_since": now - OF_USE_FOR,
                "unknown_since": now - UNKNOWN_BLOCKS_FOR,
                "most": most,
                "window": most * _WINDOW,
            },
        )
        return [
            Claim(
                id=row.id,
                attempt=row.attempts,
                recipient_id=row.recipient_id,
                template=TemplateKey(row.template),
                fields=row.fields,
                page=row.page,
            )
            for row in rows.all()
        ]


def prepare_errands(claims: Sequence[Claim], addressees: Mapping[UUID, Addressee]) -> list[Errand]:
    """Spend leave to write for each claim; settle those that cannot be sent.

    Where a person and their account are both written to, one of the two waits.
    """
    errands: dict[str, Errand] = {}
    settled = []
    for claim in claims:
        to, installed = addressees.get(claim.recipient_id), find_template(claim.template)
        if to is None:
            settled.append((claim, failed(Failure.NO_ACCOUNT)))
        elif installed is None:
            settled.append((claim, failed(Failure.BAD_TEMPLATE)))
        elif to.openid in errands:
            settled.append((claim, Settlement(status=DeliveryStatus.OWED)))
        else:
            fields = installed_fields(claim.template, installed.fields, claim.fields)
            page = claim.page.removeprefix("/")  # WeChat's paths have none in front
            letter = Letter(openid=to.openid, template_id=installed.id, fields=fields, page=page)
            errands[to.openid] = Errand(claim, to.account_id, letter)
    with transaction():
        granted = spend_grants(errand.grant for errand in errands.values())
        allowed = [errand for errand in errands.values() if errand.grant in granted]
        refused = [errand for errand in errands.values() if errand.grant not in granted]
        settle_messages(settled + [(errand.claim, failed(Failure.NO_GRANT)) for errand in refused])
        return allowed


def settle_outcomes(errands: Sequence[Errand], outcomes: Sequence[Outcome]) -> Counter[DeliveryStatus]:
    """Write down what WeChat said to each, and keep the ledger: what it did not take uses up no leave."""
    now = clock.now()
    settled = [(errand, _settlement(errand, outcome, now)) for errand, outcome in zip(errands, outcomes, strict=True)]
    with transaction():
        settle_messages([(errand.claim, after) for errand, after in settled])
        not_taken = (DeliveryStatus.OWED, DeliveryStatus.FAILED)
        give_grants_back(errand.grant for errand, after in settled if after.status in not_taken)
        revoke_grants(errand.grant for errand, after in settled if after.revokes)
    return Counter(after.status for _, after in settled)


def _settlement(errand: Errand, outcome: Outcome, now: datetime) -> Settlement:
    if outcome.rule is None:
        return Settlement(status=DeliveryStatus.SENT, message_id=outcome.message_id)
    return after_error(outcome.rule.remedy, outcome.errcode, errand.claim.attempt, now)


def settle_messages(settled: Sequence[tuple[Claim, Settlement]]) -> None:
    """Write down what came of attempts, in one statement."""
    if not settled:
        return
    with transaction():
        db.session.execute(
            _SETTLE,
            {
                "ids": [claim.id for claim, _ in settled],
                "attempts": [claim.attempt for claim, _ in settled],
                "statuses": [after.status.value for _, after in settled],
                "message_ids": [after.message_id for _, after in settled],
                "failures": [after.failure and after.failure.value for _, after in settled],
                "errcodes": [after.errcode for _, after in settled],
                "due": [after.due_at for _, after in settled],
            },
        )


def expire_claims() -> int:
    """Call unknown what a worker that has died was sending; return how many."""
    with transaction() as session:
        return session.connection().execute(_EXPIRE, {"now": clock.now()}).rowcount


def lapse_messages() -> int:
    """Drop what is of no use any more; return how many."""
    now = clock.now()
    with transaction() as session:
        return session.connection().execute(_LAPSE, {"now": now, "of_use_since": now - OF_USE_FOR}).rowcount
