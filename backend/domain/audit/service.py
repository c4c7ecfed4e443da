"""Writing audit events beside what they tell of, and sealing them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from backend.domain.audit.models import AuditEvent, AuditSeal
from backend.domain.audit.rules import GENESIS, seal_digest
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.transaction import transaction

log = structlog.get_logger(__name__)
_COLUMNS = [column for column in AuditEvent.__table__.columns if column.name != "happened_at"]


def record_event(
    actor: Actor,
    action: str,
    subject_type: str,
    subject_id: UUID | None = None,
    *,
    organisation_id: UUID | None = None,
    **details: Any,
) -> None:
    """Write an event into the present transaction; details carry ids, codes and counts, never personal data.

    `organisation_id` is the organisation whose trail it belongs to; the actor's own unless told.
    """
    db.session.add(
        AuditEvent(
            account_id=actor.account_id,
            person_id=actor.person_id,
            role=actor.role,
            organisation_id=organisation_id or actor.organisation_id,
            channel=actor.channel,
            action=action,
            subject_type=subject_type,
            subject_id=subject_id,
            details=details,
        )
    )


def seal_events() -> AuditSeal | None:
    """Seal what was written since the last seal; None when there is nothing new or writers are in the way.

    `audit_horizon()` waits, at most half a second, for transactions that have written and not yet
    committed, so that no event can slip in below the seal.
    """
    try:
        with transaction() as session:
            session.execute(text("SELECT pg_advisory_xact_lock(hashtext('audit_seal'))"))
            horizon = session.scalar(select(func.audit_horizon()))
            previous = session.scalars(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1)).one_or_none()
            after = previous.last_event_id if previous else 0
            if horizon is None or horizon <= after:
                return None
            seal = _seal(previous.digest if previous else GENESIS, after, horizon)
            session.add(seal)
            session.flush()
    except OperationalError:
        log.info("audit_seal_postponed")
        return None
    log.info("audit_sealed", head=seal.digest.hex(), last_event_id=seal.last_event_id)
    return seal


class BrokenSeal(Exception):
    """The trail is not what was sealed."""


def verify_seals(*, kept_head: bytes = b"") -> tuple[int, bytes]:
    """Compute every seal again from the events; return how many there are, and the head of the chain.

    Raises:
        BrokenSeal: one does not hold, or a head that was kept elsewhere is not among them.
    """
    digest, after, heads = GENESIS, 0, set()
    for seal in db.session.scalars(select(AuditSeal).order_by(AuditSeal.id)):
        again = _seal(digest, after, seal.last_event_id)
        if (again.digest, again.events) != (seal.digest, seal.events):
            raise BrokenSeal(f"seal {seal.id} over the events {after + 1} to {seal.last_event_id} does not hold")
        digest, after = seal.digest, seal.last_event_id
        heads.add(digest)
    if kept_head and kept_head not in heads:
        raise BrokenSeal("the head that was kept is not among the seals")
    return len(heads), digest


def _seal(previous: bytes, after: int, last: int) -> AuditSeal:
    ids: list[int] = []
    digest = seal_digest(previous, _events_between(after, last, ids))
    return AuditSeal(first_event_id=ids[0] if ids else after + 1, last_event_id=last, events=len(ids), digest=digest)


def _events_between(after: int, last: int, ids: list[int]) -> Iterator[dict[str, Any]]:
    instant = func.extract("epoch", AuditEvent.happened_at)
    statement = (
        select(*_COLUMNS, instant.label("happened_at"))
        .where(AuditEvent.id > after, AuditEvent.id <= last)
        .order_by(AuditEvent.id)
        .execution_options(yield_per=1000)
    )
    for row in db.session.execute(statement).mappings():
        ids.append(row["id"])
        yield dict(row)
