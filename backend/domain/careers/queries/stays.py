"""Reading what people served, as the rules count it: three statements for however many people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from backend.domain.careers.models.promotion import EarlierService, ServiceRefusal
from backend.domain.careers.rules.evaluations import (
    EVALUATION_STATUS_LABELS,
    GRADE_LABELS,
    PASSED,
    EvaluationStatus,
    Grade,
)
from backend.domain.careers.rules.service_days import Days, Standing, Stay
from backend.domain.organisations.queries import calendars_of
from backend.domain.organisations.rules.working_days import WorkingCalendar
from backend.extensions import db
from backend.foundation import clock

_ORDINAL = "- DATE '0001-01-01' + 1"  # of a day: Python's date.toordinal
# Concluded shifts with accepted amendments over them, a row a day; official business and rest days are no leave that
# takes a day away, and a day on which at least a night was worked is not missed.
_STAYS = text(f"""WITH chosen AS MATERIALIZED (
    SELECT id FROM dispatches WHERE person_id = ANY(CAST(:people AS uuid[])) AND cancelled_at IS NULL
), amended AS MATERIALIZED (
    SELECT DISTINCT ON (t.dispatch_id, a.duty_on, a.shift) t.dispatch_id, a.duty_on, a.shift, a.after, a.leave_kind
    FROM timesheets t JOIN timesheet_amendments a ON a.timesheet_id = t.id AND a.status = 'accepted'
    WHERE t.dispatch_id IN (SELECT id FROM chosen)
    ORDER BY t.dispatch_id, a.duty_on, a.shift, a.requested_at DESC
), shifts AS (
    SELECT s.dispatch_id, s.duty_on, s.shift <> 'night' AS is_half, s.working IS NOT FALSE AS is_due,
        coalesce(a.after, s.standing) AS standing,
        CASE WHEN a.after IS NULL THEN s.leave_kind ELSE a.leave_kind END AS leave_kind
    FROM duty_shifts s LEFT JOIN amended a
        ON a.dispatch_id = s.dispatch_id AND a.duty_on = s.duty_on AND a.shift = s.shift
    WHERE s.dispatch_id IN (SELECT id FROM chosen)
), days AS MATERIALIZED (
    SELECT dispatch_id, duty_on {_ORDINAL} AS day,
        count(*) FILTER (WHERE is_half AND standing IN ('present', 'corrected')) AS served,
        count(*) FILTER (WHERE is_half AND is_due AND standing IN ('leave', 'night_rest')) AS excused,
        NOT bool_or(standing IN ('present', 'corrected')) AS nothing,
        bool_or(standing = 'leave' AND leave_kind NOT IN ('official', 'rest')) AS on_leave,
        bool_or(standing IN ('absent', 'not_counted', 'not_checked_in')) AS missed
    FROM shifts GROUP BY dispatch_id, duty_on
), told AS (
    SELECT dispatch_id,
        array_agg(day) FILTER (WHERE served >= 2) AS "full",
        array_agg(day) FILTER (WHERE served = 1) AS half,
        array_agg(day) FILTER (WHERE nothing AND on_leave) AS leave,
        array_agg(day) FILTER (WHERE nothing AND missed AND NOT on_leave) AS absent,
        array_agg(day) FILTER (WHERE excused >= 2) AS excused_whole,
        array_agg(day) FILTER (WHERE excused = 1) AS excused_half
    FROM days GROUP BY dispatch_id
)
SELECT d.id, d.person_id, d.supporting_id, d.kind, d.starts_on, d.ends_on, o.name AS place, told.*,
    (SELECT array_agg(month) FROM timesheets WHERE dispatch_id = d.id AND status = 'countersigned') AS signed,
    (SELECT array_agg(number) FROM suspensions s, LATERAL generate_series(
        lower(s.during) {_ORDINAL}, coalesce(upper(s.during) - 1, d.ends_on) {_ORDINAL}) AS number
        WHERE s.dispatch_id = d.id) AS suspended,
    e.status AS evaluation_status, e.grade, e.completed_at
