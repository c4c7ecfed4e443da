"""Changing where and when, ending early, cancelling, and posting substitutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql.ranges import Range

from backend.domain.access.rules import Action
from backend.domain.audit.service import record_event
from backend.domain.dispatch.errors import (
    DispatchInvalid,
    TransitionRefused,
)
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.queries import get_dispatch
from backend.domain.dispatch.rules import (
    TRANSITIONS,
    WeeklyPattern,
    state_on,
)
from backend.domain.dispatch.service.creation import (
    SITUATIONS,
    DispatchDraft,
    Span,
    claim,
    create_dispatch,
    department_of,
    refuse_conflict,
    sites_of,
    tell,
)
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import StaleVersion
from backend.foundation.transaction import refusals, transaction


@dataclass(frozen=True, kw_only=True)
class DispatchChange:
    """What becomes different from a day on; None leaves a thing as it is."""

    ends_on: date | None = None
    pattern: WeeklyPattern | None = None
    pattern_from: date | None = None  # the first day of the new pattern; today if not said
    site_ids: tuple[UUID, ...] | None = None
    department_id: UUID | None = None
    leads_team: bool | None = None


def change_dispatch(actor: Actor, dispatch_id: UUID, version: int, change: DispatchChange) -> Dispatch:
    """Change end, days, sites, department or leadership of a dispatch that has not ended.

    Raises:
        DispatchNotFound, Forbidden: as in get_dispatch.
        StaleVersion: somebody changed it since this version was read.
        TransitionRefused: it has ended or was cancelled.
        DispatchInvalid, DutyClaimTaken, TeamHasLeader: the change makes no sense or collides.
    """
    with transaction() as session:
        dispatch = _get_for(actor, dispatch_id, version, "change")
        if change.ends_on is not None:
            _move_end(dispatch, change.ends_on)
        if change.pattern is not None:
            _repattern(dispatch, change.pattern, change.pattern_from or clock.today())
        if change.site_ids is not None:
            dispatch.sites = sites_of(dispatch.recipient, change.site_ids)
        if change.department_id is not None:
            dispatch.department_id = department_of(dispatch.recipient, change.department_id)
        if change.leads_team is not None:
            dispatch.leads_team = change.leads_team
        refuse_conflict(dispatch)
        dispatch.version += 1
        with refusals(SITUATIONS):
            session.flush()
        record_event(actor, "change_dispatch", "dispatch", dispatch.id, version=dispatch.version)
        tell(dispatch, NoticeKind.DISPATCH_CHANGED, "派驻安排有变动", "请查看新的时间和派驻点。")
        return dispatch


def end_dispatch_early(actor: Actor, dispatch_id: UUID, version: int, *, ends_on: date, reason: str) -> Dispatch:
    """End a current dispatch before its day; `ends_on` is the last day that is still served.

    Raises:
        DispatchNotFound, Forbidden, StaleVersion, TransitionRefused: as in change_dispatch.
        DispatchInvalid: no reason, or not an earlier day within the dispatch.
    """
    with transaction() as session:
        dispatch = _get_for(actor, dispatch_id, version, "end_early")
        _end(dispatch, ends_on, reason)
        session.flush()
        record_event(actor, "end_dispatch_early", "dispatch", dispatch.id, ends_on=ends_on.isoformat())
        tell(dispatch, NoticeKind.DISPATCH_ENDED, "派驻提前结束", "最后一天之后无需再签到。")
        return dispatch


def cancel_dispatch(actor: Actor, dispatch_id: UUID, version: int, *, reason: str) -> Dispatch:
    """Cancel a dispatch that has not begun.

    Raises:
        DispatchNotFound, Forbidden, StaleVersion, TransitionRefused: as in change_dispatch.
        DispatchInvalid: no reason is given.
    """
    with transaction() as session:
        dispatch = _get_for(actor, dispatch_id, version, "cancel")
        _cancel(dispatch, reason)
        session.flush()
        record_event(actor, "cancel_dispatch", "dispatch", dispatch.id)
        tell(dispatch, NoticeKind.DISPATCH_ENDED, "派驻已取消", "无需前往，也无需签到。")
        return dispatch


def substitute_dispatch(
    actor: Actor,
    dispatch_id: UUID,
    version: int,
    *,
    person_id: UUID,
    from_day: date,
    reason: str,
    exception_reason: str = "",
) -> Dispatch:
    """Post another person (顶岗) from a day on to the end, with the same days, sites, rotation and lead.

    Raises:
        NotFound, DispatchNotFound, Forbidden, StaleVersion, TransitionRefused: as in change_dispatch.
        DispatchInvalid, ConditionsUnmet, DutyClaimTaken: the substitute cannot take over so.
    """
    with transaction():
        before = _get_for(actor, dispatch_id, version, "substitute")
        if not before.starts_on <= from_day <= before.ends_on:
            raise DispatchInvalid("顶岗开始日期须在原派驻期间内。", fields={"from_day": ["请选择原派驻期间内的日期。"]})
        draft = DispatchDraft(
            person_id=person_id,
            recipient_id=before.recipient_id,
            kind=before.kind,
            starts_on=from_day,
            ends_on=before.ends_on,
            spans=_spans_from(before, from_day),
            site_ids=tuple(site.id for site in before.sites),
            department_id=before.department_id,
            rotation_name=before.rotation.name if before.rotation else "",
            leads_team=before.leads_team,
            exception_reason=exception_reason,
            substitute_for_id=before.id,
        )
        if from_day > before.starts_on:
            _end(before, from_day - timedelta(days=1), reason)
        else:
            _cancel(before, reason)
        db.session.flush()
        substitute = create_dispatch(actor, draft)
        record_event(actor, "substitute_dispatch", "dispatch", before.id, substitute_id=str(substitute.id))
        tell(before, NoticeKind.DISPATCH_ENDED, "已安排顶岗", "您的派驻由他人接替，请做好交接。")
        return substitute


def _get_for(actor: Actor, dispatch_id: UUID, version: int, action: str) -> Dispatch:
    dispatch = get_dispatch(actor, dispatch_id, Action.WRITE)
    # Two who decide at once must not both pass the checks below.
    db.session.refresh(dispatch, with_for_update={"of": Dispatch})
    if dispatch.version != version:
        raise StaleVersion
    state = state_on(clock.today(), dispatch.starts_on, dispatch.ends_on, cancelled=dispatch.cancelled_at is not None)
    if (state, action) not in TRANSITIONS:
        raise TransitionRefused
    return dispatch


def _move_end(dispatch: Dispatch, ends_on: date) -> None:
    if ends_on < max(dispatch.starts_on, clock.today()):
        raise DispatchInvalid("结束日期不能早于今天和开始日期。", fields={"ends_on": ["请选择今天或以后的日期。"]})
    open_ended = max(dispatch.patterns, key=lambda row: row.during.upper or date.min)
    if ends_on < dispatch.ends_on:
        _clip(dispatch, ends_on)
    elif open_ended.during.upper == dispatch.ends_on + timedelta(days=1):
        open_ended.during = Range(open_ended.during.lower, ends_on + timedelta(days=1))
    dispatch.ends_on = ends_on


def _repattern(dispatch: Dispatch, pattern: WeeklyPattern, first: date) -> None:
    if not pattern.claims:
        raise DispatchInvalid("请至少选择一个半天。", fields={"pattern": ["请至少选择一个半天。"]})
    first = max(first, dispatch.starts_on)
    if first > dispatch.ends_on:
        raise DispatchInvalid("新的星期安排须在派驻期间内开始。", fields={"pattern_from": ["日期不在派驻期间内。"]})
    _clip(dispatch, first - timedelta(days=1))
    dispatch.patterns.append(claim(dispatch, first, dispatch.ends_on, pattern))


def _clip(dispatch: Dispatch, last: date) -> None:
    """Let every claim end with this day; what would begin later goes. Flushed first: rows must not overlap."""
    for row in list(dispatch.patterns):
        if row.during.lower is not None and row.during.lower > last:
            dispatch.patterns.remove(row)
        elif row.during.upper is None or row.during.upper > last + timedelta(days=1):
            row.during = Range(row.during.lower, last + timedelta(days=1))
    db.session.flush()


def _end(dispatch: Dispatch, ends_on: date, reason: str) -> None:
    _require_reason(reason)
    if not dispatch.starts_on <= ends_on < dispatch.ends_on:
        raise DispatchInvalid("提前结束的日期须在派驻期间内。", fields={"ends_on": ["请选择派驻期间内更早的日期。"]})
    _clip(dispatch, ends_on)
    dispatch.planned_end_on = dispatch.planned_end_on or dispatch.ends_on
    dispatch.ends_on = ends_on
    dispatch.end_reason = reason.strip()
    dispatch.version += 1


def _cancel(dispatch: Dispatch, reason: str) -> None:
    _require_reason(reason)
    dispatch.patterns.clear()
    dispatch.cancelled_at = clock.now()
    dispatch.end_reason = reason.strip()
    dispatch.version += 1


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise DispatchInvalid("请填写原因。", fields={"reason": ["请填写原因。"]})


def _spans_from(dispatch: Dispatch, first: date) -> tuple[Span, ...]:
    """Return what a dispatch claims from a day on; read before its end moves."""
    return tuple(
        (max(row.during.lower or first, first), row.during.upper - timedelta(days=1), row.pattern)
        for row in dispatch.patterns
        if row.during.upper is not None and row.during.upper > first
    )
