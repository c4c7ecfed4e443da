"""/offers: places that are held for a patient, after waiting or because a clinic was closed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.bookings import describe_booking
from backend.api.offer_cards import describe_offer, describe_offers
from backend.api.schemas.bookings import BookingOut
from backend.api.schemas.offers import OfferOut, OffersOut
from backend.domain.clinics.queries.bookings import get_booking
from backend.domain.clinics.queries.waitlist import get_offer, list_open_offers
from backend.domain.clinics.service.offers import accept_offer, decline_offer

bp = APIBlueprint("offers", __name__, url_prefix="/offers", tag="候补")


@bp.get("")
@bp.output(OffersOut)
@bp.doc(summary="为本账号就诊人保留、等待确认的号")
def show_all() -> dict[str, Any]:
    items = describe_offers(list_open_offers(current_actor()))
    return {"items": items, "page": 1, "page_size": max(1, len(items)), "total": len(items)}


@bp.get("/<uuid:offer_id>")
@bp.output(OfferOut)
@bp.doc(summary="一个保留的号")
def show(offer_id: UUID) -> dict[str, Any]:
    return describe_offer(get_offer(current_actor(), offer_id))


@bp.post("/<uuid:offer_id>/accept")
@bp.output(BookingOut, status_code=201, description="已约上")
@bp.doc(
    summary="接受保留的号",
    description="再次提交得到同一个预约。",
    responses={404: "没有这个号", 409: "已不再保留，或就诊人已有其他预约"},
)
def accept(offer_id: UUID) -> dict[str, Any]:
    actor = current_actor()
    return describe_booking(get_booking(actor, accept_offer(actor, offer_id).id))


@bp.post("/<uuid:offer_id>/decline")
@bp.output(OfferOut)
@bp.doc(summary="放弃保留的号", responses={409: "已不再保留"})
def decline(offer_id: UUID) -> dict[str, Any]:
    return describe_offer(decline_offer(current_actor(), offer_id))
