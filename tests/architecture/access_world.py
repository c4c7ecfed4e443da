"""A world in which everybody exists: each role in each place, and one row of everything that can be asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from flask import Flask
from sqlalchemy.dialects.postgresql import Range

from backend.console.gate import TOKEN
from backend.domain.accounts.models import Account, BindingRequest, Person, RoleHolding, Session
from backend.domain.accounts.rules import BindingKind, SessionKind, compose_token, new_secret, secret_hash
from backend.domain.activities.models.records import ActivityFile
from backend.domain.activities.rules.kinds import Proof
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.attachments.service.files import store_file
from backend.domain.attendance.models.requests import AbsenceDecision, CorrectionRequest, LeaveRequest
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.models.timesheets import Timesheet, TimesheetAmendment
from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.attendance.rules.requests import LeaveKind
from backend.domain.attendance.rules.spot_checks import SpotCheckKind, SpotCheckOrigin, SpotCheckStatus
from backend.domain.attendance.rules.taps import CheckInKind, Verdict
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.clinics.models.clinics import CalendarFeed
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.clinics.rules.closures import ClosureReason
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.domain.clinics.service.tickets import ticket_of
from backend.domain.dispatch.models import Dispatch, Rotation, Suspension
from backend.domain.dispatch.rules import Shift
from backend.domain.exports.models import Export
from backend.domain.exports.rules import ExportKind, ExportStatus
from backend.domain.imports.models import SpreadsheetImport
from backend.domain.imports.rules.kinds import ImportKind
from backend.domain.notifications.models.notices import InboxItem, OutboxMessage
from backend.domain.notifications.rules.delivery import DeliveryStatus, Failure
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.domain.notifications.rules.templates import TemplateKey
from backend.domain.organisations.models import Agreement, Organisation, Site
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.domain.patients.models import Patient
from backend.domain.subsidies.models.payments import Payment, PaymentRun
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.encryption import encrypt
from backend.foundation.ids import new_id
from tests.support.activities import make_record
from tests.support.careers import make_certificate, make_earlier_service, make_promotion_rule, make_refusal
from tests.support.clinics import link_patient, make_booking, make_clinic, make_patient
from tests.support.evaluations import make_evaluation
from tests.support.factories import (
    lent_for_a_year,
    make_dispatch,
    make_organisation,
    make_person,
    make_site,
    make_tablet,
)
from tests.support.pictures import PNG
from tests.support.standin import APP_ID
from tests.support.subsidies import make_claim, make_item, make_programme, make_receipt, make_rule


class Place(StrEnum):
    """Where somebody stands to the rows, which are of the hospital, or of the hospital and the township."""

    HOSPITAL = "own"
    TOWNSHIP = "other party"
    BUREAU = "bureau"
    FOREIGN = "other organisation"
    PATIENT = "patient"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Someone:
    """Who asks: in which role, at which place, and whether the rows are about them."""

    place: Place
    role: Role | None = None
    is_concerned: bool = False
    on_phone: str = ""  # the value of Authorization
    in_console: str = ""  # the value of Cookie

    def __str__(self) -> str:
        concerned = ", whom it concerns" if self.is_concerned else ""
        return f"{self.role or 'no role'} ({self.place}){concerned}"


@dataclass(frozen=True)
class World:
    """Everybody, and the ids of what they ask about."""

    people: tuple[Someone, ...]
    ids: dict[str, UUID | str]


def make_world(app: Flask) -> World:
    """Return the world, kept."""
    bureau = make_organisation("云岭县卫生健康局", kind=OrganisationKind.BUREAU)
    hospital = make_organisation("云岭县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL, parent=bureau)
    township = make_organisation("青石镇中心卫生院", parent=bureau)
    foreign_bureau = make_organisation("邻县卫生健康局", kind=OrganisationKind.BUREAU)
    foreign = make_organisation("邻县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL, parent=foreign_bureau)
    doctor = make_person(hospital, roles=[Role.STAFF])
    ids = _rows(doctor, hospital, township)
    places = {Place.HOSPITAL: hospital, Place.TOWNSHIP: township, Place.FOREIGN: foreign}
    offices = [role for role in Role if role is not Role.BUREAU]  # which only a bureau has
    people = [
        *(_someone(app, place, role, at) for place, at in places.items() for role in offices),
        *(_someone(app, Place.BUREAU, role, bureau) for role in (Role.BUREAU, Role.ADMIN, Role.MEDICAL_AFFAIRS)),
        _someone(app, Place.FOREIGN, Role.BUREAU, foreign_bureau),
        _someone(app, Place.HOSPITAL, None, hospital),
        _someone(app, Place.HOSPITAL, Role.STAFF, hospital, person=doctor),
        _patient(app),
        Someone(Place.NOBODY),
    ]
    ids |= _patients(doctor, make_site(township, "门诊楼"))
    ids |= _career(doctor)
    ids |= _run(hospital, doctor)
    db.session.commit()
    return World(tuple(people), ids)


def _record(dispatch: Dispatch) -> dict[str, UUID]:
    """A record of the doctor's that waits to be countersigned, with a file."""
    proof = store_file(Actor(person_id=dispatch.person_id), "签到表.png", PNG)
    record = make_record(dispatch, status=RecordStatus.SUBMITTED)
    record.files = [ActivityFile(attachment_id=proof.id, proof=Proof.SIGN_IN_SHEET, position=0)]
    db.session.flush()
    return {"record_id": record.id, "proof_id": proof.id}


