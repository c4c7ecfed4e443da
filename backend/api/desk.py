"""The desk: who comes to a clinic, arrivals and calls, walk-ins, no-shows and appeals against them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.schemas.attendance import IdempotencyInput
from backend.api.schemas.desk import (
    AppealDecisionInput,
    AppealsOut,
    AttendanceInput,
    AttendanceOut,
    DayListOut,
    DeskBookingInput,
    ExtraPlacesInput,
    ExtraPlacesOut,
    ListedBookingOut,
    TicketInput,
    VisitInput,
)
from backend.api.schemas.strict import PageInput
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.queries.cards import cards_of
from backend.domain.clinics.queries.desk import Listed, list_appeals, list_day, listed
from backend.domain.clinics.rules.bookings import STATUS_LABELS
from backend.domain.clinics.rules.planning import CHANNEL_LABELS
from backend.domain.clinics.service.arrivals import arrive, arrive_by_ticket, call, fulfil
from backend.domain.clinics.service.day_lists import Entry, enter_attendance
from backend.domain.clinics.service.desk import DeskRequest, book_at_desk
from backend.domain.clinics.service.extra_places import add_extra_places
from backend.domain.clinics.service.no_shows import decide_appeal, mark_no_show, may_decide_appeal
from backend.domain.patients.rules import IDENTITY_LABELS, known_age, masked_name

bp = APIBlueprint("desk", __name__, tag="服务台")
_CONFLICT = {403: "没有权限", 404: "本单位没有这个预约", 409: "当前状态不允许", 412: "已被他人修改"}


@bp.get("/clinics/<uuid:clinic_id>/bookings")
@bp.output(DayListOut)
@bp.doc(summary="一次门诊的就诊名单", description="姓名已隐去。", responses={403: "没有权限", 404: "没有这次门诊"})
def show_day(clinic_id: UUID) -> dict[str, Any]:
    rows = list_day(current_actor(), clinic_id).rows
    return {"items": [_described(row) for row in rows], "page": 1, "page_size": max(1, len(rows)), "total": len(rows)}


@bp.post("/clinics/<uuid:clinic_id>/bookings")
@bp.input(IdempotencyInput, location="headers")
@bp.input(DeskBookingInput)
@bp.output(ListedBookingOut, status_code=201, description="已预约")
@bp.doc(
    summary="现场预约或加号",
    description="先用现场号；extra 为 true 时，没有号了就加号；arrived 为 true 时同时登记到诊。",
    responses={
        200: "同一次提交已收到过",
        403: "没有权限",
        404: "没有这次门诊或这位患者",
        409: "号已约满、已停诊、已结束，或患者已有预约",
    },
)
def book(clinic_id: UUID, headers_data: dict[str, str], json_data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    made = book_at_desk(current_actor(), clinic_id, DeskRequest(**json_data), key=headers_data["key"])
    return _described(listed(made.booking)), 200 if made.repeated else 201


@bp.post("/clinics/<uuid:clinic_id>/places")
@bp.input(ExtraPlacesInput)
@bp.output(ExtraPlacesOut, status_code=201, description="已加号")
@bp.doc(summary="加号", responses={403: "没有权限", 404: "没有这次门诊", 409: "已停诊或已结束"})
def add_places(clinic_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return {"items": add_extra_places(current_actor(), clinic_id, **json_data)}


@bp.post("/clinics/<uuid:clinic_id>/attendance")
@bp.input(AttendanceInput)
@bp.output(AttendanceOut)
@bp.doc(
    summary="诊后一并登记",
    description="逐条登记，不能登记的列在 left 中。",
    responses={403: "没有权限", 404: "没有这次门诊"},
)
def enter(clinic_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    entries = [Entry(one["id"], one["version"], one["status"]) for one in json_data["bookings"]]
    outcome = enter_attendance(current_actor(), clinic_id, entries)
    left = [{"id": one.booking_id, "code": one.error.code, "message": one.error.text} for one in outcome.left]
    return {"done": outcome.done, "left": left}


@bp.post("/bookings/arrivals")
@bp.input(TicketInput)
@bp.output(ListedBookingOut)
@bp.doc(
    summary="扫码登记到诊",
    description="重复扫码返回同一条记录。",
    responses={403: "没有权限", 404: "本单位没有这个预约", 409: "不是今天的号，或已就诊、已取消"},
)
def register_by_ticket(json_data: dict[str, str]) -> dict[str, Any]:
    return _described(listed(arrive_by_ticket(current_actor(), json_data["ticket"]).booking))


@bp.post("/bookings/<uuid:booking_id>/arrive")
@bp.input(VisitInput)
@bp.output(ListedBookingOut)
@bp.doc(summary="登记到诊", responses=_CONFLICT)
def register_arrival(booking_id: UUID, json_data: dict[str, int]) -> dict[str, Any]:
    return _described(listed(arrive(current_actor(), booking_id, json_data["version"])))


@bp.post("/bookings/<uuid:booking_id>/call")
@bp.input(VisitInput)
@bp.output(ListedBookingOut)
@bp.doc(summary="叫号", responses=_CONFLICT)
def call_in(booking_id: UUID, json_data: dict[str, int]) -> dict[str, Any]:
    return _described(listed(call(current_actor(), booking_id, json_data["version"])))


@bp.post("/bookings/<uuid:booking_id>/fulfil")
@bp.input(VisitInput)
@bp.output(ListedBookingOut)
@bp.doc(summary="登记已就诊", responses=_CONFLICT)
def register_seen(booking_id: UUID, json_data: dict[str, int]) -> dict[str, Any]:
    return _described(listed(fulfil(current_actor(), booking_id, json_data["version"])))


@bp.post("/bookings/<uuid:booking_id>/no-show")
@bp.input(VisitInput)
@bp.output(ListedBookingOut)
@bp.doc(summary="登记未到诊", description="时段结束后才能登记；患者可以申诉。", responses=_CONFLICT)
def register_no_show(booking_id: UUID, json_data: dict[str, int]) -> dict[str, Any]:
    return _described(listed(mark_no_show(current_actor(), booking_id, json_data["version"])))


@bp.get("/appeals")
@bp.input(PageInput, location="query")
@bp.output(AppealsOut)
@bp.doc(summary="待处理的未到诊申诉", responses={403: "没有权限"})
def show_appeals(query_data: dict[str, Any]) -> dict[str, Any]:
    actor = current_actor()
    page = list_appeals(actor, **query_data)
    cards = cards_of({booking.clinic_id for booking in page.items})
    items = [
        {
            "booking": _described(Listed(booking, None)),
            "clinic": cards[booking.clinic_id],
            "text": booking.appeal,
            "appealed_at": booking.appealed_at,
            "may_decide": may_decide_appeal(actor, booking),
        }
        for booking in page.items
    ]
    return {"items": items, "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.post("/bookings/<uuid:booking_id>/decide-appeal")
@bp.input(AppealDecisionInput)
@bp.output(ListedBookingOut)
@bp.doc(summary="处理未到诊申诉", description="由登记者以外的人处理。", responses=_CONFLICT)
def decide(booking_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    return _described(listed(decide_appeal(current_actor(), booking_id, **json_data)))


def _described(row: Listed) -> dict[str, Any]:
    booking: Booking = row.booking
    patient = booking.patient
    return {
        "id": booking.id,
        "number": booking.number,
        "extra": row.extra,
        "period": {"starts_at": booking.starts_at, "ends_at": booking.ends_at},
        "patient": {
            "id": patient.id,
            "name_masked": masked_name(patient.name),
            "sex": patient.sex,
            "age": known_age(patient.born_on, booking.held_on),
            "identity_label": IDENTITY_LABELS[patient.identity_kind],
        },
        "status": booking.status,
        "status_label": STATUS_LABELS[booking.status],
        "channel_label": CHANNEL_LABELS[booking.channel],
        "arrived_at": booking.arrived_at,
        "called_at": booking.called_at,
        "queue": row.queue,
        "version": booking.version,
    }
