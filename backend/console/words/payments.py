"""What is called how of payment runs and bank accounts."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {
    "set_bank_account": "登记收款账号",
}
