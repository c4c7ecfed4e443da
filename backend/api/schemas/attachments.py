"""Shapes of files."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import File
from marshmallow import fields

from backend.api.schemas.strict import Input
from backend.domain.attachments.rules import ContentType


class AttachmentInput(Input):
    """One file, as multipart form data."""

    file = File(  # type: ignore[no-untyped-call]
        required=True, error_messages={"required": "请选择文件。", "invalid": "请选择文件。"}
    )


class AttachmentOut(Schema):
    """A file that was uploaded: a photo, a scan, slides."""

    id = fields.UUID(required=True)
    filename = fields.String(required=True)
    content_type = fields.Enum(ContentType, by_value=True, required=True)
    size = fields.Integer(required=True, metadata={"description": "字节数"})
