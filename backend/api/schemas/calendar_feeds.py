"""Shapes of calendar feeds."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields


class FeedOut(Schema):
    """The address of one's clinics as a calendar reads them; it is shown this once."""

    url = fields.URL(required=True, require_tld=False)
