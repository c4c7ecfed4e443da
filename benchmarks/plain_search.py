"""The application with a second list of clinics, written as one usually would: ORM rows dumped by marshmallow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from marshmallow import fields
from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from backend.api.schemas.answers import PageOut
from backend.api.schemas.clinic_cards import ClinicCardOut
from backend.api.schemas.clinics import SearchInput
from backend.app import create_app
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.models.waitlist import WaitlistEntry
from backend.domain.clinics.rules.planning import Channel, ClinicStatus, PlaceState
from backend.domain.clinics.rules.waitlist import WaitlistStatus
from backend.domain.clinics.rules.wording import fee_label
from backend.domain.dispatch.rules import WEEKDAY_LABELS
from backend.extensions import db
from backend.foundation import clock

_LABELS = {"bookable": "可预约", "not_released": "待放号", "full": "已约满", "closed": "停诊", "over": "已结束"}


class PlainOut(PageOut):
    """A page of clinics."""

    items = fields.List(fields.Nested(ClinicCardOut), required=True)


bp = APIBlueprint("plain", __name__, url_prefix="/plain")


@bp.get("/clinics")
@bp.input(SearchInput, location="query")
@bp.output(PlainOut)
def show(query_data: dict[str, Any]) -> dict[str, Any]:
    """Return the page that the product returns, filtered by days only."""
    page, page_size, now = query_data["page"], query_data["page_size"], clock.now()
    days = Clinic.held_on.between(query_data["day_from"], query_data["day_to"])
    free = (
        select(func.count())
        .where(
            ClinicPlace.clinic_id == Clinic.id,
            ClinicPlace.state == PlaceState.FREE,
            or_(
                ClinicPlace.channel == Channel.PHONE,
                and_(
                    now >= Clinic.overflow_at,
                    ClinicPlace.channel.in_((Channel.REFERRAL, Channel.FAMILY_DOCTOR)),
                ),
            ),
        )
        .correlate(Clinic)
        .scalar_subquery()
    )
    open_now = and_(Clinic.status == ClinicStatus.SCHEDULED, Clinic.release_at <= now, now < Clinic.phone_until)
    waiting = (
        select(func.count())
        .where(WaitlistEntry.clinic_id == Clinic.id, WaitlistEntry.status == WaitlistStatus.WAITLIST)
        .correlate(Clinic)
        .scalar_subquery()
    )
    statement = (
        select(Clinic, case((open_now, free), else_=0), waiting)
        .where(days)
        .options(
            joinedload(Clinic.expert),
            joinedload(Clinic.supporting),
            joinedload(Clinic.recipient),
            joinedload(Clinic.site),
            joinedload(Clinic.department),
        )
        .order_by(Clinic.held_on, Clinic.starts_at, Clinic.id)
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    rows = db.session.execute(statement).all()
    total = db.session.scalar(select(func.count()).select_from(Clinic).where(days))
    return {
        "items": [_described(row[0], row[1], row[2], now) for row in rows],
        "page": page,
        "page_size": page_size,
        "total": total,
    }


def _described(clinic: Clinic, free: int, waiting: int, now: datetime) -> dict[str, Any]:
    state = _state(clinic, free, now)
    return {
        "id": clinic.id,
        "day": clinic.held_on,
        "weekday_label": "星期" + WEEKDAY_LABELS[clinic.held_on.weekday()],
        "starts_at": clinic.starts_at,
        "ends_at": clinic.ends_at,
        "expert": {
            "id": clinic.expert.id,
            "name": clinic.expert.name,
            "title": clinic.expert.title,
            "hospital": clinic.supporting.name,
        },
        "department": clinic.department.name if clinic.department else None,
        "site": {
            "id": clinic.site.id,
            "name": clinic.site.name,
            "organisation": clinic.recipient.name,
            "address": clinic.recipient.address,
            "longitude": clinic.site.longitude,
            "latitude": clinic.site.latitude,
        },
        "distance_m": None,
        "fee_fen": clinic.fee_fen,
        "fee_label": fee_label(clinic.fee_fen),
        "note": clinic.note,
        "state": state,
        "state_label": _LABELS[state],
        "free": free,
        "release_at": clinic.release_at,
        "waiting": waiting,
    }


def _state(clinic: Clinic, free: int, now: datetime) -> str:
    if clinic.status is ClinicStatus.CLOSED:
        return "closed"
    if now >= clinic.phone_until:
        return "over"
    if now < clinic.release_at:
        return "not_released"
    return "bookable" if free else "full"


app = create_app()
app.register_blueprint(bp)
