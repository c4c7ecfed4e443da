"""What the demo's offices and phones find on the day on which it is loaded."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.cli.demo.county import PASSWORD
from backend.cli.demo.phones import BOUND, UNBOUND_TAIL, UNBOUND_TELEPHONE
from backend.cli.demo.promotion import ASSOCIATE_CHIEF
from backend.domain.accounts.models import Account, Person, RoleHolding
from backend.domain.accounts.queries import identity_tail_hash, telephone_hash
from backend.domain.accounts.rules import DelegationState, delegation_state
from backend.domain.accounts.service import log_in_console
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.records import RecordFilter, list_records
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.attendance.models.requests import AbsenceDecision, CorrectionRequest, LeaveRequest
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.models.timesheets import Timesheet, TimesheetAmendment
from backend.domain.attendance.queries.exceptions import list_exceptions
from backend.domain.attendance.queries.signing import find_by_verification_code, list_unsigned
from backend.domain.attendance.queries.spot_checks import waits_for_review
from backend.domain.attendance.queries.timesheets import Sheet, list_timesheets
from backend.domain.attendance.rules.corrections import CorrectedTap
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.spot_checks import SpotCheckOrigin, SpotCheckStatus
from backend.domain.attendance.rules.taps import CheckInKind, Reason, Verdict
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.attendance.service.corrections import CorrectionDraft, decide_correction, request_correction
from backend.domain.attendance.service.leave import grant_leave, read_leave_file
from backend.domain.attendance.service.timesheets import countersign_clean, submit_timesheet
from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.models.promotion import ServiceCertificate
from backend.domain.careers.queries.eligibility import Wanted, list_eligibility
from backend.domain.careers.queries.evaluations import EvaluationFilters, list_evaluations
from backend.domain.careers.rules.evaluations import EvaluationStatus
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.models.closures import ClinicClosure, FallenBooking
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.planning import Channel, PlaceState
from backend.domain.dispatch.models import Suspension
from backend.domain.dispatch.queries import find_duty
from backend.domain.imports.service import check_roster
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.domain.subsidies.queries.budgets import budgets_of
from backend.domain.subsidies.queries.claims import ClaimFilter, list_claims, waiting_for
from backend.domain.subsidies.queries.rules import list_waiting_rules
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.domain.subsidies.service.rules import approve_rule
from backend.domain.subsidies.service.what_if import what_if
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM, Actor, Role
from backend.foundation.clock import SHANGHAI
from tests.demo.conftest import run
from tests.imports.workbooks import SAMPLE
from tests.support.factories import acting

pytestmark = pytest.mark.usefixtures("county")

OCTOBER = date(2026, 10, 1)


def somebody(staff_number: str, role: Role) -> Actor:
    return acting(db.session.scalars(select(Person).where(Person.staff_number == staff_number)).one(), role)


def director() -> Actor:
    return somebody("T0001", Role.DIRECTOR)


def office() -> Actor:
    return somebody("M0001", Role.MEDICAL_AFFAIRS)


def sheets(actor: Actor, status: TimesheetStatus) -> list[Sheet]:
    return list(list_timesheets(actor, OCTOBER, status=status, page_size=100).items)


def sheet_of(staff_number: str) -> Sheet:
    whole = list_timesheets(office(), OCTOBER, text=staff_number).items
    return next(sheet for sheet in whole if sheet.dispatch.person.staff_number == staff_number)


def test_a_director_signs_several_clean_sheets_together_and_has_one_with_exceptions_to_open() -> None:
    waiting = [sheet.timesheet for sheet in sheets(director(), TimesheetStatus.SUBMITTED) if sheet.timesheet]

    signed, left = countersign_clean(director(), [(sheet.id, sheet.version) for sheet in waiting])

    assert 6 <= len(signed) <= 30
    assert [error.error.code for error in left] == ["not_clean"]


def test_the_sheet_with_exceptions_has_doubts_and_a_shift_that_nobody_was_seen_at() -> None:
    (sheet,) = [sheet for sheet in sheets(director(), TimesheetStatus.SUBMITTED) if not sheet.is_clean]

    standings = {line.standing for line in sheet.lines}

    assert {Standing.IN_DOUBT, Standing.NOT_CHECKED_IN} <= standings
    assert Standing.OPEN not in standings


def test_the_bureau_sees_the_one_sheet_that_waited_too_long() -> None:
    (unsigned,) = list_unsigned(somebody("B0001", Role.BUREAU)).items

    assert unsigned.submitted_at is not None
    assert clock.now() - unsigned.submitted_at > timedelta(days=10)


def test_countersigned_sheets_are_found_by_their_codes_and_nobody_signed_their_own() -> None:
    signed = [sheet.timesheet for sheet in sheets(office(), TimesheetStatus.COUNTERSIGNED) if sheet.timesheet]

    assert len(signed) >= 6
    for timesheet in signed:
        assert timesheet.verification_code
        assert find_by_verification_code(timesheet.verification_code) is timesheet
        assert timesheet.countersigned_by_person_id != timesheet.dispatch.person_id
    assert {Role.DIRECTOR, Role.DELEGATE} == {timesheet.countersigned_as for timesheet in signed}


def test_who_signs_for_the_director_may_do_so_today() -> None:
    delegate = somebody("T0002", Role.DELEGATE)
    statement = select(RoleHolding).where(
        RoleHolding.person_id == delegate.person_id, RoleHolding.role == Role.DELEGATE
    )
    during = db.session.scalars(statement).one().during

    assert during is not None
    assert during.lower is not None
    assert during.upper is not None
    assert delegation_state(during.lower, during.upper, clock.today()) is DelegationState.CURRENT


def test_a_change_of_a_signed_sheet_waits_for_the_director() -> None:
    amendment = db.session.scalars(select(TimesheetAmendment)).one()

    assert amendment.status is RequestStatus.REQUESTED
    assert amendment.timesheet.dispatch.recipient_id == director().organisation_id


def test_the_one_phone_can_hand_last_month_in() -> None:
    sheet = sheet_of("A0001")
    assert {Standing.CORRECTED, Standing.LEAVE} <= {line.standing for line in sheet.lines}

    handed_in = submit_timesheet(somebody("A0001", Role.STAFF), sheet.dispatch.id, OCTOBER, sheet.version)

    assert handed_in.is_clean


def test_the_other_phone_was_given_it_back_with_a_reason_and_can_ask_for_what_is_missing() -> None:
    sheet = sheet_of("A0002")
    assert sheet.status is TimesheetStatus.RETURNED
    (missing,) = [line for line in sheet.lines if line.standing is Standing.NOT_CHECKED_IN]
    assert sheet.timesheet
    assert f"{missing.duty_on.day}日下午没有签到" in sheet.timesheet.return_reason

    happened_at = datetime.combine(missing.duty_on, time(13, 50), SHANGHAI)
    tap = CorrectedTap(missing.duty_on, missing.shift, CheckInKind.IN, happened_at)
    draft = CorrectionDraft(sheet.dispatch.id, tap, "手机没电")
    asked = request_correction(somebody("A0002", Role.STAFF), draft, key="one")

    assert asked.correction.status is RequestStatus.REQUESTED


def test_somebody_worked_nights_and_rested_after_them() -> None:
    standings = [line.standing for line in sheet_of("A0051").lines]

    assert sheet_of("A0051").figures.nights >= 3
    assert Standing.NIGHT_REST in standings


def test_there_are_doubts_of_several_kinds_to_judge_some_explained() -> None:
    open_ones = list_exceptions(office(), page_size=100).items

    reasons = {reason for tap in open_ones for reason in tap.reasons}
    assert {Reason.OUTSIDE_FENCE, Reason.LOCATION_DENIED, Reason.LATE_UPLOAD, Reason.SHARED_INSTALLATION} <= reasons
    assert any(tap.review and tap.review.explanation for tap in open_ones)
    assert any(not tap.review for tap in open_ones)


def test_corrections_were_granted_and_rejected_and_one_can_be_decided() -> None:
    corrections = db.session.scalars(select(CorrectionRequest)).all()
    waiting = [one for one in corrections if one.status is RequestStatus.REQUESTED]

    decided = decide_correction(director(), waiting[0].id, waiting[0].version, accept=True)

    assert decided.status is RequestStatus.ACCEPTED
    assert RequestStatus.REJECTED in {one.status for one in corrections}


def test_leave_that_the_recipient_granted_waits_for_the_supporting_hospital() -> None:
    waiting = select(LeaveRequest).where(
        LeaveRequest.status == RequestStatus.REQUESTED, LeaveRequest.recipient_decided_by_id.is_not(None)
    )
    leave = db.session.scalars(waiting).one()

    assert grant_leave(office(), leave.id, leave.version).status is RequestStatus.ACCEPTED


def test_sick_leave_comes_with_a_paper_that_opens() -> None:
    leave = db.session.scalars(select(LeaveRequest).where(LeaveRequest.attachments.any())).one()

    (paper,) = leave.attachments

    assert leave.status is RequestStatus.ACCEPTED
    assert read_leave_file(director(), leave.id, paper.id).content.startswith(b"\x89PNG")


def test_long_leave_suspends_a_dispatch_now_and_asks_for_a_substitute() -> None:
    suspension = db.session.scalars(select(Suspension)).one()

    assert clock.today() in suspension.during
    assert suspension.substitute_id is None


def test_spot_checks_came_to_everything_that_they_can_come_to() -> None:
    checks = db.session.scalars(select(SpotCheck)).all()

    assert {check.origin for check in checks} == set(SpotCheckOrigin)
    assert {
        SpotCheckStatus.ANSWERED,
        SpotCheckStatus.MISSED,
        SpotCheckStatus.EXEMPT,
        SpotCheckStatus.UNDELIVERED,
    } <= {check.status for check in checks}
    missed = [check for check in checks if check.status is SpotCheckStatus.MISSED and waits_for_review(check)]
    assert missed
    assert missed[0].explanation


def test_a_person_said_of_one_shift_that_it_was_absence_without_leave() -> None:
    decision = db.session.scalars(select(AbsenceDecision)).one()

    assert decision.decided_by_person_id == office().person_id
    assert db.session.scalars(select(Timesheet).where(Timesheet.dispatch_id == decision.dispatch_id)).all() == []


def test_this_morning_leaves_the_phones_doctors_to_press() -> None:
    today = clock.today()
    this_morning = db.session.scalars(select(CheckIn).where(CheckIn.duty_on == today)).all()

    assert this_morning  # of a Sunday, too
    assert {tap.verdict for tap in db.session.scalars(select(CheckIn))} == set(Verdict)
    numbers = {db.session.get_one(Person, tap.person_id).staff_number for tap in this_morning}
    assert numbers.isdisjoint(dict(BOUND))
    for number, _ in BOUND:
        doctor = db.session.scalars(select(Person).where(Person.staff_number == number)).one()
        assert find_duty(doctor.id, today) is not None


def test_each_office_logs_in_with_what_is_shown(county: Flask) -> None:
    shown = run(county, "show").output

    roles = {}
    for number in ("M0001", "D0001", "F0001", "B0001", "T0001", "T0002", "admin"):
        assert number in shown
        session = log_in_console(organisation_code=None, staff_number=number, password=PASSWORD, address="127.0.0.1")
        roles[number] = session.actor.role
    assert PASSWORD in shown
    assert roles == {
        "M0001": Role.MEDICAL_AFFAIRS,
        "D0001": Role.DEAN,
        "F0001": Role.FINANCE,
        "B0001": Role.BUREAU,
        "T0001": Role.DIRECTOR,
        "T0002": Role.DELEGATE,
        "admin": Role.ADMIN,
    }


def test_the_unbound_doctor_is_there_to_be_bound() -> None:
    doctor = db.session.scalars(select(Person).where(Person.telephone_hash == telephone_hash(UNBOUND_TELEPHONE))).one()

    assert doctor.identity_tail_hash == identity_tail_hash(doctor.id, UNBOUND_TAIL)
    assert db.session.scalar(select(func.count()).select_from(Account).where(Account.person_id == doctor.id)) == 0


def test_the_sample_roster_can_be_imported_beside_it() -> None:
    report = check_roster(SYSTEM, SAMPLE)

    assert [finding.sentence() for finding in report.findings.errors] == []


def test_a_clinic_is_held_today_with_some_there_and_one_seen() -> None:
    today = select(Booking.status).join(Clinic).where(Clinic.held_on == clock.today()).order_by(Booking.number)
    assert list(db.session.scalars(today)) == [
        BookingStatus.FULFILLED,
        *[BookingStatus.ARRIVED] * 2,
        *[BookingStatus.BOOKED] * 3,
    ]


def test_tomorrows_clinic_has_no_place_left_by_phone() -> None:
    free = (
        select(func.count())
        .select_from(ClinicPlace)
        .join(Clinic)
        .where(
            Clinic.held_on == clock.today() + timedelta(days=1),
            Clinic.starts_at < datetime.combine(clock.today() + timedelta(days=1), time(9), SHANGHAI),
            ClinicPlace.channel == Channel.PHONE,
            ClinicPlace.state == PlaceState.FREE,
        )
    )
    assert db.session.scalar(free) == 0


def test_a_closure_by_the_duty_officer_waits_for_its_review() -> None:
    (closure,) = db.session.scalars(select(ClinicClosure)).all()
    assert closure.needs_review
    assert closure.review is None
    assert db.session.scalar(select(func.count()).select_from(FallenBooking)) == 7


def records(actor: Actor, status: RecordStatus) -> list[ActivityRecord]:
    return list(list_records(actor, RecordFilter(status=status), page_size=100).items)


def test_the_director_has_records_to_countersign_and_gave_one_back() -> None:
    assert len(records(director(), RecordStatus.SUBMITTED)) >= 12
    (returned,) = records(office(), RecordStatus.RETURNED)
    assert returned.person.staff_number == BOUND[0][0]
    assert returned.return_reason


def test_what_was_done_lately_stands_beside_the_ledger_of_last_year() -> None:
    imported, signed = records(office(), RecordStatus.IMPORTED), records(office(), RecordStatus.COUNTERSIGNED)
    assert max(record.occurred_on for record in imported) <= clock.today() - timedelta(days=360)
    assert min(record.occurred_on for record in signed) >= clock.today() - timedelta(days=70)
    assert all(record.countersigned_by_person_id != record.person_id for record in signed)


def test_subsidies_wait_at_every_desk_and_two_are_ready_to_be_paid() -> None:
    finance, dean = somebody("F0001", Role.FINANCE), somebody("D0001", Role.DEAN)
    assert [waiting_for(one).total > 0 for one in (office(), finance, dean)] == [True] * 3
    whole = list_claims(office(), ClaimFilter(), page_size=100).items
    stand = Counter(row.claim.status for row in whole)
    assert stand[ClaimStatus.APPROVED] == 2
    assert {ClaimStatus.DRAFT, ClaimStatus.SUBMITTED, ClaimStatus.RETURNED} <= stand.keys()
    (budget,) = budgets_of(finance, 2026)
    assert 0 < budget.total.spent_fen < (budget.amount_fen or 0)


def test_evaluations_of_the_last_rotation_wait_for_everybody_who_takes_part() -> None:
    stand = {one.status for one in db.session.scalars(select(Evaluation))}
    ends = {EvaluationStatus.BUREAU, EvaluationStatus.OBJECTED, EvaluationStatus.COMPLETED}
    assert stand == set(EvaluationStatus) - ends
    assert list_evaluations(office(), EvaluationFilters(waiting=True)).items


def test_a_change_of_the_daily_sum_can_be_tried_and_approved() -> None:
    dean = somebody("D0001", Role.DEAN)
    (waiting,) = list_waiting_rules(dean)
    total = what_if(dean, waiting.id, 2026).total
    assert total.after_fen > total.before_fen > 0
    assert approve_rule(dean, waiting.id, waiting.version).status is RuleStatus.APPROVED


def test_the_personnel_office_finds_who_may_apply_and_what_others_lack() -> None:
    personnel, today = somebody("P0001", Role.PERSONNEL), clock.today()
    hospital_id = personnel.organisation_id
    assert hospital_id is not None

    def found(wanted: Wanted) -> list[str]:
        page = list_eligibility(personnel, hospital_id, ASSOCIATE_CHIEF, today, wanted).page
        return [judged.person.name for judged in page.items]

    certificate = db.session.scalars(select(ServiceCertificate)).one()
    assert found(Wanted(eligible=True)) == [certificate.person.name]
    assert len(found(Wanted(missing="paper"))) == len(found(Wanted(missing="refusal"))) == 1
