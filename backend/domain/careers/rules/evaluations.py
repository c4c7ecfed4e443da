"""The evaluation at the end of a dispatch (鉴定): its parts, who writes which, and the order they come in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


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
