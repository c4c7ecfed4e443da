"""Letting a dispatch rest for long leave, and posting a substitute (顶岗) for just these days."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.domain.access.rules import Action
from backend.domain.accounts.queries import holders_of
from backend.domain.audit.service import record_event
from backend.domain.dispatch.errors import DispatchInvalid, DispatchSuspended, SubstitutePosted, TransitionRefused
from backend.domain.dispatch.models import Dispatch, Suspension
from backend.domain.dispatch.queries import get_dispatch, get_suspension
from backend.domain.dispatch.rules import DispatchState, state_on
from backend.domain.dispatch.service.creation import DispatchDraft, Span, create_dispatch
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction


def suspend_dispatch(actor: Actor, dispatch: Dispatch, first: date, last: date, *, reason: str) -> Suspension:
    """Let a dispatch rest from a day to a day, for a caller who has settled that it may; medical affairs is told.

    Raises:
        DispatchSuspended: it rests on some of these days already.
    """
    with transaction() as session:
        suspension = Suspension(
            id=new_id(), dispatch_id=dispatch.id, during=Range(first, last + timedelta(days=1)), reason=reason
        )
        with refusals({"suspensions_one_excl": DispatchSuspended}):
            session.add(suspension)
        record_event(
            actor,
            "suspend_dispatch",
            "dispatch",
            dispatch.id,
            organisation_id=dispatch.supporting_id,
            first=first.isoformat(),
            last=last.isoformat(),
        )
        if last >= clock.today():
            text = f"{dispatch.person.name}（{dispatch.recipient.name}）{first}至{last}{reason}，派驻暂停，请安排顶岗。"
            _tell_medical_affairs(dispatch, suspension, "请安排顶岗", text)
        return suspension


def lift_suspensions(actor: Actor, dispatch: Dispatch, first: date, last: date) -> None:
    """Let a dispatch go on after all in these days; where a substitute was posted, medical affairs is told."""
    with transaction() as session:
        within = Suspension.during.contained_by(Range(first, last + timedelta(days=1)))
        statement = select(Suspension).where(Suspension.dispatch_id == dispatch.id, within).with_for_update()
        for suspension in session.scalars(statement).all():
            if suspension.substitute_id is not None:
                text = f"{dispatch.person.name}（{dispatch.recipient.name}）不再休假，原定的顶岗请取消或调整。"
                _tell_medical_affairs(dispatch, suspension, "顶岗需要调整", text)
            session.delete(suspension)
            record_event(actor, "resume_dispatch", "dispatch", dispatch.id, organisation_id=dispatch.supporting_id)


def post_substitute(actor: Actor, suspension_id: UUID, *, person_id: UUID, exception_reason: str = "") -> Dispatch:
    """Post another person for the days on which a dispatch rests, from today on: with its halves and sites.

    The dispatch that rests goes on afterwards; both segments count for what they are.

    Raises:
        NotFound, DispatchNotFound, Forbidden: as in get_suspension and create_dispatch.
        TransitionRefused: the dispatch that rests has ended or was cancelled, or its rest is over.
        SubstitutePosted: somebody is posted already.
        DispatchInvalid, ConditionsUnmet, DutyClaimTaken: the substitute cannot take over so.
    """
    with transaction() as session:
        suspension = get_suspension(actor, suspension_id, Action.WRITE)
        # Two who post at once must not both find the days without a substitute.
        session.refresh(suspension, ["substitute_id"], with_for_update=True)
        session.expire(suspension, ["substitute"])
        if suspension.substitute is not None and suspension.substitute.cancelled_at is None:
            raise SubstitutePosted
        rests = get_dispatch(actor, suspension.dispatch_id, Action.WRITE)
        first, last = days_to_cover(suspension, rests)
        if first > last:
            raise TransitionRefused("派驻已结束，或暂停的日期已过，无需顶岗。")
        spans = _spans_within(rests, first, last)
        if not spans:
            raise DispatchInvalid("这段时间原派驻没有班次，无需顶岗。")
        substitute = create_dispatch(
            actor,
            DispatchDraft(
                person_id=person_id,
                recipient_id=rests.recipient_id,
                kind=rests.kind,
                starts_on=first,
                ends_on=last,
                spans=spans,
                site_ids=tuple(site.id for site in rests.sites),
                department_id=rests.department_id,
                rotation_name=rests.rotation.name if rests.rotation else "",
                exception_reason=exception_reason,
                substitute_for_id=rests.id,
            ),
        )
        suspension.substitute_id = substitute.id
        session.flush()
        record_event(actor, "post_substitute", "dispatch", rests.id, substitute_id=str(substitute.id))
        return substitute


def days_to_cover(suspension: Suspension, dispatch: Dispatch) -> tuple[date, date]:
    """Return from when to when a substitute would be posted: from today on; the first after the last: not any more."""
    first, after = suspension.during.lower or dispatch.starts_on, suspension.during.upper
    last = after - timedelta(days=1) if after else dispatch.ends_on
    state = state_on(clock.today(), dispatch.starts_on, dispatch.ends_on, cancelled=dispatch.cancelled_at is not None)
    if state in (DispatchState.ENDED, DispatchState.CANCELLED):
        return dispatch.ends_on, dispatch.starts_on - timedelta(days=1)
    return max(first, clock.today()), min(last, dispatch.ends_on)


def _spans_within(dispatch: Dispatch, first: date, last: date) -> tuple[Span, ...]:
    spans = []
    for row in dispatch.patterns:
        starts = max(row.during.lower or first, first)
        ends = min(row.during.upper - timedelta(days=1), last) if row.during.upper else last
        if starts <= ends:
            spans.append((starts, ends, row.pattern))
    return tuple(spans)


def _tell_medical_affairs(dispatch: Dispatch, suspension: Suspension, title: str, text: str) -> None:
    notice = Notice(NoticeKind.SUBSTITUTE_NEEDED, title, text)
    for person_id in holders_of(Role.MEDICAL_AFFAIRS, dispatch.supporting_id):
        owe_notice(person_id, notice, dedupe_key=f"{notice.kind}:{suspension.id}:{title}:{person_id}")
