"""Rules of subsidies: proposed by one, approved by another, and never two for the same months."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from backend.domain.accounts.models import Person
from backend.domain.audit.models import AuditEvent
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.domain.subsidies.errors.rules import (
    ItemExists,
    NotOwnProposal,
    OwnProposal,
    ProgrammeExists,
    ProgrammeInvalid,
    ReasonMissing,
    RuleDecided,
    RuleInvalid,
    RuleOverlaps,
)
from backend.domain.subsidies.models.programmes import SubsidyItem, SubsidyProgramme, SubsidyRule
from backend.domain.subsidies.queries.rules import get_programme, list_programmes, months_of, what_holds
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.terms import Months, RuleTerms
from backend.domain.subsidies.service.drafting import preview_lines
from backend.domain.subsidies.service.rules import (
    RuleProposal,
    add_item,
    approve_rule,
    create_programme,
    propose_rule,
    reject_rule,
    withdraw_rule,
)
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import BangfuError, Forbidden, NotFound, StaleVersion
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.subsidies import make_month, working_days

JANUARY, MARCH, JUNE = (date(2026, month, 1) for month in (1, 3, 6))


@dataclass(frozen=True)
class Purse:
    """The county's hospital with a programme, an item paid by the day, and who proposes and approves."""

    county: County
    clerk: Actor
    dean: Actor
    dean_person: Person
    programme: SubsidyProgramme
    item: SubsidyItem

    def propose(self, starts_on: date = JANUARY, until: date | None = None, **more: Any) -> SubsidyRule:
        return propose_rule(self.clerk, self.item.id, proposal(starts_on, until, **more))

    def approved(self, starts_on: date = JANUARY, until: date | None = None, **more: Any) -> SubsidyRule:
        rule = self.propose(starts_on, until, **more)
        return approve_rule(self.dean, rule.id, rule.version)


def proposal(starts_on: date = JANUARY, until: date | None = None, **more: Any) -> RuleProposal:
    given: dict[str, Any] = {
        "starts_on": starts_on,
        "until": until,
        "document_title": "下乡补贴发放办法",
        "document_number": "云医发〔2026〕1号",
        "terms": RuleTerms(amount_fen=1000),
    }
    return RuleProposal(**given | more)


@pytest.fixture
def purse(app: Flask) -> Purse:
    county = make_county()
    dean = make_person(county.hospital, "赵院长", roles=[Role.DEAN])
    programme = create_programme(county.office, organisation_id=county.hospital.id, name="下乡补贴")
    item = add_item(county.office, programme.id, name="驻点补贴", kind=ItemKind.PER_DAY)
    return Purse(county, county.office, acting(dean, Role.DEAN), dean, programme, item)


def test_a_rule_holds_once_another_person_approved_it(purse: Purse) -> None:
    rule = purse.propose()
    assert rule.status is RuleStatus.PROPOSED
    [holding] = what_holds(purse.clerk, purse.county.hospital.id, purse.county.township.id, MARCH)
    assert holding.rule is None
    approve_rule(purse.dean, rule.id, rule.version)
    db.session.expire_all()
    [holding] = what_holds(purse.clerk, purse.county.hospital.id, purse.county.township.id, MARCH)
    assert holding.rule == rule
    assert rule.decided_by == purse.dean_person
    actions = set(db.session.scalars(select(AuditEvent.action)))
    assert {"create_programme", "add_item", "propose_rule", "approve_rule"} <= actions


def test_nobody_decides_on_their_own_proposal_whatever_roles_they_hold(purse: Purse) -> None:
    everywhere = make_person(purse.county.hospital, "兼任", roles=[Role.FINANCE, Role.DEAN])
    rule = propose_rule(acting(everywhere, Role.FINANCE), purse.item.id, proposal())
    with pytest.raises(OwnProposal):
        approve_rule(acting(everywhere, Role.DEAN), rule.id, rule.version)
    with pytest.raises(OwnProposal):
        reject_rule(acting(everywhere, Role.DEAN), rule.id, rule.version, "不合适")
    assert approve_rule(purse.dean, rule.id, rule.version).status is RuleStatus.APPROVED


