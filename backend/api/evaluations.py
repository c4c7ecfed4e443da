"""/evaluations: the evaluation at the end of a dispatch (鉴定), written in turn, signed or objected to, printed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, request

from backend.api.authentication import current_actor
from backend.api.schemas.evaluations import (
    EvaluationAnswerInput,
    EvaluationOut,
    EvaluationPartInput,
    EvaluationReasonInput,
    EvaluationsInput,
    EvaluationsOut,
    EvaluationVersionInput,
)
from backend.domain.careers.models.evaluations import Evaluation, EvaluationPart
from backend.domain.careers.printing.docx import DOCX, write_evaluation_docx
from backend.domain.careers.printing.evaluation import PrintedEvaluation
from backend.domain.careers.printing.pdf import write_evaluation_pdf
from backend.domain.careers.queries.evaluations import (
    EvaluationFilters,
    draft_of_part,
    get_evaluation,
    list_evaluations,
    rights_to_evaluation,
    written_parts,
)
from backend.domain.careers.queries.facts import facts_of
from backend.domain.careers.rules.evaluations import (
    EVALUATION_STATUS_LABELS,
    GRADE_LABELS,
    MAY_GRADE,
    MUST_GRADE,
    PART_LABELS,
    TURN_LABELS,
    Grade,
    part_of,
    why_not_completed,
)
from backend.domain.careers.service.evaluations import (
    Words,
    answer_objection,
    object_to_evaluation,
    return_part,
    sign_evaluation,
    write_part,
)
from backend.domain.careers.service.forms import printed_evaluation
from backend.foundation import clock

bp = APIBlueprint("evaluations", __name__, url_prefix="/evaluations", tag="派驻鉴定")
_DECISIONS = {403: "没有权限", 409: "当前状态不允许", 412: "内容已被他人修改"}


@bp.get("")
@bp.input(EvaluationsInput, location="query")
@bp.output(EvaluationsOut)
@bp.doc(summary="本人可见的派驻鉴定", responses={403: "没有权限"})
def show_all(query_data: dict[str, Any]) -> dict[str, Any]:
    place = {name: query_data.pop(name) for name in ("page", "page_size")}
    page = list_evaluations(current_actor(), EvaluationFilters(**query_data), **place)
    items = [_card(evaluation) for evaluation in page.items]
    return {"items": items, "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.get("/<uuid:evaluation_id>")
@bp.output(EvaluationOut)
@bp.doc(summary="一份派驻鉴定", responses={403: "没有权限"})
def show(evaluation_id: UUID) -> dict[str, Any]:
    return _whole(get_evaluation(current_actor(), evaluation_id))


@bp.put("/<uuid:evaluation_id>/part")
@bp.input(EvaluationPartInput)
@bp.output(EvaluationOut)
@bp.doc(summary="填写轮到本人的部分", responses=_DECISIONS)
def write(evaluation_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    version = json_data.pop("version")
    return _whole(write_part(current_actor(), evaluation_id, version, Words(**json_data)))


@bp.post("/<uuid:evaluation_id>/return")
@bp.input(EvaluationReasonInput)
@bp.output(EvaluationOut)
@bp.doc(summary="退回上一环节", responses=_DECISIONS)
def give_back(evaluation_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return _whole(return_part(current_actor(), evaluation_id, **json_data))


@bp.post("/<uuid:evaluation_id>/sign")
@bp.input(EvaluationVersionInput)
@bp.output(EvaluationOut)
@bp.doc(summary="本人签字，鉴定完成", responses=_DECISIONS)
def sign(evaluation_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return _whole(sign_evaluation(current_actor(), evaluation_id, **json_data))


@bp.post("/<uuid:evaluation_id>/object")
@bp.input(EvaluationReasonInput)
@bp.output(EvaluationOut)
@bp.doc(summary="本人提出异议，由支援医院答复", responses=_DECISIONS)
def raise_objection(evaluation_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return _whole(object_to_evaluation(current_actor(), evaluation_id, **json_data))


@bp.post("/<uuid:evaluation_id>/answer")
@bp.input(EvaluationAnswerInput)
@bp.output(EvaluationOut)
@bp.doc(summary="答复异议：维持意见，或重新填写", responses=_DECISIONS)
def answer(evaluation_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return _whole(answer_objection(current_actor(), evaluation_id, **json_data))


@bp.get("/<uuid:evaluation_id>/form.pdf")
@bp.doc(summary="鉴定表PDF", responses={200: "PDF文件", 403: "没有权限"})
def show_pdf(evaluation_id: UUID) -> Response:
    return Response(write_evaluation_pdf(_form(evaluation_id)), mimetype="application/pdf")


@bp.get("/<uuid:evaluation_id>/form.docx")
@bp.doc(summary="鉴定表Word文档", responses={200: "Word文档", 403: "没有权限"})
def show_docx(evaluation_id: UUID) -> Response:
    return Response(write_evaluation_docx(_form(evaluation_id)), mimetype=DOCX)


def _form(evaluation_id: UUID) -> PrintedEvaluation:
    evaluation = get_evaluation(current_actor(), evaluation_id)
    return printed_evaluation(evaluation, verify_at=f"{request.host_url}console/verify?code=")


def _card(evaluation: Evaluation) -> dict[str, Any]:
    dispatch = evaluation.dispatch
    return {
        "id": evaluation.id,
        "dispatch_id": dispatch.id,
        "person": evaluation.person,
        "supporting": dispatch.supporting,
        "recipient": dispatch.recipient,
        "department": dispatch.department.name if dispatch.department else None,
        "starts_on": dispatch.starts_on,
        "ends_on": dispatch.ends_on,
        "status": evaluation.status,
        "status_label": EVALUATION_STATUS_LABELS[evaluation.status],
        "turn_label": TURN_LABELS[evaluation.status],
        "grade": evaluation.grade,
        "grade_label": _grade_label(evaluation.grade),
        "version": evaluation.version,
    }


def _whole(evaluation: Evaluation) -> dict[str, Any]:
    rights = rights_to_evaluation(current_actor(), evaluation)
    facts, part = facts_of(evaluation), part_of(evaluation.status)
    refusal = why_not_completed(evaluation.dispatch.ends_on, clock.today(), facts.months_open) if rights.sign else None
    draft = draft_of_part(evaluation) if rights.write else None
    return _card(evaluation) | {
        "education": evaluation.education,
        "specialty": evaluation.specialty,
        "title_applied": evaluation.title_applied,
        "facts": facts,
        "parts": [_part(one) for one in written_parts(evaluation)],
        "part": part,
        "part_label": PART_LABELS[part] if part else None,
        "draft": _part(draft) if draft else None,
        "grades": [{"value": grade, "label": GRADE_LABELS[grade]} for grade in Grade] if part in MAY_GRADE else [],
        "must_grade": part in MUST_GRADE,
        "objection": evaluation.objection,
        "objection_answer": evaluation.objection_answer,
        "return_reason": evaluation.return_reason,
        "may": rights,
        "why_not_sign": refusal.text if refusal else None,
        "verification_code": evaluation.verification_code,
        "opened_at": evaluation.opened_at,
        "signed_at": evaluation.signed_at,
        "completed_at": evaluation.completed_at,
    }


def _part(part: EvaluationPart) -> dict[str, Any]:
    return {
        "part": part.part,
        "label": PART_LABELS[part.part],
        "opinion": part.opinion,
        "grade": part.grade,
        "grade_label": _grade_label(part.grade),
        "signer_name": part.signer_name,
        "signed_at": part.signed_at,
    }


def _grade_label(grade: Grade | None) -> str | None:
    return GRADE_LABELS[grade] if grade else None
