"""Planning clinics (排坐诊): many at once, all or none; a preview tells of each day whether it can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.models import Person
from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.planning import DaysRefused, ExpertBusy, PlanInvalid
from backend.domain.clinics.models.clinics import Clinic, ClinicPeriod, ClinicPlace
from backend.domain.clinics.queries.conflicts import Presence, presence_of
from backend.domain.clinics.rules.planning import (
    MAXIMUM_CLINICS,
    Channel,
    ClinicStatus,
    PeriodPlan,
    Timing,
    at,
    hours_label,
    moments_of,
    why_not_periods,
    why_not_timing,
)
from backend.domain.clinics.rules.presence import find_conflict, shifts_needed
from backend.domain.clinics.rules.recurrence import Recurrence, days_of, lunar_label
from backend.domain.dispatch.models import Dispatch
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.domain.organisations.models import Department, Organisation, Site
from backend.domain.organisations.queries import calendar_of, find_setting, parties_to_pair, require_right
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

EXPERTS_PAGE = "/doctor/clinics/index"
SITUATIONS = {"clinics_one_expert_once_excl": ExpertBusy}
# The order in which the places of a period are numbered: who comes without a telephone comes last.
_CHANNELS = (Channel.PHONE, Channel.REFERRAL, Channel.FAMILY_DOCTOR, Channel.DESK)


@dataclass(frozen=True, kw_only=True)
class ClinicPlan:
    """What is asked for: an expert at a site on the days on which `recurrence` falls from `first` to `last`."""

    person_id: UUID
    site_id: UUID
    recurrence: Recurrence
    first: date
    last: date
    without: frozenset[date] = frozenset()  # days that are left out
    periods: tuple[PeriodPlan, ...]
    timing: Timing = field(default_factory=Timing)
    department_id: UUID | None = None
    local_doctor_id: UUID | None = None
    fee_fen: int = 0
    note: str = ""


@dataclass(frozen=True)
class PlannedDay:
    """A day of a plan: what it is, and why there can be no clinic on it; `problem` is None when there can."""

    day: date
    lunar: str
    holiday: str | None  # the name of the public holiday
    supporting_id: UUID
    problem: str | None


def preview_plan(actor: Actor, plan: ClinicPlan) -> list[PlannedDay]:
    """Return the days that come out of a plan.

    Raises:
        NotFound, Forbidden, PlanInvalid: as in plan_clinics.
    """
    expert, site = _parties(actor, plan)
    return _days(plan, expert, site)


def plan_clinics(actor: Actor, plan: ClinicPlan) -> list[UUID]:
    """Plan the clinics of all days of a plan, or none; the expert is told once.

    Raises:
        NotFound: the expert, site, department or local doctor is not there for the actor.
        Forbidden: the current role may not plan.
        PlanInvalid: the periods, the timing, or the number of days cannot be.
        DaysRefused: on some days the expert is not there, is busy, or the hour is past; the fields name each.
        ExpertBusy: another plan was faster.
    """
    with transaction() as session:
        expert, site = _parties(actor, plan)
        days = _days(plan, expert, site)
        refused = {str(day.day): [day.problem] for day in days if day.problem}
        if refused:
            raise DaysRefused(_refusal(refused), fields=refused)
        cancel_hours = find_setting("clinics.cancel_hours", site.organisation_id, clock.today())
        clinics = [_clinic(plan, day, site, actor, cancel_hours) for day in days]
        periods = [_period(clinic["id"], clinic["held_on"], period) for clinic in clinics for period in plan.periods]
        places = _places(plan.periods, periods)
        with refusals(SITUATIONS):
            session.execute(insert(Clinic).returning(Clinic.id), clinics)
        session.execute(insert(ClinicPeriod).returning(ClinicPeriod.id), periods)
        session.execute(insert(ClinicPlace).returning(ClinicPlace.id), places)
        plan_id = new_id()
        owe_notice(expert.id, _notice(plan, days, site), dedupe_key=f"clinic_planned:{plan_id}")
        record_event(
            actor,
            "plan_clinics",
            "person",
            expert.id,
            organisation_id=days[0].supporting_id,
            plan_id=str(plan_id),
            site_id=str(site.id),
            count=len(days),
            first=str(days[0].day),
            last=str(days[-1].day),
        )
        return [clinic["id"] for clinic in clinics]


def _parties(actor: Actor, plan: ClinicPlan) -> tuple[Person, Site]:
    expert, site = db.session.get(Person, plan.person_id), db.session.get(Site, plan.site_id)
    if expert is None or site is None:
        raise NotFound
    parties = parties_to_pair(actor, supporting_id=expert.organisation_id, recipient_id=site.organisation_id)
    require_right(actor, Action.WRITE, Resource.CLINIC, parties)
    sent = select(Dispatch.id).where(
        Dispatch.person_id == expert.id,
        Dispatch.recipient_id == site.organisation_id,
        Dispatch.cancelled_at.is_(None),
    )
    if db.session.scalar(sent.limit(1)) is None:
        raise NotFound("没有找到这位专家到该单位的派驻。请先安排派驻，再排坐诊。")
    check_details(site.organisation_id, plan.department_id, plan.local_doctor_id, plan.fee_fen)
    return expert, site


def check_details(recipient_id: UUID, department_id: UUID | None, local_doctor_id: UUID | None, fee_fen: int) -> None:
    """Let pass a department and a local doctor of the recipient, and a fee that can be shown.

    Raises:
        NotFound: one of them is not the recipient's.
        PlanInvalid: the fee is beyond reason.
    """
    department = db.session.get(Department, department_id) if department_id else None
    doctor = db.session.get(Person, local_doctor_id) if local_doctor_id else None
    for row_id, row in ((department_id, department), (local_doctor_id, doctor)):
        if row_id is not None and (row is None or row.organisation_id != recipient_id):
            raise NotFound("没有找到这个科室或跟诊医生，请刷新后重选。")
    if not 0 <= fee_fen <= 1_000_000:
        raise PlanInvalid("挂号费应在0到10000元之间。", fields={"fee_fen": ["挂号费应在0到10000元之间。"]})


def _days(plan: ClinicPlan, expert: Person, site: Site) -> list[PlannedDay]:
    _refuse_invalid(plan)
    days = days_of(plan.recurrence, plan.first, plan.last, without=plan.without)
    if not days:
        raise PlanInvalid("这段时间里没有符合的日期，请调整起止日期或重复方式。")
    if len(days) > MAXIMUM_CLINICS:
        raise PlanInvalid(f"一次最多安排{MAXIMUM_CLINICS}次坐诊，现在有{len(days)}次，请缩短起止日期。")
    presence = presence_of([expert.id], days[0], days[-1])
    busy = _busy(expert.id, days)
    calendar = calendar_of(site.organisation_id, days[0], days[-1])
    return [
        PlannedDay(
            day=day,
            lunar=lunar_label(day),
            holiday=calendar.holiday_name(day),
            supporting_id=next(
                (claim.supporting_id for claim in presence.claims(expert.id, day)), expert.organisation_id
            ),
            problem=_problem(plan, day, site, presence, busy.get(day, [])),
        )
        for day in days
    ]


def _refuse_invalid(plan: ClinicPlan) -> None:
    if plan.last < plan.first:
        raise PlanInvalid("结束日期早于开始日期。", fields={"last": ["结束日期早于开始日期。"]})
    if (plan.last - plan.first).days > 366:
        raise PlanInvalid("一次最多安排一年内的坐诊。", fields={"last": ["一次最多安排一年内的坐诊。"]})
    wrong = why_not_periods(plan.periods)
    if wrong is not None:
        raise PlanInvalid(wrong, fields={"periods": [wrong]})
    wrong = why_not_timing(plan.timing)
    if wrong is not None:
        raise PlanInvalid(wrong, fields={"timing": [wrong]})
    if plan.local_doctor_id == plan.person_id:
        raise PlanInvalid("跟诊医生不能是专家本人。", fields={"local_doctor_id": ["跟诊医生不能是专家本人。"]})


def _problem(
    plan: ClinicPlan, day: date, site: Site, presence: Presence, busy: Sequence[tuple[datetime, datetime, str]]
) -> str | None:
    starts_at, ends_at = at(day, plan.periods[0].starts), at(day, plan.periods[-1].ends)
    if starts_at <= clock.now():
        return "时间已过"
    needed = shifts_needed(period.starts for period in plan.periods)
    claims = presence.claims(plan.person_id, day)
    conflict = find_conflict(site.organisation_id, day, needed, claims)
    if conflict is not None:
        return conflict.text
    taken = next((where for first, last, where in busy if first < ends_at and starts_at < last), None)
    return f"同一时间在{taken}已有坐诊" if taken is not None else None


def _busy(person_id: UUID, days: Sequence[date]) -> Mapping[date, list[tuple[datetime, datetime, str]]]:
    statement = (
        select(Clinic.held_on, Clinic.starts_at, Clinic.ends_at, Organisation.name)
        .join(Organisation, Organisation.id == Clinic.recipient_id)
        .where(
            Clinic.person_id == person_id,
            Clinic.status == ClinicStatus.SCHEDULED,
            Clinic.held_on.between(days[0], days[-1]),
        )
    )
    found: dict[date, list[tuple[datetime, datetime, str]]] = {}
    for held_on, starts_at, ends_at, name in db.session.execute(statement):
        found.setdefault(held_on, []).append((starts_at, ends_at, name))
    return found


def _clinic(plan: ClinicPlan, day: PlannedDay, site: Site, actor: Actor, cancel_hours: int) -> dict[str, Any]:
    moments = moments_of(day.day, plan.periods, plan.timing, cancel_hours=cancel_hours, now=clock.now())
    return {
        "id": new_id(),
        "person_id": plan.person_id,
        "supporting_id": day.supporting_id,
        "recipient_id": site.organisation_id,
        "site_id": site.id,
        "department_id": plan.department_id,
        "local_doctor_id": plan.local_doctor_id,
        "held_on": day.day,
        "fee_fen": plan.fee_fen,
        "note": plan.note.strip(),
        "planned_by_person_id": actor.person_id,
        **vars(moments),
    }


def _period(clinic_id: UUID, day: date, period: PeriodPlan) -> dict[str, Any]:
    hours = {"starts_at": at(day, period.starts), "ends_at": at(day, period.ends)}
    return {"id": new_id(), "clinic_id": clinic_id, **hours}


def _places(plans: Sequence[PeriodPlan], periods: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    places = []
    for start in range(0, len(periods), len(plans)):
        numbers = count(1)
        for plan, period in zip(plans, periods[start : start + len(plans)], strict=True):
            places += places_of_period(plan.places, period["clinic_id"], period["id"], numbers)
    return places


def places_of_period(
    shares: Mapping[Channel, int], clinic_id: UUID, period_id: UUID, numbers: count[int]
) -> list[dict[str, Any]]:
    """Return the rows of a period's places, numbered on, the desk's last."""
    row = {"clinic_id": clinic_id, "period_id": period_id}
    return [
        {"id": new_id(), "number": next(numbers), "channel": channel, **row}
        for channel in _CHANNELS
        for _ in range(shares.get(channel, 0))
    ]


def _refusal(refused: Mapping[str, Sequence[str]]) -> str:
    day, (first, *_) = next(iter(refused.items()))
    more = f"（另有{len(refused) - 1}天）" if len(refused) > 1 else ""
    return f"{day}：{first}{more}。请去掉这些日期后再试，尚未安排任何坐诊。"


def _notice(plan: ClinicPlan, days: Sequence[PlannedDay], site: Site) -> Notice:
    first, last = days[0].day, days[-1].day
    span = f"{first.month}月{first.day}日"
    if len(days) > 1:
        span += f"至{last.month}月{last.day}日共{len(days)}次（{plan.recurrence.label()}）"
    body = f"{site.organisation.name}{span}，{hours_label(plan.periods)}。如不能前往，请尽早告知医务科。"
    return Notice(kind=NoticeKind.CLINIC_PLANNED, title="坐诊已安排", body=body, page=EXPERTS_PAGE)
