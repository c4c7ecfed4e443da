"""The printed forms of an evaluation: what is on the paper is what the record says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from backend.domain.careers.models.evaluations import Evaluation, EvaluationPart
from backend.domain.careers.printing.evaluation import NO_DATE, PrintedEvaluation, Section
from backend.domain.careers.queries.evaluations import written_parts
from backend.domain.careers.queries.facts import facts_of
from backend.domain.careers.rules.evaluations import (
    EVALUATION_STATUS_LABELS,
    GRADE_LABELS,
    PART_LABELS,
    EvaluationStatus,
    Part,
)
from backend.domain.careers.rules.facts import Facts, Labelled
from backend.foundation import clock

_SIGN_AS = {
    Part.SELF: "本人签字",
    Part.DEPARTMENT: "科室负责人",
    Part.RECIPIENT: "负责人",
    Part.SUPPORTING: "负责人",
    Part.BUREAU: "负责人",
}
_ALWAYS = (Part.SELF, Part.DEPARTMENT, Part.RECIPIENT, Part.SUPPORTING)
NONE = "无"


def printed_evaluation(evaluation: Evaluation, *, verify_at: str) -> PrintedEvaluation:
    """Return the 鉴定表 as it is printed; `verify_at` is the address to which the code is added."""
    code = evaluation.verification_code
    facts = facts_of(evaluation)
    return PrintedEvaluation(
        fields=_fields(evaluation, facts),
        sections=list(_sections(evaluation, facts)),
        status_label=EVALUATION_STATUS_LABELS[evaluation.status],
        is_valid=evaluation.status is EvaluationStatus.COMPLETED,
        verification_code=code,
        verification_url=f"{verify_at}{code}" if code else None,
    )


def listed(values: tuple[Labelled, ...]) -> str:
    """Return values with their labels as one running text."""
    return "；".join(f"{one.label}：{one.value}" for one in values) or NONE


def _fields(evaluation: Evaluation, facts: Facts) -> list[list[tuple[str, str]]]:
    days = facts.actual_days_label
    if facts.months_open:
        days = f"{days}（{'、'.join(facts.months_open)}考勤表未会签，未计入）"
    return [
        [("姓名", facts.name), ("性别", facts.sex_label), ("出生日期", facts.born_on_label)],
        [("学历", evaluation.education), ("现任职称", facts.title), ("拟申报职称", evaluation.title_applied)],
        [("专业", evaluation.specialty), ("工号", facts.staff_number), ("接收科室", facts.department)],
        [("支援医院", facts.supporting), ("受援单位", facts.recipient)],
        [("派驻时间", facts.period_label)],
        [("应出勤", facts.due_days_label), ("实际天数", days)],
        [("请假情况", listed(facts.leave))],
    ]


def _sections(evaluation: Evaluation, facts: Facts) -> Iterator[Section]:
    written = {part.part: part for part in written_parts(evaluation)}
    yield _section(Part.SELF, written.get(Part.SELF))
    yield Section("工作量", listed(facts.workload))
    for part in (*_ALWAYS[1:], *([Part.BUREAU] if Part.BUREAU in written else [])):
        yield _section(part, written.get(part))
    if evaluation.objection:
        yield Section("本人异议", evaluation.objection)
        yield Section("异议答复", evaluation.objection_answer)
    yield Section(
        "鉴定等次",
        GRADE_LABELS[evaluation.grade] if evaluation.grade else "",
        signs="本人签字",
        signer_name=facts.name if evaluation.signed_at else "",
        signed_on_label=_day(evaluation.signed_at),
    )


def _section(part: Part, written: EvaluationPart | None) -> Section:
    return Section(
        PART_LABELS[part],
        written.opinion if written else "",
        grade_label=GRADE_LABELS[written.grade] if written and written.grade else "",
        signs=_SIGN_AS[part],
        signer_name=written.signer_name if written else "",
        signed_on_label=_day(written.signed_at if written else None),
        sealed=part is not Part.SELF,
    )


def _day(instant: datetime | None) -> str:
    if instant is None:
        return NO_DATE
    day = clock.local(instant).date()
    return f"{day.year}年{day.month}月{day.day}日"
