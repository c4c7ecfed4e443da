"""Rows below a header that list nothing: totals, signatures, notes, and the header again on the next printed page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from backend.domain.imports.rules.cells import text_of

_REMARK = re.compile(
    r"(?:\d{4}年)?(?:\d{1,2}月份?|第?[一二三四1-4]季度|[上下]半年|全年|本[月年季页])?(?:合计|总计|小计|累计|共计)|总人数|共\d+"
    r"|(?:制表|填表|填报|审核|审批|复核|经办|联系|(?:单位|科室|部门)?负责|分管|主管)(?:人|者|单位|部门|领导|时间|日期|电话)"
    r"|(?:备注|附注|注|说明|制表|填表|填报|审核|审批|复核|经办|日期|单位|电话)\d*(?:[:、.]|$)"
    r"|以上|本表|此表|\(?(?:单位)?\(?(?:盖章|公章)"
)


_TOTAL = frozenset({"合计", "总计", "小计", "累计", "共计"})


def is_total(value: object) -> bool:
    """Tell whether a cell says that its row sums up others."""
    return text_of(value).replace(" ", "").rstrip(":：") in _TOTAL


def begins_a_remark(cells: Iterable[object]) -> bool:
    """Tell whether the first cell that is not blank begins as totals, signatures and notes do."""
    first = next((text for cell in cells if (text := text_of(cell))), "")
    return _REMARK.match(unicodedata.normalize("NFKC", first).replace(" ", "")) is not None