def _claim(dispatch: Dispatch, timesheet: Timesheet) -> dict[str, UUID]:
    """A claim of the doctor's for a countersigned month."""
    claim = make_claim(dispatch, timesheet.month, timesheet=timesheet)
    photograph = store_file(Actor(person_id=dispatch.person_id), "车票.png", PNG)
    receipt = make_receipt(dispatch, clock.today(), attachment_id=photograph.id)
    return {"claim_id": claim.id, "line_id": claim.lines[0].id, "receipt_id": receipt.id}


def _run(hospital: Organisation, doctor: Person) -> dict[str, UUID]:
    """A payment run of the hospital that waits to be released, and pays the doctor."""
    run = PaymentRun(
        id=new_id(),
        organisation_id=hospital.id,
        year=2026,
        number=1,
        total_fen=1000,
        payments_count=1,
        prepared_by_person_id=doctor.id,
        prepared_at=clock.now(),
    )
    bank = {"bank": "农业银行", "account": b"", "account_masked": "6228 **** 0018"}
    run.payments = [Payment(id=new_id(), position=1, person_id=doctor.id, amount_fen=1000, **bank)]
    db.session.add(run)
    db.session.flush()
    return {"run_id": run.id, "payment_id": run.payments[0].id, "doctor_id": doctor.id}


def _subsidies(hospital: Organisation) -> dict[str, UUID]:
    """A programme of the hospital with a rule that waits for its approval."""
    item = make_item(make_programme(hospital))
    rule = make_rule(item, status=RuleStatus.PROPOSED)
    return {"programme_id": item.programme_id, "subsidy_item_id": item.id, "subsidy_rule_id": rule.id}


def _career(doctor: Person) -> dict[str, UUID]:
    """What the hospital keeps of the doctor's service, and a rule that somebody else proposed."""
    colleague = make_person(doctor.organisation)
    rule = make_promotion_rule(doctor.organisation, status=RuleStatus.PROPOSED, proposed_by=colleague)
    service = make_earlier_service(doctor, date(2020, 1, 1), date(2020, 12, 31))
    service.attachment_id = store_file(Actor(person_id=colleague.id), "证明.png", PNG).id
    return {
        "promotion_rule_id": rule.id,
        "service_id": service.id,
        "refusal_id": make_refusal(doctor).id,
        "certificate_id": make_certificate(doctor, colleague).id,
    }


def _patients(doctor: Person, site: Site) -> dict[str, UUID | str]:
    account = db.session.scalars(db.select(Account).where(Account.person_id == doctor.id)).one()
    db.session.add(CalendarFeed(person_id=doctor.id, secret_hash=secret_hash("address-of-the-doctor")))
    patient = make_patient()
    link_patient(account, patient)
    clinic = make_clinic(doctor, site)
    booking = make_booking(clinic, patient, account=account)
    ids = {"patient_id": patient.id, "clinic_id": clinic.id, "booking_id": booking.id}
    return ids | {"ticket": ticket_of(booking.id)} | _closed(doctor, site, patient, account)


def _closed(doctor: Person, site: Site, patient: Patient, account: Account) -> dict[str, UUID]:
    """A clinic of the doctor's that was closed, who calls for it, and a place that is held for one who had booked."""
    clinic = make_clinic(doctor, site, held_on=clock.today() + timedelta(days=3))
    make_clinic(doctor, site, held_on=clock.today() + timedelta(days=10))
    booking = make_booking(clinic, patient, account=account)
    waits_for = make_clinic(doctor, site, held_on=clock.today() + timedelta(days=5))
    entry = WaitlistEntry(id=new_id(), clinic_id=waits_for.id, patient_id=patient.id, account_id=account.id)
    db.session.add(entry)
    db.session.commit()
    office = Actor(role=Role.DUTY, organisation_id=doctor.organisation_id)
    draft = ClosureDraft(ClosureReason.CALLED_BACK, caller_person_id=doctor.id)
    closure = close_clinic(office, clinic.id, clinic.version, draft)
    offer = db.session.query(PlaceOffer).filter_by(fallen_booking_id=booking.id).one()
    return {
        "closure_id": closure.id,
        "fallen_booking_id": booking.id,
        "offer_id": offer.id,
        "entry_id": entry.id,
    }


