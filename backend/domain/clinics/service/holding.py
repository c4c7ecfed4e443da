"""Holding other places for those whose own has fallen: free ones, and extra ones (加号) made for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.models.closures import ClinicClosure
from backend.domain.clinics.models.waitlist import PlaceOffer
from backend.domain.clinics.queries.affected import Affected
from backend.domain.clinics.queries.waitlist import present
from backend.domain.clinics.rules.planning import Channel, PlaceState
from backend.domain.clinics.rules.sharing import Given
from backend.domain.clinics.rules.waitlist import OfferKind, held_after_closure
from backend.domain.clinics.service.closure_notices import place_is_held
from backend.domain.notifications.service.notices import Owed
from backend.domain.organisations.queries import find_setting
from backend.extensions import db
from backend.foundation.ids import new_id


def hold_places(
    closure: ClinicClosure, affected: Sequence[Affected], given: Mapping[UUID, Given], targets: Sequence[Clinic]
) -> list[Owed]:
    """Hold what each is given, within the transaction that has locked it; return what they are to be told."""
    clinic = closure.clinic
    place_ids = _take_places(given)
    by_id = {target.id: target for target in targets}
    now = present()
    hours = find_setting("clinics.closure_offer_hours", clinic.recipient_id, clinic.held_on)
    offers: list[dict[str, Any]] = []
    owed: list[Owed | None] = []
    for one in affected:
        found = given.get(one.booking.id)
        if found is None:
            continue
        target = by_id[found.clinic_id]
        offer_id, until = new_id(), held_after_closure(now, hours, starts_at=target.starts_at)
        offer = {
            "id": offer_id,
            "kind": OfferKind.CLOSURE,
            "clinic_id": target.id,
            "place_id": place_ids[one.booking.id],
            "patient_id": one.booking.patient_id,
            "account_id": one.booking.account_id,
            "fallen_booking_id": one.booking.id,
            "held_until": until,
        }
        offers.append(offer)
        owed.append(place_is_held(closure, one, found, target, offer_id, until))
    if offers:
        db.session.execute(insert(PlaceOffer), offers)
    return [one for one in owed if one is not None]


def _take_places(given: Mapping[UUID, Given]) -> dict[UUID, UUID]:
    """Hold the free places and make the extra ones; return the place of each by the id of the booking."""
    taken = {booking_id: one.place_id for booking_id, one in given.items() if one.place_id is not None}
    db.session.execute(
        update(ClinicPlace)
        .where(ClinicPlace.id.in_(taken.values()))
        .values(state=PlaceState.HELD)
        .execution_options(synchronize_session=False)
    )
    extra = {booking_id: one for booking_id, one in given.items() if one.place_id is None}
    if extra:
        numbers = _next_numbers({one.clinic_id for one in extra.values()})
        rows: dict[UUID, dict[str, Any]] = {
            booking_id: {
                "id": new_id(),
                "clinic_id": one.clinic_id,
                "period_id": one.span.period_id,
                "number": next(numbers[one.clinic_id]),
                "channel": Channel.PHONE,
                "extra": True,
                "state": PlaceState.HELD,
            }
            for booking_id, one in extra.items()
        }
        db.session.execute(insert(ClinicPlace), list(rows.values()))
        taken |= {booking_id: row["id"] for booking_id, row in rows.items()}
    return taken


def _next_numbers(clinic_ids: Collection[UUID]) -> dict[UUID, count[int]]:
    statement = (
        select(ClinicPlace.clinic_id, func.max(ClinicPlace.number))
        .where(ClinicPlace.clinic_id.in_(clinic_ids))
        .group_by(ClinicPlace.clinic_id)
    )
    return {clinic_id: count(last + 1) for clinic_id, last in db.session.execute(statement)}
