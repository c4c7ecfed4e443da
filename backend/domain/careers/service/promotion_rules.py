"""Proposing a rule of promotion, and approving it: two people, a document, and dates."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.domain.access.rules import TABLE, Action, Party, Resource
from backend.domain.accounts.queries import holders_of
from backend.domain.audit.service import record_event
from backend.domain.careers.errors.promotion import (
    NotOwnPromotionRule,
    OwnPromotionRule,
    PromotionRuleDecided,
    PromotionRuleInvalid,
    PromotionRuleOverlaps,
    ReasonNeeded,
)
from backend.domain.careers.models.promotion import PromotionRule
from backend.domain.careers.queries.promotion_rules import get_promotion_rule
from backend.domain.careers.rules.drafts import PromotionRuleDraft, why_not_rule
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import parties_to_own, require_right
from backend.domain.organisations.rules.proposals import RULE_TRANSITIONS, RuleAction, RuleStatus
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden, StaleVersion
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

_A_DAY = timedelta(days=1)
_LONGEST_REASON = 200


def propose_rule(actor: Actor, draft: PromotionRuleDraft) -> PromotionRule:
    """Propose a rule of the actor's organisation, for it and all below; it holds once another person approves it.

    Raises:
        Forbidden: the current role proposes none.
        PromotionRuleInvalid: it cannot be a rule.
    """
    if actor.organisation_id is None or actor.person_id is None:
        raise Forbidden
    require_right(actor, Action.WRITE, Resource.PROMOTION_RULE, parties_to_own(actor, actor.organisation_id))
    wrong = why_not_rule(draft)
    if wrong:
        raise PromotionRuleInvalid(fields=wrong)
    with transaction() as session:
        rule = PromotionRule(
            id=new_id(),
            organisation_id=actor.organisation_id,
            title=draft.title.strip(),
            name=draft.name.strip(),
            during=Range(draft.starts_on, draft.until + _A_DAY if draft.until else None),
            measure=draft.measure,
            required_days=draft.required_days,
            minimum_dispatch_days=draft.minimum_dispatch_days,
            days_a_week=draft.days_a_week,
            needs_evaluation=draft.needs_evaluation,
            refusal_blocks_months=draft.refusal_blocks_months,
            document_title=draft.document_title.strip(),
            document_number=draft.document_number.strip(),
            proposed_by_person_id=actor.person_id,
            proposed_at=clock.now(),
        )
        session.add(rule)
        session.flush()
        _record(actor, "propose_promotion_rule", rule)
        _tell_deciders(actor, rule)
        return rule


def approve_rule(actor: Actor, rule_id: UUID, version: int) -> PromotionRule:
    """Let a proposed rule hold; the version before it that it follows ends on the day before.

    Raises:
        PromotionRuleNotFound, Forbidden, StaleVersion, PromotionRuleDecided: it is not there to be decided.
        OwnPromotionRule: the actor proposed it.
        PromotionRuleOverlaps: another version holds in these days that it does not simply follow.
    """
    with transaction() as session:
        rule = _proposed(actor, rule_id, version, Action.DECIDE)
        _refuse_own(actor, rule)
        # Of two versions that overlap one waits for the other, where the constraint alone could find a deadlock.
        owner = select(Organisation.id).where(Organisation.id == rule.organisation_id)
        session.execute(owner.with_for_update(key_share=True))
        with refusals({"promotion_rules_one_at_a_time_excl": PromotionRuleOverlaps}), session.begin_nested():
            _end_the_one_before(rule)
            _decide(actor, rule, RuleAction.APPROVE)
            session.flush()
        _record(actor, "approve_promotion_rule", rule)
        return rule


def reject_rule(actor: Actor, rule_id: UUID, version: int, *, reason: str) -> PromotionRule:
    """Refuse a proposed rule.

    Raises:
        PromotionRuleNotFound, Forbidden, StaleVersion, PromotionRuleDecided, OwnPromotionRule: as in approve_rule.
        ReasonNeeded: nothing is said.
    """
    require_reason(reason)
    with transaction():
        rule = _proposed(actor, rule_id, version, Action.DECIDE)
        _refuse_own(actor, rule)
        _decide(actor, rule, RuleAction.REJECT)
        rule.decision_reason = reason.strip()
        _record(actor, "reject_promotion_rule", rule)
        return rule


def withdraw_rule(actor: Actor, rule_id: UUID, version: int) -> PromotionRule:
    """Take a rule back that the actor proposed.

    Raises:
        PromotionRuleNotFound, Forbidden, StaleVersion, PromotionRuleDecided: as in approve_rule.
        NotOwnPromotionRule: somebody else proposed it.
    """
    with transaction():
        rule = _proposed(actor, rule_id, version, Action.WRITE)
        if rule.proposed_by_person_id != actor.person_id:
            raise NotOwnPromotionRule
        rule.status = RULE_TRANSITIONS[rule.status, RuleAction.WITHDRAW]
        rule.version += 1
        _record(actor, "withdraw_promotion_rule", rule)
        return rule


def require_reason(reason: str) -> None:
    """Let a reason pass that says something, and is not longer than a form has room for.

    Raises:
        ReasonNeeded: it does not.
    """
    if not 0 < len(reason.strip()) <= _LONGEST_REASON:
        raise ReasonNeeded


def _proposed(actor: Actor, rule_id: UUID, version: int, action: Action) -> PromotionRule:
    rule = get_promotion_rule(actor, rule_id, action)
    if rule.version != version:
        raise StaleVersion
    if rule.status is not RuleStatus.PROPOSED:
        raise PromotionRuleDecided
    return rule


def _refuse_own(actor: Actor, rule: PromotionRule) -> None:
    if rule.proposed_by_person_id == actor.person_id:
        raise OwnPromotionRule


def _decide(actor: Actor, rule: PromotionRule, action: RuleAction) -> None:
    rule.status = RULE_TRANSITIONS[rule.status, action]
    rule.decided_by_person_id = actor.person_id
    rule.decided_at = clock.now()
    rule.version += 1


def _end_the_one_before(rule: PromotionRule) -> None:
    """End the approved version that holds when this one begins; one that begins later stays in the way."""
    before = select(PromotionRule).where(
        PromotionRule.organisation_id == rule.organisation_id,
        PromotionRule.title == rule.title,
        PromotionRule.name == rule.name,
        PromotionRule.status == RuleStatus.APPROVED,
        PromotionRule.during.contains(rule.during.lower),
    )
    for one in db.session.scalars(before.with_for_update()):
        if one.during.lower == rule.during.lower:
            raise PromotionRuleOverlaps
        one.during = Range(one.during.lower, rule.during.lower)
        one.version += 1
    db.session.flush()


def _tell_deciders(actor: Actor, rule: PromotionRule) -> None:
    roles = TABLE[Resource.PROMOTION_RULE][Action.DECIDE][Party.OWN]
    deciders = {person_id for role in roles for person_id in holders_of(role, rule.organisation_id)}
    body = f"{rule.title}：{rule.name}，自{rule.during.lower}起。请在电脑端“晋升资格”中审核。"
    notice = Notice(NoticeKind.RULE_PROPOSED, "晋升规则待批准", body)
    owe_notices(
        [
            Owed(person_id=person_id, notice=notice, dedupe_key=f"{notice.kind}:{rule.id}:{person_id}")
            for person_id in sorted(deciders - {actor.person_id}, key=str)
        ]
    )


def _record(actor: Actor, action: str, rule: PromotionRule) -> None:
    record_event(actor, action, "promotion_rule", rule.id, organisation_id=rule.organisation_id, version=rule.version)