def _someone(app: Flask, place: Place, role: Role | None, at: Organisation, *, person: Person | None = None) -> Someone:
    concerned = person is not None
    if person is None:
        person = Person(id=new_id(), organisation_id=at.id, staff_number=f"{place}-{role}", name="某人")
        person.roles = [RoleHolding(organisation_id=at.id, role=role, during=lent_for_a_year(role))] if role else []
        db.session.add(person)
    account = Account(id=new_id(), wechat_app_id=APP_ID, openid=f"{place}-{role}-{concerned}", person_id=person.id)
    db.session.add(account)
    return Someone(
        place=place,
        role=role,
        is_concerned=concerned,
        on_phone="Bearer " + _session(SessionKind.PHONE, role, at, account_id=account.id),
        in_console=_cookie(app, _session(SessionKind.CONSOLE, role, at, person_id=person.id)),
    )


def _patient(app: Flask) -> Someone:
    account = Account(id=new_id(), wechat_app_id=APP_ID, openid="patient")
    db.session.add(account)
    return Someone(Place.PATIENT, on_phone="Bearer " + _session(SessionKind.PHONE, None, None, account_id=account.id))


def _session(kind: SessionKind, role: Role | None, at: Organisation | None, **whose: UUID) -> str:
    session_id, secret, later = new_id(), new_secret(), clock.now() + timedelta(hours=1)
    db.session.flush()  # of whose it is: sessions know people by id only
    db.session.add(
        Session(
            id=session_id,
            kind=kind,
            role=role,
            organisation_id=at.id if at and role else None,
            access_hash=secret_hash(secret),
            access_expires_at=later,
            refresh_expires_at=later,
            **whose,
        )
    )
    return compose_token(session_id, secret)


def _cookie(app: Flask, token: str) -> str:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"session={serializer.dumps({TOKEN: token})}"


