"""The second statement of a booking: it claims a place and writes the booking with all that it leaves, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.database import HotConnection
from backend.domain.clinics.rules.planning import Channel
from backend.foundation.prepared import Prepared

# array_position, where = ANY would do, keeps the plan on the index that has a clinic's free places in their order:
# the first that fits ends the search, where otherwise all are read and sorted.
# The insert comes before the update: a booking that is refused leaves its place free. Numbers stand in the texts as a
# mark, because only the statement knows which place it gets.
_BOOK = """
WITH claimed AS MATERIALIZED (
    SELECT id, period_id, number FROM clinic_places
    WHERE clinic_id = :clinic_id AND state = 'free' AND array_position(CAST(:channels AS text[]), channel) IS NOT NULL
        AND array_position(CAST(:period_ids AS uuid[]), period_id) IS NOT NULL
    ORDER BY number LIMIT 1 FOR UPDATE {how}
), booked AS (
    INSERT INTO bookings (id, clinic_id, period_id, place_id, patient_id, account_id, booked_by_person_id, channel,
        number, held_on, held_month, starts_at, ends_at, day_slot, month_slot, idempotency_key, request_hash)
    SELECT :id, :clinic_id, period.id, claimed.id, :patient_id, :account_id, CAST(:person_id AS uuid), :channel,
        claimed.number, :held_on, :held_month, period.starts_at, period.ends_at, :day_slot, :month_slot, :key,
        :request_hash
    FROM claimed JOIN clinic_periods period ON period.id = claimed.period_id
    ON CONFLICT DO NOTHING
    RETURNING id, place_id, period_id, number, created_at
), taken AS (
    UPDATE clinic_places SET state = 'booked' FROM booked WHERE clinic_places.id = booked.place_id
), told AS (
    SELECT CAST(booked.number AS text) AS number, words.body, words.fields
    FROM booked JOIN unnest(CAST(:period_ids AS uuid[]), CAST(:bodies AS text[]), CAST(:fields AS text[]))
        AS words (period_id, body, fields) ON words.period_id = booked.period_id
), item AS (
    INSERT INTO inbox_items (id, account_id, kind, title, body, page)
    SELECT :item_id, :account_id, 'booking_made', :title, replace(told.body, :mark, told.number), :page FROM told
    RETURNING id
), message AS (
    INSERT INTO outbox_messages (id, dedupe_key, inbox_item_id, account_id, organisation_id, template, fields, page,
        due_at)
    SELECT :message_id, :dedupe_key, item.id, :account_id, :organisation_id, 'booking_made',
        CAST(replace(told.fields, :mark, told.number) AS jsonb), :page, CAST(:now AS timestamptz) FROM told, item
), event AS (
    INSERT INTO audit_events (account_id, person_id, role, organisation_id, channel, action, subject_type, subject_id,
        details)
    SELECT :account_id, CAST(:person_id AS uuid), CAST(:role AS text), :organisation_id, :door, 'book', 'booking',
        booked.id, CAST(:details AS jsonb) FROM booked
)
SELECT booked.id, booked.period_id, booked.number, booked.created_at
FROM claimed LEFT JOIN booked ON booked.place_id = claimed.id
"""
BOOK = Prepared(text(_BOOK.format(how="SKIP LOCKED")))
BOOK_WAITING = Prepared(text(_BOOK.format(how="")))

_LEFT = Prepared(
    text("""
SELECT status = 'closed' AS is_closed, (
    SELECT json_agg(p.id) FROM clinic_periods p WHERE p.clinic_id = clinics.id AND EXISTS (
        SELECT FROM clinic_places
        WHERE period_id = p.id AND state = 'free' AND channel = ANY(CAST(:channels AS text[])))
) AS periods FROM clinics WHERE id = :clinic_id
""")
)


@dataclass(frozen=True)
class Left:
    """How a clinic stands of which no place could be claimed: the periods in which one is free."""

    is_closed: bool
    periods: frozenset[UUID]


@dataclass(frozen=True)
class Booked:
    """The booking that a claim made."""

    id: UUID
    period_id: UUID
    number: int
    created_at: datetime


@dataclass(frozen=True)
class Claim:
    """What came of a claim: a place was found or not, and if so it was booked, or a rival of the patient was first."""

    found: bool
    booked: Booked | None = None


def claim_place(connection: HotConnection, values: Mapping[str, Any], *, waiting: bool) -> Claim:
    """Claim the first free place of these channels and periods, and book it.

    A place that another has in hand is passed over, although they may yet leave it; `waiting` waits for them.
    """
    row = (BOOK_WAITING if waiting else BOOK).fetch(connection, values)
    if row is None:
        return Claim(found=False)
    return Claim(found=True, booked=Booked(*row) if row.id is not None else None)


def fetch_left(connection: HotConnection, clinic_id: UUID, channels: Collection[Channel]) -> Left:
    """Return how a clinic stands, and where places of these channels are free."""
    row = _LEFT.fetch(connection, {"clinic_id": clinic_id, "channels": list(channels)})
    return Left(row.is_closed, frozenset(UUID(period) for period in row.periods or ()))
