"""Whatever happens in whatever order: sums reconcile, nothing is paid twice, a frozen line comes to the same again."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.dialects.postgresql.ranges import Range
from sqlalchemy.orm import joinedload

from backend.domain.attendance.models.timesheets import Timesheet, TimesheetAmendment
from backend.domain.attendance.queries.timesheets import sheets_of
from backend.domain.attendance.queries.weeks import weeks_of_sheet
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.timesheets import SERVED, Standing
from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.rules.evaluations import EvaluationStatus, Grade
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.domain.subsidies.models.claims import SubsidyAdjustment, SubsidyClaim, SubsidyLine, SubsidyReceipt
from backend.domain.subsidies.models.programmes import SubsidyRule
from backend.domain.subsidies.queries.reconciliation import reconcile
from backend.domain.subsidies.queries.rules import terms_of
from backend.domain.subsidies.rules.amounts import amount_due
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.statuses import ClaimStatus, LineSort
from backend.domain.subsidies.service.adjustment_claims import draft_adjustments
from backend.domain.subsidies.service.bank_accounts import set_bank_account
from backend.domain.subsidies.service.claims import approve_claim, reject_claim, return_claim, submit_claim
from backend.domain.subsidies.service.drafting import draft_claims, redraft_claim
from backend.domain.subsidies.service.payment_runs import prepare_run, refuse_run, release_run
from backend.domain.subsidies.service.receipts import ReceiptDraft, add_receipt, withdraw_receipt
from backend.domain.subsidies.service.settling import mark_failed, mark_paid
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import BangfuError
from backend.foundation.ids import new_id
from tests.support.county import make_county
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.subsidies import HALVES, make_chain, make_item, make_month, make_programme, make_rule, working_days

MONTHS = (date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1))
NOW = datetime(2027, 1, 11, 9, tzinfo=SHANGHAI)  # both dispatches are over: differences need not wait
which = st.integers(0, 5)


class History(RuleBasedStateMachine):
    """One person at two places at a time, four items that exclude each other in pairs, and everybody who decides."""

    @initialize()
    def begin(self) -> None:
        db.session.expunge_all()
        county = self.county = make_county()
        self.finance = acting(make_person(county.hospital, "钱会", roles=[Role.FINANCE]), Role.FINANCE)
        self.dean = acting(make_person(county.hospital, "张院", roles=[Role.DEAN]), Role.DEAN)
        make_chain(county.hospital, (("科室", Role.MEDICAL_AFFAIRS, 0), ("财务", Role.FINANCE, 30000)))
        set_bank_account(county.visitor, county.doctor.id, bank="农业银行", number="6228480402564890018")
        self.dispatches = [
            make_dispatch(
                county.doctor,
                recipient,
                starts_on=MONTHS[0],
                ends_on=date(2026, 12, 31),
                pattern=WeeklyPattern.of(days, HALVES),
            )
            for recipient, days in ((county.township, (1, 2, 3)), (county.other_township, (4, 5)))
        ]
        programme = make_programme(county.bureau)
        self.items = [
            make_item(programme, ItemKind.PER_DAY, "下乡补贴", exclusion="补贴", priority=1),
            make_item(programme, ItemKind.PER_MONTH, "生活补助", exclusion="补贴", priority=2),
            make_item(programme, ItemKind.PER_DAY, "误餐补助", priority=3),
            make_item(programme, ItemKind.RETURN_FARE, "往返路费", priority=4),
        ]
        terms: list[dict[str, Any]] = [{"days_a_week": 2}, {"minimum_days": 4}, {"needs_evaluation": True}, {}]
        for item, those in zip(self.items, terms, strict=True):
            make_rule(item, **those)
        self.numbers = itertools.count(1)

    @rule(place=st.integers(0, 1), month=st.sampled_from(MONTHS), missed=st.sets(st.integers(1, 31), max_size=12))
    def countersign(self, place: int, month: date, missed: set[int]) -> None:
        dispatch = self.dispatches[place]
        signed = select(Timesheet).where(Timesheet.dispatch_id == dispatch.id, Timesheet.month == month)
        if db.session.scalar(signed) is None:
            weekdays = ((1, 2, 3), (4, 5))[place]
            days = [day for day in working_days(month) if day.isoweekday() in weekdays]
            make_month(dispatch, month, [day for day in days if day.day not in missed], duty=days)

    @rule(number=which, place=st.integers(0, 40), shift=st.sampled_from(HALVES), after=st.sampled_from(Standing))
    def amend(self, number: int, place: int, shift: Shift, after: Standing) -> None:
        sheet = pick(db.session.scalars(select(Timesheet).order_by(Timesheet.id)).all(), number)
        if sheet is None or after not in (Standing.PRESENT, Standing.ABSENT, Standing.NIGHT_REST):
            return
        lines = sheets_of([sheet.dispatch_id], sheet.month)[0].lines
        day = lines[place % len(lines)].duty_on
        db.session.add(
            TimesheetAmendment(
                timesheet_id=sheet.id,
                duty_on=day,
                shift=shift,
                before=Standing.PRESENT,
                after=after,
                reason="核实",
                status=RequestStatus.ACCEPTED,
                requested_by_person_id=self.county.doctor.id,
                requested_at=datetime.fromtimestamp(NOW.timestamp() + next(self.numbers), SHANGHAI),
                decided_at=clock.now(),
            )
        )
        db.session.commit()

    @rule(item=st.integers(0, 2), month=st.sampled_from(MONTHS), amount=st.integers(1, 400), limit=st.integers(1, 9))
    def change_rule(self, item: int, month: date, amount: int, limit: int) -> None:
        chosen = self.items[item]
        holds = select(SubsidyRule).where(SubsidyRule.item_id == chosen.id).order_by(SubsidyRule.during.desc())
        last = db.session.scalars(holds).first()
        assert last is not None
        if last.during.lower is None or last.during.lower >= month:
            return
        last.during = Range(last.during.lower, month)
        db.session.commit()
        make_rule(chosen, from_month=month, amount_fen=2 * amount * 100, minimum_days=limit, cap_fen=90000 * (item + 1))

    @rule(place=st.integers(0, 1), grade=st.sampled_from([Grade.QUALIFIED, Grade.FAILED]))
    def evaluate(self, place: int, grade: Grade) -> None:
        dispatch: Dispatch = self.dispatches[place]
        if db.session.scalar(select(Evaluation.id).where(Evaluation.dispatch_id == dispatch.id)) is None:
            row = {"dispatch_id": dispatch.id, "person_id": dispatch.person_id, "supporting_id": dispatch.supporting_id}
            ended = {"status": EvaluationStatus.COMPLETED, "completed_at": clock.now(), "grade": grade}
            names = {"recipient_id": dispatch.recipient_id, "verification_code": new_id().hex}
            db.session.add(Evaluation(id=new_id(), **row, **ended, **names))
            db.session.commit()

    @rule(place=st.integers(0, 1), day=st.dates(MONTHS[0], date(2026, 12, 31)), fen=st.integers(1, 9999))
    def enter_receipt(self, place: int, day: date, fen: int) -> None:
        draft = ReceiptDraft(number=f"N{next(self.numbers)}", spent_on=day, amount=f"{fen // 100}.{fen % 100:02d}")
        tried(lambda: add_receipt(self.county.visitor, self.dispatches[place].id, draft))

    @rule(number=which)
    def withdraw(self, number: int) -> None:
        receipts = select(SubsidyReceipt).where(SubsidyReceipt.withdrawn_at.is_(None)).order_by(SubsidyReceipt.id)
        receipt = pick(db.session.scalars(receipts).all(), number)
        if receipt is not None:
            tried(lambda: withdraw_receipt(self.county.visitor, receipt.id))

    @rule()
    def draft(self) -> None:
        while draft_claims():
            pass

    @rule()
    def draft_differences(self) -> None:
        draft_adjustments()

    @rule(number=which)
    def submit(self, number: int) -> None:
        self.decide(number, lambda claim: submit_claim(self.county.visitor, claim.id, claim.version))

    @rule(number=which, by_finance=st.booleans(), act=st.sampled_from([None, None, return_claim, reject_claim]))
    def step(self, number: int, by_finance: bool, act: Callable[..., Any] | None) -> None:
        actor: Actor = self.finance if by_finance else self.county.office
        if act is None:
            self.decide(number, lambda claim: approve_claim(actor, claim.id, claim.version))
        else:
            self.decide(number, lambda claim: act(actor, claim.id, claim.version, reason="请核对"))

    @rule(number=which)
    def redraft(self, number: int) -> None:
        self.decide(number, lambda claim: redraft_claim(self.county.office, claim.id))

    @rule(outcome=st.sampled_from(["paid", "failed", "refused"]))
    def pay(self, outcome: str) -> None:
        try:
            run = prepare_run(self.finance).run
        except BangfuError:
            db.session.rollback()
            return
        if outcome == "refused":
            refuse_run(self.dean, run.id, run.version, reason="请核对")
            return
        release_run(self.dean, run.id, run.version)
        for payment in list(run.payments):
            if outcome == "paid":
                mark_paid(self.finance, run.id, payment.id, paid_on=clock.today())
            else:
                mark_failed(self.finance, run.id, payment.id, reason="账号有误")

    def decide(self, number: int, act: Callable[[SubsidyClaim], Any]) -> None:
        db.session.expire_all()
        claim = pick(db.session.scalars(select(SubsidyClaim).order_by(SubsidyClaim.id)).all(), number)
        if claim is not None:
            tried(lambda: act(claim))

    @invariant()
    def sums_reconcile(self) -> None:
        if hasattr(self, "items"):
            db.session.expire_all()
            year = reconcile(2026)
            assert year.is_clean, [(finding.label, finding.expected, finding.found) for finding in year.findings]
            owed = sum(s.total_fen for state, s in year.by_state.items() if state not in SETTLED)
            assert year.owed_fen == owed

    @invariant()
    def every_frozen_line_comes_to_the_same_sum_again(self) -> None:
        if not hasattr(self, "items"):
            return
        told = select(SubsidyLine).options(joinedload(SubsidyLine.item), joinedload(SubsidyLine.rule))
        for line in db.session.scalars(told):
            due = amount_due(line.item.kind, terms_of(line.rule), line.inputs)
            sign = -1 if line.sort is LineSort.REVERSAL else 1
            assert line.amount_fen == sign * due.amount_fen
            assert line.sort is LineSort.REVERSAL or line.withheld == (due.withheld or "")

    @invariant()
    def what_was_computed_last_rests_on_the_days_as_they_are(self) -> None:
        """Where nothing waits to be computed again, days and weeks are those of attendance's own reading."""
        if not hasattr(self, "items"):
            return
        waits = set(
            db.session.scalars(select(SubsidyAdjustment.timesheet_id).where(SubsidyAdjustment.claim_id.is_(None)))
        )
        paying = select(SubsidyLine).where(SubsidyLine.in_force).options(joinedload(SubsidyLine.item))
        raised = set(db.session.scalars(select(SubsidyAdjustment.source_id)))
        unraised = {
            amendment.timesheet_id
            for amendment in db.session.scalars(select(TimesheetAmendment))
            if amendment.id not in raised
        }
        for line in db.session.scalars(paying):
            if line.timesheet_id in waits | unraised or line.item.kind is not ItemKind.PER_DAY:
                continue
            timesheet = db.session.get_one(Timesheet, line.timesheet_id)
            sheet = sheets_of([timesheet.dispatch_id], timesheet.month)[0]
            assert line.inputs["served"] == sheet.figures.served
            served = [each for each in sheet.lines if each.standing in SERVED and each.shift is not Shift.NIGHT]
            assert len(served) == line.inputs["served"]
            if "weeks" in line.inputs and not unraised:
                counted = [
                    (f"{week.starts_on}", week.working_days, week.served_halves) for week in weeks_of_sheet(sheet)
                ]
                assert [(week["from"], week["working"], week["served"]) for week in line.inputs["weeks"]] == counted


SETTLED = (ClaimStatus.PAID, ClaimStatus.REJECTED)


def pick(rows: Any, number: int) -> Any:
    """Return one of these rows, if there are any."""
    return rows[number % len(rows)] if rows else None


def tried(act: Callable[[], Any]) -> None:
    """Do what may be refused; what is refused leaves nothing."""
    try:
        act()
    except BangfuError:
        db.session.rollback()


@pytest.mark.parametrize("histories", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_money_stays_right_whatever_happens(app: Flask, histories: int) -> None:
    limits = settings(
        max_examples=histories,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    with time_machine.travel(NOW, tick=False):
        run_state_machine_as_test(History, settings=limits)
