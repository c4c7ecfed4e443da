"""Why a line is what it is: days as they stood, what shows them, the rule, its document, and who decided."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from backend.domain.attendance.models.taps import CheckInReview
from backend.domain.attendance.models.timesheets import DutyShift, TimesheetAmendment
from backend.domain.attendance.rules.evidence import Judgement, Outcome
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.dispatch.rules import Shift
from backend.domain.subsidies.errors.claims import ClaimLineNotFound, ClaimNotFound
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine, SubsidyReceipt
from backend.domain.subsidies.queries.evidence import ShiftShown
from backend.domain.subsidies.queries.why import Why, why
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.statuses import ClaimStatus, LineSort
from backend.domain.subsidies.service.claims import approve_claim
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.ids import new_id
from tests.subsidies.approval_world import OCTOBER, Office, make_office
from tests.support.factories import make_person
from tests.support.subsidies import make_claim, make_item, make_month, make_rule, working_days
from tests.support.timesheets import make_tap

pytestmark = pytest.mark.usefixtures("app")
DAYS = working_days(OCTOBER)


@pytest.fixture
def office(app: Flask) -> Office:
    return make_office()


def asked(office: Office, claim: SubsidyClaim, line: SubsidyLine | None = None) -> Why:
    db.session.expire_all()
    return why(office.doctor, claim.id, (line or claim.lines[0]).id)


def shift_of(found: Why, day: date, shift: Shift = Shift.MORNING) -> ShiftShown:
    shown = next(one for one in found.days if one.day == day)
    return next(one for one in shown.shifts if one.shift is shift)


def claim_with_a_doubtful_tap(office: Office) -> SubsidyClaim:
    """Return the claim of ten days, the first morning of which rests on a tap that medical affairs accepted."""
    sheet = make_month(office.dispatch, OCTOBER, DAYS[:10], status=TimesheetStatus.SUBMITTED)
    tap = make_tap(office.dispatch, DAYS[0], Shift.MORNING, Outcome.UNCERTAIN)
    judge = office.county.medical_affairs.id
    tap.review = CheckInReview(judgement=Judgement.ACCEPTED, judged_at=tap.tapped_at, judged_by_person_id=judge)
    db.session.get_one(DutyShift, (office.dispatch.id, DAYS[0], Shift.MORNING)).check_in_id = tap.id
    sheet.status, sheet.countersigned_at = TimesheetStatus.COUNTERSIGNED, tap.tapped_at
    sheet.countersigned_by_person_id, sheet.verification_code = office.county.director.id, "ABCD2345"
    db.session.commit()
    return make_claim(office.dispatch, OCTOBER, rule=office.rule, timesheet=sheet)


def amend(office: Office, claim: SubsidyClaim, day: date, after: Standing, decided_at: datetime) -> None:
    """Let a countersigned amendment lie over a morning that was served."""
    db.session.add(
        TimesheetAmendment(
            id=new_id(),
            timesheet_id=claim.timesheet_id,
            duty_on=day,
            shift=Shift.MORNING,
            before=Standing.PRESENT,
            after=after,
            reason="核对记录",
            status=RequestStatus.ACCEPTED,
            requested_by_person_id=office.county.medical_affairs.id,
            requested_at=decided_at,
            decided_by_person_id=office.county.director.id,
            decided_at=decided_at,
        )
    )
    db.session.commit()


def test_the_halves_that_count_are_those_that_were_paid_and_each_has_its_evidence(office: Office) -> None:
    claim = claim_with_a_doubtful_tap(office)

    found = asked(office, claim)

    counted = sum(shift.counts for day in found.days for shift in day.shifts)
    assert counted == claim.lines[0].inputs["served"] == 20
    assert found.shown.sentence == "10 天 × 10.00 元 = 100.00 元"
    assert found.arithmetic[-1] == ("应发", "100.00 元")
    tapped = shift_of(found, DAYS[0])
    assert (tapped.standing_label, tapped.evidence) == ("在岗", "签到 08:00 · 位置不确定 · 予以认定")
    assert shift_of(found, DAYS[10]) == ShiftShown(Shift.MORNING, "未签到", False, "—")


def test_the_rule_is_shown_with_its_document_and_who_answers_for_it(office: Office) -> None:
    proposer, approver = (make_person(office.hospital, name) for name in ("葛红梅", "饶学军"))
    rule = make_rule(
        make_item(office.rule.item.programme, name="山区补贴"),
        until_month=date(2027, 1, 1),
        level="一级",
        minimum_days=5,
        proposed_by_person_id=proposer.id,
        decided_by_person_id=approver.id,
    )
    object.__setattr__(office, "rule", rule)
    found = asked(office, office.claim(days=10)).rule
    assert (found.item, found.sum_text, found.audience) == ("山区补贴", "每天 10.00 元", "派驻一级单位")
    assert (found.first, found.last) == (date(2020, 1, 1), date(2026, 12, 31))
    assert (found.proposed_by, found.approved_by) == ("葛红梅", "饶学军")
    assert "当月实际到岗不少于 5 天" in found.conditions
    assert found.rule.document_number == "云卫发〔2025〕12号"


def test_a_later_amendment_changes_nothing_that_was_computed_and_is_told_beside_it(office: Office) -> None:
    claim = office.claim(days=10)
    claim.status = ClaimStatus.DRAFT
    amend(office, claim, DAYS[0], Standing.ABSENT, claim.drafted_at + timedelta(days=1))
    amend(office, claim, DAYS[10], Standing.NOT_CHECKED_IN, claim.drafted_at - timedelta(days=1))

    found = asked(office, claim)

    first, tenth = shift_of(found, DAYS[0]), shift_of(found, DAYS[10])
    assert (first.standing_label, first.counts) == ("在岗", True)
    assert first.evidence.startswith("更正：在岗改为旷工，郑明卫")
    assert first.evidence.endswith("会签，差额另计")
    assert (tenth.standing_label, tenth.counts) == ("未签到", False)
    assert tenth.evidence.endswith("会签")


def test_a_reversal_shows_what_it_takes_back(office: Office) -> None:
    claim = office.claim(days=10, status=ClaimStatus.PAID)
    amend(office, claim, DAYS[0], Standing.ABSENT, claim.drafted_at + timedelta(days=1))
    line = claim.lines[0]
    taken = SubsidyLine(
        id=new_id(),
        claim_id=claim.id,
        position=2,
        item_id=line.item_id,
        rule_id=line.rule_id,
        person_id=line.person_id,
        month=line.month,
        timesheet_id=line.timesheet_id,
        sort=LineSort.REVERSAL,
        amount_fen=-line.amount_fen,
        inputs=line.inputs,
        exclusion=line.exclusion,
        in_force=False,
        reverses_id=line.id,
    )
    db.session.add(taken)
    db.session.commit()

    found = asked(office, claim, taken)

    assert found.shown.sentence == "冲回：10 天 × 10.00 元 = 100.00 元"
    assert found.reverses is not None
    assert found.reverses.line.id == line.id
    assert shift_of(found, DAYS[0]).counts
    assert sum(shift.counts for day in found.days for shift in day.shifts) == 20


def test_a_fare_shows_the_receipts_that_it_was_computed_from_and_no_days(office: Office) -> None:
    claim = office.claim(days=10)
    rule = make_rule(make_item(office.rule.item.programme, ItemKind.RETURN_FARE))
    receipt = SubsidyReceipt(
        id=new_id(),
        dispatch_id=claim.dispatch_id,
        person_id=claim.person_id,
        supporting_id=claim.supporting_id,
        number="E123456789",
        spent_on=OCTOBER,
        amount_fen=3650,
    )
    frozen = {"id": str(receipt.id), "number": receipt.number, "spent_on": "2026-10-01", "amount_fen": 3650}
    line = SubsidyLine(
        id=new_id(),
        claim_id=claim.id,
        position=2,
        item_id=rule.item_id,
        rule_id=rule.id,
        person_id=claim.person_id,
        month=OCTOBER,
        timesheet_id=claim.timesheet_id,
        amount_fen=3650,
        inputs={"receipts": [frozen], "window": ["2026-10-01", "2026-12-01"]},
        exclusion=str(rule.item_id),
        in_force=False,
    )
    db.session.add_all([receipt, line])
    db.session.commit()
    found = asked(office, claim, line)
    assert found.days == []
    assert [one.number for one in found.receipts] == ["E123456789"]
    assert found.shown.sentence == "票据 36.50 元"


def test_decisions_are_shown_and_nobody_outside_asks(office: Office) -> None:
    claim = office.claim(days=10, status=ClaimStatus.SUBMITTED)
    approve_claim(office.actor(Role.MEDICAL_AFFAIRS), claim.id, 1)
    assert [one.step_label for one in asked(office, claim).decisions] == ["经办"]
    with pytest.raises(ClaimLineNotFound):
        why(office.doctor, claim.id, new_id())
    with pytest.raises(ClaimNotFound):
        why(office.county.stranger, claim.id, claim.lines[0].id)
