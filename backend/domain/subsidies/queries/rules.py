"""Reading programmes, their items and the versions of their rules; and which of them hold where.

Rules hold for an organisation and all below it, so a hospital reads those of the organisations above it too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.dialects.postgresql.ranges import Range
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from backend.domain.access.rules import Action, Party, Resource
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import (
    get_organisation,
    list_hospitals_nearby,
    organisations_above,
    organisations_under,
    parties_to_own,
    require_list_right,
    require_right,
)
from backend.domain.organisations.rules.kinds import may_receive
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.domain.subsidies.models.claims import SubsidyLine
from backend.domain.subsidies.models.programmes import SubsidyItem, SubsidyProgramme, SubsidyRule
from backend.domain.subsidies.rules.statuses import LineSort
from backend.domain.subsidies.rules.terms import Months, RuleTerms
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound


def require_programme_right(
    actor: Actor, action: Action, organisation_id: UUID, resource: Resource = Resource.SUBSIDY_RULE
) -> None:
    """Let the action upon what this organisation sets pass, or say why not.

    Raises:
        NotFound: it holds neither for the actor's organisation nor below it.
        Forbidden: it does, but the current role, or somebody of an organisation below, has no such right.
    """
    parties = parties_to_own(actor, organisation_id)
    if not parties and _holds_for(actor, organisation_id):
        parties = frozenset({Party.OWN if action is Action.READ else Party.RECIPIENT})  # who is only meant by it
    require_right(actor, action, resource, parties)


def get_programme(actor: Actor, programme_id: UUID, action: Action = Action.READ) -> SubsidyProgramme:
    """Return a programme with its items and all versions of their rules.

    Raises:
        NotFound, Forbidden: as `require_programme_right`.
    """
    programme = db.session.scalar(_with_rules().where(SubsidyProgramme.id == programme_id))
    if programme is None:
        raise NotFound
    require_programme_right(actor, action, programme.organisation_id)
    return programme


def get_item(actor: Actor, item_id: UUID, action: Action = Action.READ) -> SubsidyItem:
    """Return an item with its programme.

    Raises:
        NotFound, Forbidden: as `require_programme_right`.
    """
    item = db.session.get(SubsidyItem, item_id, options=[joinedload(SubsidyItem.programme)])
    if item is None:
        raise NotFound
    require_programme_right(actor, action, item.programme.organisation_id)
    return item


def get_rule(actor: Actor, rule_id: UUID, action: Action = Action.READ) -> SubsidyRule:
    """Return a version of a rule with its item and programme.

    Raises:
        NotFound, Forbidden: as `require_programme_right`.
    """
    whole = joinedload(SubsidyRule.item).joinedload(SubsidyItem.programme).joinedload(SubsidyProgramme.organisation)
    options = [whole, joinedload(SubsidyRule.recipient), *_people_of_rules()]
    rule = db.session.scalar(select(SubsidyRule).where(SubsidyRule.id == rule_id).options(*options))
    if rule is None:
        raise NotFound
    require_programme_right(actor, action, rule.item.programme.organisation_id)
    return rule


def list_programmes(actor: Actor) -> list[SubsidyProgramme]:
    """Return the programmes of the actor's organisation and of those above it, a bureau's also of those below.

    Raises:
        Forbidden: the current role reads no rules.
    """
    parties = require_list_right(actor, Action.READ, Resource.SUBSIDY_RULE)
    statement = _with_rules().where(programmes_in_sight(actor, parties)).join(SubsidyProgramme.organisation)
    return list(db.session.scalars(statement.order_by(Organisation.code, SubsidyProgramme.name)))


def programmes_in_sight(actor: Actor, parties: frozenset[Party]) -> ColumnElement[bool]:
    """Return the condition that keeps the programmes which an actor of these parties may read."""
    conditions: list[ColumnElement[bool]] = [false()]
    if actor.organisation_id is not None:
        above = organisations_above(actor.organisation_id).subquery()
        conditions.append(SubsidyProgramme.organisation_id.in_(select(above.c.id)))
        if Party.BUREAU in parties:
            conditions.append(SubsidyProgramme.organisation_id.in_(organisations_under(actor.organisation_id)))
    return or_(*conditions)


def list_waiting_rules(actor: Actor) -> list[SubsidyRule]:
    """Return the proposed versions that somebody of the actor's organisation has to decide on, the oldest first."""
    statement = (
        select(SubsidyRule)
        .join(SubsidyRule.item)
        .join(SubsidyItem.programme)
        .where(
            SubsidyProgramme.organisation_id == actor.organisation_id,
            SubsidyRule.status == RuleStatus.PROPOSED,
        )
        .options(joinedload(SubsidyRule.item), joinedload(SubsidyRule.recipient), *_people_of_rules())
        .order_by(SubsidyRule.proposed_at)
    )
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class Holding:
    """What holds for an item at one recipient in one month: the most specific version, if any is approved."""

    programme: SubsidyProgramme
    item: SubsidyItem
    rule: SubsidyRule | None


