"""Closing a clinic (停诊), another expert in its place, and calling those who could not be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.clinic_cards import describe_office_clinic
from backend.api.schemas.clinics import OfficeClinicOut
from backend.api.schemas.closures import (
    CallOut,
    CallsOut,
    CloseInput,
    ClosureCallInput,
    ClosureOut,
    ClosureReviewInput,
    ClosuresInput,
    ClosuresOut,
    PreviewOut,
    ReplaceInput,
)
from backend.domain.accounts.rules import ROLE_LABELS
from backend.domain.clinics.models.closures import ClinicClosure
from backend.domain.clinics.queries.affected import Affected, ClosurePreview, preview_closure
from backend.domain.clinics.queries.cards import ClinicCard, cards_of
from backend.domain.clinics.queries.closures import get_closure, list_closures, may_call, may_review
from backend.domain.clinics.queries.fallen import Fallen, tallies_of
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.closures import (
    CALL_LABELS,
    REASON_LABELS,
    REVIEW_LABELS,
    answered_label,
    remedy_label,
    told_label,
)
from backend.domain.clinics.rules.waitlist import OFFER_LABELS
from backend.domain.clinics.service.calls import Call, read_calls, record_call
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.domain.clinics.service.replacing import replace_expert
from backend.domain.clinics.service.reviews import review_closure
from backend.domain.patients.rules import masked_name
from backend.foundation import clock

bp = APIBlueprint("closures", __name__, tag="停诊")
_CONFLICT = {403: "没有权限", 404: "没有找到", 409: "当前状态不允许", 412: "内容已被他人修改"}


@bp.get("/clinics/<uuid:clinic_id>/closure-preview")
@bp.output(PreviewOut)
@bp.doc(summary="停诊前：涉及哪些患者，各可改到哪里", responses={403: "没有权限", 404: "没有这次门诊"})
def preview(clinic_id: UUID) -> dict[str, Any]:
    shown = preview_closure(current_actor(), clinic_id)
    cards = cards_of(shown.targets)
    return {
        "affected": len(shown.affected),
        "arrived": shown.arrived,
        "with_place": shown.with_place,
        "without_place": shown.without_place,
        "without_telephone": shown.without_telephone,
        "proposal": [_proposed(shown, one, cards) for one in shown.affected],
        "has_begun": shown.clinic.starts_at <= clock.now(),
        "local_doctor": shown.clinic.local_doctor_id is not None,
        "may": shown.may,
    }


@bp.post("/clinics/<uuid:clinic_id>/close")
@bp.input(CloseInput)
@bp.output(ClosureOut)
@bp.doc(
    summary="停诊",
    description="一次完成：取消预约、保留改约的号、发出通知。已开始的门诊须为已到院的患者选择 arrived_remedy。",
    responses=_CONFLICT,
)
def close(clinic_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    version = json_data.pop("version")
    choices = {one["booking_id"]: one["clinic_id"] for one in json_data.pop("choices")}
    return _one(close_clinic(current_actor(), clinic_id, version, ClosureDraft(**json_data, choices=choices)))


@bp.post("/clinics/<uuid:clinic_id>/replace-expert")
@bp.input(ReplaceInput)
@bp.output(OfficeClinicOut)
@bp.doc(summary="由另一位专家替诊", description="预约保留，患者会收到通知。", responses=_CONFLICT)
def replace(clinic_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    actor = current_actor()
    return describe_office_clinic(actor, replace_expert(actor, clinic_id, **json_data))


@bp.get("/closures")
@bp.input(ClosuresInput, location="query")
@bp.output(ClosuresOut)
@bp.doc(summary="停诊", responses={403: "没有权限"})
def show_all(query_data: dict[str, Any]) -> dict[str, Any]:
    page = list_closures(current_actor(), **query_data)
    return {"items": _described(page.items), "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.get("/closures/<uuid:closure_id>")
@bp.output(ClosureOut)
@bp.doc(summary="一次停诊：通知到了谁，谁答复了，还要给谁打电话", responses={403: "没有权限"})
def show(closure_id: UUID) -> dict[str, Any]:
    return _one(get_closure(current_actor(), closure_id))


@bp.post("/closures/<uuid:closure_id>/review")
@bp.input(ClosureReviewInput)
@bp.output(ClosureOut)
@bp.doc(summary="审核行政总值班办理的停诊", responses=_CONFLICT)
def review(closure_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return _one(review_closure(current_actor(), closure_id, **json_data))


@bp.get("/closures/<uuid:closure_id>/calls")
@bp.output(CallsOut)
@bp.doc(summary="需要电话通知的患者", description="有姓名和电话，每次查看都有记录。", responses={403: "没有权限"})
def show_calls(closure_id: UUID) -> dict[str, Any]:
    items = [_call(call) for call in read_calls(current_actor(), closure_id).calls]
    return {"items": items, "page": 1, "page_size": max(1, len(items)), "total": len(items)}


@bp.post("/closures/<uuid:closure_id>/calls/<uuid:booking_id>")
@bp.input(ClosureCallInput)
@bp.output(CallOut)
@bp.doc(summary="登记一次电话通知", description="接受或放弃的，同时答复为其保留的号。", responses=_CONFLICT)
def tick_off(closure_id: UUID, booking_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return _call(record_call(current_actor(), closure_id, booking_id, **json_data))


def _proposed(shown: ClosurePreview, one: Affected, cards: dict[UUID, ClinicCard]) -> dict[str, Any]:
    given = shown.given.get(one.booking.id)
    return {
        "booking_id": one.booking.id,
        "number": one.number,
        "name_masked": masked_name(one.booking.patient.name),
        "arrived": one.booking.status is BookingStatus.ARRIVED,
        "to": {"clinic": cards[given.clinic_id], "starts_at": given.span.starts_at} if given else None,
    }


def _one(closure: ClinicClosure) -> dict[str, Any]:
    (described,) = _described([closure])
    return described


def _described(closures: Sequence[ClinicClosure]) -> list[dict[str, Any]]:
    actor = current_actor()
    cards = cards_of({closure.clinic_id for closure in closures})
    tallies = tallies_of([closure.id for closure in closures])
    return [
        {
            "id": closure.id,
            "clinic": cards[closure.clinic_id],
            "reason": closure.reason,
            "reason_label": REASON_LABELS[closure.reason],
            "note": closure.note,
            "closed_by": closure.closed_by.name if closure.closed_by else None,
            "closed_as_label": ROLE_LABELS[closure.closed_as],
            "closed_at": closure.closed_at,
            "caller": closure.caller.name if closure.caller else None,
            "needs_review": closure.needs_review,
            "review": closure.review,
            "review_label": REVIEW_LABELS[closure.review] if closure.review else None,
            "review_note": closure.review_note,
            "affected": tallies[closure.id].total,
            "told": tallies[closure.id].told,
            "answered": tallies[closure.id].answered,
            "to_call": tallies[closure.id].to_call,
            "done": tallies[closure.id].done,
            "may_call": may_call(actor, closure),
            "may_review": may_review(actor, closure),
        }
        for closure in closures
    ]


def _call(call: Call) -> dict[str, Any]:
    fallen: Fallen = call.fallen
    return {
        "booking_id": fallen.booking_id,
        "number": fallen.number,
        "name": call.name,
        "telephone": call.telephone,
        "standing": fallen.standing,
        "remedy_label": remedy_label(fallen.remedy, fallen.offer_status),
        "offer": _call_offer(fallen),
        "told_label": told_label(fallen.delivery),
        "answered_label": answered_label(fallen.remedy, fallen.offer_status),
        "call_outcome": fallen.call_outcome,
        "call_label": CALL_LABELS[fallen.call_outcome] if fallen.call_outcome else None,
        "call_note": fallen.call_note,
        "calls": fallen.calls,
        "called_at": fallen.called_at,
        "version": fallen.version,
    }


def _call_offer(fallen: Fallen) -> dict[str, Any] | None:
    if fallen.offer_status is None or fallen.offer_starts_at is None:
        return None
    return {
        "day": clock.local(fallen.offer_starts_at).date(),
        "starts_at": fallen.offer_starts_at,
        "held_until": fallen.held_until,
        "status_label": OFFER_LABELS[fallen.offer_status],
    }
