"""Shapes of exceptions, and of what people say about a tap."""

from __future__ import annotations

from marshmallow import fields

from backend.api.schemas.answers import NamedOut, PageOut
from backend.api.schemas.attendance import TapOut
from backend.api.schemas.requests import VersionInput
from backend.api.schemas.strict import Choice, Input, PageInput, Text
from backend.domain.attendance.queries.exceptions import ExceptionState
from backend.domain.attendance.rules.evidence import Confirmation, Judgement

_LENGTH = 200


class ExceptionsInput(PageInput):
    """Which exceptions: those that wait for a person's word unless told otherwise."""

    state = Choice(ExceptionState, load_default=ExceptionState.OPEN)


class ExceptionOut(TapOut):
    """A tap that counts and is not verified; `may_confirm` and `may_judge` are about whoever reads it."""

    person = fields.Nested(NamedOut, required=True)
    recipient = fields.Nested(NamedOut, required=True)
    may_confirm = fields.Boolean(required=True)
    may_judge = fields.Boolean(required=True)


class ExceptionsOut(PageOut):
    """A page of exceptions, the latest first."""

    items = fields.List(fields.Nested(ExceptionOut), required=True)


class ExplanationInput(Input):
    """What the one concerned says."""

    text = Text(maximum=_LENGTH, multiline=True, required=True)


class ConfirmationInput(VersionInput):
    """What the recipient saw."""

    confirmation = Choice(Confirmation, required=True)


class JudgementInput(VersionInput):
    """What the supporting hospital decides, and why."""

    judgement = Choice(Judgement, required=True)
    reason = Text(maximum=_LENGTH, required=True)
