"""Shapes of logging in."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import LocalTime
from backend.api.schemas.me import MeOut
from backend.api.schemas.strict import Input, Text


class LoginInput(Input):
    """The code of wx.login."""

    code = Text(maximum=128, trim=False, required=True)


class RefreshInput(Input):
    """The refresh token that the last answer gave."""

    refresh_token = Text(maximum=128, trim=False, required=True)


class TokensOut(Schema):
    """A pair of tokens; the refresh token works once."""

    access_token = fields.String(required=True)
    access_expires_at = LocalTime(required=True)
    refresh_token = fields.String(required=True)
    refresh_expires_at = LocalTime(required=True)


class SessionOut(TokensOut):
    """A session that has begun."""

    me = fields.Nested(MeOut, required=True)
