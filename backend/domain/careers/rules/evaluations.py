"""The evaluation at the end of a dispatch (鉴定): its parts, who writes which, and the order they come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from backend.domain.access.rules import Party
from backend.domain.careers.errors.evaluations import (
    DispatchNotOver,
    GradeMissing,
    GradeNotAsked,
    MonthsNotCountersigned,
    OpinionMissing,
    SignerMissing,
)
from backend.foundation.errors import BangfuError


class Part(StrEnum):
    """Whose words a part of the form holds, in the order in which they are written."""

    SELF = "self"
    DEPARTMENT = "department"  # that received the person
    RECIPIENT = "recipient"
    SUPPORTING = "supporting"
    BUREAU = "bureau"  # where a setting asks for it


class Grade(StrEnum):
    """The outcome, as the forms have it."""

    EXCELLENT = "excellent"
    QUALIFIED = "qualified"
    BARELY = "barely"
    FAILED = "failed"


class EvaluationStatus(StrEnum):
    """Whose turn it is."""

    SELF = "self"
    DEPARTMENT = "department"
    RECIPIENT = "recipient"
    SUPPORTING = "supporting"
    BUREAU = "bureau"
    SIGNATURE = "signature"  # the person signs or objects
    OBJECTED = "objected"  # the supporting hospital answers
    COMPLETED = "completed"


class EvaluationAction(StrEnum):
    """What may be done with an evaluation."""

    WRITE = "write"  # the part whose turn it is
    RETURN = "return"  # to the one whose part came before
    SIGN = "sign"
    OBJECT = "object"
    UPHOLD = "uphold"  # the objection is answered, the opinion stays
    REVISE = "revise"  # the objection is heard: the supporting hospital writes again


EVALUATION_TRANSITIONS: Mapping[tuple[EvaluationStatus, EvaluationAction], EvaluationStatus] = {
    (EvaluationStatus.SELF, EvaluationAction.WRITE): EvaluationStatus.DEPARTMENT,
    (EvaluationStatus.DEPARTMENT, EvaluationAction.WRITE): EvaluationStatus.RECIPIENT,
    (EvaluationStatus.DEPARTMENT, EvaluationAction.RETURN): EvaluationStatus.SELF,
    (EvaluationStatus.RECIPIENT, EvaluationAction.WRITE): EvaluationStatus.SUPPORTING,
    (EvaluationStatus.RECIPIENT, EvaluationAction.RETURN): EvaluationStatus.DEPARTMENT,
    (EvaluationStatus.SUPPORTING, EvaluationAction.WRITE): EvaluationStatus.BUREAU,
    (EvaluationStatus.SUPPORTING, EvaluationAction.RETURN): EvaluationStatus.RECIPIENT,
    (EvaluationStatus.BUREAU, EvaluationAction.WRITE): EvaluationStatus.SIGNATURE,
    (EvaluationStatus.BUREAU, EvaluationAction.RETURN): EvaluationStatus.SUPPORTING,
    (EvaluationStatus.SIGNATURE, EvaluationAction.SIGN): EvaluationStatus.COMPLETED,
    (EvaluationStatus.SIGNATURE, EvaluationAction.OBJECT): EvaluationStatus.OBJECTED,
    (EvaluationStatus.OBJECTED, EvaluationAction.UPHOLD): EvaluationStatus.COMPLETED,
    (EvaluationStatus.OBJECTED, EvaluationAction.REVISE): EvaluationStatus.SUPPORTING,
}
"""Where no bureau takes part, what would be its turn is the signature's."""

