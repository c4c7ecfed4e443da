"""Telling those who may approve that a rule was proposed."""

from __future__ import annotations

from backend.domain.access.rules import TABLE, Action, Party, Resource
from backend.domain.accounts.queries.people import holders_of
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.subsidies.models.programmes import SubsidyRule
from backend.domain.subsidies.queries.rules import months_of, terms_of
from backend.domain.subsidies.rules.terms import sum_text


def tell_approvers(rule: SubsidyRule) -> None:
    """Owe a notice to everybody who may decide on a proposed version, but not to who proposed it."""
    item = rule.item
    notice = Notice(
        NoticeKind.RULE_PROPOSED,
        "补贴规则待批准",
        f"{item.programme.name}·{item.name}：{sum_text(item.kind, terms_of(rule))}，{months_of(rule).text()}。"
        "请在电脑端“补贴规则”中办理。",
    )
    roles = TABLE[Resource.SUBSIDY_RULE][Action.DECIDE][Party.OWN]
    people = {person for role in roles for person in holders_of(role, item.programme.organisation_id)}
    owe_notices(
        [
            Owed(person_id=person, notice=notice, dedupe_key=f"rule_proposed:{rule.id}:{person}")
            for person in sorted(people - {rule.proposed_by_person_id})
        ]
    )