def test_those_who_may_approve_are_told_and_not_who_proposed(purse: Purse) -> None:
    finance = make_person(purse.county.hospital, "钱财务", roles=[Role.FINANCE])
    make_person(purse.county.hospital, "人事", roles=[Role.PERSONNEL])
    propose_rule(acting(finance, Role.FINANCE), purse.item.id, proposal())
    told = db.session.scalars(select(InboxItem)).all()
    assert [item.person_id for item in told] == [purse.dean_person.id]
    assert "每天 10.00 元，2026年1月起" in told[0].body


def test_approving_a_later_version_ends_the_one_before_on_that_day(purse: Purse) -> None:
    first = purse.approved(JANUARY)
    second = purse.approved(JUNE, terms=RuleTerms(amount_fen=2000))
    assert months_of(first) == Months(JANUARY, JUNE)
    assert (first.status, second.status) == (RuleStatus.APPROVED, RuleStatus.APPROVED)
    assert first.amount_fen == 1000
    third = purse.approved(MARCH, JUNE, terms=RuleTerms(amount_fen=1500))
    assert [months_of(rule).start for rule in (first, third, second)] == [JANUARY, MARCH, JUNE]
    assert months_of(first) == Months(JANUARY, MARCH)


@pytest.mark.parametrize(("starts_on", "until"), [(MARCH, None), (JANUARY, None), (MARCH, JUNE)])
def test_any_other_overlap_is_refused_when_it_is_proposed(purse: Purse, starts_on: date, until: date | None) -> None:
    purse.approved(MARCH)
    with pytest.raises(RuleOverlaps, match="rule_overlaps") as refused:
        purse.propose(starts_on, until)
    assert "2026年3月起" in refused.value.text


def test_an_overlap_that_came_up_since_is_refused_when_it_is_approved(purse: Purse) -> None:
    early, late = purse.propose(JANUARY), purse.propose(MARCH)
    approve_rule(purse.dean, late.id, late.version)
    with pytest.raises(RuleOverlaps):
        approve_rule(purse.dean, early.id, early.version)
    db.session.refresh(early)
    assert early.status is RuleStatus.PROPOSED


def test_versions_for_other_audiences_stand_beside_each_other_and_the_most_specific_wins(purse: Purse) -> None:
    county = purse.county
    county.township.level = county.other_township.level = "一级"
    for_all = purse.approved(JANUARY)
    for_level = purse.approved(JANUARY, level="一级", terms=RuleTerms(amount_fen=2000))
    for_one = purse.approved(MARCH, recipient_id=county.township.id, terms=RuleTerms(amount_fen=3000))
    db.session.expire_all()

    def held(recipient: Any, month: date) -> SubsidyRule | None:
        return what_holds(purse.clerk, county.hospital.id, recipient.id, month)[0].rule

    assert held(county.township, MARCH) == for_one
    assert held(county.township, JANUARY) == for_level
    assert held(county.other_township, MARCH) == for_level
    assert held(county.bureau, MARCH) == for_all
    assert held(county.township, date(2025, 12, 1)) is None


def test_claims_are_drafted_by_the_versions_that_the_page_shows(purse: Purse) -> None:
    county = purse.county
    county.township.level = county.other_township.level = "一级"
    purse.approved(JANUARY)
    purse.approved(JANUARY, level="一级", terms=RuleTerms(amount_fen=2000))
    purse.approved(MARCH, recipient_id=county.township.id, terms=RuleTerms(amount_fen=3000))
    for recipient in (county.township, county.other_township, county.bureau):
        sent = make_dispatch(make_person(county.hospital), recipient, starts_on=JANUARY, ends_on=date(2026, 5, 31))
        for month in (JANUARY, MARCH):
            sheet = make_month(sent, month, working_days(month)[:1])
            (line,) = preview_lines([sheet.id])
            (holding,) = what_holds(purse.clerk, county.hospital.id, recipient.id, month)
            assert holding.rule is not None
            assert line.rule_id == holding.rule.id


def test_what_was_decided_or_changed_is_not_decided_again(purse: Purse) -> None:
    rule = purse.propose()
    with pytest.raises(StaleVersion):
        approve_rule(purse.dean, rule.id, rule.version + 1)
    approve_rule(purse.dean, rule.id, rule.version)
    with pytest.raises(RuleDecided):
        reject_rule(purse.dean, rule.id, rule.version, "晚了")


