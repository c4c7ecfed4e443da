"""No-shows (爽约): the desk alone says so, once the period is over; and what becomes of an appeal."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from backend.domain.access.rules import Action
from backend.domain.accounts.queries import holders_of
from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.bookings import ClinicClosed
from backend.domain.clinics.errors.desk import AppealReasonMissing, AppealSettled, OwnMark, PeriodNotOver
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.queries.named import expert_label
from backend.domain.clinics.queries.suspensions import suspensions_of
from backend.domain.clinics.rules.bookings import AppealDecision, BookingAction, BookingParty, next_status
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.clinics.rules.visits import may_mark_no_show
from backend.domain.clinics.rules.wording import when_field
from backend.domain.clinics.service.arrivals import lock_visit, move_visit
from backend.domain.clinics.service.booking_notices import booking_page
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.patients.rules import masked_name
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.transaction import transaction


def mark_no_show(actor: Actor, booking_id: UUID, version: int) -> Booking:
    """Say that somebody never came; they are told how to appeal.

    Raises:
        BookingNotFound, Forbidden, StaleVersion: as in lock_visit.
        ClinicClosed: nobody misses a clinic that was closed.
        PeriodNotOver: they may still be on the way.
        VisitSettled: they came, or the booking was cancelled.
    """
    with transaction():
        booking = lock_visit(actor, booking_id, version, Action.DECIDE)
        register_no_show(actor, booking)
        return booking


def register_no_show(actor: Actor, booking: Booking) -> None:
    """Let a locked booking be one of somebody who never came.

    Raises:
        ClinicClosed, PeriodNotOver, VisitSettled: as in mark_no_show.
    """
    if booking.clinic.status is ClinicStatus.CLOSED:
        raise ClinicClosed("门诊已停诊，不能登记未到诊。")
    now = clock.now()
    if not may_mark_no_show(booking.ends_at, now):
        raise PeriodNotOver
    booking.noshow_at = now
    move_visit(actor, booking, BookingAction.MARK_NO_SHOW)
    until = suspensions_of([booking.patient_id]).get(booking.patient_id)
    advice = "如有特殊情况，请在预约中申诉"
    if until is not None:
        last = until - timedelta(days=1)
        advice = f"暂停手机预约至{last.month}月{last.day}日，可申诉"
    _tell(booking, NoticeKind.NO_SHOW_MARKED, "预约未到诊", "服务台登记未到诊", advice)


def decide_appeal(actor: Actor, booking_id: UUID, version: int, *, decision: AppealDecision, reason: str) -> Booking:
    """Decide an appeal against a no-show: who is excused has none that counts. The patient is told why.

    Raises:
        AppealReasonMissing: no reason is given.
        BookingNotFound, Forbidden, StaleVersion: as in lock_visit.
        AppealSettled: nobody appealed, or it has been decided.
        OwnMark: the actor marked it, and somebody else at the desk could decide.
    """
    if not reason.strip():
        raise AppealReasonMissing
    with transaction() as session:
        booking = lock_visit(actor, booking_id, version, Action.DECIDE)
        after = next_status(booking.status, BookingAction.DECIDE_APPEAL, BookingParty.DESK)
        if after is None or booking.appealed_at is None or booking.appeal_decision is not None:
            raise AppealSettled
        if not may_decide_appeal(actor, booking):
            raise OwnMark
        booking.status = after
        booking.appeal_decision = decision
        booking.appeal_reason = reason.strip()
        booking.appeal_decided_at = clock.now()
        booking.appeal_decided_by_person_id = actor.person_id
        booking.version += 1
        session.flush()
        recipient_id = booking.clinic.recipient_id
        record_event(actor, "decide_appeal", "booking", booking.id, organisation_id=recipient_id, decision=decision)
        excused = decision is AppealDecision.EXCUSED
        outcome = "申诉成立，不计未到诊" if excused else "申诉未通过，计未到诊"
        _tell(booking, NoticeKind.APPEAL_DECIDED, "申诉已处理", outcome, booking.appeal_reason)
        return booking


def may_decide_appeal(actor: Actor, booking: Booking) -> bool:
    """Tell whether the actor may decide an appeal: not about their own mark, unless they are the whole desk."""
    if booking.marked_by_person_id != actor.person_id:
        return True
    return not set(holders_of(Role.DESK, booking.clinic.recipient_id)) - {actor.person_id}


def _tell(booking: Booking, kind: NoticeKind, title: str, outcome: str, advice: str) -> None:
    if booking.account_id is None:
        return
    clinic, who = booking.clinic, masked_name(booking.patient.name)
    notice = Notice(
        kind,
        title,
        f"{who}预约的{expert_label(clinic)}门诊：{outcome}。{advice}。",
        booking_page(booking.id),
        slots={
            "what": expert_label(clinic),
            "when": when_field(booking.starts_at),
            "reason": outcome,
            "advice": advice,
        },
    )
    owe_notices(
        [
            Owed(
                notice=notice,
                dedupe_key=f"{kind}:{booking.id}",
                account_id=booking.account_id,
                organisation_id=clinic.recipient_id,
            )
        ]
    )