PASSED = frozenset({Grade.EXCELLENT, Grade.QUALIFIED})
GRADE_LABELS = {
    Grade.EXCELLENT: "优秀",
    Grade.QUALIFIED: "合格",
    Grade.BARELY: "基本合格",
    Grade.FAILED: "不合格",
}
PART_LABELS = {
    Part.SELF: "个人总结",
    Part.DEPARTMENT: "接收科室意见",
    Part.RECIPIENT: "受援医院意见",
    Part.SUPPORTING: "支援医院意见",
    Part.BUREAU: "卫生健康行政部门意见",
}
EVALUATION_STATUS_LABELS = {
    EvaluationStatus.SELF: "待本人总结",
    EvaluationStatus.DEPARTMENT: "待接收科室填写",
    EvaluationStatus.RECIPIENT: "待受援医院填写",
    EvaluationStatus.SUPPORTING: "待支援医院填写",
    EvaluationStatus.BUREAU: "待卫健局填写",
    EvaluationStatus.SIGNATURE: "待本人签字",
    EvaluationStatus.OBJECTED: "本人有异议",
    EvaluationStatus.COMPLETED: "已完成",
}
TURN_LABELS = {
    EvaluationStatus.SELF: "本人",
    EvaluationStatus.DEPARTMENT: "接收科室（由受援单位填写）",
    EvaluationStatus.RECIPIENT: "受援单位",
    EvaluationStatus.SUPPORTING: "支援医院",
    EvaluationStatus.BUREAU: "卫健局",
    EvaluationStatus.SIGNATURE: "本人",
    EvaluationStatus.OBJECTED: "支援医院",
    EvaluationStatus.COMPLETED: "",
}
TURNS: Mapping[EvaluationStatus, Party] = {
    EvaluationStatus.SELF: Party.SELF,
    EvaluationStatus.DEPARTMENT: Party.RECIPIENT,  # whose head has no account: the recipient enters what they wrote
    EvaluationStatus.RECIPIENT: Party.RECIPIENT,
    EvaluationStatus.SUPPORTING: Party.SUPPORTING,
    EvaluationStatus.BUREAU: Party.BUREAU,
    EvaluationStatus.SIGNATURE: Party.SELF,
    EvaluationStatus.OBJECTED: Party.SUPPORTING,
}
"""Who acts while it stands so; completed it is nobody's turn."""

PARTS = tuple(Part)
MUST_GRADE = frozenset({Part.RECIPIENT, Part.SUPPORTING})
MAY_GRADE = MUST_GRADE | {Part.DEPARTMENT}
EVALUATED_FROM_DAYS = 28
"""A shorter dispatch, a visit of single days say, ends without an evaluation."""
OPENED_DAYS_AHEAD = 14
OPENED_DAYS_AFTER = 180
"""What ended earlier was evaluated on paper."""


def status_after(
    status: EvaluationStatus, action: EvaluationAction, *, bureau_evaluates: bool
) -> EvaluationStatus | None:
    """Return where an evaluation stands after an action, None where the action is not to be had."""
    following = EVALUATION_TRANSITIONS.get((status, action))
    if following is EvaluationStatus.BUREAU and not bureau_evaluates:
        return EvaluationStatus.SIGNATURE
    return following


def part_of(status: EvaluationStatus) -> Part | None:
    """Return the part that is written while it stands so, None where none is."""
    return next((part for part in PARTS if part.value == status.value), None)


def parts_in_force(status: EvaluationStatus) -> tuple[Part, ...]:
    """Return the parts that hold: those before the one whose turn it is, for a later one was said of other words."""
    part = part_of(status)
    return PARTS if part is None else PARTS[: PARTS.index(part)]


def why_not_written(part: Part, opinion: str, grade: Grade | None, signer_name: str) -> BangfuError | None:
    """Return what is wrong with the words of a part, None when nothing is."""
    if not opinion.strip():
        return OpinionMissing(fields={"opinion": [OpinionMissing.message]})
    if part in MUST_GRADE and grade is None:
        return GradeMissing(fields={"grade": [GradeMissing.message]})
    if part not in MAY_GRADE and grade is not None:
        return GradeNotAsked(fields={"grade": [GradeNotAsked.message]})
    if part is Part.DEPARTMENT and not signer_name.strip():
        return SignerMissing(fields={"signer_name": [SignerMissing.message]})
    return None


def why_not_completed(ends_on: date, today: date, months_open: Sequence[str]) -> BangfuError | None:
    """Return why it cannot be completed yet: what it would be signed with is not settled."""
    if ends_on >= today:
        return DispatchNotOver()
    if months_open:
        return MonthsNotCountersigned(f"{'、'.join(months_open)}的考勤表还没有会签，实际天数未定。请先办完会签。")
    return None
