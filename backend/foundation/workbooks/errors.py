"""Situations in which a workbook cannot be read."""

from __future__ import annotations

from backend.foundation.errors import Invalid

_SAVE_AS = "请用 Excel 或 WPS 另存为“Excel 工作簿（*.xlsx）”后重新上传。"


class WorkbookUnreadable(Invalid):
    """The file is no workbook that can be read."""

    code = "workbook_unreadable"
    message = f"无法读取这个文件。{_SAVE_AS}"


class WorkbookEmpty(WorkbookUnreadable):
    """There is nothing in it."""

    code = "workbook_empty"
    message = "文件是空的。请选择填写好的表格，或先下载模板填写。"


class WorkbookOld(WorkbookUnreadable):
    """An .xls, .et, .xlsb or .ods, whatever its name says."""

    code = "workbook_old_format"
    message = f"文件不是 .xlsx 格式（可能是 .xls、.et、.xlsb 或 .ods 改了后缀名）。{_SAVE_AS}"


class WorkbookIsText(WorkbookUnreadable):
    """A CSV, an HTML table or other text."""

    code = "workbook_is_text"
    message = f"文件其实是文本或网页（如 .csv），不是 .xlsx 工作簿。{_SAVE_AS}"


class WorkbookProtected(WorkbookUnreadable):
    """It opens with a password only."""

    code = "workbook_password"
    message = "文件设有打开密码，无法读取。请在 Excel 或 WPS 中取消“用密码进行加密”后重新上传。"


class WorkbookDamaged(WorkbookUnreadable):
    """It begins like a workbook, but is not whole."""

    code = "workbook_damaged"
    message = f"文件已损坏或不完整。{_SAVE_AS}"


class WorkbookNumberUnreadable(WorkbookUnreadable):
    """A number stands in a cell of a date or time format that no date or time can be."""

    code = "workbook_number_unreadable"
    message = (
        "有单元格设成了日期或时间格式，里面的数字却不是日期（常见于手机号、身份证号列）。请把这些列设为文本后重新填写。"
    )


class WorkbookTooLarge(WorkbookUnreadable):
    """It is, or unpacks to, more than any of these can be."""

    code = "workbook_too_large"
    message = "文件过大。每个工作表最多100000行、60列，文件最大20 MB；请删除无关的工作表和内容，或分成几个文件导入。"
