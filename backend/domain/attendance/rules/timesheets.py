"""The countersigned month: how a shift stands, what it counts, and the states of a timesheet (考勤表)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from backend.domain.attendance.rules.requests import LEAVE_LABELS, LeaveKind
from backend.domain.dispatch.rules import Shift


class Standing(StrEnum):
    """How a shift stands, once all that speaks for or against it is weighed."""

    PRESENT = "present"
    CORRECTED = "corrected"
    IN_DOUBT = "in_doubt"
    NOT_COUNTED = "not_counted"  # a person did not accept the tap
    LEAVE = "leave"
    NIGHT_REST = "night_rest"
    NOT_CHECKED_IN = "not_checked_in"
    ABSENT = "absent"  # 旷工: a person's decision
    OPEN = "open"  # nothing speaks for it yet, and something still may


class TimesheetStatus(StrEnum):
    """Where a timesheet stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    COUNTERSIGNED = "countersigned"


class TimesheetAction(StrEnum):
    """What may be done with a timesheet."""

    SUBMIT = "submit"
    COUNTERSIGN = "countersign"
    RETURN = "return"


TRANSITIONS: Mapping[tuple[TimesheetStatus, TimesheetAction], TimesheetStatus] = {
    (TimesheetStatus.DRAFT, TimesheetAction.SUBMIT): TimesheetStatus.SUBMITTED,
    (TimesheetStatus.RETURNED, TimesheetAction.SUBMIT): TimesheetStatus.SUBMITTED,
    (TimesheetStatus.SUBMITTED, TimesheetAction.COUNTERSIGN): TimesheetStatus.COUNTERSIGNED,
    (TimesheetStatus.SUBMITTED, TimesheetAction.RETURN): TimesheetStatus.RETURNED,
}
"""Countersigned is the end: what changes later is an amendment beside it."""

STANDING_LABELS = {
    Standing.PRESENT: "在岗",
    Standing.CORRECTED: "补签",
    Standing.IN_DOUBT: "存疑",
    Standing.NOT_COUNTED: "不予认定",
    Standing.LEAVE: "请假",
    Standing.NIGHT_REST: "下夜班",
    Standing.NOT_CHECKED_IN: "未签到",
    Standing.ABSENT: "旷工",
    Standing.OPEN: "待定",
}
TIMESHEET_STATUS_LABELS = {
    TimesheetStatus.DRAFT: "未提交",
    TimesheetStatus.SUBMITTED: "待会签",
    TimesheetStatus.RETURNED: "已退回",
    TimesheetStatus.COUNTERSIGNED: "已会签",
}
AMENDABLE = frozenset(
    {Standing.PRESENT, Standing.NOT_COUNTED, Standing.LEAVE, Standing.NOT_CHECKED_IN, Standing.ABSENT}
)
"""What a countersigned line may become."""
SERVED = frozenset({Standing.PRESENT, Standing.CORRECTED})
EXCEPTIONS = frozenset({Standing.IN_DOUBT, Standing.NOT_COUNTED, Standing.NOT_CHECKED_IN, Standing.ABSENT})
_SYMBOLS = {
    Standing.PRESENT: "√",
    Standing.CORRECTED: "补",
    Standing.IN_DOUBT: "？",
    Standing.NOT_COUNTED: "×",
    Standing.NIGHT_REST: "下",
    Standing.NOT_CHECKED_IN: "○",
    Standing.ABSENT: "旷",
    Standing.OPEN: "",
}
_LEAVE_SYMBOLS = {
    LeaveKind.PERSONAL: "事",
    LeaveKind.SICK: "病",
    LeaveKind.ANNUAL: "年",
    LeaveKind.MATERNITY: "产",
    LeaveKind.MARRIAGE: "婚",
    LeaveKind.BEREAVEMENT: "丧",
    LeaveKind.OFFICIAL: "公",
    LeaveKind.REST: "休",
    LeaveKind.EARNED: "奖",
}
LEGEND: tuple[tuple[str, str], ...] = (
    *((symbol, STANDING_LABELS[standing]) for standing, symbol in _SYMBOLS.items() if symbol),
    *((symbol, LEAVE_LABELS[kind]) for kind, symbol in _LEAVE_SYMBOLS.items()),
)


