"""Programmes, items and the versions of rules: proposed by one person, approved by another."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql.ranges import Range

from backend.domain.access.rules import Action
from backend.domain.audit.service import record_event
from backend.domain.organisations.queries import get_organisation
from backend.domain.organisations.rules.kinds import OrganisationKind, may_receive, may_support
from backend.domain.organisations.rules.proposals import RULE_TRANSITIONS, RuleAction, RuleStatus
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
from backend.domain.subsidies.queries.rules import (
    get_item,
    get_programme,
    get_rule,
    months_of,
    require_programme_right,
)
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.terms import (
    Months,
    RuleTerms,
    ended_by,
    why_not_document,
    why_not_months,
    why_not_terms,
)
from backend.domain.subsidies.service.rule_notices import tell_approvers, tell_proposer
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import StaleVersion
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

_LONGEST = 60  # characters of a name
_OVERLAPS = {"subsidy_rules_one_at_a_time_excl": RuleOverlaps}


@dataclass(frozen=True, kw_only=True)
class RuleProposal:
    """A version of a rule as somebody proposes it: whole months, at most one audience, and its document.

    `until`: the first month in which it no longer holds, None for without end.
    """

    starts_on: date
    document_title: str
    document_number: str
    until: date | None = None
    level: str = ""
    recipient_id: UUID | None = None
    terms: RuleTerms = field(default_factory=RuleTerms)


def create_programme(actor: Actor, *, organisation_id: UUID, name: str) -> SubsidyProgramme:
    """Open a programme in an organisation: it holds for the hospitals at and below it.

    Raises:
        NotFound, Forbidden: it is not the actor's to open one there.
        ProgrammeInvalid: it has no name, or the organisation sends nobody.
        ProgrammeExists: there is one of this name.
    """
    with transaction() as session:
        organisation = get_organisation(organisation_id)
        require_programme_right(actor, Action.WRITE, organisation_id)
        if organisation.kind is not OrganisationKind.BUREAU and not may_support(organisation.kind):
            raise ProgrammeInvalid("只有派出人员的医院和卫生健康局可以设立补贴项目。")
        programme = SubsidyProgramme(id=new_id(), organisation=organisation, name=_named(name))
        with refusals({"subsidy_programmes_organisation_id_name_key": ProgrammeExists}):
            session.add(programme)
        record_event(
            actor, "create_programme", "subsidy_programme", programme.id, organisation_id=programme.organisation_id
        )
        return programme


def add_item(
    actor: Actor, programme_id: UUID, *, name: str, kind: ItemKind, exclusion: str = "", priority: int = 0
) -> SubsidyItem:
    """Add a name under which money is paid; of those of one exclusion group only one is paid for the same time.

    Raises:
        NotFound, Forbidden: it is not the actor's programme to change.
        ProgrammeInvalid: it has no name, or the priority is out of range.
        ItemExists: the programme has one of this name.
    """
    with transaction() as session:
        programme = get_programme(actor, programme_id, Action.WRITE)
        if not 0 <= priority <= 99:
            raise ProgrammeInvalid("优先次序请填0到99，数字小的先发。", fields={"priority": ["请填0到99。"]})
        item = SubsidyItem(
            id=new_id(),
            programme=programme,
            name=_named(name),
            kind=kind,
            exclusion=exclusion.strip()[:_LONGEST],
            priority=priority,
        )
        with refusals({"subsidy_items_programme_id_name_key": ItemExists}):
            session.add(item)
        record_event(
            actor,
            "add_item",
            "subsidy_item",
            item.id,
            organisation_id=programme.organisation_id,
            kind=kind,
            exclusion=item.exclusion,
        )
        return item


def propose_rule(actor: Actor, item_id: UUID, proposal: RuleProposal) -> SubsidyRule:
    """Propose a version of what an item pays; it holds once another person has approved it.

    Raises:
        NotFound, Forbidden: it is not the actor's item.
        RuleInvalid: the terms, months, audience or document make no rule.
        RuleOverlaps: an approved version stands in some of its months and begins no sooner.
    """
    with transaction() as session:
        item = get_item(actor, item_id, Action.WRITE)
        _require_proposal(item, proposal)
        rule = SubsidyRule(
            id=new_id(),
            item=item,
            level=proposal.level.strip(),
            recipient_id=proposal.recipient_id,
            during=Range(proposal.starts_on, proposal.until),
            document_title=proposal.document_title.strip(),
            document_number=proposal.document_number.strip(),
            status=RuleStatus.PROPOSED,
            proposed_by_person_id=actor.person_id,
            proposed_at=clock.now(),
            **asdict(proposal.terms),
        )
        session.add(rule)
        session.flush()
        _versions_ended_by(rule)
        record_event(
            actor,
            "propose_rule",
            "subsidy_rule",
            rule.id,
            organisation_id=item.programme.organisation_id,
            item_id=str(item.id),
            starts_on=proposal.starts_on.isoformat(),
        )
        tell_approvers(rule)
        return rule


def approve_rule(actor: Actor, rule_id: UUID, version: int) -> SubsidyRule:
    """Let a proposed version hold; the one before, which began sooner for the same audience, ends where it begins.

    What was computed under the one before stays: its lines are frozen with the version that they came from.

    Raises:
        NotFound, Forbidden: it is not the actor's to decide.
        OwnProposal: the actor proposed it.
        RuleDecided: it is no longer waiting.
        StaleVersion: it was changed since it was read.
        RuleOverlaps: another version stands in some of its months and begins no sooner.
    """
    with transaction() as session:
        rule = _waiting_rule(actor, rule_id, version, RuleAction.APPROVE)
        for before in _versions_ended_by(rule):
            before.during = Range(before.during.lower, rule.during.lower)
            before.version += 1
        session.flush()  # the one before ends first: the database allows no month with two
        with refusals(_OVERLAPS):
            _decide(actor, rule, RuleAction.APPROVE)
        return rule


def reject_rule(actor: Actor, rule_id: UUID, version: int, reason: str) -> SubsidyRule:
    """Refuse a proposed version, with a reason.

    Raises:
        NotFound, Forbidden, OwnProposal, RuleDecided, StaleVersion: as approve_rule.
        ReasonMissing: no reason is given.
    """
    with transaction():
        rule = _waiting_rule(actor, rule_id, version, RuleAction.REJECT)
        if not reason.strip():
            raise ReasonMissing(fields={"reason": ["请填写理由。"]})
        _decide(actor, rule, RuleAction.REJECT, reason.strip())
        return rule


def withdraw_rule(actor: Actor, rule_id: UUID, version: int) -> SubsidyRule:
    """Take back what the actor proposed.

    Raises:
        NotFound, Forbidden: it is not of an item of the actor's.
        NotOwnProposal: another person proposed it.
        RuleDecided, StaleVersion: as approve_rule.
    """
    with transaction():
        rule = _waiting_rule(actor, rule_id, version, RuleAction.WITHDRAW)
        rule.status = RULE_TRANSITIONS[rule.status, RuleAction.WITHDRAW]
        rule.version += 1
        _record(actor, rule, RuleAction.WITHDRAW)
        return rule


def versions_ended_by(actor: Actor, rule_id: UUID) -> list[SubsidyRule]:
    """Return the approved versions that approving a proposed one would end.

    Raises:
        NotFound, Forbidden: it is not the actor's to read.
        RuleOverlaps: it cannot be approved.
    """
    return _versions_ended_by(get_rule(actor, rule_id))


def _named(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= _LONGEST:
        raise ProgrammeInvalid(f"请填写名称，不超过{_LONGEST}个字。", fields={"name": ["请填写名称。"]})
    return name


def _require_proposal(item: SubsidyItem, proposal: RuleProposal) -> None:
    wrong = (
        why_not_terms(item.kind, proposal.terms)
        or why_not_months(proposal.starts_on, proposal.until)
        or _why_not_audience(proposal)
        or why_not_document(proposal.document_title, proposal.document_number)
    )
    if wrong is not None:
        name, text = wrong
        raise RuleInvalid(text, fields={name: [text]})


def _why_not_audience(proposal: RuleProposal) -> tuple[str, str] | None:
    if proposal.recipient_id is None:
        return None
    if proposal.level.strip():
        return "recipient_id", "适用范围请只选一种：某一级别，或某一受援单位。"
    return None if may_receive(get_organisation(proposal.recipient_id).kind) else ("recipient_id", "请选择受援单位。")


def _waiting_rule(actor: Actor, rule_id: UUID, version: int, action: RuleAction) -> SubsidyRule:
    """Return the rule for this action, after locking its item: of one item, one version at a time is decided."""
    right = Action.WRITE if action is RuleAction.WITHDRAW else Action.DECIDE
    rule = get_rule(actor, rule_id, right)
    db.session.execute(select(SubsidyItem.id).where(SubsidyItem.id == rule.item_id).with_for_update())
    db.session.refresh(rule, ["status", "version", "during"])
    if (rule.status, action) not in RULE_TRANSITIONS:
        raise RuleDecided
    if rule.version != version:
        raise StaleVersion
    own = rule.proposed_by_person_id == actor.person_id
    if action is RuleAction.WITHDRAW and not own:
        raise NotOwnProposal
    if action is not RuleAction.WITHDRAW and own:
        raise OwnProposal
    return rule


def _versions_ended_by(rule: SubsidyRule) -> list[SubsidyRule]:
    statement = select(SubsidyRule).where(
        SubsidyRule.item_id == rule.item_id,
        SubsidyRule.audience == rule.audience,
        SubsidyRule.status == RuleStatus.APPROVED,
        SubsidyRule.during.overlaps(rule.during),
    )
    ended = []
    for existing in db.session.scalars(statement):
        if ended_by(months_of(existing), months_of(rule)) is None:
            raise RuleOverlaps(_overlap_text(months_of(existing)))
        ended.append(existing)
    return ended


def _overlap_text(existing: Months) -> str:
    return f"与已批准的规则（{existing.text()}）月份重叠。新规则要晚于它的起始月份开始，或避开这些月份。"


def _decide(actor: Actor, rule: SubsidyRule, action: RuleAction, reason: str = "") -> None:
    rule.status = RULE_TRANSITIONS[rule.status, action]
    rule.decided_by_person_id = actor.person_id
    rule.decided_at = clock.now()
    rule.decision_reason = reason
    rule.version += 1
    _record(actor, rule, action)
    tell_proposer(rule)


def _record(actor: Actor, rule: SubsidyRule, action: RuleAction) -> None:
    organisation_id = rule.item.programme.organisation_id
    record_event(actor, f"{action}_rule", "subsidy_rule", rule.id, organisation_id=organisation_id)
