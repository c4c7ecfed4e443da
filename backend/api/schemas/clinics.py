"""Shapes of clinics: found, one with its periods, and as offices and experts see them."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import ValidationError, fields, validates_schema

from backend.api.schemas.answers import LocalTime, NamedOut, PageOut
from backend.api.schemas.clinic_cards import Card, ClinicCardOut, Written
from backend.api.schemas.strict import Day, Id, Input, PageInput, QueryFlag, QueryNumber, Text
from backend.domain.clinics.rules.planning import ClinicStatus


class SearchInput(PageInput):
    """What clinics are looked for; a place in GCJ-02 degrees puts the nearest of a day first."""

    day_from = Day(load_default=None)
    day_to = Day(load_default=None)
    site_id = Id(load_default=None)
    department = Text(maximum=30, load_default=None)
    expert = Text(maximum=30, load_default=None)
    longitude = QueryNumber(minimum=73, maximum=136, load_default=None)
    latitude = QueryNumber(minimum=3, maximum=54, load_default=None)
    only_free = QueryFlag(load_default=False)

    @validates_schema
    def refuse_half_a_place(self, data: dict[str, Any], **_options: Any) -> None:
        if (data.get("longitude") is None) != (data.get("latitude") is None):
            raise ValidationError("经度和纬度须同时给出。", "longitude")


class ClinicsOut(PageOut):
    """A page of clinics."""

    items = fields.List(Card(), required=True)


class SiteFilterOut(NamedOut):
    """A site at which clinics are held, and of which organisation."""

    organisation = fields.String(required=True)


class ExpertFilterOut(NamedOut):
    """An expert who holds clinics."""

    title = fields.String(required=True)


class FiltersOut(Schema):
    """By what clinics can be found in the coming days."""

    sites = fields.List(fields.Nested(SiteFilterOut), required=True)
    departments = fields.List(fields.String(), required=True)
    experts = fields.List(fields.Nested(ExpertFilterOut), required=True)
    days = fields.List(fields.Date(), required=True)


class PeriodOut(Schema):
    """A part of a clinic (时段); `free` are the places that can be had by phone at this instant."""

    id = fields.UUID(required=True)
    starts_at = LocalTime(required=True)
    ends_at = LocalTime(required=True)
    free = fields.Integer(required=True)
    capacity = fields.Integer(required=True)


class ClosedOut(Schema):
    """Why a clinic is closed, and up to three others of the department or the site."""

    reason_label = fields.String(required=True)
    note = fields.String(required=True)
    closed_at = LocalTime(required=True)
    next = fields.List(Card(), required=True)


class ClinicOut(ClinicCardOut):
    """A clinic with its periods."""

    periods = fields.List(fields.Nested(PeriodOut), required=True)
    cancel_until = LocalTime(required=True)
    phone_until = LocalTime(required=True)
    local_doctor = fields.String(required=True, allow_none=True)
    closure = fields.Nested(ClosedOut, required=True, allow_none=True)


class MineInput(Input):
    """Which days; two weeks from today unless told."""

    day_from = Day(load_default=None)
    day_to = Day(load_default=None)


class FreeOut(Schema):
    """Free places by the channel to which they belong."""

    phone = fields.Integer(required=True)
    desk = fields.Integer(required=True)
    referral = fields.Integer(required=True)
    family_doctor = fields.Integer(required=True)


class CountsOut(Schema):
    """How many places and people; `booked` are all who hold a place, seen already or not."""

    capacity = fields.Integer(required=True)
    booked = fields.Integer(required=True)
    arrived = fields.Integer(required=True)
    fulfilled = fields.Integer(required=True)
    noshow = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    free_by_channel = fields.Nested(FreeOut, required=True)


class OfficeClinicOut(ClinicCardOut):
    """A clinic as its offices and its expert see it; `conflict` says in Chinese what keeps the expert away."""

    status = fields.Enum(ClinicStatus, by_value=True, required=True)
    version = fields.Integer(required=True)
    counts = fields.Nested(CountsOut, required=True)
    conflict = fields.String(required=True, allow_none=True)
    may_close = fields.Boolean(required=True)
    may_add_place = fields.Boolean(required=True)


class OfficeClinicsOut(Schema):
    """Clinics of some days."""

    items = fields.List(Written(OfficeClinicOut), required=True)
