"""What answers tell of clinics: written by the database, given out as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from flask import Response

from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.queries.cards import cards_of
from backend.domain.clinics.queries.clinics import OfficeClinic, office_view
from backend.foundation.actor import Actor


def written(answer: str | dict[str, Any]) -> Response:
    """Return an answer that is JSON already, or is made of such parts."""
    return Response(answer if isinstance(answer, str) else orjson.dumps(answer), mimetype="application/json")


def describe_office_clinics(clinics: Sequence[OfficeClinic]) -> list[dict[str, Any]]:
    """Return what `OfficeClinicOut` shows of clinics: the card, and what offices and experts may know beside it."""
    cards = cards_of([one.clinic.id for one in clinics])
    return [cards[one.clinic.id] | _beside(one) for one in clinics]


def describe_office_clinic(actor: Actor, clinic: Clinic) -> dict[str, Any]:
    """Return what `OfficeClinicOut` shows of one clinic to an actor who may see it so."""
    (described,) = describe_office_clinics(office_view(actor, [clinic]))
    return described


def _beside(one: OfficeClinic) -> dict[str, Any]:
    counts = one.counts
    return {
        "status": one.clinic.status.value,
        "version": one.clinic.version,
        "counts": {
            "capacity": counts.capacity,
            "booked": counts.booked,
            "arrived": counts.arrived,
            "fulfilled": counts.fulfilled,
            "noshow": counts.noshow,
            "waiting": counts.waiting,
            "free_by_channel": {channel.value: free for channel, free in counts.free_by_channel.items()},
        },
        "conflict": one.conflict.text if one.conflict else None,
        "may_close": one.may_close,
        "may_add_place": one.may_add_place,
    }
