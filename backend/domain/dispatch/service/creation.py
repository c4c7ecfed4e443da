"""Sending a person to a recipient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql.ranges import MultiRange, Range

from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.models import Person
from backend.domain.audit.service import record_event
from backend.domain.dispatch.errors import (
    ConditionsUnmet,
    DispatchExists,
    DispatchInvalid,
    DutyClaimTaken,
    TeamHasLeader,
)
from backend.domain.dispatch.models import Dispatch, DutyPattern, Rotation
from backend.domain.dispatch.queries import find_conflicting_claim
from backend.domain.dispatch.rules import (
    Conditions,
    DispatchKind,
    Shift,
    WeeklyPattern,
    unmet_conditions,
)
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.domain.organisations.models import Department, Organisation, Site
from backend.domain.organisations.queries import find_setting, parties_to_pair, require_right
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

SITUATIONS = {
    "duty_patterns_one_claim_excl": DutyClaimTaken,
    "dispatches_person_recipient_start_key": DispatchExists,
    "dispatches_one_leader_excl": TeamHasLeader,
}
_PHONE_PAGE = "/pages/home/index"


Span = tuple[date, date, WeeklyPattern]
"""What is claimed from a first day to a last one."""


@dataclass(frozen=True, kw_only=True)
class DispatchDraft:
    """What is asked for: a weekly pattern, or single days with their shifts; a posting claims every day by default."""

    person_id: UUID
    recipient_id: UUID
    kind: DispatchKind
    starts_on: date
    ends_on: date
    pattern: WeeklyPattern | None = None
    single_days: tuple[date, ...] = ()
    shifts: tuple[Shift, ...] = (Shift.MORNING, Shift.AFTERNOON)  # of the single days
    spans: tuple[Span, ...] = ()  # claims that are taken over as they are, in place of pattern and days
    site_ids: tuple[UUID, ...] = ()  # none named: all of the recipient's
    department_id: UUID | None = None
    rotation_name: str = ""
    leads_team: bool = False
    exception_reason: str = ""
    substitute_for_id: UUID | None = None


def create_dispatch(actor: Actor, draft: DispatchDraft) -> Dispatch:
    """Send a person to a recipient.

    Raises:
        NotFound: the person, recipient, site or department is not there for the actor.
        Forbidden: the current role may not send people.
        DispatchInvalid: dates, days or the recipient make no sense.
        ConditionsUnmet: a condition of the programme is not met and no exception is given.
        DutyClaimTaken, DispatchExists, TeamHasLeader: it collides with another dispatch.
    """
    with transaction() as session:
        person = _get_person(actor, draft)
        recipient = session.get(Organisation, draft.recipient_id)
        if recipient is None:
            raise NotFound
        _check_draft(person, draft)
        dispatch = Dispatch(
            id=new_id(),
            person=person,
            supporting_id=person.organisation_id,
            recipient=recipient,
            kind=draft.kind,
            starts_on=draft.starts_on,
            ends_on=draft.ends_on,
            department_id=department_of(recipient, draft.department_id),
            rotation=_rotation(person.organisation_id, draft.rotation_name),
            leads_team=draft.leads_team,
            exception_reason=draft.exception_reason.strip(),
            substitute_for_id=draft.substitute_for_id,
            sites=sites_of(recipient, draft.site_ids),
        )
        dispatch.patterns = _claims(dispatch, draft)
        refuse_conflict(dispatch)
        with refusals(SITUATIONS):
            session.add(dispatch)
        record_event(actor, "create_dispatch", "dispatch", dispatch.id, recipient_id=str(recipient.id))
        tell(dispatch, NoticeKind.DISPATCH_ASSIGNED, "新的派驻安排", "请按时到派驻点签到。")
        return dispatch


def unmet_conditions_of(person: Person, starts_on: date) -> list[str]:
    """Say in Chinese which conditions in force at the employer a person does not meet on a first day."""
    conditions = Conditions(
        minimum_title=find_setting("dispatch.minimum_title", person.organisation_id, starts_on),
        maximum_age=find_setting("dispatch.maximum_age", person.organisation_id, starts_on),
    )
    return unmet_conditions(conditions, title=person.title, born_on=person.born_on, starts_on=starts_on)


def _get_person(actor: Actor, draft: DispatchDraft) -> Person:
    person = db.session.get(Person, draft.person_id)
    if person is None:
        raise NotFound
    parties = parties_to_pair(actor, supporting_id=person.organisation_id, recipient_id=draft.recipient_id)
    require_right(actor, Action.WRITE, Resource.DISPATCH, parties)
    return person


def _check_draft(person: Person, draft: DispatchDraft) -> None:
    if person.disabled_at is not None:
        raise DispatchInvalid("该人员已停用，不能派驻。", fields={"person_id": ["该人员已停用。"]})
    if draft.ends_on < draft.starts_on:
        raise DispatchInvalid("结束日期早于开始日期，请修改。", fields={"ends_on": ["结束日期不能早于开始日期。"]})
    if draft.recipient_id == person.organisation_id:
        raise DispatchInvalid("受援单位不能是本单位。", fields={"recipient_id": ["请选择其他单位。"]})
    if any(not draft.starts_on <= day <= draft.ends_on for day in draft.single_days):
        raise DispatchInvalid("坐诊日期须在派驻期间内。", fields={"single_days": ["有日期不在派驻期间内。"]})
    claims_something = draft.spans or draft.single_days or (draft.pattern and draft.pattern.claims)
    if draft.kind is DispatchKind.VISITING and not claims_something:
        raise DispatchInvalid("定期坐诊请选择星期或日期。", fields={"pattern": ["请至少选择一个半天。"]})
    unmet = unmet_conditions_of(person, draft.starts_on)
    if unmet and not draft.exception_reason.strip():
        raise ConditionsUnmet(fields={"exception_reason": unmet})


def _claims(dispatch: Dispatch, draft: DispatchDraft) -> list[DutyPattern]:
    if draft.spans:
        return [claim(dispatch, first, last, pattern) for first, last, pattern in draft.spans]
    if draft.single_days:
        return [
            claim(dispatch, day, day, WeeklyPattern.of([day.isoweekday()], draft.shifts))
            for day in sorted(set(draft.single_days))
        ]
    return [claim(dispatch, draft.starts_on, draft.ends_on, draft.pattern or WeeklyPattern.every_day())]


def claim(dispatch: Dispatch, first: date, last: date, pattern: WeeklyPattern) -> DutyPattern:
    return DutyPattern(
        person_id=dispatch.person.id,
        during=Range(first, last + timedelta(days=1)),
        halves=MultiRange([Range(low, high) for low, high in pattern.as_numbers()]),
    )


def refuse_conflict(dispatch: Dispatch) -> None:
    """Name the other dispatch before the database refuses without a name."""
    with db.session.no_autoflush:
        for row in dispatch.patterns:
            other = find_conflicting_claim(dispatch.person.id, row.during, row.pattern, except_dispatch_id=dispatch.id)
            if other is not None:
                raise DutyClaimTaken(
                    f"该人员{other.starts_on}至{other.ends_on}已派驻{other.recipient.name}，时段重叠，请调整星期、时段或日期。"
                )


def sites_of(recipient: Organisation, site_ids: Sequence[UUID]) -> list[Site]:
    statement = select(Site).where(Site.organisation_id == recipient.id).order_by(Site.name)
    sites = list(db.session.scalars(statement))
    if not site_ids:
        return sites
    chosen = [site for site in sites if site.id in set(site_ids)]
    if len(chosen) != len(set(site_ids)):
        raise NotFound
    return chosen


def department_of(recipient: Organisation, department_id: UUID | None) -> UUID | None:
    if department_id is None:
        return None
    department = db.session.get(Department, department_id)
    if department is None or department.organisation_id != recipient.id:
        raise NotFound
    return department.id


def _rotation(supporting_id: UUID, name: str) -> Rotation | None:
    name = name.strip()
    if not name:
        return None
    statement = select(Rotation).where(Rotation.supporting_id == supporting_id, Rotation.name == name)
    return db.session.scalars(statement).one_or_none() or Rotation(supporting_id=supporting_id, name=name)


def tell(dispatch: Dispatch, kind: NoticeKind, title: str, what_to_do: str) -> None:
    body = f"{dispatch.recipient.name}，{dispatch.starts_on}至{dispatch.ends_on}。{what_to_do}"
    owe_notice(
        dispatch.person_id,
        Notice(kind, title, body, _PHONE_PAGE),
        dedupe_key=f"{kind}:{dispatch.id}:{dispatch.version}",
    )
