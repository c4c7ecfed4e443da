"""What is called how of subsidy claims and their approval."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {
    "submit_claim": "提交补贴",
    "approve_claim": "审批补贴",
    "return_claim": "退回补贴",
    "request_subsidy_export": "导出下乡补贴",
    "download_subsidy_export": "下载导出的下乡补贴",
    "reject_claim": "不予发放补贴",
    "set_approval_chain": "设置补贴审批流程",
}
