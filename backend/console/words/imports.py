"""What is called how of spreadsheets that are imported."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {
    "upload_roster": "上传名册",
    "confirm_roster": "确认导入名册",
    "import_roster": "导入名册",
    "upload_ledger": "上传工作台账",
    "confirm_ledger": "确认导入工作台账",
    "import_ledger": "导入工作台账",
    "withdraw_ledger": "撤回导入的工作台账",
    "upload_indicators": "上传业务指标",
    "confirm_indicators": "确认导入业务指标",
    "import_indicators": "导入业务指标",
}