def test_a_refusal_says_why(purse: Purse) -> None:
    rule = purse.propose()
    with pytest.raises(ReasonMissing):
        reject_rule(purse.dean, rule.id, rule.version, "  ")
    reject_rule(purse.dean, rule.id, rule.version, "文号有误")
    assert (rule.status, rule.decision_reason) == (RuleStatus.REJECTED, "文号有误")
    told = db.session.scalars(select(InboxItem).where(InboxItem.kind == NoticeKind.RULE_DECIDED)).one()
    assert told.person_id == purse.clerk.person_id
    assert told.body.endswith("未批准：文号有误")


def test_only_who_proposed_takes_it_back(purse: Purse) -> None:
    rule = purse.propose()
    colleague = make_person(purse.county.hospital, "同事", roles=[Role.MEDICAL_AFFAIRS])
    with pytest.raises(NotOwnProposal):
        withdraw_rule(acting(colleague, Role.MEDICAL_AFFAIRS), rule.id, rule.version)
    withdraw_rule(purse.clerk, rule.id, rule.version)
    assert rule.status is RuleStatus.WITHDRAWN


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"document_title": " "}, "document_title"),
        ({"document_number": ""}, "document_number"),
        ({"terms": RuleTerms(amount_fen=-1000)}, "amount_fen"),
        ({"starts_on": date(2026, 1, 15)}, "starts_on"),
        ({"until": JANUARY}, "until"),
    ],
)
def test_what_makes_no_rule_is_named_by_its_field(purse: Purse, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleInvalid) as refused:
        propose_rule(purse.clerk, purse.item.id, replace(proposal(), **changes))
    assert set(refused.value.fields) == {field}
    assert db.session.scalars(select(SubsidyRule)).all() == []


def test_a_rule_is_for_one_audience_that_receives_people(purse: Purse) -> None:
    with pytest.raises(RuleInvalid):
        purse.propose(recipient_id=purse.county.bureau.id)
    with pytest.raises(RuleInvalid):
        purse.propose(recipient_id=purse.county.township.id, level="一级")


def test_names_are_given_once(purse: Purse) -> None:
    for name, refused in (("下乡补贴", ProgrammeExists), (" ", ProgrammeInvalid)):
        with pytest.raises(refused), db.session.begin_nested():
            create_programme(purse.clerk, organisation_id=purse.county.hospital.id, name=name)
    with pytest.raises(ItemExists), db.session.begin_nested():
        add_item(purse.clerk, purse.programme.id, name="驻点补贴", kind=ItemKind.PER_MONTH)


def test_the_database_keeps_what_was_approved(purse: Purse) -> None:
    rule = purse.approved()
    db.session.flush()
    for change in ("UPDATE subsidy_rules SET amount_fen = 9000", "DELETE FROM subsidy_rules"):
        with pytest.raises(IntegrityError, match="approved"), db.session.begin_nested():
            db.session.execute(text(f"{change} WHERE id = :id").bindparams(id=rule.id))


def test_rules_of_organisations_above_are_read_and_not_changed(purse: Purse) -> None:
    county, overseer = purse.county, replace(purse.county.overseer, person_id=purse.county.director.id)
    above = create_programme(overseer, organisation_id=county.bureau.id, name="县级补助")
    item = add_item(overseer, above.id, name="往返路费", kind=ItemKind.RETURN_FARE)
    assert [programme.name for programme in list_programmes(purse.clerk)] == ["县级补助", "下乡补贴"]
    holding = what_holds(purse.clerk, county.hospital.id, county.township.id, MARCH)
    assert [one.item.name for one in holding] == ["驻点补贴", "往返路费"]
    with pytest.raises(Forbidden):
        propose_rule(purse.clerk, item.id, proposal(terms=RuleTerms(interval_months=2)))
    assert [programme.name for programme in list_programmes(overseer)] == ["县级补助", "下乡补贴"]
    with pytest.raises(Forbidden):
        add_item(overseer, purse.programme.id, name="误餐费", kind=ItemKind.PER_DAY)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (lambda county: county.stranger, NotFound),
        (lambda county: county.visitor, Forbidden),
        (lambda county: county.recipient, NotFound),
    ],
)
def test_others_do_not_read_them(purse: Purse, who: Callable[[County], Actor], refusal: type[BangfuError]) -> None:
    with pytest.raises(refusal):
        get_programme(who(purse.county), purse.programme.id)
