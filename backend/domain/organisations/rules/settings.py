"""The registry of settings: what each may be, and whether it must name its document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.domain.organisations.rules.titles import TITLES_BY_RANK


@dataclass(frozen=True)
class SettingDefinition:
    """A setting that the product knows.

    `needs_document`: it decides money, rights or a refusal, so each value names its document and there is no
    preset; others have one.
    """

    key: str
    label: str
    kind: type[int] | type[str]
    needs_document: bool
    preset: Any = None
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()


SETTINGS: Mapping[str, SettingDefinition] = {
    definition.key: definition
    for definition in (
        SettingDefinition(
            "dispatch.minimum_title",
            "派驻人员最低职称",
            str,
            needs_document=True,
            choices=tuple(title for rank in TITLES_BY_RANK for title in rank),
        ),
        SettingDefinition(
            "dispatch.maximum_age",
            "派驻人员最高年龄（周岁）",
            int,
            needs_document=True,
            minimum=18,
            maximum=80,
        ),
        SettingDefinition(
            "attendance.late_upload_days",
            "离线签到最迟补传天数",
            int,
            needs_document=True,
            minimum=0,
            maximum=31,
        ),
        SettingDefinition(
            "attendance.timesheet_needs_scan",
            "考勤表须附签字盖章的扫描件",
            str,
            needs_document=True,
            choices=("是",),
        ),
        SettingDefinition(
            "attendance.corrections_a_month",
            "每人每月最多补签次数",
            int,
            needs_document=True,
            minimum=0,
            maximum=62,
        ),
        SettingDefinition(
            "attendance.correction_days",
            "可以补签最近多少天",
            int,
            needs_document=True,
            minimum=0,
            maximum=366,
        ),
        SettingDefinition(
            "attendance.leave_days_of_recipient",
            "请假超过多少天须支援医院同意",
            int,
            needs_document=True,
            minimum=0,
            maximum=366,
        ),
        SettingDefinition(
            "attendance.long_leave_days",
            "请假超过多少天暂停派驻",
            int,
            needs_document=True,
            minimum=0,
            maximum=366,
        ),
        SettingDefinition(
            "attendance.coordinates_kept_days",
            "原始坐标保存天数",
            int,
            needs_document=False,
            preset=90,
            minimum=1,
            maximum=730,
        ),
        SettingDefinition(
            "attendance.spot_check_share_percent",
            "每周随机查岗比例（占在岗人数的百分比）",
            int,
            needs_document=True,
            minimum=1,
            maximum=100,
        ),
        SettingDefinition(
            "attendance.residence_check_percent",
            "每周夜间驻地抽查比例（占在岗人数的百分比）",
            int,
            needs_document=True,
            minimum=1,
            maximum=100,
        ),
        SettingDefinition(
            "activities.late_after_days",
            "工作日志超过多少天提交标为补记",
            int,
            needs_document=False,
            preset=7,
            minimum=0,
            maximum=366,
        ),
        SettingDefinition(
            "careers.bureau_evaluates",
            "鉴定须由卫健局填写意见",
            str,
            needs_document=True,
            choices=("是",),
        ),
        SettingDefinition(
            "careers.leave_days_earned",
            "派驻期满奖励假天数",
            int,
            needs_document=True,
            minimum=1,
            maximum=92,
        ),
        SettingDefinition(
            "careers.leave_months_valid",
            "奖励假在派驻期满后多少个月内有效",
            int,
            needs_document=True,
            minimum=1,
            maximum=60,
        ),
        SettingDefinition(
            "clinics.bookings_a_day",
            "每位患者每天最多预约次数",
            int,
            needs_document=True,
            minimum=1,
            maximum=20,
        ),
        SettingDefinition(
            "clinics.bookings_a_month",
            "每位患者每月最多预约次数",
            int,
            needs_document=True,
            minimum=1,
            maximum=200,
        ),
        SettingDefinition(
            "clinics.noshows_allowed",
            "未到诊几次后暂停手机预约",
            int,
            needs_document=True,
            minimum=1,
            maximum=20,
        ),
        SettingDefinition(
            "clinics.noshow_window_days",
            "未到诊次数按最近多少天计",
            int,
            needs_document=True,
            minimum=1,
            maximum=366,
        ),
        SettingDefinition(
            "clinics.suspension_days",
            "多次未到诊暂停手机预约天数",
            int,
            needs_document=True,
            minimum=1,
            maximum=366,
        ),
        SettingDefinition(
            "clinics.offer_minutes",
            "候补到号后保留多少分钟",
            int,
            needs_document=False,
            preset=60,
            minimum=10,
            maximum=1440,
        ),
        SettingDefinition(
            "clinics.closure_offer_hours",
            "停诊改约的号保留多少小时",
            int,
            needs_document=False,
            preset=24,
            minimum=1,
            maximum=168,
        ),
        SettingDefinition(
            "clinics.release_days",
            "坐诊提前多少天放号",
            int,
            needs_document=False,
            preset=7,
            minimum=0,
            maximum=90,
        ),
        SettingDefinition(
            "clinics.cancel_hours",
            "患者最迟在开诊前多少小时取消预约",
            int,
            needs_document=False,
            preset=2,
            minimum=0,
            maximum=168,
        ),
    )
}


def why_not_setting(definition: SettingDefinition, value: Any, *, document_number: str) -> str | None:
    """Say in Chinese why the value cannot be set, None when it can. A value of None ends the setting."""
    if definition.needs_document and not document_number.strip():
        return "这项设置涉及待遇或权利，请填写依据文件和文号。"
    if value is None:
        return None
    if definition.kind is int:
        return _why_not_whole_number(definition, value)
    if definition.choices and value not in definition.choices:
        return "请从列表中选择。"
    return None


def _why_not_whole_number(definition: SettingDefinition, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return "请填写整数。"
    low, high = definition.minimum, definition.maximum
    if low is not None and high is not None and not low <= value <= high:
        return f"请填写{low}到{high}之间的整数。"
    return None
