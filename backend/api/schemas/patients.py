"""Shapes of patients."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from apiflask import Schema
from marshmallow import ValidationError, fields

from backend.api.schemas.strict import Choice, Day, Input, Text
from backend.domain.accounts.rules import Sex
from backend.domain.patients.rules import IdentityKind, Relation

_BY_PAPER = (IdentityKind.ID_CARD, IdentityKind.HOUSEHOLD_BOOK, IdentityKind.SOCIAL_SECURITY_CARD)
_NAME, _NUMBER, _TELEPHONE, _ADDRESS = 40, 40, 24, 100


class BirthDay(Day):
    """A local day, YYYY-MM-DD, on which somebody may have been born."""

    def read(self, value: Any) -> date:
        try:
            written = isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII)
            day = date.fromisoformat(value) if written else None
        except ValueError:
            day = None
        if day is None or not 1890 <= day.year <= 2099:
            raise ValidationError("应为日期，例如 1956-03-15。")
        return day


class _PersonInput(Input):
    name = Text(maximum=_NAME, required=True)
    identity_number = Text(maximum=_NUMBER, load_default=None)
    telephone = Text(maximum=_TELEPHONE, load_default=None)
    address = Text(maximum=_ADDRESS, load_default=None)
    born_on = BirthDay(load_default=None)


class PatientInput(_PersonInput):
    """Somebody for whom one wants to book, known by a paper."""

    relation = Choice(Relation, required=True)
    identity_kind = Choice(IdentityKind, only=_BY_PAPER, required=True)
    sex = Choice(Sex, load_default=None)


class RegistrationInput(_PersonInput):
    """Somebody who stands before the desk, with a paper or known to the desk."""

    identity_kind = Choice(IdentityKind, required=True)
    sex = Choice(Sex, required=True)


class ContactInput(Input):
    """How to reach a patient from now on; an address that is not given stays."""

    telephone = Text(maximum=_TELEPHONE, required=True)
    address = Text(maximum=_ADDRESS, load_default=None)


class FindInput(Input):
    """By what the desk looks for somebody: a body, so that no log of addresses keeps it."""

    name = Text(maximum=_NAME, load_default=None)
    telephone = Text(maximum=_TELEPHONE, load_default=None)
    identity_number = Text(maximum=_NUMBER, load_default=None)


class OpenInput(Input):
    """For what the desk opens somebody's data."""

    purpose = Text(maximum=50, required=True)


class _MaskedOut(Schema):
    id = fields.UUID(required=True)
    name_masked = fields.String(required=True, metadata={"example": "张*兰"})
    sex = fields.Enum(Sex, by_value=True, required=True)
    age = fields.Integer(required=True, allow_none=True)
    identity_label = fields.String(required=True)
    identity_masked = fields.String(required=True)
    telephone_masked = fields.String(required=True)
    may_book = fields.Boolean(required=True)
    why_not_book = fields.String(required=True, allow_none=True)


class PatientOut(_MaskedOut):
    """Somebody for whom one may book (就诊人), masked."""

    relation = fields.Enum(Relation, by_value=True, required=True)
    relation_label = fields.String(required=True)


class PatientsOut(Schema):
    """All for whom one may book, oneself first."""

    items = fields.List(fields.Nested(PatientOut), required=True)


class DeskPatientOut(_MaskedOut):
    """Somebody as the desk sees them before it opens their data."""

    address_given = fields.Boolean(required=True)


class DeskPatientsOut(Schema):
    """Up to 20 who were found."""

    items = fields.List(fields.Nested(DeskPatientOut), required=True)


class PrivateOut(Schema):
    """A patient unmasked; that they were opened is on record."""

    name = fields.String(required=True)
    telephone = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)
    identity_number = fields.String(required=True, allow_none=True)
