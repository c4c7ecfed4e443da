"""Reading leave, as far as the actor may see, how long each is, and what the actor may do with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.access.rules import Action, Party, Resource, may, parties_with
from backend.domain.attendance.errors.requests import RequestNotFound
from backend.domain.attendance.models.requests import CorrectionRequest, LeaveRequest
from backend.domain.attendance.queries.requests import (
    decides_for_oneself,
    deciding_party,
    named,
    parties_to_request,
    request_scope,
    require_right_to_request,
)
from backend.domain.attendance.rules.leave import (
    LeaveLength,
    LeaveSpan,
    LeaveState,
    lacks_proof,
    length_of,
    state_after_grant,
    why_not_cancel_leave,
)
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.queries import calendar_of, calendars_of
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.paging import Page, fetch_page


def list_leaves(
    actor: Actor,
    *,
    status: RequestStatus | None = None,
    kind: LeaveKind | None = None,
    text: str = "",
    page: int = 1,
    page_size: int = 20,
) -> Page[LeaveRequest]:
    """Return the leave that the actor may read, the latest asked for first; `text` finds names and staff numbers.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = _leaves().where(request_scope(actor, Resource.LEAVE, LeaveRequest.person_id))
    if status is not None:
        statement = statement.where(LeaveRequest.status == status)
    if kind is not None:
        statement = statement.where(LeaveRequest.kind == kind)
    if text:
        statement = statement.where(LeaveRequest.person.has(named(text)))
    ordered = statement.order_by(LeaveRequest.requested_at.desc(), LeaveRequest.id)
    return fetch_page(ordered, page=page, page_size=page_size)


def get_leave(
    actor: Actor, request_id: UUID, action: Action = Action.READ, resource: Resource = Resource.LEAVE
) -> LeaveRequest:
    """Return leave on which the actor may act so, or of which they may read such a part.

    Raises:
        RequestNotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    leave = db.session.scalars(_leaves().where(LeaveRequest.id == request_id)).one_or_none()
    if leave is None:
        raise RequestNotFound
    require_right_to_request(actor, leave.dispatch, action, resource)
    return leave


def may_open_papers(actor: Actor, leave: LeaveRequest) -> bool:
    """Tell whether the actor may open the papers that go with leave: medical data, for few."""
    parties = parties_to_request(actor, leave.dispatch)
    return may(actor.role, Action.READ, Resource.LEAVE_PAPER, parties)


def leaves_of(dispatch_id: UUID) -> list[LeaveRequest]:
    """Return the leave of a dispatch that waits or was granted, the latest first, for who may read one of it."""
    live = LeaveRequest.status.in_((RequestStatus.REQUESTED, RequestStatus.ACCEPTED))
    statement = _leaves().where(LeaveRequest.dispatch_id == dispatch_id, live)
    return list(db.session.scalars(statement.order_by(LeaveRequest.starts_on.desc()).limit(20)).unique())


def waits_for(leave: LeaveRequest) -> Party | None:
    """Return whose word leave waits for, None once it is decided."""
    if leave.status is not RequestStatus.REQUESTED:
        return None
    return Party.RECIPIENT if leave.recipient_decided_at is None else Party.SUPPORTING


def span_of_leave(leave: LeaveRequest) -> LeaveSpan:
    """Return from when to when it is."""
    return LeaveSpan(leave.starts_on, leave.starts_with, leave.ends_on, leave.ends_with)


def length_in(dispatch: Dispatch, span: LeaveSpan) -> LeaveLength:
    """Count what a span takes away from a dispatch."""
    calendar = calendar_of(dispatch.supporting_id, span.starts_on, span.ends_on)
    return length_of(span, dispatch.shifts_on, calendar.is_working_day)


def lengths_of(leaves: Sequence[LeaveRequest]) -> dict[UUID, LeaveLength]:
    """Return how long each of these is, by its id; the calendar is asked once for all of them."""
    if not leaves:
        return {}
    first, last = min(leave.starts_on for leave in leaves), max(leave.ends_on for leave in leaves)
    calendars = calendars_of({leave.dispatch.supporting_id for leave in leaves}, first, last)
    return {
        leave.id: length_of(
            span_of_leave(leave), leave.dispatch.shifts_on, calendars[leave.dispatch.supporting_id].is_working_day
        )
        for leave in leaves
    }


def state_of_leave(leave: LeaveRequest) -> LeaveState:
    """Return where it stands, as the rules speak of it."""
    return LeaveState(
        leave.status,
        leave.needs_supporting,
        granted_by_recipient=leave.recipient_decided_at is not None,
        granted_by_supporting=leave.supporting_decided_at is not None,
    )


@dataclass(frozen=True)
class LeaveRights:
    """What the actor may do with leave now."""

    may_grant: bool
    may_reject: bool
    may_cancel: bool


def rights_to_leave(actor: Actor, leave: LeaveRequest) -> LeaveRights:
    """Return what the actor may do with leave now."""
    party = deciding_party(actor, leave.dispatch, Resource.LEAVE)
    decides = (
        party is not None
        and leave.status is RequestStatus.REQUESTED
        and not decides_for_oneself(actor, leave.person_id)
    )
    own = leave.person_id == actor.person_id
    awaited = decides and party is not None and state_after_grant(state_of_leave(leave), party) is not None
    return LeaveRights(
        may_grant=awaited and not has_granted(actor, leave),
        may_reject=decides,
        may_cancel=own and why_not_cancel_leave(leave.status, leave.starts_on, clock.today()) is None,
    )


def has_granted(actor: Actor, leave: LeaveRequest) -> bool:
    """Tell whether the actor has granted leave already, for either party: the word of two is that of two people."""
    return actor.person_id in (leave.recipient_decided_by_id, leave.supporting_decided_by_id)


@dataclass(frozen=True)
class LeaveDecision:
    """One party's word: whose, and when."""

    party: Party
    by: str
    at: datetime


