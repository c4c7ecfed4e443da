"""Ordering a spot check and sending it; and what all that happens to one has in common."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from backend.domain.attendance.errors.spot_checks import (
    OwnSpotCheck,
    SpotCheckNotNow,
    SpotCheckOpen,
    SpotCheckOver,
    SpotCheckSettled,
)
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.queries.absences import absences_of
from backend.domain.attendance.queries.spot_checks import get_dispatch_to_check, waits_for_review
from backend.domain.attendance.queries.taps import effective_taps
from backend.domain.attendance.rules.spot_checks import (
    TRANSITIONS,
    SpotCheckAction,
    SpotCheckKind,
    SpotCheckOrigin,
    SpotCheckStatus,
    Whereabouts,
    is_evening,
    last_delivery,
    shift_running,
    why_not_asked,
)
from backend.domain.attendance.rules.taps import CheckInKind, Verdict
from backend.domain.audit.service import record_event
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import DispatchKind, Shift
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.organisations.queries import calendar_of
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

PHONE_PAGE = "/pages/home/index"
CHECKS_PAGE = "/doctor/checks/index"
_ONE_AT_A_TIME = {"spot_checks_open_key": SpotCheckOpen}


def order_spot_check(actor: Actor, dispatch_id: UUID, kind: SpotCheckKind, note: str = "") -> SpotCheck:
    """Ask somebody where they are, now.

    Raises:
        DispatchNotFound, NotFound, Forbidden: as the who-sees-what table says.
        OwnSpotCheck: the actor would ask themselves, at an hour of their own choice.
        SpotCheckNotNow: they are not on duty, with leave, at rest after a night, or visit for a clinic only.
        SpotCheckOpen: they have another one to answer.
    """
    with transaction() as session:
        dispatch = get_dispatch_to_check(actor, dispatch_id)
        if dispatch.person_id == actor.person_id:
            raise OwnSpotCheck
        now = clock.now()
        why_not = why_not_asked(kind, whereabouts(dispatch, kind, now))
        if why_not is not None:
            raise SpotCheckNotNow(why_not)
        spot_check = SpotCheck(
            id=new_id(),
            dispatch=dispatch,
            person=dispatch.person,
            kind=kind,
            origin=SpotCheckOrigin.ORDERED,
            ordered_by_person_id=actor.person_id,
            status=SpotCheckStatus.PLANNED,
            planned_at=now,
            note=note.strip(),
            version=0,
        )
        session.add(spot_check)
        send_spot_check(spot_check, now)
        record_event(
            actor,
            "order_spot_check",
            "spot_check",
            spot_check.id,
            organisation_id=dispatch.supporting_id,
            kind=kind,
        )
        return spot_check


def whereabouts(dispatch: Dispatch, kind: SpotCheckKind, at: datetime) -> Whereabouts:
    """Return what is known of somebody at an instant, as far as it matters for a spot check."""
    today, running = clock.local(at).date(), shift_running(at, dispatch.shifts_on)
    if kind is SpotCheckKind.RESIDENCE:
        day, shift = today, Shift.NIGHT
        expected = is_evening(at) and bool(dispatch.shifts_on(today))
    else:
        day, shift = running or (today, Shift.MORNING)
        expected = running is not None
    by_day = kind is SpotCheckKind.PRESENCE and shift is not Shift.NIGHT
    absences = absences_of([dispatch.id], day, day)[dispatch.id]
    calendar = calendar_of(dispatch.supporting_id, day, day)
    return Whereabouts(
        posted=dispatch.kind is DispatchKind.POSTED,
        expected=expected and calendar.is_working_day(day) is not False,
        absent=any(absence.covers(day, shift) for absence in absences),
        resting=by_day and _worked_the_night_before(dispatch, day),
    )


def _worked_the_night_before(dispatch: Dispatch, day: date) -> bool:
    before = day - timedelta(days=1)
    return any(
        tap.shift is Shift.NIGHT and tap.kind is CheckInKind.IN and tap.verdict is not Verdict.OUTSIDE
        for tap in effective_taps([dispatch.id], before, before)
    )


def send_spot_check(spot_check: SpotCheck, now: datetime) -> None:
    """Send a planned spot check to the one concerned.

    Raises:
        SpotCheckOpen: they have another one to answer.
    """
    running = shift_running(now, spot_check.dispatch.shifts_on)
    move(spot_check, SpotCheckAction.SEND)
    spot_check.sent_at = now
    spot_check.deliver_by = last_delivery(now, spot_check.kind, running)
    with refusals(_ONE_AT_A_TIME):
        pass
    where = (
        "请在收到后15分钟内确认您在驻地。" if spot_check.kind is SpotCheckKind.RESIDENCE else "请在收到后15分钟内应答。"
    )
    notice = Notice(NoticeKind.SPOT_CHECK_SENT, "查岗", where, PHONE_PAGE)
    key, until = message_key(spot_check.id), spot_check.deliver_by
    owe_notices([Owed(person_id=spot_check.person_id, notice=notice, dedupe_key=key, lapses_at=until)])


def message_key(spot_check_id: UUID) -> str:
    """Return the key of the message by which somebody is asked."""
    return f"spot_check_sent:{spot_check_id}"


def move(spot_check: SpotCheck, action: SpotCheckAction) -> None:
    """Let something happen to a spot check.

    Raises:
        SpotCheckOver: it stands where that cannot happen.
    """
    after = TRANSITIONS.get((spot_check.status, action))
    if after is None:
        raise SpotCheckOver
    spot_check.status = after
    spot_check.version += 1


def joined(before: str, note: str) -> str:
    """Return what the office wrote when it asked, with what was said to it."""
    return "；".join(part for part in (before, note.strip()) if part)


def in_time(latest: datetime | None) -> bool:
    """Tell whether something that may be done until an instant may be done now."""
    return latest is not None and clock.now() <= latest


def require_open_review(spot_check: SpotCheck) -> None:
    """Let pass what somebody has yet to review.

    Raises:
        SpotCheckSettled: there is nothing to review, or it has been reviewed.
    """
    if not waits_for_review(spot_check):
        raise SpotCheckSettled


def record(actor: Actor, action: str, spot_check: SpotCheck, **details: object) -> None:
    """Write into the trail of the supporting hospital what somebody did with a spot check."""
    supporting_id = spot_check.dispatch.supporting_id
    record_event(actor, action, "spot_check", spot_check.id, organisation_id=supporting_id, **details)
