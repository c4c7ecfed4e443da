"""What is called how of promotion and its rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from markupsafe import Markup

from backend.console.words.looks import state
from backend.domain.careers.models.promotion import PromotionRule
from backend.domain.organisations.rules.proposals import RULE_STATUS_LABELS, RuleStatus

ACTIONS: Mapping[str, str] = {
    "propose_promotion_rule": "提出晋升规则",
    "approve_promotion_rule": "批准晋升规则",
    "reject_promotion_rule": "不批准晋升规则",
    "withdraw_promotion_rule": "撤回晋升规则",
    "enter_service": "登记以往服务经历",
    "file_service_paper": "上传服务经历的证明材料",
    "withdraw_service": "撤销服务经历",
    "read_service_paper": "查看服务经历的证明材料",
    "record_refusal": "记录拒绝派驻",
    "withdraw_refusal": "撤销拒绝派驻记录",
    "issue_certificate": "出具服务证明",
    "revoke_certificate": "作废服务证明",
    "read_certificate": "查看服务证明",
    "request_promotion_export": "提出导出晋升资格",
    "download_promotion_export": "下载晋升资格表",
}
_LOOKS = {
    RuleStatus.PROPOSED: "warn",
    RuleStatus.APPROVED: "good",
    RuleStatus.REJECTED: "bad",
    RuleStatus.WITHDRAWN: "calm",
}


def verdict_state(is_met: bool) -> Markup:
    """Return whether something is met, as sign and word."""
    return state("已符合", "good") if is_met else state("尚不符合", "missing")


def rule_state(rule: PromotionRule, today: date) -> Markup:
    """Return where a rule stands: an approved one by whether it holds today."""
    if rule.status is not RuleStatus.APPROVED:
        return state(RULE_STATUS_LABELS[rule.status], _LOOKS[rule.status])
    if rule.during.lower is not None and today < rule.during.lower:
        return state("已批准，未生效", "calm")
    return state("执行中", "good") if today in rule.during else state("已失效", "calm")
