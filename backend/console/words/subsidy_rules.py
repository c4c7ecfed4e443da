"""What is called how of subsidy programmes, rules and budgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from backend.console.words.looks import state
from backend.domain.organisations.rules.proposals import RULE_STATUS_LABELS, RuleStatus
from backend.domain.subsidies.models.programmes import SubsidyRule
from backend.foundation.money import yuan

ACTIONS: Mapping[str, str] = {
    "create_programme": "建立补贴项目",
    "add_item": "增加补贴名目",
    "propose_rule": "提出补贴规则",
    "approve_rule": "批准补贴规则",
    "reject_rule": "不批准补贴规则",
    "withdraw_rule": "撤回补贴规则",
    "set_budget": "设定补贴预算",
}
_UNDECIDED = {RuleStatus.PROPOSED: "on", RuleStatus.REJECTED: "bad", RuleStatus.WITHDRAWN: "calm"}


def rule_state(rule: SubsidyRule, today: date) -> Markup:
    """Return where a version of a rule stands on a day."""
    if rule.status in _UNDECIDED:
        return state(RULE_STATUS_LABELS[rule.status], _UNDECIDED[rule.status])
    if today in rule.during:
        return state("执行中", "good")
    return state("将执行", "calm") if rule.during.lower and today < rule.during.lower else state("已结束", "calm")


NAMES: Mapping[str, Any] = {"rule_state": rule_state}
FILTERS: Mapping[str, Callable[..., Any]] = {"yuan": yuan}
