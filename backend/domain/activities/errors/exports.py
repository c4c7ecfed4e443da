"""Situations in which records are not exported."""

from __future__ import annotations

from backend.foundation.errors import Invalid


class NothingToExport(Invalid):
    """The filter keeps no record."""

    code = "nothing_to_export"
    message = "没有符合条件的工作日志，请放宽筛选条件后再导出。"


class TooManyToExport(Invalid):
    """More than a spreadsheet holds."""

    code = "too_many_to_export"
    message = "符合条件的工作日志超过100万条，一个表格放不下。请按年份或单位分次导出。"
