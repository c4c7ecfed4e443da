"""Reading whether those whose booking fell know of it, and what they said: one picture for lists, counts and jobs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from backend.domain.clinics.rules.closures import CallOutcome, Remedy, Standing
from backend.domain.clinics.rules.waitlist import OfferStatus
from backend.domain.notifications.rules.delivery import Delivery, DeliveryStatus, Failure
from backend.extensions import db

# One row for each whose booking fell: the last offer, the last message that told them, and where they stand.
# A message that is not settled within ten minutes is not waited for: in that time people set out.
_FALLEN = """
SELECT f.*, b.number, b.patient_id, b.starts_at,
    o.id AS offer_id, o.status AS offer_status, o.held_until, o.clinic_id AS offer_clinic_id,
    q.starts_at AS offer_starts_at, m.status AS delivery, m.failure, m.settled_at,
    CASE
        WHEN f.call_outcome IN ('accepted', 'declined', 'informed') THEN 'done'
        WHEN o.status IN ('accepted', 'declined') THEN 'done'
        WHEN m.status IS NULL OR m.status IN ('failed', 'lapsed') THEN 'unreached'
        WHEN m.status IN ('owed', 'sending', 'unknown') AND m.created_at > now() - interval '10 minutes' THEN 'sending'
        WHEN m.status IN ('owed', 'sending', 'unknown') THEN 'unreached'
        WHEN f.remedy = 'place' THEN 'unanswered'
        ELSE 'done'
    END AS standing
FROM fallen_bookings f
JOIN bookings b ON b.id = f.booking_id
LEFT JOIN LATERAL (
    SELECT l.* FROM place_offers l WHERE l.fallen_booking_id = f.booking_id AND l.status <> 'withdrawn'
    ORDER BY l.id DESC LIMIT 1
) o ON true
LEFT JOIN clinic_places p ON p.id = o.place_id
LEFT JOIN clinic_periods q ON q.id = p.period_id
LEFT JOIN LATERAL (
    SELECT n.status, n.failure, n.settled_at, n.created_at FROM outbox_messages n
    WHERE n.dedupe_key = ANY (ARRAY(
        SELECT 'clinic_closed:' || f.booking_id
        UNION ALL SELECT 'clinic_closed:' || w.id FROM place_offers w
        WHERE w.fallen_booking_id = f.booking_id AND w.status = 'withdrawn'
    ))
    ORDER BY n.created_at DESC, n.id DESC LIMIT 1
) m ON true
"""
_LIST = text(
    f"SELECT * FROM ({_FALLEN} WHERE f.closure_id = :closure_id) x"  # noqa: S608  (constants only)
    " ORDER BY array_position(ARRAY['unreached', 'unanswered', 'sending', 'done'], standing), number, booking_id"
)
_COUNTS = text(
    "SELECT closure_id, standing, coalesce(delivery, 'failed') AS delivery,"  # noqa: S608  (constants only)
    f" coalesce(offer_status, 'none') AS answer, count(*) AS number FROM ({_FALLEN}"
    " WHERE f.closure_id = ANY(:closure_ids)) x GROUP BY 1, 2, 3, 4"
).bindparams(bindparam("closure_ids", type_=ARRAY(Uuid())))
# Whether somebody of the closure `clinic_closures` is still to be told or to answer.
UNSETTLED = text(
    f"EXISTS (SELECT 1 FROM ({_FALLEN} WHERE f.closure_id = clinic_closures.id) x"  # noqa: S608  (constants only)
    " WHERE standing <> 'done')"
)


_TOLD = {
    DeliveryStatus.OWED: "owed",
    DeliveryStatus.SENDING: "owed",
    DeliveryStatus.SENT: "sent",
    DeliveryStatus.DELIVERED: "delivered",
    DeliveryStatus.FAILED: "failed",
    DeliveryStatus.LAPSED: "failed",
    DeliveryStatus.UNKNOWN: "unknown",
}
_ANSWERED = {OfferStatus.ACCEPTED: "accepted", OfferStatus.DECLINED: "declined", OfferStatus.OFFERED: "open"}


@dataclass(frozen=True, kw_only=True)
class Fallen:
    """Somebody whose booking fell, and where they stand."""

    booking_id: UUID
    patient_id: UUID
    number: int
    remedy: Remedy
    had_arrived: bool
    standing: Standing
    offer_id: UUID | None
    offer_status: OfferStatus | None
    offer_starts_at: datetime | None
    held_until: datetime | None
    delivery: Delivery | None
    call_outcome: CallOutcome | None
    calls: int
    called_at: datetime | None
    call_note: str
    version: int


@dataclass
class Tally:
    """How many of a closure's people stand where."""

    told: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_TOLD.values(), 0))
    answered: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("accepted", "declined", "open", "none"), 0))
    standing: dict[Standing, int] = field(default_factory=lambda: dict.fromkeys(Standing, 0))

    @property
    def total(self) -> int:
        return sum(self.standing.values())

    @property
    def to_call(self) -> int:
        return self.standing[Standing.UNREACHED] + self.standing[Standing.UNANSWERED]

    @property
    def done(self) -> bool:
        return self.standing[Standing.DONE] == self.total


def list_fallen(closure_id: UUID) -> list[Fallen]:
    """Return a closure's people, who is to be called first."""
    return [_fallen(row) for row in db.session.execute(_LIST, {"closure_id": closure_id})]


def tallies_of(closure_ids: Collection[UUID]) -> dict[UUID, Tally]:
    """Return the tally of each of these closures by its id, in one statement."""
    tallies = {closure_id: Tally() for closure_id in closure_ids}
    rows: Sequence[Any] = db.session.execute(_COUNTS, {"closure_ids": list(closure_ids)}).all() if closure_ids else ()
    for row in rows:
        tally = tallies[row.closure_id]
        tally.standing[Standing(row.standing)] += row.number
        tally.told[_TOLD[DeliveryStatus(row.delivery)]] += row.number
        answer = OfferStatus(row.answer) if row.answer != "none" else None
        tally.answered[_ANSWERED.get(answer, "none") if answer else "none"] += row.number
    return tallies


def _fallen(row: Any) -> Fallen:
    delivery = (
        Delivery(DeliveryStatus(row.delivery), Failure(row.failure) if row.failure else None, row.settled_at)
        if row.delivery
        else None
    )
    return Fallen(
        booking_id=row.booking_id,
        patient_id=row.patient_id,
        number=row.number,
        remedy=Remedy(row.remedy),
        had_arrived=row.had_arrived,
        standing=Standing(row.standing),
        offer_id=row.offer_id,
        offer_status=OfferStatus(row.offer_status) if row.offer_status else None,
        offer_starts_at=row.offer_starts_at,
        held_until=row.held_until,
        delivery=delivery,
        call_outcome=CallOutcome(row.call_outcome) if row.call_outcome else None,
        calls=row.calls,
        called_at=row.called_at,
        call_note=row.call_note,
        version=row.version,
    )
