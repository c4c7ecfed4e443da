"""Shapes of what WeChat pushes: it may add parameters of its own."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import EXCLUDE

from backend.api.schemas.strict import Text


class SignatureInput(Schema):
    """Who signs, and when."""

    class Meta:
        unknown = EXCLUDE

    signature = Text(maximum=100, required=True)
    timestamp = Text(maximum=100, required=True)
    nonce = Text(maximum=100, required=True)


class GreetingInput(SignatureInput):
    """The first call, whose text is to be given back."""

    echostr = Text(maximum=200, required=True)
