"""The sheet of an old ledger (工作日志): its columns, and what counties call them."""

from __future__ import annotations

import unicodedata

from backend.domain.imports.rules.activity_words import activity_kind_of
from backend.domain.imports.rules.amounts import said_of
from backend.domain.imports.rules.cells import code_of, name_of, plain_text, text_of
from backend.domain.imports.rules.columns import (
    PERSON_NAMES,
    STAFF_NUMBERS,
    Column,
    Formats,
    SheetFormat,
    SheetKind,
    coded,
    names,
)
from backend.domain.imports.rules.findings import CellProblem
from backend.domain.imports.rules.ledger_days import occurred_day_of


def unit_of(value: object) -> str:
    """Return what a quantity is said to count."""
    return unicodedata.normalize("NFKC", text_of(value)).replace(" ", "")[:10]


def place_of(value: object) -> str:
    """Return an organisation's code or name as a cell has it."""
    text = plain_text(60)(value)
    if isinstance(value, float):
        text = code_of(value)
    if not text:
        raise CellProblem("code_invalid", "请填写机构代码或机构全称。")
    return text


def _audience(*who: str) -> str:
    return " ".join(f"{word}{count}" for count in ("人次", "人数", "人次数") for word in who)


_TITLES = names(
    "主题或内容 主题 内容 题目 病种 主题内容 活动主题 活动内容 工作内容 讲座题目 讲座主题 授课题目 课题"
    " 病种名称 病名 诊断 疾病名称 手术名称 技术名称 具体内容 主要内容 工作主题 内容摘要 活动名称 项目名称"
    " 名称 内容描述 工作内容描述"
)
_QUANTITIES = names(
    "数量 次数 例数 台次 例次 台数 场次 场数 件数 数目 工作量 完成数量 完成数 完成量 数量次数 例次数 台次数"
    " 服务数量 活动次数 数"
)
_LEDGER = SheetFormat(
    SheetKind.ACTIVITIES,
    names("工作日志 工作台账 台账 活动台账 工作记录 活动记录 帮扶台账 支援台账 对口支援台账 工作登记 活动登记"),
    (
        Column(
            "occurred_on",
            names(
                "日期 活动日期 工作日期 开展日期 时间 活动时间 开展时间 工作时间 发生日期 实施日期 服务日期 服务时间"
                " 具体时间 具体日期 完成日期 讲座日期 日期时间 年月日 登记日期 活动开展时间 活动开展日期"
            ),
            occurred_day_of,
            required=True,
            hint="一天，如 2025-01-02；不能只写月份或一段日期",
        ),
        Column("staff_number", STAFF_NUMBERS, code_of, hint="设为文本以免丢失开头的0；没有工号时可改用“姓名”列"),
        Column(
            "name",
            (
                *PERSON_NAMES,
                *names(
                    "专家姓名 派驻专家 派驻医生 派驻医师 支援专家 支援医师 支援医生 支援人员 支援人员姓名 帮扶专家"
                    " 帮扶人员 帮扶医生 帮扶医师 帮扶人员姓名 下乡人员 下派人员 下派医师 专家 医师 医生 主讲人 主讲"
                    " 授课人 主讲专家 责任人 执行人"
                ),
            ),
            name_of,
            asked=False,
            hint="可不填；与工号都填时须一致",
        ),
        Column(
            "employer",
            names("支援医院机构代码 " + coded("支援", "派出", "派员", "选派") + " 工作单位 支援方 派出方"),
            place_of,
            asked=False,
        ),
        Column(
            "recipient",
            names(
                "受援机构代码 "
                + coded(
                    "受援", "派驻", "派往", "接收", "下派", "帮扶", "对口", "下沉", "服务", "基层", "受扶", "被帮扶"
                )
                + " 受援方 受援卫生院 受援基层医院 乡镇卫生院 卫生院 机构代码 医疗机构代码 机构名称 医疗机构名称"
                " 医院名称 单位名称 卫生院名称 医院 机构"
            ),
            place_of,
            hint="受援机构的官方代码；没有代码时可填机构全称；空白时为当天派驻的机构",
        ),
        Column(
            "kind",
            names(
                "类别 活动类别 工作类别 类型 活动类型 工作类型 项目类别 服务类别 服务类型 业务类别 业务类型 内容类别"
                " 帮扶类别 项目 工作项目 活动项目 服务项目 帮扶项目 支援项目 业务项目 活动形式 帮扶形式 工作形式"
                " 帮扶方式 事项 工作事项"
            ),
            activity_kind_of,
            required=True,
            hint="门诊、查房、教学查房、手术带教、讲座、义诊等，见“说明”",
        ),
        Column(
            "title",
            _TITLES,
            plain_text(500),
            hint="讲座题目、病种、手术名称、新技术名称、义诊地点等",
        ),
        Column(
            "quantity",
            _QUANTITIES,
            said_of,
            hint="整数；“20余”“约30”照写；没有上报的留空，0表示确实为0",
        ),
        Column("unit", names("单位 计量单位 数量单位 计数单位 统计单位 量词"), unit_of, hint="人次、例、台次、次"),
        Column(
            "person_times",
            names(
                "人次 "
                + _audience(
                    "听课", "受益", "参加", "参与", "参训", "培训", "受训", "服务", "覆盖", "惠及", "受众", "听众"
                )
                + " "
                + _audience("参会", "受教", "观摩", "群众", "义诊", "诊疗", "受惠", "参加人员", "学员")
                + " 人数 人次数 听众 参加人员数"
            ),
            said_of,
            hint="听课、参加或服务的人次；写法同数量",
        ),
        Column("note", names("备注 说明 备注说明 附注 注 备注信息 其他说明 备考"), plain_text(500)),
        # Some keep a column for topics and one for diagnoses, one for cases and one for operations.
        Column("title_too", (*_TITLES, "项目", "工作项目", "活动项目"), plain_text(500), asked=False),
        Column("quantity_too", _QUANTITIES, said_of, asked=False),
    ),
    one_of=("staff_number", "name"),
    telling=("occurred_on", "staff_number", "name"),
)
LEDGER_FORMATS: Formats = {SheetKind.ACTIVITIES: _LEDGER}
