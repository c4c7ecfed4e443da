"""Reading what everybody may of one clinic, and by what clinics can be found."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.types import Date

from backend.domain.clinics.errors.planning import ClinicNotFound
from backend.domain.clinics.queries.cards import FOR_PHONE, FREE_AND_STATE, JOINED, ClinicCard, card_sql, local_time
from backend.domain.clinics.rules.closures import REASON_LABELS, ClosureReason
from backend.extensions import db

_ONE = text(
    f"""
SELECT {card_sql()} AS card,
    json_build_object(
        'cancel_until', {local_time("c.cancel_until")},
        'phone_until', {local_time("c.phone_until")},
        'local_doctor', l.name,
        'periods', (
            SELECT json_agg(json_build_object(
                'id', q.id,
                'starts_at', {local_time("q.starts_at")},
                'ends_at', {local_time("q.ends_at")},
                'free', CASE WHEN g.state <> 'bookable' OR q.ends_at <= t.now THEN 0
                    ELSE (SELECT count(*) FROM clinic_places p WHERE p.period_id = q.id AND {FOR_PHONE}) END,
                'capacity', (SELECT count(*) FROM clinic_places p WHERE p.period_id = q.id AND p.state <> 'withdrawn')
            ) ORDER BY q.starts_at)
            FROM clinic_periods q WHERE q.clinic_id = c.id
        )
    ) AS more,
    k.reason, k.note, {local_time("k.closed_at")} AS closed_at
FROM clinics c {JOINED} {FREE_AND_STATE}
LEFT JOIN people l ON l.id = c.local_doctor_id
LEFT JOIN clinic_closures k ON k.clinic_id = c.id
WHERE c.id = :id
"""  # noqa: S608  (constants only)
)
# Where else one may go: the same department first, else the same site.
_NEXT = text(
    f"""
SELECT {card_sql()} AS card
FROM clinics closed
JOIN clinics c ON c.recipient_id = closed.recipient_id
    AND (c.site_id = closed.site_id OR c.department_id = closed.department_id)
{JOINED} {FREE_AND_STATE}
WHERE closed.id = :id AND c.starts_at > t.now AND g.state IN ('bookable', 'not_released')
ORDER BY (c.department_id IS NOT DISTINCT FROM closed.department_id) DESC, c.starts_at, c.id
LIMIT 3
"""  # noqa: S608  (constants only)
)
_FILTERS = text("""
WITH coming AS (
    SELECT person_id, site_id, department_id, held_on FROM clinics
    WHERE status = 'scheduled' AND held_on BETWEEN :first AND :last
)
SELECT json_build_object(
    'sites', coalesce((
        SELECT json_agg(json_build_object('id', s.id, 'name', s.name, 'organisation', o.name) ORDER BY o.name, s.name)
        FROM sites s JOIN organisations o ON o.id = s.organisation_id WHERE s.id IN (SELECT site_id FROM coming)
    ), '[]'),
    'departments', coalesce((
        SELECT json_agg(DISTINCT d.name) FROM departments d WHERE d.id IN (SELECT department_id FROM coming)
    ), '[]'),
    'experts', coalesce((
        SELECT json_agg(json_build_object('id', e.id, 'name', e.name, 'title', e.title) ORDER BY e.name, e.id)
        FROM people e WHERE e.id IN (SELECT person_id FROM coming)
    ), '[]'),
    'days', coalesce((SELECT json_agg(DISTINCT held_on) FROM coming), '[]')
) AS filters
""").bindparams(bindparam("first", type_=Date()), bindparam("last", type_=Date()))


def get_public_clinic(clinic_id: UUID) -> ClinicCard:
    """Return the card of a clinic with its periods, and of one that is closed why, and where else one may go.

    Raises:
        ClinicNotFound: there is none.
    """
    row = db.session.execute(_ONE, {"id": clinic_id}).one_or_none()
    if row is None:
        raise ClinicNotFound
    closure = None
    if row.reason is not None:
        closure = {
            "reason_label": REASON_LABELS[ClosureReason(row.reason)],
            "note": row.note,
            "closed_at": row.closed_at,
            "next": list(db.session.scalars(_NEXT, {"id": clinic_id})),
        }
    card: ClinicCard = row.card | row.more | {"closure": closure}
    return card


def clinic_filters(first: date, last: date) -> dict[str, Any]:
    """Return by what the clinics of these days can be found: sites, departments, experts and the days themselves."""
    found: dict[str, Any] = db.session.execute(_FILTERS, {"first": first, "last": last}).scalar_one()
    return found
