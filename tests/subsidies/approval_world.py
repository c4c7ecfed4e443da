"""A hospital with a chain of approvals, its approvers, and claims of its people: for tests of approval."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql.ranges import MultiRange, Range

from backend.domain.accounts.models import Person
from backend.domain.attendance.concluding import EPOCH
from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.rules.timesheets import TimesheetStatus
from backend.domain.dispatch.models import Dispatch
from backend.domain.subsidies.models.approvals import ApprovalChain, ApprovalStep
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine
from backend.domain.subsidies.models.programmes import SubsidyItem, SubsidyProgramme, SubsidyRule
from backend.domain.subsidies.rules.programmes import ItemKind, RuleStatus
from backend.domain.subsidies.rules.statuses import ClaimKind, ClaimStatus, LineSort
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.ids import new_id
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person

OCTOBER = date(2026, 10, 1)
SEPTEMBER = date(2026, 9, 1)
CHAIN = ((Role.MEDICAL_AFFAIRS, "经办", 0), (Role.FINANCE, "财务", 0), (Role.DEAN, "分管院长", 50_000))


@dataclass
class Office:
    """A county, those of its hospital who approve, and the dispatch of its doctor."""

    county: County
    chain: ApprovalChain
    rule: SubsidyRule
    item: SubsidyItem
    programme: SubsidyProgramme
    dispatch: Dispatch
    people: dict[Role, Person] = field(default_factory=dict)

    @property
    def doctor(self) -> Actor:
        """The doctor whose claims they are."""
        return self.county.visitor

    def actor(self, role: Role) -> Actor:
        """One who approves in a role."""
        return acting(self.people[role], role)


def make_office(chain: tuple[tuple[Role, str, int], ...] = CHAIN) -> Office:
    """Return an office with one approver a role, and a rule of ten yuan a day; nothing is claimed yet."""
    county = make_county()
    programme = SubsidyProgramme(id=new_id(), organisation_id=county.hospital.id, name="下乡补贴")
    item = SubsidyItem(id=new_id(), programme_id=programme.id, name="出勤补贴", kind=ItemKind.PER_DAY)
    proposer, approver = make_person(county.hospital), make_person(county.hospital)
    rule = SubsidyRule(
        id=new_id(),
        item_id=item.id,
        during=Range(date(2020, 1, 1), None),
        amount_fen=1000,
        document_title="关于下乡补贴的通知",
        document_number="云医发〔2020〕3号",
        status=RuleStatus.APPROVED,
        proposed_by_person_id=proposer.id,
        decided_by_person_id=approver.id,
        decided_at=clock.now(),
    )
    for rows in ([programme], [item], [rule]):
        db.session.add_all(rows)
        db.session.flush()
    people = {role: make_person(county.hospital, roles=[role]) for role in (Role.FINANCE, Role.DEAN)}
    people[Role.MEDICAL_AFFAIRS] = county.medical_affairs
    dispatch = make_dispatch(county.doctor, county.township, starts_on=date(2026, 6, 1))
    return Office(county, make_chain(county.hospital.id, chain), rule, item, programme, dispatch, people)


def make_chain(
    organisation_id: UUID, steps: tuple[tuple[Role, str, int], ...] = CHAIN, *, effective_on: date = date(2020, 1, 1)
) -> ApprovalChain:
    """Return a chain of these steps: role, label, and from which sum on it is needed."""
    chain = ApprovalChain(
        id=new_id(),
        organisation_id=organisation_id,
        effective_on=effective_on,
        document_title="关于补贴审批的通知",
        document_number="云医发〔2020〕4号",
        steps=[
            ApprovalStep(position=number, role=role, label=label, minimum_fen=minimum)
            for number, (role, label, minimum) in enumerate(steps, 1)
        ],
    )
    db.session.add(chain)
    db.session.commit()
    return chain


def make_claim(
    office: Office, *, days: int = 20, month: date = OCTOBER, dispatch: Dispatch | None = None, withheld: str = ""
) -> SubsidyClaim:
    """Return a draft for a countersigned month of ten yuan a day; with `withheld`, of a line that pays nothing."""
    dispatch = dispatch or office.dispatch
    timesheet = Timesheet(
        id=new_id(),
        dispatch_id=dispatch.id,
        month=month,
        status=TimesheetStatus.COUNTERSIGNED,
        submitted_at=clock.now(),
        countersigned_at=clock.now(),
        countersigned_by_person_id=office.county.director.id,
        verification_code=new_id().hex,
    )
    db.session.add(timesheet)
    db.session.flush()
    amount = 0 if withheld else days * 1000
    claim = SubsidyClaim(
        id=new_id(),
        kind=ClaimKind.MONTH,
        timesheet_id=timesheet.id,
        dispatch_id=dispatch.id,
        person_id=dispatch.person_id,
        supporting_id=dispatch.supporting_id,
        recipient_id=dispatch.recipient_id,
        month=month,
        total_fen=amount,
    )
    first = (month - EPOCH).days * 3
    line = SubsidyLine(
        id=new_id(),
        claim_id=claim.id,
        position=1,
        item_id=office.item.id,
        rule_id=office.rule.id,
        person_id=dispatch.person_id,
        month=month,
        timesheet_id=timesheet.id,
        amount_fen=amount,
        inputs={"served": 2 * days},
        withheld=withheld,
        exclusion=str(office.item.id),
        halves=None if withheld else MultiRange([Range(first, first + 3 * days)]),
        in_force=not withheld,
    )
    db.session.add(claim)
    db.session.flush()
    db.session.add(line)
    db.session.commit()
    return claim


def add_reversal(claim: SubsidyClaim, reversed_line: SubsidyLine) -> SubsidyLine:
    """Let a draft take back a line of an earlier claim, whole."""
    reversed_line.in_force = False
    line = SubsidyLine(
        id=new_id(),
        claim_id=claim.id,
        position=len(claim.lines) + 1,
        item_id=reversed_line.item_id,
        rule_id=reversed_line.rule_id,
        person_id=claim.person_id,
        month=reversed_line.month,
        timesheet_id=reversed_line.timesheet_id,
        sort=LineSort.REVERSAL,
        amount_fen=-reversed_line.amount_fen,
        inputs=reversed_line.inputs,
        exclusion=reversed_line.exclusion,
        halves=reversed_line.halves,
        in_force=False,
        reverses_id=reversed_line.id,
    )
    db.session.add(line)
    claim.total_fen += line.amount_fen
    db.session.commit()
    db.session.refresh(claim)
    return line


def other_claim(office: Office, *, days: int = 20, month: date = OCTOBER, person: Person | None = None) -> SubsidyClaim:
    """Return a draft of another person's, or of this one, in a dispatch of their own."""
    person = person or make_person(office.county.hospital)
    return make_claim(
        office,
        days=days,
        month=month,
        dispatch=make_dispatch(person, office.county.township, starts_on=month, ends_on=month + timedelta(days=27)),
    )


def handed_in(claim: SubsidyClaim, office: Office, *, step: int = 1) -> SubsidyClaim:
    """Let a claim wait in a step of the office's chain, as if it had been handed in."""
    claim.status, claim.chain_id, claim.step, claim.round = ClaimStatus.SUBMITTED, office.chain.id, step, 1
    claim.submitted_at = clock.now()
    db.session.commit()
    return claim