FROM dispatches d
JOIN organisations o ON o.id = d.recipient_id
LEFT JOIN told ON told.dispatch_id = d.id
LEFT JOIN evaluations e ON e.dispatch_id = d.id
WHERE d.id IN (SELECT id FROM chosen)
ORDER BY d.starts_on, d.id""")  # noqa: S608  (put together from the constant above)


def stays_of(person_ids: Collection[UUID]) -> dict[UUID, list[Stay]]:
    """Return what each of these people served or is to serve, dispatches and service entered from papers."""
    stays: dict[UUID, list[Stay]] = defaultdict(list)
    rows = db.session.execute(_STAYS, {"people": list(person_ids)}).all()
    working = _working_days(rows)
    for row in rows:
        stays[row.person_id].append(_dispatched(row, working[row.supporting_id]))
    earlier = select(EarlierService).where(
        EarlierService.person_id.in_(person_ids), EarlierService.withdrawn_at.is_(None)
    )
    for service in db.session.scalars(earlier.order_by(EarlierService.starts_on)):
        stays[service.person_id].append(_entered(service))
    return stays


def refusals_of(person_ids: Collection[UUID]) -> dict[UUID, list[date]]:
    """Return the days on which each of these people refused to go."""
    statement = select(ServiceRefusal.person_id, ServiceRefusal.refused_on).where(
        ServiceRefusal.person_id.in_(person_ids), ServiceRefusal.withdrawn_at.is_(None)
    )
    days: dict[UUID, list[date]] = defaultdict(list)
    for person_id, refused_on in db.session.execute(statement.order_by(ServiceRefusal.refused_on)):
        days[person_id].append(refused_on)
    return days


def _working_days(rows: Iterable[Any]) -> dict[UUID, Days]:
    """Return the working days of each hospital over all that was served; of a year nobody knows, Monday to Friday."""
    rows = list(rows)
    if not rows:
        return {}
    first, last = min(row.starts_on for row in rows), max(row.ends_on for row in rows)
    calendars = calendars_of({row.supporting_id for row in rows}, first, last)
    return {hospital: _working(calendar, first, last) for hospital, calendar in calendars.items()}


def _working(calendar: WorkingCalendar, first: date, last: date) -> Days:
    days = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
    known = ((day, calendar.is_working_day(day)) for day in days)
    return frozenset(day.toordinal() for day, working in known if working or (working is None and day.isoweekday() < 6))


def _dispatched(row: Any, working: Days) -> Stay:
    standing, label = _evaluation(row)
    return Stay(
        key=str(row.id),
        place=row.place,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        is_visiting=row.kind == "visiting",
        suspended=frozenset(row.suspended or ()),
        signed=_days_of_months(row),
        full=frozenset(row.full or ()),
        half=frozenset(row.half or ()),
        leave=frozenset(row.leave or ()),
        absent=frozenset(row.absent or ()),
        excused=dict.fromkeys(row.excused_whole or (), 2) | dict.fromkeys(row.excused_half or (), 1),
        working=working,
        evaluation=standing,
        evaluated_on=clock.local(row.completed_at).date() if row.completed_at else date.min,
        evaluation_label=label,
    )


def _days_of_months(row: Any) -> Days:
    signed = {(month.year, month.month) for month in row.signed or ()}
    days = range(row.starts_on.toordinal(), row.ends_on.toordinal() + 1)
    if not signed:
        return frozenset()
    return frozenset(number for number in days if _month_of(number) in signed)


def _month_of(number: int) -> tuple[int, int]:
    day = date.fromordinal(number)
    return day.year, day.month


def _evaluation(row: Any) -> tuple[Standing, str]:
    if row.evaluation_status is None:
        return Standing.OPEN, "尚未开始"
    if row.evaluation_status != EvaluationStatus.COMPLETED:
        return Standing.OPEN, EVALUATION_STATUS_LABELS[EvaluationStatus(row.evaluation_status)]
    grade = Grade(row.grade)
    return Standing.PASSED if grade in PASSED else Standing.FAILED, GRADE_LABELS[grade]


def _entered(service: EarlierService) -> Stay:
    passed = service.evaluation_passed
    return Stay(
        key=str(service.id),
        place=service.organisation_name,
        starts_on=service.starts_on,
        ends_on=service.ends_on,
        is_earlier=True,
        has_paper=service.attachment_id is not None,
        served_days=service.served_days,
        evaluation=Standing.PASSED if passed else Standing.OPEN,
        evaluated_on=service.ends_on,
        evaluation_label="合格（据材料）" if passed else "材料中无鉴定",
    )
