"""/waitlist-entries: waiting for a place of a clinic that is full (候补)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from backend.api.authentication import current_actor
from backend.api.offer_cards import describe_offers, masked_patient
from backend.api.schemas.offers import JoinInput, WaitlistEntriesOut, WaitlistEntryOut
from backend.api.schemas.strict import PageInput
from backend.domain.clinics.models.waitlist import WaitlistEntry
from backend.domain.clinics.queries.cards import cards_of
from backend.domain.clinics.queries.waitlist import count_ahead, list_entries, offers_of_entries
from backend.domain.clinics.rules.waitlist import WAITLIST_LABELS
from backend.domain.clinics.service.waitlist import join_waitlist, leave_waitlist

bp = APIBlueprint("waitlist", __name__, url_prefix="/waitlist-entries", tag="候补")


@bp.get("")
@bp.input(PageInput, location="query")
@bp.output(WaitlistEntriesOut)
@bp.doc(summary="本账号就诊人的候补")
def show_all(query_data: dict[str, Any]) -> dict[str, Any]:
    page = list_entries(current_actor(), **query_data)
    return {"items": _described(page.items), "page": page.page, "page_size": page.page_size, "total": page.total}


@bp.post("")
@bp.input(JoinInput)
@bp.output(WaitlistEntryOut, status_code=201, description="已候补")
@bp.doc(
    summary="候补",
    description="约满后才能候补；有号退回时按先后顺序保留并通知。",
    responses={404: "没有这次门诊或这位就诊人", 409: "还有号、不能候补、已约上或已在候补"},
)
def join(json_data: dict[str, Any]) -> dict[str, Any]:
    (described,) = _described([join_waitlist(current_actor(), **json_data)])
    return described


@bp.post("/<uuid:entry_id>/cancel")
@bp.output(WaitlistEntryOut)
@bp.doc(summary="退出候补", responses={404: "没有这次候补", 409: "已经结束"})
def leave(entry_id: UUID) -> dict[str, Any]:
    (described,) = _described([leave_waitlist(current_actor(), entry_id)])
    return described


def _described(entries: Sequence[WaitlistEntry]) -> list[dict[str, Any]]:
    cards, ahead = cards_of({entry.clinic_id for entry in entries}), count_ahead(entries)
    offers = offers_of_entries(entries)
    described = dict(zip(offers, describe_offers(list(offers.values())), strict=True))
    return [
        {
            "id": entry.id,
            "clinic": cards[entry.clinic_id],
            "patient": masked_patient(entry.patient),
            "status": entry.status,
            "status_label": WAITLIST_LABELS[entry.status],
            "ahead": ahead.get(entry.id, 0),
            "offer": described.get(entry.id),
        }
        for entry in entries
    ]
