"""The days behind a line: how each shift stood when the line was computed, whether it counts, and what shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backend.domain.attendance.concluding import EPOCH
from backend.domain.attendance.models.requests import CorrectionRequest
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.models.timesheets import DutyShift, Timesheet, TimesheetAmendment
from backend.domain.attendance.queries.taps import taps_by_id
from backend.domain.attendance.rules.evidence import CONFIRMATION_LABELS, JUDGEMENT_LABELS
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.taps import KIND_LABELS, VERDICT_LABELS
from backend.domain.attendance.rules.timesheets import SERVED, last_of_month, standing_label
from backend.domain.dispatch.rules import SHIFTS, Shift
from backend.domain.subsidies.models.claims import SubsidyLine
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.statuses import LineSort
from backend.extensions import db
from backend.foundation.clock import local

_Key = tuple[date, Shift]
_NONE: Final = "—"


@dataclass(frozen=True)
class ShiftShown:
    """One shift: how it stood, whether the line counts it, and what shows it."""

    shift: Shift
    standing_label: str
    counts: bool
    evidence: str


@dataclass(frozen=True)
class DayShown:
    """A day with its shifts."""

    day: date
    shifts: tuple[ShiftShown, ...]


def days_behind(line: SubsidyLine) -> list[DayShown]:
    """Return the days of the month that a line is about, as the sheet stood when it was computed; none for fares.

    A later amendment is told beside the shift: it comes to a difference in another claim, and changes nothing here.
    """
    if line.item.kind is ItemKind.RETURN_FARE:
        return []
    timesheet = db.session.get_one(Timesheet, line.timesheet_id)
    shifts = _shifts_of(timesheet)
    amendments = _amendments_of(timesheet)
    taps = taps_by_id({shift.check_in_id for shift in shifts if shift.check_in_id})
    corrections = _corrections_by_id({shift.correction_id for shift in shifts if shift.correction_id})
    days: dict[date, list[ShiftShown]] = defaultdict(list)
    for shift in shifts:
        shown = _shown(line, shift, amendments.get((shift.duty_on, shift.shift), []), taps, corrections)
        days[shift.duty_on].append(shown)
    return [DayShown(day, tuple(days[day])) for day in sorted(days)]


def _shifts_of(timesheet: Timesheet) -> list[DutyShift]:
    statement = select(DutyShift).where(
        DutyShift.dispatch_id == timesheet.dispatch_id,
        DutyShift.duty_on.between(timesheet.month, last_of_month(timesheet.month)),
    )
    found = db.session.scalars(statement)
    return sorted(found, key=lambda shift: (shift.duty_on, SHIFTS.index(shift.shift)))


def _amendments_of(timesheet: Timesheet) -> Mapping[_Key, list[TimesheetAmendment]]:
    statement = (
        select(TimesheetAmendment)
        .options(joinedload(TimesheetAmendment.decided_by))
        .where(TimesheetAmendment.timesheet_id == timesheet.id, TimesheetAmendment.status == RequestStatus.ACCEPTED)
        .order_by(TimesheetAmendment.decided_at)
    )
    found: defaultdict[_Key, list[TimesheetAmendment]] = defaultdict(list)
    for amendment in db.session.scalars(statement):
        found[amendment.duty_on, amendment.shift].append(amendment)
    return found


def _corrections_by_id(ids: Iterable[UUID]) -> dict[UUID, CorrectionRequest]:
    statement = select(CorrectionRequest).options(joinedload(CorrectionRequest.decided_by))
    return {row.id: row for row in db.session.scalars(statement.where(CorrectionRequest.id.in_(set(ids))))}


def _shown(
    line: SubsidyLine,
    shift: DutyShift,
    amendments: list[TimesheetAmendment],
    taps: Mapping[UUID, CheckIn],
    corrections: Mapping[UUID, CorrectionRequest],
) -> ShiftShown:
    before = [one for one in amendments if _was_known(line, one)]
    standing, leave_kind = shift.standing, shift.leave_kind
    if before:
        standing, leave_kind = before[-1].after, before[-1].leave_kind
    told = [_tap_text(taps.get(shift.check_in_id))] if shift.check_in_id else []
    told += [_correction_text(corrections[shift.correction_id])] if shift.correction_id else []
    told += [_amendment_text(one, later=one not in before) for one in amendments]
    return ShiftShown(
        shift.shift,
        standing_label(standing, leave_kind),
        counts=_counts(line, shift, is_served=standing in SERVED),
        evidence="；".join(text for text in told if text) or _NONE,
    )


def _was_known(line: SubsidyLine, amendment: TimesheetAmendment) -> bool:
    # A reversal takes back what was computed before the amendments that it follows.
    drafted = _origin(line).claim.drafted_at
    return amendment.decided_at is not None and amendment.decided_at <= drafted


def _origin(line: SubsidyLine) -> SubsidyLine:
    """Return the line that was computed: of a reversal the one that it takes back."""
    if line.sort is LineSort.REVERSAL and line.reverses_id is not None:
        return db.session.get_one(SubsidyLine, line.reverses_id)
    return line


def _counts(line: SubsidyLine, shift: DutyShift, *, is_served: bool) -> bool:
    paid = _origin(line).halves
    if shift.shift is Shift.NIGHT:
        return False
    if line.item.kind is ItemKind.PER_DAY and paid:
        number = (shift.duty_on - EPOCH).days * len(SHIFTS) + SHIFTS.index(shift.shift)
        return any(number in one for one in paid)
    return is_served


def _tap_text(tap: CheckIn | None) -> str:
    if tap is None:
        return ""
    told = [f"{KIND_LABELS[tap.kind]} {local(tap.tapped_at):%H:%M}", VERDICT_LABELS[tap.verdict]]
    if tap.review is not None and tap.review.confirmation is not None:
        told.append(CONFIRMATION_LABELS[tap.review.confirmation])
    if tap.review is not None and tap.review.judgement is not None:
        told.append(JUDGEMENT_LABELS[tap.review.judgement])
    return " · ".join(told)


def _correction_text(correction: CorrectionRequest) -> str:
    by = f" · {correction.decided_by.name}同意" if correction.decided_by else ""
    return f"补签 {local(correction.happened_at):%H:%M}{by}"


def _amendment_text(amendment: TimesheetAmendment, *, later: bool) -> str:
    before, after = standing_label(amendment.before, None), standing_label(amendment.after, amendment.leave_kind)
    decided = f"{local(amendment.decided_at):%m-%d}" if amendment.decided_at else ""
    by = f"，{amendment.decided_by.name} {decided} 会签" if amendment.decided_by else ""
    effect = "，差额另计" if later else ""
    return f"更正：{before}改为{after}{by}{effect}"
