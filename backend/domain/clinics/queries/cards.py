"""What everybody may see of a clinic, written as JSON by the database itself: one shape for all doors.

Places that are free, and the state, are of the instant at which the database reads them. Nothing here tells of a
patient.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from backend.domain.organisations.rules.places import Point
from backend.extensions import db

ClinicCard = dict[str, Any]
"""A clinic as `ClinicCardOut` shows it, ids, days and instants as text."""


def local_time(column: str) -> str:
    """Return the expression that writes an instant as answers do: local, to the second."""
    return f"""to_char({column} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"')"""


# A place `p` of the clinic `c` that the phone could have: its own, and from a set time on what others left.
FOR_PHONE = """
p.state = 'free' AND (p.channel = 'phone' OR t.now >= c.overflow_at AND p.channel IN ('referral', 'family_doctor'))
"""
# Before the clinic begins none of its periods is over, and they need not be looked at.
FREE = f"""
CASE
    WHEN c.status <> 'scheduled' OR t.now < c.release_at OR t.now >= c.phone_until THEN 0
    WHEN t.now < c.starts_at THEN (SELECT count(*) FROM clinic_places p WHERE p.clinic_id = c.id AND {FOR_PHONE})
    ELSE (
        SELECT count(*) FROM clinic_places p JOIN clinic_periods q ON q.id = p.period_id AND q.ends_at > t.now
        WHERE p.clinic_id = c.id AND {FOR_PHONE}
    )
END
"""  # noqa: S608  (constants only)
STATE = """
CASE
    WHEN c.status = 'closed' THEN 'closed'
    WHEN t.now >= c.phone_until THEN 'over'
    WHEN t.now < c.release_at THEN 'not_released'
    WHEN f.free = 0 THEN 'full'
    ELSE 'bookable'
END
"""

# Great-circle metres to :longitude and :latitude, as rules/places.distance_m counts them.
DISTANCE = """
round(2 * 6371000 * asin(least(1, sqrt(
    power(sin(radians(CAST(s.latitude AS float8) - :latitude) / 2), 2)
    + cos(radians(:latitude)) * cos(radians(CAST(s.latitude AS float8)))
    * power(sin(radians(CAST(s.longitude AS float8) - :longitude) / 2), 2)
))))
"""


CARD = f"""
json_build_object(
    'id', c.id,
    'day', c.held_on,
    'weekday_label', '星期' || substr('一二三四五六日', CAST(extract(isodow FROM c.held_on) AS int), 1),
    'starts_at', {local_time("c.starts_at")},
    'ends_at', {local_time("c.ends_at")},
    'expert', json_build_object('id', e.id, 'name', e.name, 'title', e.title, 'hospital', h.name),
    'department', d.name,
    'site', json_build_object('id', s.id, 'name', s.name, 'organisation', r.name, 'address', r.address,
        'longitude', CAST(s.longitude AS float8), 'latitude', CAST(s.latitude AS float8)),
    'distance_m', {{distance}},
    'fee_fen', c.fee_fen,
    'fee_label', CASE WHEN c.fee_fen = 0 THEN '免费'
        ELSE c.fee_fen / 100 || CASE WHEN mod(c.fee_fen, 100) = 0 THEN ''
            ELSE '.' || lpad(CAST(mod(c.fee_fen, 100) AS text), 2, '0') END || '元' END,
    'note', c.note,
    'state', g.state,
    'state_label', CASE g.state
        WHEN 'bookable' THEN '可预约' WHEN 'not_released' THEN '待放号' WHEN 'full' THEN '已约满'
        WHEN 'closed' THEN '停诊' ELSE CASE WHEN t.now < c.ends_at THEN '手机预约已截止' ELSE '已结束' END
    END,
    'free', f.free,
    'release_at', {local_time("c.release_at")},
    'waiting', (SELECT count(*) FROM waitlist_entries w WHERE w.clinic_id = c.id AND w.status = 'waitlist')
)
"""  # noqa: S608  (constants only)

NOW = "CROSS JOIN (SELECT statement_timestamp() AS now) t"
# Whatever a card tells of beside the clinic `c` itself.
JOINED = f"""
{NOW}
JOIN people e ON e.id = c.person_id
JOIN organisations h ON h.id = c.supporting_id
JOIN organisations r ON r.id = c.recipient_id
JOIN sites s ON s.id = c.site_id
LEFT JOIN departments d ON d.id = c.department_id
"""
# OFFSET 0 keeps the planner from writing the count of free places wherever it is named, to be counted each time.
FREE_AND_STATE = f"""
CROSS JOIN LATERAL (SELECT {FREE} AS free OFFSET 0) f
CROSS JOIN LATERAL (SELECT {STATE} AS state OFFSET 0) g
"""

_IDS = bindparam("ids", type_=ARRAY(Uuid()))


def card_sql(distance: str = "NULL") -> str:
    """Return the expression of a card, with the expression of its distance."""
    return CARD.replace("{distance}", distance)


_OF_IDS = {
    distance: text(
        f"SELECT c.id, {card_sql(distance)} AS card "  # noqa: S608  (constants only)
        f"FROM clinics c {JOINED} {FREE_AND_STATE} WHERE c.id = ANY(:ids)"
    ).bindparams(_IDS)
    for distance in ("NULL", DISTANCE)
}


def cards_of(clinic_ids: Collection[UUID], *, near: Point | None = None) -> dict[UUID, ClinicCard]:
    """Return the cards of these clinics by id, in one statement; `near` tells how far each is."""
    if not clinic_ids:
        return {}
    values: dict[str, Any] = {"ids": list(clinic_ids)}
    if near is not None:
        values |= {"longitude": near.longitude, "latitude": near.latitude}
    return {row.id: row.card for row in db.session.execute(_OF_IDS[DISTANCE if near else "NULL"], values)}