def _rows(doctor: Person, hospital: Organisation, township: Organisation) -> dict[str, UUID | str]:
    today = clock.today()
    site = make_site(township)
    own_site = make_site(hospital)
    rotation = Rotation(id=new_id(), supporting_id=hospital.id, name="第一批")
    dispatch = make_dispatch(doctor, township, sites=[site], rotation=rotation)
    planned = make_dispatch(
        make_person(hospital), township, starts_on=today + timedelta(days=9), sites=[site], rotation=rotation
    )
    colleague = make_person(hospital)
    stranger = Account(id=new_id(), wechat_app_id=APP_ID, openid="new phone")
    agreement = Agreement(
        id=new_id(), supporting_id=hospital.id, recipient_id=township.id, starts_on=today, ends_on=today
    )
    notice = InboxItem(
        id=new_id(), person_id=doctor.id, kind=NoticeKind.DISPATCH_ASSIGNED, title="派驻通知", body="请按时到岗。"
    )
    upload = SpreadsheetImport(
        id=new_id(),
        kind=ImportKind.ROSTER,
        organisation_id=hospital.id,
        role=Role.MEDICAL_AFFAIRS,
        filename="roster.xlsx",
    )
    db.session.add_all([stranger, agreement, notice, upload])
    db.session.flush()
    message = OutboxMessage(
        id=new_id(),
        dedupe_key="assigned",
        inbox_item_id=notice.id,
        person_id=doctor.id,
        organisation_id=hospital.id,
        template=TemplateKey.WORK_NOTICE,
        fields={},
        status=DeliveryStatus.FAILED,
        failure=Failure.NO_GRANT,
    )
    db.session.add(message)
    request = BindingRequest(
        id=new_id(),
        account_id=stranger.id,
        person_id=doctor.id,
        kind=BindingKind.NEW_WECHAT,
        telephone_hash=b"",
        telephone_masked="",
    )
    tap_id = new_id()
    tap = CheckIn(
        id=tap_id,
        dispatch_id=dispatch.id,
        person_id=doctor.id,
        kind=CheckInKind.IN,
        duty_on=today,
        shift=Shift.MORNING,
        effective=True,
        tapped_at=clock.now(),
        received_at=clock.now(),
        late=False,
        verdict=Verdict.OUTSIDE,
        outcome=Outcome.SUSPECT,
        reasons=[],
        location=encrypt("103.500000,27.300000", table="check_ins", column="location", row_id=tap_id),
        idempotency_key="made-before",
        request_hash=b"",
    )
    correction = CorrectionRequest(
        id=new_id(),
        dispatch_id=dispatch.id,
        person_id=doctor.id,
        duty_on=today,
        shift=Shift.AFTERNOON,
        kind=CheckInKind.IN,
        happened_at=clock.now(),
        reason="手机没电",
    )
    spot_check = SpotCheck(
        id=new_id(),
        dispatch_id=dispatch.id,
        person_id=doctor.id,
        kind=SpotCheckKind.PRESENCE,
        origin=SpotCheckOrigin.ORDERED,
        status=SpotCheckStatus.SENT,
        planned_at=clock.now(),
        sent_at=clock.now(),
        deliver_by=clock.now() + timedelta(hours=2),
    )
    db.session.add_all([request, tap, correction, spot_check])
    attachment = store_file(Actor(person_id=doctor.id), "证明.png", PNG)
    leave = LeaveRequest(
        id=new_id(),
        dispatch_id=dispatch.id,
        person_id=doctor.id,
        kind=LeaveKind.SICK,
        starts_on=today + timedelta(days=2),
        starts_with=Shift.MORNING,
        ends_on=today + timedelta(days=2),
        ends_with=Shift.AFTERNOON,
        halves=Range(100, 102),
        reason="发热",
        needs_supporting=False,
        is_long=False,
        attachments=[attachment],
    )
    suspension = Suspension(
        id=new_id(), dispatch_id=dispatch.id, during=Range(today, today + timedelta(days=9)), reason="产假"
    )
    absence = AbsenceDecision(
        id=new_id(),
        dispatch_id=dispatch.id,
        duty_on=today,
        shift=Shift.NIGHT,
        reason="无说明",
        decided_by_person_id=colleague.id,
        decided_at=clock.now(),
    )
    db.session.add_all([leave, suspension, absence])
    scan = store_file(Actor(person_id=doctor.id), "考勤表.png", PNG)
    served = make_dispatch(
        doctor, township, starts_on=today - timedelta(days=100), ends_on=today - timedelta(days=70), sites=[site]
    )
    timesheet = Timesheet(
        id=new_id(),
        dispatch_id=served.id,
        month=served.starts_on.replace(day=1),
        status=TimesheetStatus.COUNTERSIGNED,
        submitted_at=clock.now(),
        countersigned_at=clock.now(),
        countersigned_by_person_id=colleague.id,
        verification_code="VERIFY2WAY7CHECK",
        scan_id=scan.id,
    )
    amendment = TimesheetAmendment(
        id=new_id(),
        timesheet_id=timesheet.id,
        duty_on=today,
        shift=Shift.MORNING,
        before=Standing.PRESENT,
        after=Standing.ABSENT,
        reason="核对",
        requested_by_person_id=doctor.id,
        requested_at=clock.now(),
    )
    export_id = new_id()
    export = Export(
        id=export_id,
        requested_by_person_id=doctor.id,
        role=Role.STAFF,
        organisation_id=hospital.id,
        kind=ExportKind.TIMESHEET,
        parameters={"month": f"{today.replace(day=1)}"},
        name="考勤表",
        status=ExportStatus.COMPLETED,
        pieces=0,
    )
    db.session.add_all([timesheet, export])
    db.session.flush()
    db.session.add(amendment)
    delegate = make_person(township, roles=[Role.DELEGATE])
    return {
        "nurse_id": make_person(township).id,
        "delegation_id": delegate.roles[0].id,
        "timesheet_id": timesheet.id,
        "evaluation_id": make_evaluation(dispatch).id,
        "amendment_id": amendment.id,
        "export_id": export_id,
        "attachment_id": attachment.id,
        "correction_id": correction.id,
        "leave_id": leave.id,
        "suspension_id": suspension.id,
        "decision_id": absence.id,
        "organisation_id": hospital.id,
        "recipient_id": township.id,
        "site_id": own_site.id,
        "person_id": doctor.id,
        "colleague_id": colleague.id,
        "dispatch_id": dispatch.id,
        "planned_dispatch_id": planned.id,
        "check_in_id": tap_id,
        "spot_check_id": spot_check.id,
        "rotation_id": rotation.id,
        "agreement_id": agreement.id,
        "request_id": request.id,
        "notification_id": notice.id,
        "notice_id": notice.id,
        "message_id": message.id,
        "import_id": upload.id,
        **_record(dispatch),
        **_claim(served, timesheet),
        "tablet_id": make_tablet(own_site).id,
        **_subsidies(hospital),
    }
