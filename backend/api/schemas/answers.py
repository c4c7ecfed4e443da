"""What answers are made of: local times with their offset, days, names beside ids."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apiflask import Schema
from marshmallow import fields

from backend.foundation import clock


class LocalTime(fields.AwareDateTime):
    """An instant in Shanghai's time, ISO 8601 with +08:00, to the second."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else clock.local(value).isoformat(timespec="seconds")


class NamedOut(Schema):
    """Something by id, with the name to show."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class PageOut(Schema):
    """What every page of a list says of itself."""

    page = fields.Integer(required=True)
    page_size = fields.Integer(required=True)
    total = fields.Integer(required=True)
