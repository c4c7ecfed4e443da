"""What answers tell of places that are held for somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from backend.domain.clinics.models.waitlist import PlaceOffer
from backend.domain.clinics.queries.cards import cards_of
from backend.domain.clinics.queries.waitlist import reasons_of
from backend.domain.clinics.rules.closures import REASON_LABELS, ClosureReason
from backend.domain.clinics.rules.waitlist import OFFER_LABELS
from backend.domain.patients.models import Patient
from backend.domain.patients.rules import masked_name


def describe_offers(offers: Sequence[PlaceOffer]) -> list[dict[str, Any]]:
    """Return what `OfferOut` shows of offers."""
    cards, reasons = cards_of({offer.clinic_id for offer in offers}), reasons_of(offers)
    return [
        {
            "id": offer.id,
            "kind": offer.kind,
            "clinic": cards[offer.clinic_id],
            "starts_at": offer.place.period.starts_at,
            "ends_at": offer.place.period.ends_at,
            "number": offer.place.number,
            "patient": masked_patient(offer.patient),
            "held_until": offer.held_until,
            "status": offer.status,
            "status_label": OFFER_LABELS[offer.status],
            "instead_of": _instead_of(offer, reasons),
        }
        for offer in offers
    ]


def describe_offer(offer: PlaceOffer) -> dict[str, Any]:
    """Return what `OfferOut` shows of one offer."""
    (described,) = describe_offers([offer])
    return described


def masked_patient(patient: Patient) -> dict[str, Any]:
    """Return a patient as others may see them."""
    return {"id": patient.id, "name_masked": masked_name(patient.name)}


def _instead_of(offer: PlaceOffer, reasons: Mapping[UUID, ClosureReason]) -> dict[str, Any] | None:
    fallen = offer.fallen_booking
    if fallen is None:
        return None
    return {
        "booking_id": fallen.id,
        "day": fallen.held_on,
        "expert_name": fallen.clinic.expert.name,
        "reason_label": REASON_LABELS[reasons[fallen.id]],
    }
