"""Programmes, rules, lived months and claims as rows, for tests of what is due, approved and paid."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.dialects.postgresql.ranges import MultiRange, Range

from backend.domain.attendance.concluding import EPOCH
from backend.domain.attendance.models.timesheets import DutyShift, Timesheet
from backend.domain.attendance.rules.requests import LeaveKind
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus, last_of_month
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift, days_between
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.domain.organisations.rules.working_days import WorkingCalendar
from backend.domain.subsidies.models.approvals import ApprovalChain, ApprovalStep
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine, SubsidyReceipt
from backend.domain.subsidies.models.payments import PaidClaim, Payment, PaymentRun
from backend.domain.subsidies.models.programmes import SubsidyItem, SubsidyProgramme, SubsidyRule
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.statuses import ClaimKind, ClaimStatus, PaymentStatus, RunStatus
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.ids import new_id

Row = TypeVar("Row")
HALVES = (Shift.MORNING, Shift.AFTERNOON)
DOCUMENT = {"document_title": "关于对口支援人员补助的通知", "document_number": "云卫发〔2025〕12号"}
_numbers = itertools.count(1)
_AFTER_DECISION = {ClaimStatus.APPROVED, ClaimStatus.PAYING, ClaimStatus.PAID}


def make_programme(organisation: Organisation, name: str = "对口支援补助") -> SubsidyProgramme:
    return _keep(SubsidyProgramme(id=new_id(), organisation_id=organisation.id, name=name))


def make_item(
    programme: SubsidyProgramme,
    kind: ItemKind = ItemKind.PER_DAY,
    name: str = "",
    *,
    exclusion: str = "",
    priority: int = 0,
) -> SubsidyItem:
    names = {ItemKind.PER_DAY: "下乡补贴", ItemKind.PER_MONTH: "生活补助", ItemKind.RETURN_FARE: "往返路费"}
    return _keep(
        SubsidyItem(
            id=new_id(),
            programme_id=programme.id,
            name=name or names[kind],
            kind=kind,
            exclusion=exclusion,
            priority=priority,
        )
    )


def make_rule(
    item: SubsidyItem,
    *,
    from_month: date = date(2020, 1, 1),
    until_month: date | None = None,
    status: RuleStatus = RuleStatus.APPROVED,
    **terms: Any,
) -> SubsidyRule:
    """Return a version of what an item pays, approved unless told otherwise: 10 yuan a day, 600 a month, a fare
    every two months; `terms` names columns."""
    presets: dict[ItemKind, dict[str, Any]] = {
        ItemKind.PER_DAY: {"amount_fen": 1000},
        ItemKind.PER_MONTH: {"amount_fen": 60000},
        ItemKind.RETURN_FARE: {"interval_months": 2},
    }
    decided = status in (RuleStatus.APPROVED, RuleStatus.REJECTED)
    return _keep(
        SubsidyRule(
            id=new_id(),
            item_id=item.id,
            during=Range(from_month, until_month),
            status=status,
            decided_at=clock.now() if decided else None,
            **(presets[item.kind] | DOCUMENT | terms),
        )
    )


def make_chain(
    organisation: Organisation,
    steps: Sequence[tuple[str, Role, int]] = (("科室", Role.MEDICAL_AFFAIRS, 0), ("财务", Role.FINANCE, 0)),
    *,
    effective_on: date = date(2020, 1, 1),
) -> ApprovalChain:
    """Return a chain of approvals; each step is its label, its role, and the fen from which on it is needed."""
    chain = ApprovalChain(id=new_id(), organisation_id=organisation.id, effective_on=effective_on, **DOCUMENT)
    chain.steps = [
        ApprovalStep(position=position, label=label, role=role, minimum_fen=minimum)
        for position, (label, role, minimum) in enumerate(steps, 1)
    ]
    return _keep(chain)


def working_days(month: date) -> list[date]:
    calendar = WorkingCalendar()
    return [day for day in days_between(month, last_of_month(month)) if calendar.is_working_day(day)]


def make_month(
    dispatch: Dispatch,
    month: date,
    served: Iterable[date] | None = None,
    *,
    leave: Collection[date] = (),
    duty: Iterable[date] | None = None,
    status: TimesheetStatus = TimesheetStatus.COUNTERSIGNED,
) -> Timesheet:
    """Return a countersigned month in which one was there on these days, all working days unless told otherwise.

    `duty` are the days that the dispatch claims, all working days unless told otherwise.
    """
    calendar = WorkingCalendar()
    claimed = working_days(month) if duty is None else duty
    due = [day for day in claimed if dispatch.starts_on <= day <= dispatch.ends_on]
    present = set(due if served is None else served)
    for day in sorted({*due, *present, *leave}):
        standing = Standing.PRESENT if day in present else Standing.NOT_CHECKED_IN
        standing = Standing.LEAVE if day in leave else standing
        db.session.add_all(
            DutyShift(
                dispatch_id=dispatch.id,
                duty_on=day,
                shift=shift,
                standing=standing,
                working=calendar.is_working_day(day),
                leave_kind=LeaveKind.PERSONAL if standing is Standing.LEAVE else None,
                concluded_at=clock.now(),
            )
            for shift in HALVES
        )
    signed = status is TimesheetStatus.COUNTERSIGNED
    return _keep(
        Timesheet(
            id=new_id(),
            dispatch_id=dispatch.id,
            month=month,
            status=status,
            submitted_at=None if status is TimesheetStatus.DRAFT else clock.now(),
            countersigned_at=clock.now() if signed else None,
            countersigned_by_person_id=dispatch.person_id if signed else None,
            verification_code=new_id().hex if signed else None,
        )
    )


def make_claim(
    dispatch: Dispatch,
    month: date,
    *,
    status: ClaimStatus = ClaimStatus.DRAFT,
    rule: SubsidyRule | None = None,
    timesheet: Timesheet | None = None,
    chain: ApprovalChain | None = None,
    step: int = 1,
    submitted_at: datetime | None = None,
) -> SubsidyClaim:
    """Return the claim of a month of ten days of a rule for days (10 yuan each), or of the `timesheet` given.

    One that is paid, or about to be, has a run and a payment of its own.
    """
    rule = rule or make_rule(make_item(make_programme(dispatch.supporting, f"补助{next(_numbers)}")))
    timesheet = timesheet or make_month(dispatch, month, working_days(month)[:10])
    line = _line_of(dispatch, month, rule, timesheet)
    now = clock.now()
    claim = SubsidyClaim(
        id=new_id(),
        kind=ClaimKind.MONTH,
        timesheet_id=timesheet.id,
        dispatch_id=dispatch.id,
        person_id=dispatch.person_id,
        supporting_id=dispatch.supporting_id,
        recipient_id=dispatch.recipient_id,
        month=month,
        status=status,
        total_fen=line.amount_fen,
        round=0 if status is ClaimStatus.DRAFT else 1,
        chain_id=chain.id if chain else None,
        step=step if status is ClaimStatus.SUBMITTED else None,
        drafted_at=now,
        submitted_at=None if status is ClaimStatus.DRAFT else submitted_at or now,
        approved_at=now if status in _AFTER_DECISION else None,
        paid_at=now if status is ClaimStatus.PAID else None,
        lines=[line],
    )
    if status in (ClaimStatus.PAYING, ClaimStatus.PAID):
        claim.payment_id = _payment_of(claim).id
    if status is ClaimStatus.REJECTED:
        line.in_force, line.voided = False, True
    _keep(claim)
    if claim.payment_id is not None:
        _keep(PaidClaim(payment_id=claim.payment_id, claim_id=claim.id, amount_fen=claim.total_fen))
    return claim


def make_receipt(dispatch: Dispatch, spent_on: date, amount_fen: int = 3650, **more: Any) -> SubsidyReceipt:
    """Return a receipt that waits for a claim."""
    return _keep(
        SubsidyReceipt(
            id=new_id(),
            dispatch_id=dispatch.id,
            person_id=dispatch.person_id,
            supporting_id=dispatch.supporting_id,
            number=f"Y{next(_numbers):06d}",
            spent_on=spent_on,
            amount_fen=amount_fen,
            **more,
        )
    )


def _line_of(dispatch: Dispatch, month: date, rule: SubsidyRule, timesheet: Timesheet) -> SubsidyLine:
    served = [
        (row.duty_on - EPOCH).days * 3 + HALVES.index(row.shift)
        for row in db.session.query(DutyShift).filter_by(dispatch_id=dispatch.id, standing=Standing.PRESENT)
        if month <= row.duty_on <= last_of_month(month) and row.shift in HALVES
    ]
    amount = len(served) * (rule.amount_fen or 0) // 2
    return SubsidyLine(
        id=new_id(),
        position=1,
        item_id=rule.item_id,
        rule_id=rule.id,
        person_id=dispatch.person_id,
        month=month,
        timesheet_id=timesheet.id,
        amount_fen=amount,
        inputs={"served": len(served)},
        withheld="" if amount else "no_days",
        exclusion=rule.item.exclusion or str(rule.item_id),
        halves=MultiRange([Range(number, number + 1) for number in served]) if amount else None,
        in_force=amount > 0,
    )


def _payment_of(claim: SubsidyClaim) -> Payment:
    now = clock.now()
    settled = claim.status is ClaimStatus.PAID
    run = PaymentRun(
        id=new_id(),
        organisation_id=claim.supporting_id,
        year=clock.today().year,
        number=next(_numbers),
        status=RunStatus.SETTLED if settled else RunStatus.RELEASED,
        total_fen=claim.total_fen,
        payments_count=1,
        prepared_by_person_id=claim.person_id,
        prepared_at=now - timedelta(hours=1),
        decided_at=now,
        settled_at=now if settled else None,
    )
    payment = Payment(
        id=new_id(),
        position=1,
        person_id=claim.person_id,
        amount_fen=claim.total_fen,
        bank="中国农业银行",
        account=b"",
        account_masked="6228 **** **** 1234",
        status=PaymentStatus.PAID if settled else PaymentStatus.WAITING,
        paid_on=clock.today() if settled else None,
        settled_at=now if settled else None,
    )
    run.payments = [payment]
    db.session.add(run)
    db.session.flush()
    return payment


def _keep(row: Row) -> Row:
    # Committed, so that a use case which fails and rolls back leaves the arrangement as it was.
    db.session.add(row)
    db.session.commit()
    return row
