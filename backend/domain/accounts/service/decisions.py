"""Medical affairs decides who is bound anew: accepting moves the binding, and the old one ends at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.errors import (
    BindingRequestDecided,
    PersonDisabled,
    RejectionNeedsReason,
    WeChatBoundMeanwhile,
)
from backend.domain.accounts.models import Account, BindingRequest, Person, Session
from backend.domain.accounts.rules import BINDING_TRANSITIONS, BindingKind, BindingStatus
from backend.domain.accounts.service.binding import join_account
from backend.domain.accounts.service.sessions import end_sessions
from backend.domain.audit.service import record_event
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.domain.organisations.queries import parties_to_own, require_right
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound
from backend.foundation.transaction import transaction


def decide_binding_request(actor: Actor, request_id: UUID, accept: bool, reason: str = "") -> BindingRequest:
    """Accept or reject a request to be bound anew.

    Accepting takes the person from the account that had them and ends its sessions; a new number replaces the old
    one, and is taken from whoever had it before: WeChat has shown that it is theirs no longer.

    Raises:
        NotFound, Forbidden: the request is not the actor's to decide.
        BindingRequestDecided: it is not open any more.
        RejectionNeedsReason: the one who asked must be told why not.
        WeChatBoundMeanwhile, PersonDisabled: it can only be rejected now.
    """
    with transaction() as session:
        request = session.get(BindingRequest, request_id, with_for_update={"of": BindingRequest})
        if request is None:
            raise NotFound
        person = session.get_one(Person, request.person_id, with_for_update={"of": Person})
        require_right(actor, Action.DECIDE, Resource.BINDING_REQUEST, parties_to_own(actor, person.organisation_id))
        decided = BINDING_TRANSITIONS.get((request.status, "accept" if accept else "reject"))
        if decided is None:
            raise BindingRequestDecided
        if not accept and not reason.strip():
            raise RejectionNeedsReason(fields={"reason": ["请填写原因。"]})
        request.status, request.decided_at = decided, clock.now()
        request.decided_by_person_id, request.reason = actor.person_id, reason.strip()
        if accept:
            _rebind(request, person, actor)
        record_event(
            actor,
            f"{decided}_binding",
            "binding_request",
            request.id,
            organisation_id=person.organisation_id,
            kind=request.kind,
            of_person=str(person.id),
        )
        owe_notice(person.id, _notice(request), dedupe_key=f"binding_decided:{request.id}")
    return request


def _rebind(request: BindingRequest, person: Person, actor: Actor) -> None:
    if person.disabled_at is not None:
        raise PersonDisabled
    with transaction() as session:
        account = session.get_one(Account, request.account_id, with_for_update={"of": Account})
        if account.person_id not in (None, person.id):
            raise WeChatBoundMeanwhile
        before = session.scalars(
            update(Account)
            .where(Account.person_id == person.id, Account.id != account.id)
            .values(person_id=None, bound_at=None)
            .returning(Account.id)
        ).all()
        end_sessions(Session.account_id.in_(before), reason="bound_elsewhere")
        if request.kind is BindingKind.NEW_TELEPHONE:
            _replace_telephone(request, person, actor)
        if account.person_id is None:
            join_account(account.id, person.id)


def _replace_telephone(request: BindingRequest, person: Person, actor: Actor) -> None:
    with transaction() as session:
        had_it = session.scalars(
            select(Person)
            .where(
                Person.telephone_hash == request.telephone_hash, Person.id != person.id, Person.disabled_at.is_(None)
            )
            .with_for_update(of=Person)
        ).one_or_none()
        if had_it is not None:
            had_it.telephone_hash, had_it.telephone_masked = None, ""
            record_event(actor, "withdraw_telephone", "person", had_it.id, organisation_id=had_it.organisation_id)
            session.flush()
        person.telephone_hash, person.telephone_masked = request.telephone_hash, request.telephone_masked


def _notice(request: BindingRequest) -> Notice:
    if request.status is BindingStatus.ACCEPTED:
        return Notice(
            NoticeKind.BINDING_ACCEPTED,
            "绑定申请已通过",
            "您的身份已绑定到新的微信，原微信已解除绑定。如不是您本人操作，请立即联系本单位医务科。",
        )
    return Notice(
        NoticeKind.BINDING_REJECTED, "绑定申请已退回", f"医务科退回了绑定您身份的申请，原因：{request.reason}"
    )
