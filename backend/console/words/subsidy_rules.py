"""What is called how of subsidy programmes, rules and budgets."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {
    "create_programme": "建立补贴项目",
    "add_item": "增加补贴名目",
    "propose_rule": "提出补贴规则",
    "approve_rule": "批准补贴规则",
    "reject_rule": "不批准补贴规则",
    "withdraw_rule": "撤回补贴规则",
    "set_budget": "设定补贴预算",
}
