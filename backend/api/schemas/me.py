"""Shapes of who one is."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import NamedOut
from backend.api.schemas.strict import Choice, Id, Input, Patterned, Text
from backend.foundation.actor import Role


class PersonOut(Schema):
    """The person on the roster behind an account."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    staff_number = fields.String(required=True)
    organisation = fields.Nested(NamedOut, required=True)
    title = fields.String(required=True)
    telephone_masked = fields.String(required=True)


class HeldRoleOut(Schema):
    """A role held in an organisation (身份)."""

    role = fields.Enum(Role, by_value=True, required=True)
    role_label = fields.String(required=True)
    organisation = fields.Nested(NamedOut, required=True)


class BindingOut(Schema):
    """Whether this WeChat is bound to a person, and what to do next."""

    state = fields.String(required=True, metadata={"enum": ["unbound", "requested", "bound", "rejected"]})
    message = fields.String(required=True)


class MeOut(Schema):
    """Who one is; person is null for a patient."""

    account_id = fields.UUID(required=True)
    person = fields.Nested(PersonOut, required=True, allow_none=True)
    roles = fields.List(fields.Nested(HeldRoleOut), required=True)
    current_role = fields.Nested(HeldRoleOut, required=True, allow_none=True)
    binding = fields.Nested(BindingOut, required=True)


class CurrentRoleInput(Input):
    """The role to stand in from now on."""

    role = Choice(Role, required=True)
    organisation_id = Id(required=True)


class BindingInput(Input):
    """Who one says one is; organisation code and staff number only after a change of telephone number."""

    phone_code = Text(maximum=128, trim=False, required=True)
    name = Text(maximum=50, required=True)
    identity_last4 = Patterned(r"\d{3}[\dXx]", error="请填写身份证号的后四位，最后一位可以是X。", required=True)
    organisation_code = Text(maximum=50)
    staff_number = Text(maximum=50)
