"""Locking a free place for a transaction that does more with it than book it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from backend.domain.clinics.models.clinics import ClinicPlace
from backend.domain.clinics.rules.planning import Channel, PlaceState
from backend.extensions import db


def lock_free_place(
    clinic_id: UUID, turns: Sequence[Collection[Channel]], period_ids: Collection[UUID]
) -> ClinicPlace | None:
    """Lock the first free place within these periods, in turn by channel; None only where truly none is left.

    Places in other hands are passed over first, then waited for: who has them may yet leave them.
    """
    for channels in turns:
        place = _lock(clinic_id, channels, period_ids, skip_locked=True)
        if place is not None:
            return place
    return _lock(clinic_id, [channel for turn in turns for channel in turn], period_ids, skip_locked=False)


def _lock(
    clinic_id: UUID, channels: Collection[Channel], period_ids: Collection[UUID], *, skip_locked: bool
) -> ClinicPlace | None:
    statement = (
        select(ClinicPlace)
        .where(
            ClinicPlace.clinic_id == clinic_id,
            ClinicPlace.state == PlaceState.FREE,
            ClinicPlace.channel.in_(channels),
            ClinicPlace.period_id.in_(period_ids),
        )
        .order_by(ClinicPlace.number)
        .limit(1)
        .with_for_update(skip_locked=skip_locked)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(statement).first()
