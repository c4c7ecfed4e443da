"""/bookings: an account books for its patients, cancels, moves to another place, and appeals against a no-show."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.authentication import authenticates_itself, bearer, current_actor
from backend.api.offer_cards import describe_offer
from backend.api.schemas.attendance import IdempotencyInput
from backend.api.schemas.bookings import (
    AppealInput,
    BookingInput,
    BookingOut,
    BookingsInput,
    BookingsOut,
    RebookingInput,
)
from backend.api.schemas.requests import VersionInput
from backend.domain.clinics.claiming.context import Credential
from backend.domain.clinics.queries.bookings import Appeal, BookingView, get_booking, list_bookings
from backend.domain.clinics.rules.bookings import (
    APPEAL_LABELS,
    CANCEL_LABELS,
    STATUS_LABELS,
    BookingStatus,
    may_appeal,
    why_not_cancel,
)
from backend.domain.clinics.rules.planning import CHANNEL_LABELS
from backend.domain.clinics.service.appeals import appeal_no_show
from backend.domain.clinics.service.bookings import book_clinic
from backend.domain.clinics.service.cancelling import cancel_booking, rebook
from backend.domain.clinics.service.permits import Wanted
from backend.domain.clinics.service.tickets import ticket_of
from backend.domain.patients.rules import masked_name
from backend.foundation import clock

bp = APIBlueprint("bookings", __name__, url_prefix="/bookings", tag="预约")
_REFUSALS = {
    200: "同一次提交已预约过",
    404: "没有这次门诊、时段或就诊人",
    409: "未开放、已约满、已停诊、已结束、已约过、时间冲突、达到上限或已暂停预约",
}


@bp.post("")
@authenticates_itself
@bp.input(IdempotencyInput, location="headers")
@bp.input(BookingInput)
@bp.output(BookingOut, status_code=201, description="已预约")
@bp.doc(
    summary="预约",
    description="不指定时段时给最前的号。重复提交（同一 Idempotency-Key 和内容）返回 200 和原预约。",
    responses=_REFUSALS,
)
def book(headers_data: dict[str, str], json_data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    made = book_clinic(Credential(*bearer()), Wanted(**json_data), key=headers_data["key"])
    return describe_booking(made.booking), 200 if made.repeated else 201


@bp.get("")
@bp.input(BookingsInput, location="query")
@bp.output(BookingsOut)
@bp.doc(summary="本人账号的预约")
def show_all(query_data: dict[str, Any]) -> dict[str, Any]:
    page = list_bookings(current_actor(), **query_data)
    items = [describe_booking(booking) for booking in page.items]
    return {"items": items, "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.get("/<uuid:booking_id>")
@bp.output(BookingOut)
@bp.doc(summary="一次预约", responses={404: "没有这次预约"})
def show(booking_id: UUID) -> dict[str, Any]:
    return describe_booking(get_booking(current_actor(), booking_id))


@bp.post("/<uuid:booking_id>/cancel")
@bp.input(VersionInput)
@bp.output(BookingOut)
@bp.doc(summary="取消预约", responses={404: "没有这次预约", 409: "已不能取消", 412: "已被他人修改"})
def cancel(booking_id: UUID, json_data: dict[str, int]) -> dict[str, Any]:
    return describe_booking(cancel_booking(current_actor(), booking_id, json_data["version"]))


@bp.post("/<uuid:booking_id>/rebook")
@bp.input(IdempotencyInput, location="headers")
@bp.input(RebookingInput)
@bp.output(BookingOut, status_code=201, description="已改约")
@bp.doc(
    summary="改约",
    description="先取得新号，再退回原号；没有新号时原预约不变。",
    responses=_REFUSALS | {412: "已被他人修改"},
)
def move(booking_id: UUID, headers_data: dict[str, str], json_data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    made = rebook(current_actor(), booking_id, **json_data, key=headers_data["key"])
    return describe_booking(made.booking), 200 if made.repeated else 201


@bp.post("/<uuid:booking_id>/appeal")
@bp.input(AppealInput)
@bp.output(BookingOut)
@bp.doc(summary="对未到诊提出申诉", responses={404: "没有这次预约", 409: "没有登记未到诊，或已申诉过"})
def appeal(booking_id: UUID, json_data: dict[str, str]) -> dict[str, Any]:
    return describe_booking(appeal_no_show(current_actor(), booking_id, json_data["text"]))


def describe_booking(booking: BookingView) -> dict[str, Any]:
    """Return what `BookingOut` shows of a booking to the account that is told of it."""
    refusal = why_not_cancel(booking.status, clock.now(), booking.cancel_until)
    return {
        "id": booking.id,
        "status": booking.status,
        "status_label": STATUS_LABELS[booking.status],
        "number": booking.number,
        "patient": {"id": booking.patient_id, "name_masked": masked_name(booking.patient_name)},
        "clinic": booking.card,
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "channel": booking.channel,
        "channel_label": CHANNEL_LABELS[booking.channel],
        "ticket": ticket_of(booking.id) if booking.status is BookingStatus.BOOKED else None,
        "may_cancel": refusal is None,
        "why_not_cancel": refusal,
        "may_appeal": may_appeal(booking.status, has_appealed=booking.appeal is not None),
        "appeal": _described_appeal(booking.appeal) if booking.appeal else None,
        "cancelled_for_label": CANCEL_LABELS[booking.cancelled_for] if booking.cancelled_for else None,
        "offer": describe_offer(booking.offer) if booking.offer else None,
        "created_at": booking.created_at,
        "version": booking.version,
    }


def _described_appeal(appeal: Appeal) -> dict[str, Any]:
    return {
        "text": appeal.text,
        "appealed_at": appeal.appealed_at,
        "decision": appeal.decision,
        "decision_label": APPEAL_LABELS[appeal.decision] if appeal.decision else None,
        "reason": appeal.reason,
    }
