"""Reading requests for corrections and leave, each as far as the actor may see, and what the actor may do with one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action, Party, Resource, may
from backend.domain.accounts.models import Person
from backend.domain.accounts.queries import was_appointed_by
from backend.domain.attendance.errors.requests import OwnRequest, RequestNotFound
from backend.domain.attendance.models.requests import CorrectionRequest
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.attendance.rules.timesheets import last_of_month
from backend.domain.dispatch.errors import DispatchNotFound
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.queries.dispatches import with_names
from backend.domain.dispatch.rules import Shift
from backend.domain.organisations.queries import find_setting, pair_scope, parties_to_pair, require_right
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.paging import Page, fetch_page


def list_corrections(
    actor: Actor, *, status: RequestStatus | None = None, text: str = "", page: int = 1, page_size: int = 20
) -> Page[CorrectionRequest]:
    """Return the corrections that the actor may read, the latest first; `text` finds names and staff numbers.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = _corrections().where(request_scope(actor, Resource.CORRECTION, CorrectionRequest.person_id))
    if status is not None:
        statement = statement.where(CorrectionRequest.status == status)
    if text:
        statement = statement.where(CorrectionRequest.person.has(named(text)))
    ordered = statement.order_by(CorrectionRequest.requested_at.desc(), CorrectionRequest.id)
    return fetch_page(ordered, page=page, page_size=page_size)


def get_correction(actor: Actor, request_id: UUID, action: Action = Action.READ) -> CorrectionRequest:
    """Return a correction on which the actor may act so.

    Raises:
        RequestNotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    request = db.session.scalars(_corrections().where(CorrectionRequest.id == request_id)).one_or_none()
    if request is None:
        raise RequestNotFound
    require_right_to_request(actor, request.dispatch, action, Resource.CORRECTION)
    return request


def corrected_arrivals(dispatch_ids: Collection[UUID], first: date, last: date) -> frozenset[tuple[date, Shift]]:
    """Return for which shifts of these dispatches an arrival was granted by correction."""
    statement = select(CorrectionRequest.duty_on, CorrectionRequest.shift).where(
        CorrectionRequest.dispatch_id.in_(dispatch_ids),
        CorrectionRequest.duty_on.between(first, last),
        CorrectionRequest.kind == CheckInKind.IN,
        CorrectionRequest.status == RequestStatus.ACCEPTED,
    )
    return frozenset((day, shift) for day, shift in db.session.execute(statement))


def corrections_used(dispatch: Dispatch, day: date) -> tuple[int, int | None]:
    """Return how many corrections of a day's month a person has asked for or was granted, and how many there may be.

    None: a document settles no number.
    """
    month = day.replace(day=1)
    used = select(func.count()).where(
        CorrectionRequest.person_id == dispatch.person_id,
        CorrectionRequest.duty_on.between(month, last_of_month(month)),
        CorrectionRequest.status.in_((RequestStatus.REQUESTED, RequestStatus.ACCEPTED)),
    )
    limit = find_setting("attendance.corrections_a_month", dispatch.supporting_id, day)
    return db.session.scalar(used) or 0, limit


def request_scope(actor: Actor, resource: Resource, person: Any, action: Action = Action.READ) -> ColumnElement[bool]:
    """Return the condition that keeps the requests on which the actor may act so; the dispatch is joined."""
    return pair_scope(
        actor,
        resource,
        supporting=Dispatch.supporting_id,
        recipient=Dispatch.recipient_id,
        person=person,
        action=action,
    )


def dispatch_for(actor: Actor, dispatch_id: UUID, action: Action, resource: Resource) -> Dispatch:
    """Return a dispatch, not cancelled, about which the actor may do something.

    Raises:
        DispatchNotFound: there is none, or it lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    statement = with_names(select(Dispatch)).where(Dispatch.id == dispatch_id, Dispatch.cancelled_at.is_(None))
    dispatch = db.session.scalars(statement).unique().one_or_none()
    if dispatch is None or not parties_to_request(actor, dispatch):
        raise DispatchNotFound
    require_right(actor, action, resource, parties_to_request(actor, dispatch))
    return dispatch


def require_right_to_request(actor: Actor, dispatch: Dispatch, action: Action, resource: Resource) -> None:
    """Let the actor act so on a request of this dispatch, or say why not.

    Raises:
        RequestNotFound: it lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    parties = parties_to_request(actor, dispatch)
    if not parties:
        raise RequestNotFound
    require_right(actor, action, resource, parties)


def deciding_party(actor: Actor, dispatch: Dispatch, resource: Resource) -> Party | None:
    """Return as which party the actor decides about requests of a dispatch, None who does not."""
    if actor.organisation_id == dispatch.recipient_id and may(actor.role, Action.DECIDE, resource, [Party.RECIPIENT]):
        return Party.RECIPIENT
    if actor.organisation_id == dispatch.supporting_id and may(actor.role, Action.DECIDE, resource, [Party.SUPPORTING]):
        return Party.SUPPORTING
    return None


def refuse_own(actor: Actor, person_id: UUID) -> None:
    """Let the actor decide about a person, or say that they may not.

    Raises:
        OwnRequest: it is the actor, or who appointed the actor.
    """
    if decides_for_oneself(actor, person_id):
        raise OwnRequest


def decides_for_oneself(actor: Actor, person_id: UUID) -> bool:
    """Tell whether the person is the actor, or has named the actor to sign in their stead."""
    return actor.person_id == person_id or (actor.role is Role.DELEGATE and was_appointed_by(actor, person_id))


def may_decide_correction(actor: Actor, request: CorrectionRequest) -> bool:
    """Tell whether the actor may accept or reject a correction now."""
    return (
        request.status is RequestStatus.REQUESTED
        and deciding_party(actor, request.dispatch, Resource.CORRECTION) is not None
        and not decides_for_oneself(actor, request.person_id)
    )


def named(text: str) -> ColumnElement[bool]:
    """Return the condition that finds a person by part of the name, or by how the staff number begins."""
    return Person.name.contains(text, autoescape=True) | Person.staff_number.istartswith(text, autoescape=True)


def _corrections() -> Select[CorrectionRequest]:
    return (
        select(CorrectionRequest)
        .join(CorrectionRequest.dispatch)
        .options(
            joinedload(CorrectionRequest.dispatch).joinedload(Dispatch.recipient),
            joinedload(CorrectionRequest.dispatch).joinedload(Dispatch.supporting),
            joinedload(CorrectionRequest.person),
            joinedload(CorrectionRequest.decided_by),
        )
    )


def parties_to_request(actor: Actor, dispatch: Dispatch) -> frozenset[Party]:
    """Return what the actor is to a request of a dispatch."""
    return parties_to_pair(
        actor,
        supporting_id=dispatch.supporting_id,
        recipient_id=dispatch.recipient_id,
        person_id=dispatch.person_id,
    )
