"""What is called how of evaluations at the end of a dispatch."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {
    "write_evaluation_part": "填写鉴定意见",
    "return_evaluation": "退回鉴定",
    "object_to_evaluation": "对鉴定提出异议",
    "answer_objection": "答复鉴定异议",
    "complete_evaluation": "完成鉴定",
    "grant_leave_credit": "发放奖励假",
}
