"""What happens to spot checks without anyone asking: a week is drawn, what is due is sent, what is over lapses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.attendance.errors.spot_checks import SpotCheckOpen
from backend.domain.attendance.models.evidence import Watermark
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.queries.absences import absences_of
from backend.domain.attendance.rules.absences import Absence
from backend.domain.attendance.rules.spot_check_draws import (
    Candidate,
    IsAbsent,
    Window,
    draw_spot_checks,
    evening_windows,
    presence_windows,
)
from backend.domain.attendance.rules.spot_checks import (
    ANSWER_WITHIN,
    SpotCheckAction,
    SpotCheckKind,
    SpotCheckOrigin,
    SpotCheckStatus,
    last_delivery,
    shift_running,
    why_not_asked,
)
from backend.domain.attendance.service.spot_checks import (
    CHECKS_PAGE,
    message_key,
    move,
    record,
    send_spot_check,
    whereabouts,
)
from backend.domain.audit.service import record_event
from backend.domain.dispatch.models import Dispatch, DutyPattern
from backend.domain.dispatch.rules import DispatchKind, days_between
from backend.domain.notifications.queries.deliveries import delivery_of
from backend.domain.notifications.rules.delivery import DeliveryStatus
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.domain.organisations.queries import calendar_of, find_setting
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM
from backend.foundation.clock import SHANGHAI
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction

_SHARES = {
    SpotCheckKind.PRESENCE: ("attendance.spot_check_share_percent", presence_windows),
    SpotCheckKind.RESIDENCE: ("attendance.residence_check_percent", evening_windows),
}
_REMEMBERED = timedelta(weeks=8)
_BATCH = 200


def plan_spot_checks(random: Random) -> int:
    """Draw what is left of this week for each supporting hospital that has set a share; return how many.

    A week is drawn once: running again changes nothing.
    """
    today = clock.today()
    sunday = today + timedelta(days=7 - today.isoweekday())
    statement = select(Dispatch.supporting_id).where(Dispatch.starts_on <= sunday, Dispatch.ends_on >= today)
    with transaction() as session:
        supporting_ids = list(session.scalars(statement.distinct()))
    return sum(_plan(supporting_id, kind, sunday, random) for supporting_id in supporting_ids for kind in _SHARES)


def _plan(supporting_id: UUID, kind: SpotCheckKind, sunday: date, random: Random) -> int:
    setting, windows_of = _SHARES[kind]
    now = clock.now()
    with transaction() as session:
        share = find_setting(setting, supporting_id, clock.today())
        if share is None or not _is_first(f"spot_checks:{kind}:{supporting_id}", sunday):
            return 0
        candidates = _candidates(supporting_id, kind, sunday, windows_of)
        draws = draw_spot_checks(candidates, share, now, random)
        session.add_all(
            SpotCheck(
                id=new_id(),
                dispatch_id=draw.dispatch_id,
                person_id=draw.person_id,
                kind=kind,
                origin=SpotCheckOrigin.RANDOM,
                status=SpotCheckStatus.PLANNED,
                planned_at=draw.at,
            )
            for draw in draws
        )
        record_event(
            SYSTEM, "draw_spot_checks", "organisation", supporting_id, organisation_id=supporting_id, kind=kind
        )
        return len(draws)


def _is_first(name: str, sunday: date) -> bool:
    """Tell whether nobody has drawn this week yet, and keep others from it."""
    reached = datetime.combine(sunday, time.max, SHANGHAI)
    statement = insert(Watermark).values(name=name, reached_at=reached)
    changed = statement.on_conflict_do_update(
        index_elements=[Watermark.name], set_={"reached_at": reached}, where=Watermark.reached_at < reached
    )
    return db.session.scalar(changed.returning(Watermark.name)) is not None


def _candidates(
    supporting_id: UUID, kind: SpotCheckKind, sunday: date, windows_of: Callable[..., tuple[Window, ...]]
) -> list[Candidate]:
    today = clock.today()
    statement = (
        select(Dispatch)
        .options(selectinload(Dispatch.patterns))
        .where(
            Dispatch.supporting_id == supporting_id,
            Dispatch.kind == DispatchKind.POSTED,
            Dispatch.cancelled_at.is_(None),
            Dispatch.patterns.any(DutyPattern.during.overlaps(Range(today, sunday, bounds="[]"))),
        )
        .order_by(Dispatch.id)
    )
    dispatches = list(db.session.scalars(statement))
    absences = absences_of([dispatch.id for dispatch in dispatches], today, sunday + timedelta(days=1))
    recent = _recent_counts(supporting_id, kind)
    calendar = calendar_of(supporting_id, today, sunday + timedelta(days=1))
    days = list(days_between(today, sunday))
    return [
        Candidate(
            dispatch.id,
            dispatch.person_id,
            recent[dispatch.person_id],
            windows_of(days, dispatch.shifts_on, calendar.is_working_day, _is_absent(absences.get(dispatch.id, []))),
        )
        for dispatch in dispatches
    ]


def _is_absent(absences: list[Absence]) -> IsAbsent:
    return lambda day, shift: any(absence.covers(day, shift) for absence in absences)


def _recent_counts(supporting_id: UUID, kind: SpotCheckKind) -> Counter[UUID]:
    statement = (
        select(SpotCheck.person_id, func.count())
        .join(SpotCheck.dispatch)
        .where(
            Dispatch.supporting_id == supporting_id,
            SpotCheck.kind == kind,
            SpotCheck.sent_at > clock.now() - _REMEMBERED,
        )
        .group_by(SpotCheck.person_id)
    )
    return Counter({row[0]: row[1] for row in db.session.execute(statement)})


def send_due_spot_checks() -> int:
    """Send the spot checks whose instant has come; return how many. Each is a transaction of its own.

    Somebody who is on leave or at rest by then is spared; somebody who has another one to answer comes later.
    """
    due = select(SpotCheck.id).where(SpotCheck.status == SpotCheckStatus.PLANNED, SpotCheck.planned_at <= clock.now())
    with transaction() as session:
        ids = list(session.scalars(due.order_by(SpotCheck.planned_at).limit(_BATCH)))
    return sum(_send(spot_check_id) for spot_check_id in ids)


def _send(spot_check_id: UUID) -> bool:
    now = clock.now()
    try:
        with transaction():
            spot_check = _locked(spot_check_id, SpotCheckStatus.PLANNED)
            if spot_check is None:
                return False
            running = shift_running(spot_check.planned_at, spot_check.dispatch.shifts_on)
            if now > last_delivery(spot_check.planned_at, spot_check.kind, running):
                move(spot_check, SpotCheckAction.LAPSE)
                spot_check.note = "系统未能按时发出。"
                return False
            why_not = why_not_asked(spot_check.kind, whereabouts(spot_check.dispatch, spot_check.kind, now))
            if why_not is not None:
                move(spot_check, SpotCheckAction.SPARE)
                spot_check.note = why_not
                return False
            send_spot_check(spot_check, now)
            return True
    except SpotCheckOpen:
        return False


def receive_told_spot_checks() -> int:
    """Let those be delivered of whose message WeChat tells that it was, from then on; return how many."""
    waiting = select(SpotCheck.id).where(SpotCheck.status == SpotCheckStatus.SENT)
    with transaction() as session:
        keys = {message_key(spot_check_id): spot_check_id for spot_check_id in session.scalars(waiting)}
        told = delivery_of(keys)
    return sum(
        _receive(keys[key], delivery.settled_at)
        for key, delivery in told.items()
        if delivery.status is DeliveryStatus.DELIVERED and delivery.settled_at is not None
    )


def _receive(spot_check_id: UUID, at: datetime) -> bool:
    with transaction():
        spot_check = _locked(spot_check_id, SpotCheckStatus.SENT)
        if spot_check is None or spot_check.deliver_by is None or at > spot_check.deliver_by:
            return False
        move(spot_check, SpotCheckAction.DELIVER)
        spot_check.delivered_at, spot_check.answer_by = at, at + ANSWER_WITHIN
        record(SYSTEM, "receive_spot_check", spot_check)
        return True


def lapse_spot_checks() -> int:
    """Let what was not answered in time be missed, and what was not delivered be undelivered; return how many."""
    now = clock.now()
    over = select(SpotCheck.id, SpotCheck.status).where(
        (SpotCheck.status == SpotCheckStatus.SENT) & (SpotCheck.deliver_by < now)
        | (SpotCheck.status == SpotCheckStatus.DELIVERED) & (SpotCheck.answer_by < now)
    )
    with transaction() as session:
        found = [(row.id, row.status) for row in session.execute(over.limit(_BATCH))]
    return sum(_lapse(spot_check_id, status) for spot_check_id, status in found)


def _lapse(spot_check_id: UUID, status: SpotCheckStatus) -> bool:
    with transaction():
        spot_check = _locked(spot_check_id, status)
        if spot_check is None:  # answered, or received, in the meantime
            return False
        move(spot_check, SpotCheckAction.LAPSE)
        event = "miss_spot_check" if spot_check.status is SpotCheckStatus.MISSED else "fail_to_deliver_spot_check"
        supporting_id = spot_check.dispatch.supporting_id
        record_event(SYSTEM, event, "spot_check", spot_check.id, organisation_id=supporting_id)
        if spot_check.status is SpotCheckStatus.MISSED:
            notice = Notice(
                NoticeKind.SPOT_CHECK_SENT, "查岗未应答", "请在查岗记录中说明情况，由医务科核实。", CHECKS_PAGE
            )
            owe_notice(spot_check.person_id, notice, dedupe_key=f"spot_check_missed:{spot_check.id}")
        return True


def _locked(spot_check_id: UUID, status: SpotCheckStatus) -> SpotCheck | None:
    """Return a spot check that still stands so, kept from others; None where it does not, or another has it."""
    statement = (
        select(SpotCheck)
        .options(joinedload(SpotCheck.dispatch).selectinload(Dispatch.patterns))
        .where(SpotCheck.id == spot_check_id, SpotCheck.status == status)
        .with_for_update(of=SpotCheck, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(statement).one_or_none()
