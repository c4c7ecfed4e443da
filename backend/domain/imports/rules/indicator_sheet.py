"""The sheet of indicators (业务指标): one indicator a row, or a column for each."""

from __future__ import annotations

from backend.domain.activities.rules.indicators import Indicator
from backend.domain.imports.rules.cells import plain_text
from backend.domain.imports.rules.columns import Column, Formats, SheetFormat, SheetKind, coded, names
from backend.domain.imports.rules.indicator_values import headers_of, named_of, told_of
from backend.domain.imports.rules.ledger_days import month_of
from backend.domain.imports.rules.ledger_sheet import place_of

_INDICATORS = SheetFormat(
    SheetKind.INDICATORS,
    names("业务指标 指标 机构指标 业务数据 月报 业务月报 业务统计 统计 指标数据"),
    (
        Column(
            "organisation",
            names(
                coded("", "填报", "上报", "所属", "受援")
                + " 组织机构代码 医疗机构代码 机构名称 单位名称 医院名称 卫生院名称 医疗机构名称 单位 机构 医院 卫生院"
            ),
            place_of,
            required=True,
            hint="官方代码；没有代码时可填机构全称",
        ),
        Column(
            "month",
            names("年月 月份 统计月份 统计年月 数据月份 报告期 期间 月度 统计期间 日期 时间"),
            month_of,
            required=True,
            hint="如 2025-01",
        ),
        Column("indicator", names("指标 指标名称 业务指标 统计指标 项目"), named_of, asked=False),
        Column("value", names("数值 指标值 数量 值 数据 数 完成数"), told_of, asked=False),
        Column("outpatients", headers_of(Indicator.OUTPATIENTS), told_of, hint="没有上报的留空，0表示确实为0"),
        Column("inpatients", headers_of(Indicator.INPATIENTS), told_of, hint="同上"),
        Column("income", headers_of(Indicator.INCOME), told_of, hint="元；表头写“业务收入（万元）”时按万元"),
        Column("source", names("来源 数据来源 出处 依据 资料来源"), plain_text(200), hint="如 HIS月报；空白时为文件名"),
    ),
    one_of=("outpatients", "inpatients", "income", "indicator"),
    telling=("outpatients", "inpatients", "income", "indicator"),
)
INDICATOR_FORMATS: Formats = {SheetKind.INDICATORS: _INDICATORS}
