"""What is called how of payment runs and bank accounts."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {
    "set_bank_account": "登记收款账号",
    "prepare_payment_run": "编制发放批次",
    "release_payment_run": "放行发放批次",
    "refuse_payment_run": "否决发放批次",
    "download_payment_file": "下载完整付款文件",
    "settle_payment": "登记发放结果",
    "take_bank_answer": "导入银行回盘",
}
