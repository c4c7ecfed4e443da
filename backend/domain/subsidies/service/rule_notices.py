"""Telling those who may approve that a rule was proposed, and who proposed it what was decided."""

from __future__ import annotations

from backend.domain.access.rules import TABLE, Action, Party, Resource
from backend.domain.accounts.queries.people import holders_of
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notice, owe_notices
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.domain.subsidies.models.programmes import SubsidyRule
from backend.domain.subsidies.queries.rules import months_of, terms_of
from backend.domain.subsidies.rules.terms import sum_text


def tell_approvers(rule: SubsidyRule) -> None:
    """Owe a notice to everybody who may decide on a proposed version, but not to who proposed it."""
    notice = Notice(NoticeKind.RULE_PROPOSED, "补贴规则待批准", f"{_content_of(rule)}。请在电脑端“补贴规则”中办理。")
    roles = TABLE[Resource.SUBSIDY_RULE][Action.DECIDE][Party.OWN]
    people = {person for role in roles for person in holders_of(role, rule.item.programme.organisation_id)}
    owe_notices(
        [
            Owed(person_id=person, notice=notice, dedupe_key=f"rule_proposed:{rule.id}:{person}")
            for person in sorted(people - {rule.proposed_by_person_id})
        ]
    )


def tell_proposer(rule: SubsidyRule) -> None:
    """Owe a notice to who proposed a version that was approved or refused."""
    if rule.proposed_by_person_id is None:
        return
    approved = rule.status is RuleStatus.APPROVED
    told = "已批准，从起始月份起执行。" if approved else f"未批准：{rule.decision_reason}"
    notice = Notice(
        NoticeKind.RULE_DECIDED,
        "补贴规则已批准" if approved else "补贴规则未批准",
        f"{_content_of(rule)}。{told}",
    )
    owe_notice(rule.proposed_by_person_id, notice, dedupe_key=f"rule_decided:{rule.id}")


def _content_of(rule: SubsidyRule) -> str:
    item = rule.item
    return f"{item.programme.name}·{item.name}：{sum_text(item.kind, terms_of(rule))}，{months_of(rule).text()}"
