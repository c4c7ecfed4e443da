"""Rules of promotion: proposed by one, approved by another, each version from a day on, and what held stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from backend.domain.audit.models import AuditEvent
from backend.domain.careers.errors.promotion import (
    NotOwnPromotionRule,
    OwnPromotionRule,
    PromotionRuleDecided,
    PromotionRuleInvalid,
    PromotionRuleNotFound,
    PromotionRuleOverlaps,
    ReasonNeeded,
)
from backend.domain.careers.models.promotion import PromotionRule
from backend.domain.careers.queries.eligibility import judge_person
from backend.domain.careers.queries.promotion_rules import list_promotion_rules
from backend.domain.careers.rules.drafts import PromotionRuleDraft
from backend.domain.careers.rules.promotion import ServiceMeasure
from backend.domain.careers.service.promotion_rules import approve_rule, propose_rule, reject_rule, withdraw_rule
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import Forbidden, StaleVersion
from tests.support.county import County, make_county
from tests.support.factories import acting, make_person

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)
DRAFT = PromotionRuleDraft(
    title="副主任医师",
    name="本院附加条件",
    starts_on=date(2026, 1, 1),
    measure=ServiceMeasure.CALENDAR_DAYS,
    required_days=400,
    days_a_week=3,
    needs_evaluation=True,
    document_title="晋升管理办法",
    document_number="云医发〔2026〕3号",
)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def personnel(county: County) -> Actor:
    return acting(make_person(county.hospital, "方佩佩", roles=[Role.PERSONNEL]), Role.PERSONNEL)


@pytest.fixture
def dean(county: County) -> Actor:
    return acting(make_person(county.hospital, "宋力", roles=[Role.DEAN, Role.PERSONNEL]), Role.DEAN)


def test_a_rule_holds_once_another_person_approves_it(county: County, personnel: Actor, dean: Actor) -> None:
    rule = propose_rule(personnel, DRAFT)
    assert judge_person(county.doctor, NOW.date()) == []
    with pytest.raises(OwnPromotionRule):
        approve_rule(personnel, rule.id, rule.version)
    approve_rule(dean, rule.id, rule.version)

    [judged] = judge_person(county.doctor, NOW.date())
    assert judged.verdict.findings[0].demand.required_days == 400
    actions = list(db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == rule.id)))
    assert actions == ["propose_promotion_rule", "approve_promotion_rule"]
    told = list(db.session.scalars(select(InboxItem.person_id).where(InboxItem.kind == "rule_proposed")))
    assert told == [dean.person_id]


def test_a_later_version_ends_the_one_before_and_changes_nothing_before_it(
    county: County, personnel: Actor, dean: Actor
) -> None:
    for draft in (DRAFT, replace(DRAFT, starts_on=date(2026, 7, 1), required_days=500)):
        rule = propose_rule(personnel, draft)
        approve_rule(dean, rule.id, rule.version)

    def asked(day: date) -> list[int]:
        return [one.verdict.findings[0].demand.required_days for one in judge_person(county.doctor, day)]

    assert (asked(date(2025, 12, 31)), asked(date(2026, 6, 30)), asked(date(2026, 7, 1))) == ([], [400], [500])


@pytest.mark.parametrize("starts_on", [date(2026, 1, 1), date(2025, 6, 1)])
def test_a_version_that_does_not_follow_is_refused(personnel: Actor, dean: Actor, starts_on: date) -> None:
    first = propose_rule(personnel, DRAFT)
    approve_rule(dean, first.id, first.version)
    other = propose_rule(personnel, replace(DRAFT, starts_on=starts_on))

    with pytest.raises(PromotionRuleOverlaps):
        approve_rule(dean, other.id, other.version)
    db.session.expire_all()
    assert db.session.get_one(PromotionRule, other.id).status is RuleStatus.PROPOSED
    assert db.session.get_one(PromotionRule, first.id).during.upper is None


def test_what_was_decided_stays(personnel: Actor, dean: Actor) -> None:
    rule = propose_rule(personnel, DRAFT)
    with pytest.raises(StaleVersion):
        approve_rule(dean, rule.id, rule.version + 1)
    with pytest.raises(ReasonNeeded):
        reject_rule(dean, rule.id, rule.version, reason=" ")
    reject_rule(dean, rule.id, rule.version, reason="文号有误")
    with pytest.raises(PromotionRuleDecided):
        approve_rule(dean, rule.id, rule.version)


def test_the_database_keeps_an_approved_rule(personnel: Actor, dean: Actor) -> None:
    rule = propose_rule(personnel, DRAFT)
    approve_rule(dean, rule.id, rule.version)

    with pytest.raises(IntegrityError, match="the rule is approved"):
        db.session.execute(update(PromotionRule).values(required_days=1))


def test_only_who_proposed_takes_back(personnel: Actor, dean: Actor) -> None:
    rule = propose_rule(personnel, DRAFT)
    other = replace(dean, role=Role.PERSONNEL)
    with pytest.raises(NotOwnPromotionRule):
        withdraw_rule(other, rule.id, rule.version)
    assert withdraw_rule(personnel, rule.id, rule.version).status is RuleStatus.WITHDRAWN


def test_rules_are_proposed_by_personnel_and_seen_below(county: County, personnel: Actor) -> None:
    with pytest.raises(Forbidden):
        propose_rule(county.office, DRAFT)
    bureau = acting(make_person(county.bureau, "罗", roles=[Role.BUREAU]), Role.BUREAU)
    propose_rule(bureau, replace(DRAFT, name="全县条件"))
    own = propose_rule(personnel, DRAFT)

    assert {rule.name for rule in list_promotion_rules(personnel)["副主任医师"]} == {"全县条件", "本院附加条件"}
    with pytest.raises(PromotionRuleNotFound):
        approve_rule(replace(county.stranger, role=Role.PERSONNEL), own.id, own.version)


def test_a_rule_without_a_document_or_with_odd_figures_is_refused(personnel: Actor) -> None:
    odd = replace(
        DRAFT, document_number=" ", required_days=0, days_a_week=7, until=date(2025, 1, 1), refusal_blocks_months=-1
    )
    with pytest.raises(PromotionRuleInvalid) as refused:
        propose_rule(personnel, odd)

    fields = {"document_number", "required_days", "days_a_week", "until", "refusal_blocks_months"}
    assert set(refused.value.fields) == fields
    assert propose_rule(personnel, replace(DRAFT, until=date(2026, 12, 31))).during == Range(
        date(2026, 1, 1), date(2027, 1, 1)
    )
