"""What is called how of patients."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {
    "add_patient": "添加就诊人",
    "change_patient_contact": "修改就诊人联系方式",
    "remove_patient": "移除就诊人",
    "register_patient": "登记就诊人",
    "correct_patient_name": "按证件更正就诊人姓名",
    "find_patients": "查找就诊人",
    "open_patient": "查看就诊人完整信息",
}
