"""Drafting claims: for countersigned months by a job, anew for one that was refused by the office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select

from backend.domain.access.rules import Action
from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.queries.timesheets import get_timesheet
from backend.domain.attendance.rules.timesheets import TimesheetStatus, last_of_month
from backend.domain.audit.service import record_event
from backend.domain.dispatch.models import Dispatch
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import calendars_of
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.domain.organisations.rules.working_days import WorkingCalendar
from backend.domain.subsidies.drafting.running import (
    DraftedClaim,
    DueLine,
    Month,
    Otherwise,
    due_lines,
    hold_drafting,
    ready_months,
    write_claims,
)
from backend.domain.subsidies.errors.drafting import ClaimNotRejected, MonthNotCountersigned, RuleMissing
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.models.programmes import SubsidyRule
from backend.domain.subsidies.queries.claims import get_claim
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.domain.subsidies.rules.terms import RuleTerms
from backend.domain.subsidies.service.adjusting import raise_adjustments, take_in
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden
from backend.foundation.money import yuan
from backend.foundation.transaction import transaction

_BATCH = 5_000
_OF_RULE = ("id", "item_id", "level", "recipient_id", *(field.name for field in fields(RuleTerms)))
_REDRAFTERS = frozenset({Role.FINANCE, Role.MEDICAL_AFFAIRS})


def draft_claims(limit: int = _BATCH) -> int:
    """Draft claims for at most so many countersigned months that have none; return how many, 0 when all is done.

    Of one person one month is taken at a time, so that call it until nothing is left.
    """
    with transaction() as session:
        hold_drafting()
        raise_adjustments()
        drafted = draft(ready_months(limit))
        session.flush()
        _tell(drafted)
        return len(drafted)


def draft(months: Sequence[Month]) -> list[DraftedClaim]:
    """Draft these months, one of each person at most, with the differences that wait for their people."""
    drafted: list[DraftedClaim] = []
    for calendar, those in months_by_calendar(months):
        drafted += write_claims(those, calendar, clock.now())
    take_in([claim.claim_id for claim in drafted])
    return drafted


def redraft_claim(actor: Actor, claim_id: UUID) -> SubsidyClaim:
    """Draft the month of a claim that was refused anew, by the rules and days as they are now.

    Raises:
        ClaimNotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: only finance and medical affairs of the supporting hospital draft anew.
        ClaimNotRejected: it was not refused, or its month was drafted anew already.
        RuleMissing: no rule holds for it any more.
    """
    with transaction() as session:
        hold_drafting()
        claim = get_claim(actor, claim_id, Action.DECIDE)
        if actor.role not in _REDRAFTERS:
            raise Forbidden
        if not may_redraft(actor, claim) or claim.timesheet_id is None:
            raise ClaimNotRejected
        anew = _draft_one(Month(claim.timesheet_id, claim.month, claim.supporting_id))
        record_event(
            actor,
            "redraft_claim",
            "subsidy_claim",
            anew.claim_id,
            organisation_id=claim.supporting_id,
            refused_id=str(claim.id),
        )
        return session.get_one(SubsidyClaim, anew.claim_id)


def may_redraft(actor: Actor, claim: SubsidyClaim) -> bool:
    """Tell whether somebody who may decide the claim may draft its month anew."""
    refused = claim.status is ClaimStatus.REJECTED and claim.timesheet_id is not None
    return refused and actor.role in _REDRAFTERS and actor.organisation_id == claim.supporting_id


def draft_claim(actor: Actor, timesheet_id: UUID) -> SubsidyClaim:
    """Draft the claim of one countersigned month at once, without waiting for the job.

    Raises:
        TimesheetNotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: only finance and medical affairs of the supporting hospital draft.
        MonthNotCountersigned: the recipient has not signed it.
        ClaimNotRejected: it has a claim already.
        RuleMissing: no rule holds for it.
    """
    with transaction() as session:
        hold_drafting()
        timesheet = get_timesheet(actor, timesheet_id)
        dispatch = timesheet.dispatch
        if actor.role not in _REDRAFTERS or actor.organisation_id != dispatch.supporting_id:
            raise Forbidden
        if timesheet.status is not TimesheetStatus.COUNTERSIGNED:
            raise MonthNotCountersigned
        drafted = _draft_one(Month(timesheet.id, timesheet.month, dispatch.supporting_id))
        record_event(actor, "draft_claim", "subsidy_claim", drafted.claim_id, organisation_id=dispatch.supporting_id)
        return session.get_one(SubsidyClaim, drafted.claim_id)


def preview_lines(timesheet_ids: Collection[UUID], proposed: SubsidyRule | None = None) -> list[DueLine]:
    """Return what these countersigned months would come to; nothing is written, what they paid does not count.

    With a rule `proposed` it holds in all of them instead of the versions of its item for the same audience. Receipts
    are those that the months were paid for.
    """
    lines: list[DueLine] = []
    by_turn = _by_turn(timesheet_ids)
    span = [months[0].month for months in by_turn]
    otherwise = _instead(proposed, min(span), max(span)) if proposed and span else Otherwise()
    for months in by_turn:  # two of one person in one month come one after the other
        before = [line for line in lines if line.month == months[0].month]
        told = replace(otherwise, assumed=before, ignored=timesheet_ids)
        for calendar, those in months_by_calendar(months):
            lines += due_lines(those, calendar, otherwise=told, held_tickets=True)
    return lines


def months_by_calendar(months: Sequence[Month]) -> Iterable[tuple[WorkingCalendar, list[Month]]]:
    """Return months by the working calendar of their hospital: most share what one bureau entered."""
    if not months:
        return []
    first, last = min(month.month for month in months), max(month.month for month in months)
    calendars = calendars_of({month.supporting_id for month in months}, first, last_of_month(last))
    distinct: list[tuple[WorkingCalendar, list[Month]]] = []
    for month in months:
        calendar = calendars[month.supporting_id]
        same = next((those for other, those in distinct if other == calendar), None)
        if same is None:
            distinct.append((calendar, same := []))
        same.append(month)
    return distinct


def _draft_one(month: Month) -> DraftedClaim:
    living = SubsidyClaim.timesheet_id == month.timesheet_id, SubsidyClaim.status != ClaimStatus.REJECTED
    if db.session.scalar(select(exists().where(*living))):
        raise ClaimNotRejected
    drafted = draft([month])
    if not drafted:
        raise RuleMissing
    _tell(drafted)
    return drafted[0]


def _tell(drafted: Sequence[DraftedClaim]) -> None:
    wanted = {claim.recipient_id for claim in drafted}
    named = select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted))
    names = {row.id: row.name for row in db.session.execute(named)}
    owe_notices(
        [
            Owed(
                person_id=claim.person_id,
                notice=_notice(claim, names[claim.recipient_id]),
                dedupe_key=f"{NoticeKind.SUBSIDY_DRAFTED}:{claim.claim_id}",
            )
            for claim in drafted
        ]
    )


def _notice(claim: DraftedClaim, recipient: str) -> Notice:
    month = f"{claim.month.year}年{claim.month.month}月"
    body = f"{month}派驻{recipient}的补贴共 {yuan(claim.total_fen)} 元，请核对后提交。"
    return Notice(NoticeKind.SUBSIDY_DRAFTED, "补贴申领已生成", body, f"/doctor/claim/index?id={claim.claim_id}")


def _by_turn(timesheet_ids: Collection[UUID]) -> list[list[Month]]:
    """Return months that can be computed together, month by month, in the order in which they count."""
    turn = func.row_number().over(partition_by=(Dispatch.person_id, Timesheet.month), order_by=Timesheet.id)
    statement = (
        select(Timesheet.id, Timesheet.month, Dispatch.supporting_id, turn.label("turn"))
        .join(Timesheet.dispatch)
        .where(Timesheet.id.in_(timesheet_ids))
    )
    turns: dict[tuple[date, int], list[Month]] = defaultdict(list)
    for row in db.session.execute(statement):
        turns[row.month, row.turn].append(Month(row.id, row.month, row.supporting_id))
    return [turns[key] for key in sorted(turns)]


def _instead(proposed: SubsidyRule, first: date, last: date) -> Otherwise:
    replaced = select(SubsidyRule.id).where(
        SubsidyRule.item_id == proposed.item_id,
        SubsidyRule.audience == (str(proposed.recipient_id) if proposed.recipient_id else proposed.level),
        SubsidyRule.status == RuleStatus.APPROVED,
    )
    row = {name: getattr(proposed, name) for name in _OF_RULE}
    during = f"[{first},{last_of_month(last) + timedelta(days=1)})"
    return Otherwise(without=list(db.session.scalars(replaced)), beside=[row | {"during": during}])
