"""What is called how of activity records and indicators."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {
    "record_activity": "记工作日志",
    "change_activity": "修改工作日志",
    "submit_activity": "提交工作日志",
    "recall_activity": "撤回工作日志",
    "discard_activity": "放弃工作日志",
    "open_activity": "查看含患者信息的工作日志",
    "countersign_activity": "会签工作日志",
    "return_activity": "退回工作日志",
    "amend_activity": "更正工作日志",
    "set_indicator": "填报业务指标",
    "withdraw_indicator": "撤回业务指标",
    "request_activity_export": "导出工作日志",
    "download_activity_export": "下载导出的工作日志",
    "export_patients_of_activities": "导出工作日志中的患者信息",
}
