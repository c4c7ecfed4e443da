"""Situations in which a bank's answer cannot be taken, as a whole or for its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.foundation.errors import Invalid


@dataclass(frozen=True, order=True)
class LineProblem:
    """Why a line cannot be taken; the text quotes nothing that could be an account."""

    row: int  # as people count, from 1
    text: str


class AnswerWithoutColumns(Invalid):
    """No row names the columns that are needed."""

    code = "bank_answer_columns"
    message = "没有找到表头。回盘文件应有这些列：流水号、金额、结果、日期（失败的另有原因）。"

    def __init__(self, missing: Sequence[str] = ()) -> None:
        super().__init__(f"回盘文件缺少列：{'、'.join(missing)}。请向银行索取含这些列的文件。" if missing else None)


class AnswerEmpty(Invalid):
    """There is no line below the header."""

    code = "bank_answer_empty"
    message = "回盘文件里没有一笔结果，请确认选对了文件。"


class BankAnswerRefused(Invalid):
    """It has lines that cannot be: nothing of it was taken."""

    code = "bank_answer_refused"
    message = "回盘文件有误，没有登记任何结果。请按下列各行核对后重新上传。"

    def __init__(self, problems: Sequence[LineProblem]) -> None:
        super().__init__()
        self.problems = tuple(sorted(problems))
