"""What is called how of receipts and drafted claims."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {
    "add_receipt": "登记票据",
    "withdraw_receipt": "撤回票据",
    "read_receipt": "查看票据",
    "draft_claim": "拟定补贴",
    "find_subsidy_mismatch": "补贴对账不一致",
    "redraft_claim": "重新拟定补贴",
}
