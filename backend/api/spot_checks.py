"""/spot-checks: being asked where one is, answering, and what people decide about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.places import fix_of
from backend.api.schemas.spot_checks import (
    AnswerInput,
    CallInput,
    ExplanationInput,
    OpenSpotCheckOut,
    OrderInput,
    ReviewInput,
    SpotCheckOut,
    SpotChecksInput,
    SpotChecksOut,
)
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.queries.spot_checks import SpotCheckFilters, list_spot_checks, may_explain, may_review
from backend.domain.attendance.rules.spot_checks import (
    ANSWER_LABELS,
    REVIEW_LABELS,
    SPOT_CHECK_KIND_LABELS,
    SPOT_CHECK_STATUS_LABELS,
)
from backend.domain.attendance.rules.taps import VERDICT_LABELS
from backend.domain.attendance.service.spot_check_answers import (
    Answer,
    answer_spot_check,
    explain_spot_check,
    receive_open_spot_check,
)
from backend.domain.attendance.service.spot_check_reviews import record_call, review_spot_check
from backend.domain.attendance.service.spot_checks import order_spot_check
from backend.foundation import clock
from backend.foundation.actor import Actor

bp = APIBlueprint("spot_checks", __name__, url_prefix="/spot-checks", tag="查岗")


@bp.get("")
@bp.input(SpotChecksInput, location="query")
@bp.output(SpotChecksOut)
@bp.doc(summary="本人可见的查岗", responses={403: "没有权限"})
def show_all(query_data: dict[str, Any]) -> dict[str, Any]:
    actor = current_actor()
    filters = SpotCheckFilters(status=query_data.get("status"))
    page = list_spot_checks(actor, filters, page=query_data["page"], page_size=query_data["page_size"])
    items = [describe_spot_check(actor, spot_check) for spot_check in page.items]
    return {"items": items, "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.get("/open")
@bp.output(OpenSpotCheckOut)
@bp.doc(summary="本人待应答的查岗", description="读到即视为送达，从此刻起15分钟内应答。")
def show_open() -> dict[str, Any]:
    return {"spot_check": open_spot_check(current_actor()), "server_time": clock.now()}


@bp.post("")
@bp.input(OrderInput)
@bp.output(SpotCheckOut, status_code=201, description="已发出")
@bp.doc(summary="立即查岗", responses={403: "没有权限", 404: "没有这次派驻", 409: "现在不能查此人"})
def order(json_data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    actor = current_actor()
    return describe_spot_check(actor, order_spot_check(actor, **json_data)), 201


@bp.post("/<uuid:spot_check_id>/answer")
@bp.input(AnswerInput)
@bp.output(SpotCheckOut)
@bp.doc(
    summary="应答查岗",
    description="正在手术或门诊的，免查，由医务科核实。",
    responses={409: "已经结束，或动态码已失效", 429: "动态码输错过多"},
)
def answer(spot_check_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    given = Answer(
        means=json_data["means"],
        fix=fix_of(json_data["location"]),
        denied=json_data["location_denied"],
        code=json_data["code"] or "",
        note=json_data["note"],
    )
    actor = current_actor()
    return describe_spot_check(actor, answer_spot_check(actor, spot_check_id, given))


@bp.post("/<uuid:spot_check_id>/explain")
@bp.input(ExplanationInput)
@bp.output(SpotCheckOut)
@bp.doc(summary="说明未应答或不在点的情况", responses={409: "没有需要说明的情况，或已核实"})
def explain(spot_check_id: UUID, json_data: dict[str, str]) -> dict[str, Any]:
    actor = current_actor()
    return describe_spot_check(actor, explain_spot_check(actor, spot_check_id, json_data["text"]))


@bp.post("/<uuid:spot_check_id>/record-call")
@bp.input(CallInput)
@bp.output(SpotCheckOut)
@bp.doc(summary="登记座机核实", responses={403: "没有权限", 409: "已经结束", 412: "已被他人修改"})
def record_landline_call(spot_check_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    actor = current_actor()
    return describe_spot_check(actor, record_call(actor, spot_check_id, **json_data))


@bp.post("/<uuid:spot_check_id>/review")
@bp.input(ReviewInput)
@bp.output(SpotCheckOut)
@bp.doc(summary="核实查岗", responses={403: "没有权限", 409: "没有需要核实的情况", 412: "已被他人修改"})
def review(spot_check_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    actor = current_actor()
    return describe_spot_check(actor, review_spot_check(actor, spot_check_id, **json_data))


def open_spot_check(actor: Actor) -> dict[str, Any] | None:
    """Return the spot check that somebody has to answer; to ask for it is to receive it."""
    received = receive_open_spot_check(actor)
    return describe_spot_check(actor, received) if received is not None else None


def describe_spot_check(actor: Actor, spot_check: SpotCheck) -> dict[str, Any]:
    """Return what `SpotCheckOut` shows of a spot check: everything but its raw place."""
    means, verdict, review = spot_check.answer_means, spot_check.verdict, spot_check.review
    return {
        "id": spot_check.id,
        "dispatch_id": spot_check.dispatch_id,
        "person": spot_check.person,
        "recipient": spot_check.dispatch.recipient,
        "kind": spot_check.kind,
        "kind_label": SPOT_CHECK_KIND_LABELS[spot_check.kind],
        "origin": spot_check.origin,
        "status": spot_check.status,
        "status_label": SPOT_CHECK_STATUS_LABELS[spot_check.status],
        "sent_at": spot_check.sent_at,
        "delivered_at": spot_check.delivered_at,
        "answer_by": spot_check.answer_by,
        "answered_at": spot_check.answered_at,
        "answer_means": means,
        "answer_label": ANSWER_LABELS[means] if means else None,
        "verdict": verdict,
        "verdict_label": VERDICT_LABELS[verdict] if verdict else None,
        "distance_m": None if spot_check.distance_m is None else round(spot_check.distance_m),
        "note": spot_check.note,
        "explanation": spot_check.explanation,
        "may_explain": may_explain(actor, spot_check),
        "review": review,
        "review_label": REVIEW_LABELS[review] if review else None,
        "review_reason": spot_check.review_reason,
        "version": spot_check.version,
        "may_review": may_review(actor, spot_check),
    }
