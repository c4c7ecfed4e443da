"""Naming who signs for a director from a day to a day (授权代签), and ending that."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import Range

from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.errors import DelegationExists, DelegationInvalid, DelegationOver
from backend.domain.accounts.models import Person, RoleHolding, Session
from backend.domain.accounts.queries import get_delegation
from backend.domain.accounts.rules import DelegationState, delegation_state, why_not_delegation
from backend.domain.accounts.service.sessions import stand_in_default_role
from backend.domain.audit.service import record_event
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import get_organisation, parties_to_own, require_right
from backend.domain.organisations.rules.kinds import may_receive
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import NotFound
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

_PAGE = "/office/delegations/index"


def give_delegation(actor: Actor, person_id: UUID, *, starts_on: date, ends_on: date) -> RoleHolding:
    """Let a person of a recipient sign there for the director from a day to a day.

    Raises:
        NotFound, Forbidden: the actor names nobody where the person works.
        DelegationInvalid: the dates make no sense, or the person may not be named.
        DelegationExists: the person signs there already, or will.
    """
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update={"key_share": True})
        if person is None:
            raise NotFound
        organisation = get_organisation(person.organisation_id)
        require_right(actor, Action.WRITE, Resource.DELEGATION, parties_to_own(actor, organisation.id))
        _refuse(actor, person, organisation, starts_on, ends_on)
        holding = _holding_of(person)
        holding.during = Range(starts_on, ends_on + timedelta(days=1))
        holding.given_by_person_id = actor.person_id
        with refusals({"role_holdings_person_id_organisation_id_role_key": DelegationExists}):
            session.add(holding)
        stand_in_default_role(Session.role.is_(None), person.id)
        _record(actor, "give_delegation", holding, starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat())
        text = f"您获授权在{starts_on}至{ends_on}代{organisation.name}院长会签考勤、审批请假和补签。请切换身份办理。"
        _tell(holding, "已授权您代签", text)
        return holding


def end_delegation(actor: Actor, delegation_id: UUID) -> None:
    """End a delegation at once; one that has not begun, or began today, is as if it had not been given.

    Raises:
        NotFound, Forbidden: as in get_delegation.
        DelegationOver: it has ended.
    """
    with transaction() as session:
        holding = get_delegation(actor, delegation_id, Action.WRITE)
        session.refresh(holding, with_for_update=True)
        first, after = _days(holding)
        today = clock.today()
        if delegation_state(first, after, today) is DelegationState.ENDED:
            raise DelegationOver
        _record(actor, "end_delegation", holding)
        _tell(holding, "授权代签已结束", "您不再代院长会签和审批。")
        if first < today:
            holding.during = Range(first, today)
        else:
            session.delete(holding)
        session.flush()
        stood_in_it = and_(Session.role == Role.DELEGATE, Session.organisation_id == holding.organisation_id)
        stand_in_default_role(stood_in_it, holding.person_id)


def _refuse(actor: Actor, person: Person, organisation: Organisation, starts_on: date, ends_on: date) -> None:
    wrong_days = why_not_delegation(starts_on, ends_on, clock.today())
    if wrong_days:
        raise DelegationInvalid(next(iter(wrong_days.values())), fields={k: [v] for k, v in wrong_days.items()})
    wrong = ""
    if not may_receive(organisation.kind):
        wrong = "只有受援单位可以授权代签。"
    elif person.id == actor.person_id:
        wrong = "不能授权给本人。"
    elif person.disabled_at is not None:
        wrong = "该人员已停用，不能代签。"
    elif _is_director(person):
        wrong = "该人员就是受援院长，无需授权。"
    if wrong:
        raise DelegationInvalid(wrong, fields={"person_id": [wrong]})


def _is_director(person: Person) -> bool:
    statement = select(RoleHolding.id).where(
        RoleHolding.person_id == person.id,
        RoleHolding.organisation_id == person.organisation_id,
        RoleHolding.role == Role.DIRECTOR,
    )
    return db.session.scalar(statement) is not None


def _holding_of(person: Person) -> RoleHolding:
    """Return the holding to write: a new one, or that of a delegation which is over."""
    statement = select(RoleHolding).where(
        RoleHolding.person_id == person.id,
        RoleHolding.organisation_id == person.organisation_id,
        RoleHolding.role == Role.DELEGATE,
    )
    holding = db.session.scalars(statement.with_for_update()).one_or_none()
    if holding is None:
        return RoleHolding(id=new_id(), person_id=person.id, organisation_id=person.organisation_id, role=Role.DELEGATE)
    if delegation_state(*_days(holding), clock.today()) is not DelegationState.ENDED:
        raise DelegationExists
    return holding


def _days(holding: RoleHolding) -> tuple[date, date]:
    today = clock.today()
    if holding.during is None:
        return today, today
    return holding.during.lower or today, holding.during.upper or today


def _record(actor: Actor, action: str, holding: RoleHolding, **details: str) -> None:
    record_event(actor, action, "person", holding.person_id, organisation_id=holding.organisation_id, **details)


def _tell(holding: RoleHolding, title: str, text: str) -> None:
    notice = Notice(NoticeKind.DELEGATION_GIVEN, title, text, _PAGE)
    key = f"{notice.kind}:{holding.id}:{title}:{holding.during}:{clock.now().isoformat()}"
    owe_notice(holding.person_id, notice, dedupe_key=key)
