"""Shapes of evaluations (鉴定) at the end of a dispatch."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import LocalTime, NamedOut, PageOut
from backend.api.schemas.strict import Choice, Flag, Input, PageInput, QueryFlag, Text, Whole
from backend.domain.careers.rules.evaluations import EvaluationStatus, Grade, Part

_WORDS = 1000


class EvaluationsInput(PageInput):
    """Which evaluations; `mine`: about oneself, `waiting`: whose turn is one's own."""

    mine = QueryFlag(load_default=False)
    waiting = QueryFlag(load_default=False)
    status = Choice(EvaluationStatus)


class EvaluationVersionInput(Input):
    """Which state of it was read."""

    version = Whole(minimum=1, maximum=1_000_000, required=True)


class EvaluationPartInput(EvaluationVersionInput):
    """The words of the part whose turn it is; the last three go with one's own summary."""

    opinion = Text(maximum=_WORDS, multiline=True, required=True)
    grade = Choice(Grade, allow_none=True)
    signer_name = Text(minimum=0, maximum=30, load_default="")
    education = Text(minimum=0, maximum=50, load_default="")
    specialty = Text(minimum=0, maximum=50, load_default="")
    title_applied = Text(minimum=0, maximum=50, load_default="")


class EvaluationReasonInput(EvaluationVersionInput):
    """Why it is returned, or objected to."""

    reason = Text(maximum=500, multiline=True, required=True)


class EvaluationAnswerInput(EvaluationVersionInput):
    """What is answered to an objection; `revise`: the supporting hospital writes again."""

    answer = Text(maximum=500, multiline=True, required=True)
    revise = Flag(required=True)


class LabelledOut(Schema):
    """A value under its label."""

    label = fields.String(required=True)
    value = fields.String(required=True)


class EvaluationFactsOut(Schema):
    """What the record says; `months_open`: not countersigned yet, and in no figure."""

    sex_label = fields.String(required=True)
    born_on_label = fields.String(required=True)
    title = fields.String(required=True)
    staff_number = fields.String(required=True)
    period_label = fields.String(required=True)
    due_days_label = fields.String(required=True)
    actual_days_label = fields.String(required=True)
    leave = fields.List(fields.Nested(LabelledOut), required=True)
    workload = fields.List(fields.Nested(LabelledOut), required=True)
    months_open = fields.List(fields.String(), required=True)


class EvaluationPartOut(Schema):
    """What one of those who take part wrote and signed."""

    part = fields.Enum(Part, by_value=True, required=True)
    label = fields.String(required=True)
    opinion = fields.String(required=True)
    grade = fields.Enum(Grade, by_value=True, required=True, allow_none=True)
    grade_label = fields.String(required=True, allow_none=True)
    signer_name = fields.String(required=True)
    signed_at = LocalTime(required=True)


class GradeOut(Schema):
    """A grade that may be given."""

    value = fields.Enum(Grade, by_value=True, required=True)
    label = fields.String(required=True)


class EvaluationRightsOut(Schema):
    """What whoever reads it may do now."""

    write = fields.Boolean(required=True)
    give_back = fields.Boolean(required=True, data_key="return")
    sign = fields.Boolean(required=True)
    object = fields.Boolean(required=True)
    answer = fields.Boolean(required=True)


class EvaluationCardOut(Schema):
    """An evaluation in a list."""

    id = fields.UUID(required=True)
    dispatch_id = fields.UUID(required=True)
    person = fields.Nested(NamedOut, required=True)
    supporting = fields.Nested(NamedOut, required=True)
    recipient = fields.Nested(NamedOut, required=True)
    department = fields.String(required=True, allow_none=True)
    starts_on = fields.Date(required=True, data_key="from")
    ends_on = fields.Date(required=True, data_key="to")
    status = fields.Enum(EvaluationStatus, by_value=True, required=True)
    status_label = fields.String(required=True)
    turn_label = fields.String(required=True)
    grade = fields.Enum(Grade, by_value=True, required=True, allow_none=True)
    grade_label = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class EvaluationOut(EvaluationCardOut):
    """An evaluation, whole; `draft`: what stood in the part that is to be written again."""

    education = fields.String(required=True)
    specialty = fields.String(required=True)
    title_applied = fields.String(required=True)
    facts = fields.Nested(EvaluationFactsOut, required=True)
    parts = fields.List(fields.Nested(EvaluationPartOut), required=True)
    part = fields.Enum(Part, by_value=True, required=True, allow_none=True)
    part_label = fields.String(required=True, allow_none=True)
    draft = fields.Nested(EvaluationPartOut, required=True, allow_none=True)
    grades = fields.List(fields.Nested(GradeOut), required=True)
    must_grade = fields.Boolean(required=True)
    objection = fields.String(required=True)
    objection_answer = fields.String(required=True)
    return_reason = fields.String(required=True)
    may = fields.Nested(EvaluationRightsOut, required=True)
    why_not_sign = fields.String(required=True, allow_none=True)
    verification_code = fields.String(required=True, allow_none=True)
    opened_at = LocalTime(required=True)
    signed_at = LocalTime(required=True, allow_none=True)
    completed_at = LocalTime(required=True, allow_none=True)


class EvaluationsOut(PageOut):
    """A page of evaluations, the dispatch that ended last first."""

    items = fields.List(fields.Nested(EvaluationCardOut), required=True)