def decisions_on(leave: LeaveRequest) -> list[LeaveDecision]:
    """Return what the parties said so far, the first first."""
    said = (
        (Party.RECIPIENT, leave.recipient_decided_by, leave.recipient_decided_at),
        (Party.SUPPORTING, leave.supporting_decided_by, leave.supporting_decided_at),
    )
    decisions = [LeaveDecision(party, by.name, at) for party, by, at in said if by is not None and at is not None]
    return sorted(decisions, key=lambda decision: decision.at)


def without_proof(leave: LeaveRequest, length: LeaveLength) -> bool:
    """Tell whether a paper would be expected, and none is there."""
    return lacks_proof(leave.kind, length.halves, len(leave.attachments))


def count_requests_to_decide(actor: Actor) -> int:
    """Return how many corrections and leaves wait for the actor's word; 0 for who has none to give."""
    if not parties_with(actor.role, Action.DECIDE, Resource.LEAVE):
        return 0
    asked = or_(
        and_(Dispatch.recipient_id == actor.organisation_id, LeaveRequest.recipient_decided_at.is_(None)),
        and_(
            Dispatch.supporting_id == actor.organisation_id,
            LeaveRequest.needs_supporting,
            LeaveRequest.recipient_decided_at.is_not(None),
        ),
    )
    leaves = _count(LeaveRequest, actor, Resource.LEAVE).where(asked)
    corrections = _count(CorrectionRequest, actor, Resource.CORRECTION)
    return db.session.scalar(select(leaves.scalar_subquery() + corrections.scalar_subquery())) or 0


def _count(kind: type[LeaveRequest] | type[CorrectionRequest], actor: Actor, resource: Resource) -> Select[int]:
    scope = request_scope(actor, resource, None, Action.DECIDE)
    return (
        select(func.count())
        .select_from(kind)
        .join(Dispatch, Dispatch.id == kind.dispatch_id)
        .where(scope, kind.status == RequestStatus.REQUESTED, kind.person_id != actor.person_id)
    )


def _leaves() -> Select[LeaveRequest]:
    return (
        select(LeaveRequest)
        .join(LeaveRequest.dispatch)
        .options(
            joinedload(LeaveRequest.dispatch).joinedload(Dispatch.recipient),
            joinedload(LeaveRequest.dispatch).joinedload(Dispatch.supporting),
            joinedload(LeaveRequest.dispatch).selectinload(Dispatch.patterns),
            joinedload(LeaveRequest.person),
            joinedload(LeaveRequest.recipient_decided_by),
            joinedload(LeaveRequest.supporting_decided_by),
            selectinload(LeaveRequest.attachments),
        )
    )