def what_holds(actor: Actor, hospital_id: UUID, recipient_id: UUID, month: date) -> list[Holding]:
    """Return for every item of the programmes of a hospital and above it which version holds at a recipient.

    Raises:
        NotFound, Forbidden: the rules of this hospital are not the actor's to read.
        NotFound: there is no such recipient.
    """
    require_right(actor, Action.READ, Resource.SUBSIDY_RULE, parties_to_own(actor, hospital_id))
    recipient = get_organisation(recipient_id)
    above = organisations_above(hospital_id).subquery()
    statement = _with_rules().join(above, above.c.id == SubsidyProgramme.organisation_id).order_by(above.c.height)
    return [
        Holding(programme, item, version_that_holds(item.rules, recipient, month))
        for programme in db.session.scalars(statement)
        for item in programme.items
    ]


def version_that_holds(rules: Iterable[SubsidyRule], recipient: Organisation, month: date) -> SubsidyRule | None:
    """Return which of an item's versions holds at a recipient in a month: its own, else its level's, else all's."""
    by_audience = {rule.audience: rule for rule in rules if rule.status is RuleStatus.APPROVED and month in rule.during}
    wanted: Sequence[str] = (str(recipient.id), recipient.level, "")
    return next((by_audience[audience] for audience in wanted if audience in by_audience), None)


def list_recipients(actor: Actor, organisation_id: UUID) -> list[Organisation]:
    """Return the organisations of the same tree that may receive staff: whom a rule can be for.

    Raises:
        NotFound, Forbidden: as `require_programme_right`.
    """
    require_programme_right(actor, Action.READ, organisation_id)
    return [one for one in list_hospitals_nearby(organisation_id) if may_receive(one.kind)]


def count_lines_by(rule_ids: Collection[UUID], since: date) -> int:
    """Return how many sums of months since then were computed by these versions: a later version leaves them."""
    statement = (
        select(func.count())
        .select_from(SubsidyLine)
        .where(
            SubsidyLine.rule_id.in_(rule_ids),
            SubsidyLine.month >= since,
            SubsidyLine.sort == LineSort.GRANT,
            SubsidyLine.amount_fen > 0,
            SubsidyLine.voided.is_(False),
        )
    )
    return db.session.scalar(statement) or 0


def months_of(rule: SubsidyRule) -> Months:
    """Return the months in which a version holds."""
    return months_of_range(rule.during)


def months_of_range(during: Range[date]) -> Months:
    """Return a range of the database, which always has a first day, as whole months."""
    if during.lower is None:
        raise ValueError("a rule begins on a day")
    return Months(during.lower, during.upper)


def terms_of(rule: SubsidyRule) -> RuleTerms:
    """Return what a version pays and under which conditions."""
    return RuleTerms(
        amount_fen=rule.amount_fen,
        interval_months=rule.interval_months,
        cap_fen=rule.cap_fen,
        cap_days=rule.cap_days,
        minimum_days=rule.minimum_days,
        days_a_week=rule.days_a_week,
        needs_evaluation=rule.needs_evaluation,
    )


def audience_text(rule: SubsidyRule) -> str:
    """Return for whom a version holds, in words."""
    if rule.recipient is not None:
        return f"派驻{rule.recipient.name}"
    return f"派驻{rule.level}单位" if rule.level else "派驻各受援单位"


def _holds_for(actor: Actor, organisation_id: UUID) -> bool:
    if actor.organisation_id is None:
        return False
    above = organisations_above(actor.organisation_id).subquery()
    return db.session.scalar(select(above.c.id).where(above.c.id == organisation_id)) is not None


def _with_rules() -> Select[SubsidyProgramme]:
    rules = selectinload(SubsidyProgramme.items).selectinload(SubsidyItem.rules)
    return select(SubsidyProgramme).options(
        joinedload(SubsidyProgramme.organisation),
        rules.joinedload(SubsidyRule.recipient),
        rules.joinedload(SubsidyRule.proposed_by),
        rules.joinedload(SubsidyRule.decided_by),
    )


def _people_of_rules() -> tuple[ExecutableOption, ...]:
    return joinedload(SubsidyRule.proposed_by), joinedload(SubsidyRule.decided_by)
