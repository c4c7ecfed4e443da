"""Reading rules of promotion: what holds for a hospital on a day, and all versions that were ever proposed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action, Resource, may
from backend.domain.careers.errors.promotion import PromotionRuleNotFound
from backend.domain.careers.models.promotion import PromotionRule
from backend.domain.careers.rules.eligibility import Demand
from backend.domain.careers.rules.service_days import Conditions
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import (
    organisations_above,
    organisations_under,
    parties_to_own,
    require_list_right,
    require_right,
)
from backend.domain.organisations.queries.tree import lines_above
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import NotFound

Demands = Mapping[str, list[Demand]]


def demands_of(organisation_ids: Collection[UUID], on: date) -> dict[UUID, Demands]:
    """Return for each of these organisations what every title asks on a day: its own rules and all above it.

    Those of the highest come first; a title without a rule is not there.
    """
    line = lines_above(organisation_ids)
    statement = (
        select(line.c.of, PromotionRule, Organisation.name)
        .join(PromotionRule, PromotionRule.organisation_id == line.c.id)
        .join(Organisation, Organisation.id == line.c.id)
        .where(PromotionRule.status == RuleStatus.APPROVED, PromotionRule.during.contains(on))
        .order_by(line.c.height.desc(), PromotionRule.title, PromotionRule.name)
    )
    found: dict[UUID, dict[str, list[Demand]]] = {organisation_id: {} for organisation_id in organisation_ids}
    for of, rule, set_by in db.session.execute(statement):
        found[of].setdefault(rule.title, []).append(demand_of(rule, set_by))
    return dict(found)


def demand_of(rule: PromotionRule, set_by: str) -> Demand:
    """Return a rule as it is judged by."""
    return Demand(
        title=rule.title,
        name=rule.name,
        set_by=set_by,
        document=f"《{rule.document_title}》（{rule.document_number}）",
        required_days=rule.required_days,
        conditions=Conditions(
            rule.measure, rule.minimum_dispatch_days, rule.days_a_week, needs_evaluation=rule.needs_evaluation
        ),
        refusal_blocks_months=rule.refusal_blocks_months,
    )


def list_promotion_rules(actor: Actor) -> dict[str, list[PromotionRule]]:
    """Return all versions of the rules at the actor's organisation and above it, of a bureau those below too, by title.

    Raises:
        Forbidden: the current role may read none.
    """
    require_list_right(actor, Action.READ, Resource.PROMOTION_RULE)
    if actor.organisation_id is None:
        return {}
    above = organisations_above(actor.organisation_id).subquery()
    owners = [PromotionRule.organisation_id.in_(select(above.c.id))]
    if actor.role is Role.BUREAU:
        owners.append(PromotionRule.organisation_id.in_(organisations_under(actor.organisation_id)))
    statement = (
        select(PromotionRule)
        .where(or_(*owners))
        .options(
            joinedload(PromotionRule.organisation),
            joinedload(PromotionRule.proposed_by),
            joinedload(PromotionRule.decided_by),
        )
        .order_by(PromotionRule.title, PromotionRule.organisation_id, PromotionRule.name, PromotionRule.during.desc())
    )
    by_title: dict[str, list[PromotionRule]] = defaultdict(list)
    for rule in db.session.scalars(statement):
        by_title[rule.title].append(rule)
    return by_title


def get_promotion_rule(actor: Actor, rule_id: UUID, action: Action) -> PromotionRule:
    """Return a rule on which the actor may act so, locked until the transaction ends.

    Raises:
        PromotionRuleNotFound: there is none, or it is another organisation's.
        Forbidden: the current role has no such right.
    """
    statement = select(PromotionRule).where(PromotionRule.id == rule_id).with_for_update(of=PromotionRule)
    rule = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if rule is None:
        raise PromotionRuleNotFound
    try:
        require_right(actor, action, Resource.PROMOTION_RULE, parties_to_own(actor, rule.organisation_id))
    except NotFound:
        raise PromotionRuleNotFound from None
    return rule


def may_decide_rule(actor: Actor, rule: PromotionRule) -> bool:
    """Tell whether the actor may approve or reject a proposed rule: never the one who proposed it."""
    parties = parties_to_own(actor, rule.organisation_id)
    return (
        rule.status is RuleStatus.PROPOSED
        and rule.proposed_by_person_id != actor.person_id
        and may(actor.role, Action.DECIDE, Resource.PROMOTION_RULE, parties)
    )


def may_withdraw_rule(actor: Actor, rule: PromotionRule) -> bool:
    """Tell whether the actor may take a proposed rule back: who proposed it."""
    return rule.status is RuleStatus.PROPOSED and rule.proposed_by_person_id == actor.person_id
