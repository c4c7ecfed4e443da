"""Shapes of the inbox."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import LocalTime, PageOut
from backend.api.schemas.strict import Choice, Input
from backend.domain.notifications.rules.templates import Purpose


class NoticeOut(Schema):
    """A notice: what happened, and which page of the mini-program shows it."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    body = fields.String(required=True)
    page = fields.String(required=True)
    created_at = LocalTime(required=True)
    read_at = LocalTime(required=True, allow_none=True)


class NoticesOut(PageOut):
    """A page of the inbox, the newest first."""

    items = fields.List(fields.Nested(NoticeOut), required=True)
    unread = fields.Integer(required=True)


class TemplatesInput(Input):
    """What the tap is for, at which leave to write is asked for."""

    purpose = Choice(Purpose, data_key="for", required=True)


class TemplatesOut(Schema):
    """What to hand to wx.requestSubscribeMessage."""

    template_ids = fields.List(fields.String(), required=True)