def standing_label(standing: Standing, leave_kind: LeaveKind | None) -> str:
    """Return how a shift stands in Chinese; leave by its kind."""
    return LEAVE_LABELS[leave_kind] if leave_kind is not None else STANDING_LABELS[standing]


@dataclass(frozen=True)
class Line:
    """One shift of a timesheet; `working` is None where the calendar of that year is not loaded."""

    duty_on: date
    shift: Shift
    standing: Standing
    working: bool | None = True
    leave_kind: LeaveKind | None = None

    @property
    def symbol(self) -> str:
        """What the printed form shows."""
        return _LEAVE_SYMBOLS[self.leave_kind] if self.leave_kind is not None else _SYMBOLS[self.standing]

    @property
    def label(self) -> str:
        """What a screen shows."""
        return standing_label(self.standing, self.leave_kind)


@dataclass(frozen=True)
class Figures:
    """What a month comes to; days count in halves, so each figure but nights and exceptions is in half days."""

    due: int = 0
    served: int = 0
    nights: int = 0
    not_checked_in: int = 0
    absent: int = 0
    exceptions: int = 0
    leave: tuple[tuple[LeaveKind, int], ...] = ()

    def leave_of(self, kind: LeaveKind) -> int:
        """Return the half days of one kind of leave."""
        return dict(self.leave).get(kind, 0)


def figures_of(lines: Iterable[Line]) -> Figures:
    """Add up the lines of a month.

    Due are the halves of working days (of every day where the calendar is not loaded); served are all that somebody
    worked, duty on a holiday too; a night counts as one night, not in days.
    """
    lines = list(lines)
    halves = [line for line in lines if line.shift is not Shift.NIGHT]
    leave = {kind: sum(line.leave_kind is kind for line in halves) for kind in LeaveKind}
    return Figures(
        due=sum(line.working is not False for line in halves),
        served=sum(line.standing in SERVED for line in halves),
        nights=sum(line.standing in SERVED for line in lines if line.shift is Shift.NIGHT),
        not_checked_in=sum(line.standing is Standing.NOT_CHECKED_IN for line in halves),
        absent=sum(line.standing is Standing.ABSENT for line in halves),
        exceptions=sum(line.standing in EXCEPTIONS for line in lines),
        leave=tuple((kind, count) for kind, count in leave.items() if count),
    )


def days_text(halves: int) -> str:
    """Return half days as days: 43 are 21.5."""
    return f"{halves // 2}.5" if halves % 2 else str(halves // 2)


def named_figures(figures: Figures) -> list[tuple[str, str]]:
    """Return the figures with their labels, as the printed form has them: in days, nights as a number."""
    leave = [(LEAVE_LABELS[kind], days_text(figures.leave_of(kind))) for kind in _LEAVE_ON_FORMS]
    return [
        ("应出勤", days_text(figures.due)),
        ("实出勤", days_text(figures.served)),
        ("夜班", str(figures.nights)),
        *leave,
        ("未签到", days_text(figures.not_checked_in)),
        ("旷工", days_text(figures.absent)),
    ]


_LEAVE_ON_FORMS = (
    *(LeaveKind.REST, LeaveKind.OFFICIAL, LeaveKind.ANNUAL, LeaveKind.PERSONAL, LeaveKind.SICK, LeaveKind.MATERNITY),
    *(LeaveKind.MARRIAGE, LeaveKind.BEREAVEMENT, LeaveKind.EARNED),
)


def required_days(working_days: int, leave_days: float) -> int:
    """Return how many days of a week one must be there: three fifths of its working days less leave, rounded up.

    Counted in halves, so that no fraction is lost.
    """
    halves = max(0, round(2 * (working_days - leave_days)))
    return -(-3 * halves // 10)


def month_of_day(day: date) -> date:
    """Return the first day of the month."""
    return day.replace(day=1)


def last_of_month(month: date) -> date:
    """Return the last day of the month that begins on this day."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
