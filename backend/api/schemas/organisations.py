"""Shapes of organisations and their sites."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import PageOut
from backend.api.schemas.strict import Id, Input
from backend.domain.organisations.rules.kinds import OrganisationKind


class OrganisationOut(Schema):
    """A bureau, hospital, centre or clinic (机构)."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.Enum(OrganisationKind, by_value=True, required=True)
    kind_label = fields.String(required=True)
    level = fields.String(required=True)
    parent_id = fields.UUID(required=True, allow_none=True)


class OrganisationsOut(PageOut):
    """A page of organisations."""

    items = fields.List(fields.Nested(OrganisationOut), required=True)


class SiteOut(Schema):
    """A place (派驻点) with its radius; coordinates in GCJ-02 degrees."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    longitude = fields.Float(required=True)
    latitude = fields.Float(required=True)
    radius_m = fields.Integer(required=True)


class SitesInput(Input):
    """Whose sites."""

    organisation_id = Id(required=True)


class SitesOut(Schema):
    """The sites of an organisation."""

    items = fields.List(fields.Nested(SiteOut), required=True)
